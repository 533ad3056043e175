// Builds the package into dist/: two wasm builds, the rules as JSON with their schema, the JavaScript, the types; and the page into site/.
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ruleSetSchema } from "./schema.mjs";
import { shipped } from "./size.mjs";
import { writeSri } from "./sri.mjs";
import { env, printed, root, run, step, stop } from "./tools.mjs";

const crate = [
  "Cargo.toml",
  "Cargo.lock",
  "build.rs",
  "src",
  "rules",
  "www/messages",
  "scripts/build.mjs",
  "scripts/rustc.sh",
  "package.json",
];
// Where crates lie on this machine is nobody's business, and the same source should make the same file everywhere. Cargo
// parts these flags at spaces.
const registry = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry");
const remap = /\s/.test(registry) ? "" : `--remap-path-prefix=${registry}=registry`;

const builds = { simd: "-C target-feature=+simd128", baseline: "" };

// Windows starts no script in a compiler's place: what it builds works alike and is larger.
const smaller = process.platform === "win32" ? {} : { RUSTC_WORKSPACE_WRAPPER: join(root, "scripts/rustc.sh") };

for (const [name, flags] of Object.entries(builds)) {
  const outputs = [`pkg/${name}/icp_precheck_bg.wasm`, `pkg/${name}/rules.json`];
  step(`wasm (${name})`, { inputs: crate, outputs }, () => {
    const args = [
      "build",
      "--release",
      "--target",
      "web",
      "--no-pack",
      "--no-typescript",
      "--out-name",
      "icp_precheck",
    ];
    const ours = ["--target-dir", `target/wasm-${name}`, "--locked"];
    // For the wasm target alone: wasm-pack also compiles tools for this machine.
    const wasm = { ...env, ...smaller, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: `${flags} ${remap}`.trim() };
    run("wasm-pack", [...args, "--out-dir", `pkg/${name}`, "--", ...ours], { env: wasm });
    copyFileSync(join(buildScriptOutput(ours, wasm), "rules.json"), join(root, `pkg/${name}/rules.json`));
  });
}

/** The folder that build.rs has written into, which Cargo names when it is asked to build once more what is built. */
function buildScriptOutput(args, env) {
  const asked = ["build", "--quiet", "--lib", "--release", "--target", "wasm32-unknown-unknown", ...args];
  const lines = printed("cargo", [...asked, "--message-format", "json"], { env })
    .trim()
    .split("\n");
  const isOurs = (said) => said.reason === "build-script-executed" && said.package_id.startsWith("path+");
  return lines.map((line) => JSON.parse(line)).find(isOurs).out_dir;
}

const bytes = (path) => readFileSync(join(root, path));
if (!bytes("pkg/simd/icp_precheck.js").equals(bytes("pkg/baseline/icp_precheck.js"))) {
  stop("The two wasm builds need different JavaScript; one script can no longer serve both.");
}

mkdirSync(join(root, "dist"), { recursive: true });
for (const name of Object.keys(builds)) {
  copyFileSync(join(root, `pkg/${name}/icp_precheck_bg.wasm`), join(root, `dist/icp_precheck_${name}.wasm`));
}

writeFileSync(join(root, "dist/rules.json"), `${bytes("pkg/baseline/rules.json")}\n`);
writeFileSync(join(root, "dist/schema.json"), `${JSON.stringify(ruleSetSchema())}\n`);

run("node", ["www/lib/make-glue.mjs"]);
run("vite", ["build", "--config", "vite.lib.config.ts", "--logLevel", "warn"]);
run("tsc", ["--project", "tsconfig.lib.json"]);
run("vite", ["build", "--config", "vite.dropin.config.ts", "--logLevel", "warn"]);
writeSri(shipped());
run("vite", ["build", "--logLevel", "warn"]);

// Examples of host pages, beside the files that such pages would serve.
const engine = ["worker.js", "icp_precheck_simd.wasm", "icp_precheck_baseline.wasm"];
for (const [name, scripts] of Object.entries({
  dropin: ["dropin.js"],
  element: ["element.js", "element-define.js", "browser.js"],
})) {
  const example = join(root, "site", name);
  cpSync(join(root, `www/${name}/host`), example, { recursive: true });
  for (const file of [...scripts, ...engine]) copyFileSync(join(root, "dist", file), join(example, file));
}
