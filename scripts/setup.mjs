// Sets up what a build needs: npm packages, the wasm target, wasm-pack. Finished steps are skipped.
import { ask, cargoTool, run, step, stop } from "./tools.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19))
  stop(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);
if (ask("cargo", ["--version"]) === null)
  stop("Rust is needed: install it with rustup (https://rustup.rs), then run this again.");

step("npm packages", { inputs: ["package-lock.json"], outputs: ["node_modules"] }, () => {
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
});

if (!(ask("rustup", ["target", "list", "--installed"]) ?? "").includes("wasm32-unknown-unknown")) {
  run("rustup", ["target", "add", "wasm32-unknown-unknown"]);
}
cargoTool("wasm-pack");
