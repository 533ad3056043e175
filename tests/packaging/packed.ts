/** The package as npm packs it, in projects of other people's tools. `scripts/packaging.mjs` prepares both. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The shared project: its `node_modules` has the tools and the package. */
export const shared = join(root, ".tools", "packaging");
export const installed = join(shared, "node_modules", "icp-precheck");

/** The hashes of everything in dist/. */
const contents = (folder: string) => {
  const path = join(folder, "dist", "sri.json");
  return existsSync(path) ? readFileSync(path, "utf8") : null;
};
if (contents(installed) === null || contents(installed) !== contents(root)) {
  throw new Error("The packed package is missing or older than dist/: run node scripts/packaging.mjs");
}

/** Every check is about this day and this place. */
export const asked = { material: "leader-identity-document", side: "front", on: "2026-10-01" } as const;

/** The source of a page that checks what is chosen in its input, whatever bundles it. */
export const app = (entry = "icp-precheck", options = "{}", before = "") => `
import { createPrecheck } from "${entry}";
${before}
const input = document.querySelector("input");
const output = document.querySelector("output");
input.addEventListener("change", async () => {
  try {
    const precheck = await createPrecheck({ locale: "en", ...${options} });
    const report = await precheck.checkPhoto(input.files[0], ${JSON.stringify(asked)});
    output.textContent = JSON.stringify({ mode: precheck.mode, report });
  } catch (error) {
    output.textContent = JSON.stringify({ error: String(error) });
  }
});
input.disabled = false;
`;

/** The page of {@link app}: its input opens when the script has run. */
export const html = (scriptTags: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title>
<input type="file" disabled><output></output>${scriptTags}</html>`;

/** A setting as docs/deploy.md prints it, by the word after its language. */
export function setting(name: string): string {
  const page = readFileSync(join(root, "docs", "deploy.md"), "utf8");
  const code = new RegExp(`^\`\`\`\\w+ ${name}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page)?.[1];
  if (!code) throw new Error(`docs/deploy.md has no ${name}`);
  return code;
}

/** A new project with the package installed in it; the tools it shares with the others. */
export function project(name: string, files: Record<string, string>): string {
  mkdirSync(join(shared, "projects"), { recursive: true });
  const folder = mkdtempSync(join(shared, "projects", `${name}-`));
  cpSync(installed, join(folder, "node_modules", "icp-precheck"), { recursive: true });
  const all = {
    "package.json": JSON.stringify({ name, version: "1.0.0", private: true, type: "module" }),
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/**
 * One of the tools. `null`, said aloud, where its binary for this platform is not to be had; every other failure fails the
 * test.
 */
export async function tool<T>(name: string): Promise<T | null> {
  try {
    const path = createRequire(join(shared, "package.json")).resolve(name);
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as T;
  } catch (error) {
    if (!/native binding|platform|optional dependency|linux-|darwin-|win32-/i.test(String(error))) throw error;
    console.warn(`\nNOT TESTED with ${name}: ${String(error)}\n`);
    return null;
  }
}
