/** What the linters of packages say about ours. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { installed, shared, tool } from "./packed.js";

interface Publint {
  publint(options: object): Promise<{ messages: { type: string; code: string; path: string[] }[] }>;
}
interface Attw {
  createPackageFromTarballData(bytes: Uint8Array): object;
  checkPackage(
    pack: object,
    options: object,
  ): Promise<{ entrypoints: object; problems: { kind: string; entrypoint: string; resolutionKind: string }[] }>;
}

it("publint has nothing to say, not even a suggestion", { timeout: 60_000 }, async ({ skip }) => {
  const publint = await tool<Publint>("publint");
  if (!publint) return skip();
  const { messages } = await publint.publint({ pkgDir: installed, level: "suggestion", strict: true, pack: false });
  expect(messages).toEqual([]);
});

it("its types resolve as its scripts do", { timeout: 120_000 }, async ({ skip }) => {
  const attw = await tool<Attw>("@arethetypeswrong/core");
  if (!attw) return skip();
  const tarball = readdirSync(shared).find((name) => name.endsWith(".tgz")) ?? "";
  const pack = attw.createPackageFromTarballData(new Uint8Array(readFileSync(join(shared, tarball))));
  // Files to serve, which nobody imports as a script.
  const excludeEntrypoints = [/^\.\/wasm\//, "./worker"];
  const { entrypoints, problems } = await attw.checkPackage(pack, { excludeEntrypoints });
  expect(Object.keys(entrypoints)).toEqual(expect.arrayContaining([".", "./slim", "./inline", "./dropin", "./wasm"]));
  // The package is ESM alone, for TypeScript that knows `exports`; every Node that it supports can require ESM.
  const ofOthers = ({ kind, resolutionKind }: (typeof problems)[number]) =>
    resolutionKind === "node10" || kind === "CJSResolvesToESM";
  expect(problems.filter((problem) => !ofOthers(problem))).toEqual([]);
});
