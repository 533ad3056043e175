/** The rules are part of what every visitor downloads, so they have a ceiling. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { brotliBytes, packedRules } from "../bench/rules-size.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

it.each(["simd", "baseline"])("the rules in the wasm file (%s) stay below 60 KB with Brotli", (build) => {
  const packed = packedRules(readFileSync(join(root, `dist/icp_precheck_${build}.wasm`)));
  const rules = JSON.parse(readFileSync(join(root, "dist/rules.json"), "utf8"));
  // What was found is the whole set, not a piece of it.
  expect(packed.toString("utf8")).toContain(rules.rules.at(-1).id);
  expect(brotliBytes(packed)).toBeLessThan(60_000);
});
