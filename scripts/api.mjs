// npm run api: the reference of the API in docs/api, from the types in dist/. Needs `npm run build` and scripts/packaging.mjs.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, stop } from "./tools.mjs";

const tools = join(root, ".tools", "packaging");
const MODULES = ["index", "slim", "wasm", "dropin", "element", "adapters"];

/** Writes the pages into `out`, in place of what is there. */
export function writeApi(out) {
  const require = createRequire(join(tools, "package.json"));
  const work = join(tools, "api");
  mkdirSync(work, { recursive: true });
  const entryPoints = MODULES.map((name) => join(root, "dist", `${name}.d.ts`));
  const compilerOptions = {
    ...{ strict: true, target: "ES2022", lib: ["ES2022", "DOM", "DOM.Iterable"], noEmit: true, skipLibCheck: true },
    ...{ module: "ESNext", moduleResolution: "Bundler", types: [] },
  };
  const tsconfig = join(work, "tsconfig.json");
  writeFileSync(tsconfig, JSON.stringify({ compilerOptions, files: entryPoints }));
  const options = join(work, "typedoc.json");
  const made = join(work, "made");
  const settings = {
    ...{ entryPoints, tsconfig, out: made, plugin: [require.resolve("typedoc-plugin-markdown")], router: "module" },
    ...{ name: "icp-precheck", readme: "none", basePath: join(root, "dist"), disableSources: true, disableGit: true },
    ...{ excludeExternals: true, sort: ["source-order"], hidePageHeader: true, hideBreadcrumbs: true },
    ...{ parametersFormat: "table", interfacePropertiesFormat: "table", typeDeclarationFormat: "table" },
    // Types that are written out only where they are used are part of the entry that uses them.
    ...{ useCodeBlocks: true, treatWarningsAsErrors: true, logLevel: "Warn", validation: { notExported: false } },
  };
  writeFileSync(options, JSON.stringify(settings));
  const typedoc = join(tools, "node_modules", "typedoc", "bin", "typedoc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, "--options", options], { encoding: "utf8" });
  if (status !== 0) throw new Error(`typedoc: ${stdout}${stderr}`);
  rmSync(out, { recursive: true, force: true });
  cpSync(made, out, { recursive: true });
  return readApi(out);
}

/** The pages by name. */
export function readApi(folder) {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const pages = writeApi(join(root, "docs", "api"));
    console.log(`docs/api: ${Object.keys(pages).length} pages`);
  } catch (error) {
    stop(`${error.message}\nNeeded before: npm run build && node scripts/packaging.mjs`);
  }
}
