/** What is published, as a whole. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = (path: string) => readFileSync(join(root, path), "utf8");
const { exports } = JSON.parse(text("package.json"));

it("every address in the exports has its file", () => {
  const targets = Object.values(exports).flatMap((one) =>
    typeof one === "string" ? one : Object.values(one as object),
  );
  expect(targets.length).toBeGreaterThan(5);
  expect(targets.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it("the scripts of the API stay within 15 KB of Brotli", () => {
  const sizes = ["browser.js", "worker.js"].map((name) => brotliCompressSync(text(`dist/${name}`)).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(15_000);
});

it("nothing of Node is in the scripts for browsers, and no source maps are shipped", () => {
  expect(text("dist/browser.js") + text("dist/worker.js")).not.toMatch(/\bnode:|\brequire\(|sourceMappingURL/);
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
  }
  expect(text("dist/browser.js")).toContain(`new Worker(${address("worker.js")})`);
});

it("importing either entry does nothing", () => {
  const watch = `
    const touched = [];
    for (const name of ["fetch", "Worker", "document", "navigator", "self", "window", "location"])
      Object.defineProperty(globalThis, name, { configurable: true, get: () => void touched.push(name) });
    for (const name of ["compile", "instantiate", "validate", "Module", "Instance"])
      WebAssembly[name] = () => touched.push(name);
    for (const entry of ["browser", "node"]) await import(${JSON.stringify(new URL("../../dist/", import.meta.url).href)} + entry + ".js");
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
