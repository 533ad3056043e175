/** What is published, as a whole. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sizeOf, page as sizePage, uses } from "../../scripts/size.mjs";
import { sriOf } from "../../scripts/sri.mjs";
import { png } from "./pictures.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = (path: string) => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(text("package.json"));

interface Packed {
  filename: string;
  files: { path: string }[];
}

/** `npm pack`, without the scripts of other people's set-ups. */
function pack(...options: string[]): Packed {
  const args = ["pack", "--json", "--ignore-scripts", ...options];
  const [packed] = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8" })) as Packed[];
  if (!packed) throw new Error("npm packed nothing");
  return packed;
}

describe("what npm packs", () => {
  let paths: string[];
  beforeAll(() => {
    paths = pack("--dry-run").files.map(({ path }) => path);
  }, 60_000);
  const isPacked = (address: string) => paths.includes(address.replace(/^\.\//, ""));

  it("has the file behind every address of the manifest", () => {
    const targets = Object.values(manifest.exports).flatMap((one) =>
      typeof one === "string" ? one : Object.values(one as Record<string, string>),
    );
    // npm wants commands without the dot.
    const commands = Object.values(manifest.bin as Record<string, string>).map((path) => `./${path}`);
    const named = [...targets, ...commands, ...manifest.sideEffects];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !path.startsWith("./") || !isPacked(path))).toEqual([]);
  });

  it("is the build and its papers, nothing of the sources", () => {
    const papers = /^(?:package\.json|(?:README|CHANGELOG|LICENSE)[\w.-]*)$/;
    const built = /^dist\/[\w.-]+\.(?:js|d\.ts|wasm|json)$/;
    expect(paths.filter((path) => !papers.test(path) && !built.test(path))).toEqual([]);
  });

  it("has every file that its scripts and types name", () => {
    const named = paths
      .filter((path) => /\.(?:js|d\.ts)$/.test(path))
      .flatMap((path) => {
        const names = [...text(path).matchAll(/(?:\bfrom ?|\bimport ?\(?|new URL\()["'`](\.\/[\w.-]+)["'`]/g)];
        return names.map(([, name = ""]) => (path.endsWith(".d.ts") ? name.replace(/\.js$/, ".d.ts") : name));
      });
    expect(named).toEqual(expect.arrayContaining(["./node.js", "./worker.js", "./rules.json", "./types.gen.d.ts"]));
    expect(named.filter((name) => !isPacked(`./dist/${name.slice(2)}`))).toEqual([]);
  });

  it("does not lean on what only the sources have", () => {
    expect(paths.filter((path) => /\.(?:js|d\.ts)$/.test(path) && text(path).includes("#glue"))).toEqual([]);
  });
});

it("in exports, types come first and the default last", () => {
  for (const one of Object.values(manifest.exports)) {
    if (typeof one === "string") continue;
    const conditions = Object.keys(one as object);
    expect([conditions[0], conditions.at(-1)]).toEqual(["types", "default"]);
  }
});

it("a project that installs the package imports it, requires it, and has its command", { timeout: 120_000 }, () => {
  const project = mkdtempSync(join(tmpdir(), "icp-precheck-"));
  try {
    const { filename } = pack("--pack-destination", project);
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "host", version: "1.0.0", private: true }));
    const here = { cwd: project, encoding: "utf8" } as const;
    execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${filename}`], here);
    const use = (load: string) => `
      ${load}
      createPrecheck({ locale: "en" }).then(async (precheck) => {
        const { findings } = await precheck.inspectFile(new Uint8Array());
        console.log(findings[0].code, precheck.rulesVersion === rules.version);
      });`;
    const module = use(`
      import { createPrecheck } from "icp-precheck";
      import rules from "icp-precheck/rules.json" with { type: "json" };`);
    const classic = use(`
      const { createPrecheck } = require("icp-precheck");
      const rules = require("icp-precheck/rules.json");`);
    for (const [type, code] of [
      ["module", module],
      ["commonjs", classic],
    ] as const) {
      const args = ["--no-warnings", `--input-type=${type}`, "-e", code];
      expect(execFileSync(process.execPath, args, here)).toBe("file.empty true\n");
    }
    writeFileSync(join(project, "a.png"), png(40, 30));
    const command = join(project, "node_modules", ".bin", "icp-precheck");
    const answered = spawnSync(command, ["a.png", "--json"], here);
    expect(JSON.parse(answered.stdout)).toMatchObject([{ file: "a.png", report: { file: { format: "png" } } }]);
  } finally {
    rmSync(project, { recursive: true });
  }
});

describe("sizes", { timeout: 60_000 }, () => {
  it.each(uses())("$use.en stays below its ceiling", ({ bytes, maxBytes }) => {
    expect(bytes).toBeLessThanOrEqual(maxBytes);
  });

  it("docs/size.md is about these files; else: npm run size", () => {
    const rows = (page: string) => [...page.matchAll(/^\| `([\w.-]+)` \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$/gm)];
    const written = rows(text("docs/size.md")).map(([, name = "", ...sizes]) => ({
      name,
      sizes: sizes.map((size) => Number(size.replaceAll(",", ""))),
    }));
    expect(written.map(({ name }) => name)).toEqual(rows(sizePage()).map(([, name]) => name));
    for (const { name, sizes } of written) {
      const { raw, gzip, brotli } = sizeOf(name);
      const off = [raw, gzip, brotli].map((size, index) => Math.abs((sizes[index] ?? 0) / size - 1));
      expect(Math.max(...off), name).toBeLessThan(0.05);
    }
  });
});

it("sri.json has the hash of every file that can be loaded", () => {
  const { version, files } = JSON.parse(text("dist/sri.json")) as { version: string; files: Record<string, string> };
  const loadable = readdirSync(join(root, "dist")).filter((name) => /\.(?:js|wasm|json)$/.test(name));
  expect(version).toBe(manifest.version);
  expect(Object.keys(files).sort()).toEqual(loadable.filter((name) => name !== "sri.json").sort());
  for (const [name, hash] of Object.entries(files)) expect(sriOf(readFileSync(join(root, "dist", name)))).toBe(hash);
});

it("nothing of Node is in the scripts for browsers, and no source maps are shipped", () => {
  // The worker asks the process, where there is one, for the module by its name.
  const foreign = /\b(?:from|import) ?\(?["'`]node:|\brequire\(|sourceMappingURL/;
  const scripts = ["browser", "slim", "inline", "wasm", "worker", "dropin"];
  expect(scripts.filter((name) => foreign.test(text(`dist/${name}.js`)))).toEqual([]);
  expect(text("dist/node.js")).toMatch(/from"node:fs\/promises"/);
  expect(readdirSync(join(root, "dist")).filter((name) => name.endsWith(".map"))).toEqual([]);
});

it("the worker is complete in itself, and both a classic and a module script", () => {
  const script = text("dist/worker.js");
  expect(script).not.toMatch(/\bimport\b|\bexport\b/);
});

it("the files are named in the way that bundlers recognise", () => {
  const address = (name: string) => `new URL("./${name}",import.meta.url)`;
  for (const script of ["dist/browser.js", "dist/node.js"]) {
    expect(text(script)).toContain(address("icp_precheck_simd.wasm"));
    expect(text(script)).toContain(address("icp_precheck_baseline.wasm"));
    expect(text(script)).toContain(address("worker.js"));
  }
  expect(text("dist/slim.js")).toContain(address("worker.js"));
});

it("importing an entry does nothing", () => {
  const watch = `
    const touched = [];
    for (const name of ["fetch", "Worker", "document", "navigator", "self", "window", "location"])
      Object.defineProperty(globalThis, name, { configurable: true, get: () => void touched.push(name) });
    for (const name of ["compile", "instantiate", "validate", "Module", "Instance"])
      WebAssembly[name] = () => touched.push(name);
    for (const entry of ["browser", "node", "slim", "inline", "wasm", "element", "adapters"]) await import(${JSON.stringify(new URL("../../dist/", import.meta.url).href)} + entry + ".js");
    console.log(JSON.stringify(touched));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", watch], { encoding: "utf8" });
  expect(JSON.parse(output)).toEqual([]);
});

it("the published types hold a strict program together", { timeout: 60_000 }, () => {
  // Inside the project, so that the package is found by its own name, through its exports.
  const folder = mkdtempSync(join(root, "dist", "types-"));
  try {
    const config = join(folder, "tsconfig.json");
    const compilerOptions = {
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true },
      ...{ target: "ES2022", lib: ["ES2022", "DOM"], module: "NodeNext", types: [] },
    };
    writeFileSync(config, JSON.stringify({ compilerOptions, files: [join(root, "tests/node/types.test-d.ts")] }));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const failure = (() => {
      try {
        execFileSync(process.execPath, [tsc, "-p", config], { encoding: "utf8" });
        return "";
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    })();
    expect(failure).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("the engine asks no more of a browser than docs/deploy.md says", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "icp-precheck-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const wasmOpt = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, "node_modules/binaryen/bin/wasm-opt"), ...args], { encoding: "utf8" });
  /** What Chrome 96, Firefox 79 and Safari 15 have; the last of it, reference types, came with just these. */
  const OLDER = ["mutable-globals", "sign-ext", "nontrapping-float-to-int", "bulk-memory", "multivalue"];
  const FEATURES = [...OLDER, "reference-types"];

  it.each([
    ["baseline", FEATURES],
    ["simd", [...FEATURES, "simd"]],
  ])("%s", (name, features) => {
    // The file's own list of features would count beside ours.
    const stripped = join(folder, `${name}.wasm`);
    const whole = join(root, `dist/icp_precheck_${name}.wasm`);
    expect(wasmOpt(whole, "--strip-target-features", "-o", stripped).status).toBe(0);
    const isValidWith = (list: string[]) => {
      const { status } = wasmOpt(
        stripped,
        "--mvp-features",
        ...list.map((one) => `--enable-${one}`),
        "-o",
        join(folder, "out"),
      );
      return status === 0;
    };
    expect([features, features.slice(0, -1)].map(isValidWith)).toEqual([true, false]);
  });
});
