// npm test: sets up everything, builds, and runs every test: lints, native, wasm, Node, browsers, bundlers.
import "./setup.mjs";
import { chromium, env, otherBrowsers, run, step } from "./tools.mjs";

run("cargo", ["fmt", "--check"]);
run("cargo", ["clippy", "--locked", "--all-targets", "--quiet", "--", "-D", "warnings"]);
run("cargo", ["test", "--locked"]);
run("cargo", ["doc", "--locked", "--lib", "--no-deps", "--quiet"], { env: { ...env, RUSTDOCFLAGS: "-D warnings" } });
run("node", ["scripts/build.mjs"]);
run("wasm-pack", ["test", "--node", "--", "--locked", "--target-dir", "target/wasm-test", "--test", "wasm_api"]);
run("biome", ["ci", "."]);
run("tsc", ["--noEmit"]);
otherBrowsers();
step(
  "libraries of the adapters",
  { inputs: ["examples/adapters/package-lock.json"], outputs: ["examples/adapters/node_modules"] },
  () => run("npm", ["ci", "--prefix", "examples/adapters", "--no-audit", "--no-fund", "--loglevel=error"]),
);
const browsers = { env: { ...env, CHROMIUM_PATH: chromium() } };
run("vitest", ["run", "--exclude", "tests/packaging/**"], browsers);
// By themselves: bundlers take all cores, and pages of other tests would wait for them too long.
run("node", ["scripts/packaging.mjs"]);
run("vitest", ["run", "tests/packaging"], browsers);
