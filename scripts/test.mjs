// npm test: sets up everything, builds, and runs every test: lints, native, wasm, Node, browsers, bundlers.
import "./setup.mjs";
import { chromium, env, otherBrowsers, run } from "./tools.mjs";

run("cargo", ["fmt", "--check"]);
run("cargo", ["clippy", "--locked", "--all-targets", "--quiet", "--", "-D", "warnings"]);
run("cargo", ["test", "--locked"]);
run("node", ["scripts/build.mjs"]);
run("wasm-pack", ["test", "--node", "--", "--locked", "--target-dir", "target/wasm-test", "--test", "wasm_api"]);
run("biome", ["ci", "."]);
run("tsc", ["--noEmit"]);
run("node", ["scripts/packaging.mjs"]);
otherBrowsers();
run("vitest", ["run"], { env: { ...env, CHROMIUM_PATH: chromium() } });
