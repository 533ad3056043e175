/** The snippets of `docs/use-*.md`, carried out as they stand; the page of the drop-in is opened in its own test. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jpeg, png } from "./pictures.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = (path: string) => readFileSync(join(root, path), "utf8");
const snippets = (page: string, language: string) =>
  [...text(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, code = ""]) => code);
const node = (args: string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });

/** Inside the project, so that the package is found by its own name, through its exports. */
let folder: string;
beforeAll(() => {
  mkdirSync(join(root, "target"), { recursive: true });
  folder = mkdtempSync(join(root, "target", "docs-"));
  mkdirSync(join(folder, "papers"));
  for (const name of ["front.jpg", "back.jpg", "papers/licence.jpg"]) writeFileSync(join(folder, name), jpeg(24, 16));
  writeFileSync(join(folder, "set.json"), snippets("docs/use-cli.md", "json")[1] ?? "");
  for (const name of ["front.png", "papers/seal.png"]) writeFileSync(join(folder, name), png(40, 30));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the command line", () => {
  const commands = snippets("docs/use-cli.md", "sh").join("").trim().split("\n");

  it.each(commands)("%s", (command) => {
    const [npx, name, ...args] = command.split(" ").map((part) => part.replace(/^'(.*)'$/, "$1"));
    expect([npx, name]).toEqual(["npx", "icp-precheck"]);
    const { status, stdout, stderr } = node([join(root, "dist/cli.js"), ...args]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).toMatch(/front\.jpg|papers/);
  });

  it("every option of the help and every upload channel is in the table", () => {
    const { stdout } = node([join(root, "dist/cli.js"), "--help"]);
    const options = [...stdout.matchAll(/ (--[a-z-]+)/g)].map(([, option = ""]) => option);
    expect(options.length).toBeGreaterThan(9);
    const table = text("docs/use-cli.md")
      .split("\n")
      .filter((line) => line.startsWith("| `--"))
      .join("\n");
    const channels = JSON.parse(text("dist/rules.json")).uploads.map(({ id }: { id: string }) => id);
    expect([...options, ...channels].filter((option) => !table.includes(`\`${option}\``))).toEqual([]);
  });

  it("the shape of the JSON is that of a report", () => {
    const keys = (json: string) =>
      JSON.parse(json)
        .flatMap((one: { report: object }) => Object.keys(one.report))
        .sort();
    const { stdout } = node([join(root, "dist/cli.js"), "front.jpg", "--json"]);
    const [shown = ""] = snippets("docs/use-cli.md", "json");
    expect(keys(shown)).toEqual(keys(stdout));
  });
});

describe("the package", () => {
  it("the programs for Node say what they should", () => {
    const said = snippets("docs/use-npm.md", "js").map((code, index) => {
      writeFileSync(join(folder, `${index}.mjs`), code);
      const { stdout, stderr } = node([`${index}.mjs`]);
      expect(stderr).toBe("");
      return stdout.trim().split("\n");
    });
    expect(said).toEqual([
      [expect.stringMatching(/^(?:review|fail) png 40$/), "fail", "true"],
      ["worker 3"],
      ["unknown-province", "fail"],
      ["fail"],
    ]);
  });

  it.each(["README.md", "README.en.md"])("the program of %s runs", (page) => {
    const programs = snippets(page, "js");
    expect(programs.length).toBeGreaterThan(0);
    for (const code of programs) {
      // It speaks when a file is sure to be refused, as an empty one is.
      writeFileSync(join(folder, "readme.mjs"), `globalThis.file = new File([], "front.png");\n${code}`);
      const { status, stdout, stderr } = node(["readme.mjs"]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toMatch(page === "README.md" ? /空/ : /empty/);
    }
  });

  it("the programs for browsers hold together", { timeout: 60_000 }, () => {
    const programs = [
      ...snippets("docs/use-npm.md", "ts"),
      ...snippets("docs/use-dropin.md", "ts"),
      ...snippets("docs/use-element.md", "ts"),
    ];
    const files = programs.map((code, index) => {
      writeFileSync(join(folder, `${index}.mts`), code);
      return `${index}.mts`;
    });
    expect(files.length).toBeGreaterThan(3);
    const compilerOptions = {
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true },
      ...{ target: "ES2022", lib: ["ES2022", "DOM", "DOM.Iterable"], module: "NodeNext", types: [] },
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    expect(node([join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"]).stdout).toBe("");
  });
});

describe("the drop-in", () => {
  const page = text("docs/use-dropin.md");

  it("every setting, attribute, event and custom property is on its page", () => {
    const names = (path: string, pattern: RegExp) => [...text(path).matchAll(pattern)].map(([, name = ""]) => name);
    const settings = names("www/lib/dropin.ts", /^ {2}(\w+)\?:/gm);
    const events = names("www/lib/events.ts", /^ {2}"(icp-precheck:\w+)":/gm);
    const properties = names("www/dropin/style.ts", /var\((--icp-precheck-[a-z-]+)/g);
    const attributes = names("www/dropin/field.ts", /"icp([A-Z]\w+)"/g).map((one) => `data-icp-${one.toLowerCase()}`);
    const all = [...settings, ...events, ...properties, ...attributes];
    for (const found of [settings, events, properties, attributes]) expect(found.length).toBeGreaterThan(2);
    expect(all.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

it("every code beside those of the cloud vendors is a finding", () => {
  const known = new Set([...text("docs/findings.md").matchAll(/^## `([^`]+)`$/gm)].map(([, code]) => code));
  const rows = text("docs/finding-code-mapping.md")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const codes = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code),
  );
  expect(codes.length).toBeGreaterThan(15);
  expect(codes.filter((code) => !known.has(code))).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
  // A row that corresponds to nothing says nothing.
  expect(
    rows.filter((row) =>
      row
        .split("|")
        .slice(2, 5)
        .every((cell) => cell.trim() === ""),
    ),
  ).toEqual([]);
});
