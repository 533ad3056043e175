import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { papers } from "../../scripts/release.mjs";

const sound = {
  manifest: '{ "version": "1.2.3" }',
  lock: '{ "version": "1.2.3" }',
  cargo:
    '[workspace]\nmembers = []\n\n[package]\nname = "icp-precheck"\nversion = "1.2.3"\n\n[dependencies]\nserde = "1"\n',
  cargoLock: '[[package]]\nname = "icp-precheck"\nversion = "1.2.3"\n',
  changelog: "# Changelog\n\n## [1.2.3] - 2026-10-01\n\n## [1.2.2] - 2026-09-01\n",
};

describe("the papers of a release", () => {
  it("agree", () => {
    expect(papers(sound)).toEqual({ version: "1.2.3", faults: [], open: [] });
  });

  it.each([
    ["lock", '{ "version": "1.2.2" }', /^package-lock\.json has version 1\.2\.2/],
    ["cargo", sound.cargo.replace("1.2.3", "1.2.4"), /^Cargo\.toml has version 1\.2\.4/],
    ["cargo", "[dependencies]\n", /^Cargo\.toml has version \(none\)/],
    ["cargoLock", sound.cargoLock.replace("1.2.3", "1.0.0"), /^Cargo\.lock has version 1\.0\.0/],
    [
      "changelog",
      sound.changelog.replace("## [1.2.3] - 2026-10-01", "## [Unreleased]"),
      /CHANGELOG\.md has version Unreleased/,
    ],
    ["changelog", sound.changelog.replace("## [1.2.3] - 2026-10-01\n", ""), /CHANGELOG\.md has version 1\.2\.2/],
  ])("do not agree when %s is behind", (name, text, fault) => {
    const { faults } = papers({ ...sound, [name]: text });
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  it.each(["2026-10-01", " - 2026-10-01"])("may lack the day in a rehearsal: without %j", (day) => {
    const { faults, open } = papers({ ...sound, changelog: sound.changelog.replace(day, "") });
    expect([faults, open]).toEqual([[], [expect.stringMatching(/has no day for 1\.2\.3/)]]);
  });

  it("of this repository agree", () => {
    const text = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
    const { faults } = papers({
      ...{ manifest: text("package.json"), lock: text("package-lock.json"), changelog: text("CHANGELOG.md") },
      ...{ cargo: text("Cargo.toml"), cargoLock: text("Cargo.lock") },
    });
    expect(faults).toEqual([]);
  });
});

it("an unknown flag is refused before anything is done", () => {
  const script = fileURLToPath(new URL("../../scripts/release.mjs", import.meta.url));
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, "--publish"], { encoding: "utf8" });
  expect([status, stderr, stdout]).toEqual([2, "unknown: --publish\n", ""]);
});
