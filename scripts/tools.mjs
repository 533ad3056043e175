// Finds or installs what the project needs. Versions are pinned in package.json ("tools", devDependencies) and Cargo.toml.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const pinned = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).tools;

const ownBin = join(root, ".tools", "bin");
const nodeBin = join(root, "node_modules", ".bin");

export const env = { ...process.env, PATH: [ownBin, nodeBin, process.env.PATH].join(delimiter) };

/** Stops with a sentence that says what to do. */
export function stop(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

/** Runs a command with its output shown; stops when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: "inherit",
    shell: process.platform === "win32",
    ...options,
  });
  if (result.error) stop(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result;
}

/** What a command prints; stops when it fails. */
export function printed(command, args, options = {}) {
  return run(command, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", ...options }).stdout;
}

/** First line that a command prints, or null when it is missing or fails. */
export function ask(command, args) {
  const result = spawnSync(command, args, { cwd: root, env, encoding: "utf8", shell: process.platform === "win32" });
  return result.status === 0 ? result.stdout.trim() : null;
}

/** Hash over files and folders (by content), so that finished steps are skipped. */
export function fingerprint(paths) {
  const hash = createHash("sha256");
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) visit(join(path, name));
    } else {
      hash.update(path).update(readFileSync(full));
    }
  };
  for (const path of paths) visit(path);
  return hash.digest("hex");
}

/** Runs a step unless its inputs are those of the last time and its outputs are still there. */
export function step(name, { inputs, outputs = [] }, action) {
  const stampFile = join(root, ".tools", "stamps", name);
  const stamp = fingerprint(inputs);
  const upToDate =
    existsSync(stampFile) &&
    readFileSync(stampFile, "utf8") === stamp &&
    outputs.every((path) => existsSync(join(root, path)));
  if (upToDate) return;
  console.log(`• ${name}`);
  action();
  mkdirSync(join(root, ".tools", "stamps"), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Installs a Rust command-line tool at its pinned version, unless that version is on the PATH. */
export function cargoTool(name) {
  const version = pinned[name];
  if (ask(name, ["--version"])?.includes(version)) return;
  console.log(`• ${name} ${version} (once; takes a few minutes)`);
  run("cargo", ["install", "--locked", "--root", join(root, ".tools"), "--version", version, name]);
}

function asRoot(command, args) {
  const isRoot = process.getuid?.() === 0;
  const viaSudo = !isRoot && ask("sudo", ["-n", "true"]) !== null;
  if (!isRoot && !viaSudo) return false;
  const [program, ...rest] = isRoot ? [command, ...args] : ["sudo", command, ...args];
  const quiet = { ...env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(program, rest, { env: quiet, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

const chromiumPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Path of a Chromium; installs Debian's where that is possible. */
export function chromium() {
  const find = () => [process.env.CHROMIUM_PATH, ...chromiumPaths].find((path) => path && existsSync(path));
  const found = find();
  if (found) return found;
  if (existsSync("/usr/bin/apt-get")) {
    console.log("• chromium and Chinese fonts (once)");
    asRoot("apt-get", ["update", "-qq"]);
    asRoot("apt-get", ["install", "-y", "-qq", "chromium", "fonts-noto-cjk"]);
  }
  return find() ?? stop("The browser tests need Chromium or Chrome: install one, or set CHROMIUM_PATH to it.");
}

const isThere = (path) => path && existsSync(path);

/** Path of a Firefox, or undefined. */
export const findFirefox = () =>
  [
    process.env.FIREFOX_PATH,
    "/usr/bin/firefox-esr",
    "/usr/bin/firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
  ].find(isThere);

/** Path of the small browser that comes with WebKitGTK, or undefined. */
export function findWebkit() {
  const folders = ["/usr/lib", "/usr/libexec"].flatMap((at) =>
    existsSync(at) ? [at, ...readdirSync(at).map((name) => join(at, name))] : [],
  );
  const versions = ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"];
  const paths = folders.flatMap((folder) => versions.map((version) => join(folder, version, "MiniBrowser")));
  return [process.env.WEBKIT_PATH, ...paths].find(isThere);
}

/** Installs the browsers besides Chromium where that is possible; their tests say so when there is none. */
export function otherBrowsers() {
  const isWithoutScreen = !process.env.DISPLAY && ask("which", ["xvfb-run"]) === null;
  const packages = [
    ...(findFirefox() ? [] : ["firefox-esr"]),
    ...(findWebkit() ? [] : ["libwebkit2gtk-4.1-0"]),
    ...(isWithoutScreen ? ["xvfb", "xauth"] : []),
  ];
  if (packages.length === 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log(`• ${packages.join(", ")} (once)`);
  asRoot("apt-get", ["update", "-qq"]);
  for (const name of packages) asRoot("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name]);
}
