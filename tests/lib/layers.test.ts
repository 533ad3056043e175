/** Who may import whom in `www`, as ARCHITECTURE.md says it; `tests/layers.rs` does the same for the crate. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const www = fileURLToPath(new URL("../../www", import.meta.url));

/** The folders beside it that a folder's files may name. The package itself is `icp-precheck` for everybody. */
const ALLOWED: Record<string, string[]> = {
  lib: [],
  ui: ["lib"],
  dropin: ["ui", "lib"],
  element: ["ui", "lib"],
  selfcheck: [],
  cli: [],
};

it.each(Object.keys(ALLOWED))("%s", (folder) => {
  const files = readdirSync(`${www}/${folder}`).filter((name) => /\.ts$/.test(name));
  expect(files.length).toBeGreaterThan(1);
  const others = files.flatMap((name) => {
    const text = readFileSync(`${www}/${folder}/${name}`, "utf8");
    return [...text.matchAll(/(?:from |import ?\(?)"\.\.\/([\w-]+)\//g)].map(([, other = ""]) => ({ name, other }));
  });
  expect(others.filter(({ other }) => !ALLOWED[folder]?.includes(other))).toEqual([]);
});

it("every folder with scripts is among them", () => {
  const folders = readdirSync(www, { withFileTypes: true }).filter((one) => one.isDirectory());
  const scripted = folders.filter(({ name }) => readdirSync(`${www}/${name}`).some((file) => file.endsWith(".ts")));
  expect(scripted.map(({ name }) => name).sort()).toEqual(Object.keys(ALLOWED).sort());
});

it("the element takes what runs from the package, so that a page has one copy of it", () => {
  const files = readdirSync(`${www}/element`).filter((name) => /\.ts$/.test(name));
  const values = files.flatMap((name) =>
    [...readFileSync(`${www}/element/${name}`, "utf8").matchAll(/^import (?!type )[^;]*from "\.\.\/lib\/[^"]+"/gm)].map(
      ([line]) => `${name}: ${line}`,
    ),
  );
  expect(values).toEqual([]);
});
