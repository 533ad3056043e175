// Prepares the packaging tests in .tools/packaging: the bundlers and runtimes of tests/packaging/tools, installed once, and
// among them the package as npm packs it.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run, step } from "./tools.mjs";

const folder = join(root, ".tools", "packaging");
const source = "tests/packaging/tools";

mkdirSync(folder, { recursive: true });
step("packaging-tools", { inputs: [source], outputs: [".tools/packaging/node_modules"] }, () => {
  for (const name of readdirSync(join(root, source))) copyFileSync(join(root, source, name), join(folder, name));
  // Scripts only speed things up here: the platform's binaries are packages of their own.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
});

const [packed] = JSON.parse(
  execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  }),
);
const installed = join(folder, "node_modules", "icp-precheck");
rmSync(installed, { recursive: true, force: true });
mkdirSync(installed);
// Windows has the same `tar` as the others.
run("tar", ["-xzf", packed.filename, "--strip-components=1", "-C", "node_modules/icp-precheck"], { cwd: folder });
rmSync(join(folder, "projects"), { recursive: true, force: true });
