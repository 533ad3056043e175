// Writes dist/sri.json: the hash of every file that a page loads, for its `integrity` attributes and its own checks.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tools.mjs";

export const sriOf = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

/** @param names files in dist/ */
export function writeSri(names) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const files = Object.fromEntries(names.map((name) => [name, sriOf(readFileSync(join(root, "dist", name)))]));
  writeFileSync(join(root, "dist/sri.json"), `${JSON.stringify({ version, files }, null, 2)}\n`);
}
