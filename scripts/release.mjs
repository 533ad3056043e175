// npm run release:check: everything that a release does, up to the moment of publishing. Nothing is published.
//
//   --allow-dirty   with changes that are not committed
//   --final         what may still be open in a rehearsal is a fault, too: the day of the release in the changelog
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { env, root } from "./tools.mjs";

/** What keeps a version from being released, by what its papers say. `open` is allowed in a rehearsal. */
export function papers({ manifest, lock, cargo, cargoLock, changelog }) {
  const { version } = JSON.parse(manifest);
  const faults = [];
  const open = [];
  const expect = (what, found) => {
    if (found !== version) faults.push(`${what} has version ${found ?? "(none)"}, package.json has ${version}`);
  };
  expect("package-lock.json", JSON.parse(lock).version);
  expect("Cargo.toml", /^\[package\][^[]*?^version = "(.*)"$/m.exec(cargo)?.[1]);
  expect("Cargo.lock", /^name = "icp-precheck"\nversion = "(.*)"$/m.exec(cargoLock)?.[1]);
  // As Keep a Changelog has it.
  const heading = /^## \[(\S+)\](?: - (.*))?$/m.exec(changelog);
  expect("the newest entry of CHANGELOG.md", heading?.[1]);
  if (heading && !/^\d{4}-\d\d-\d\d$/.test(heading[2] ?? "")) {
    open.push(`CHANGELOG.md has no day for ${heading[1]}: "${heading[2] ?? ""}"`);
  }
  return { version, faults, open };
}

function readPapers() {
  const text = (name) => readFileSync(join(root, name), "utf8");
  return papers({
    ...{ manifest: text("package.json"), lock: text("package-lock.json"), changelog: text("CHANGELOG.md") },
    ...{ cargo: text("Cargo.toml"), cargoLock: text("Cargo.lock") },
  });
}

/** npm mends a manifest in silence as far as its exit status goes, by leaving out what it does not like. */
function rehearseNpm(problems) {
  const args = ["publish", "--dry-run", "--ignore-scripts", "--loglevel=warn"];
  console.log("\n• npm publish, rehearsed");
  const { status, stderr } = spawnSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const warnings = stderr.split("\n").filter((line) => line.startsWith("npm warn") && !line.includes("logged in"));
  if (status !== 0 || warnings.length > 0) problems.push(`npm publish, rehearsed:\n${warnings.join("\n") || stderr}`);
}

function main(flags) {
  const unknown = flags.filter((flag) => !["--allow-dirty", "--final"].includes(flag));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(" ")}`);
    process.exit(2);
  }
  const isDirtyAllowed = flags.includes("--allow-dirty");
  const problems = [];
  const attempt = (what, command, ...args) => {
    console.log(`\n• ${what}`);
    const { status } = spawnSync(command, args, {
      cwd: root,
      env,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
    if (status !== 0) problems.push(`${what}: failed`);
  };

  const { version, faults, open } = readPapers();
  console.log(`icp-precheck ${version}`);
  problems.push(...faults, ...(flags.includes("--final") ? open : []));
  const { stdout } = spawnSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });
  if (stdout.trim() && !isDirtyAllowed) problems.push(`there are changes that are not committed:\n${stdout.trimEnd()}`);
  const { status: tagged } = spawnSync("git", ["rev-parse", "-q", "--verify", `refs/tags/v${version}`], { cwd: root });
  if (tagged === 0) problems.push(`there is a tag v${version} already`);

  attempt("set-up", "node", "scripts/setup.mjs");
  attempt("build", "node", "scripts/build.mjs");
  attempt("pack", "node", "scripts/packaging.mjs");
  attempt(
    "content, sizes, hashes, publint, types, API reference",
    ...["vitest", "run", "tests/node/package.test.ts", "tests/packaging/lint.test.ts", "tests/packaging/api.test.ts"],
  );
  rehearseNpm(problems);
  attempt(
    "cargo publish, rehearsed",
    "cargo",
    "publish",
    "--dry-run",
    "--locked",
    ...(isDirtyAllowed ? ["--allow-dirty"] : []),
  );

  for (const notice of open) console.log(`\nstill open: ${notice}`);
  if (problems.length > 0) {
    console.error(`\n${version} is not ready:\n${problems.map((one) => `- ${one}`).join("\n")}\n`);
    process.exit(1);
  }
  console.log(`\n${version} could be released. Nothing was published.\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv.slice(2));
