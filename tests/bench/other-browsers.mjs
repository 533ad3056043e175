// npm run bench:browsers: checkPhoto beside createImageBitmap in Firefox and WebKit, through their WebDrivers.
//
// Needs `geckodriver` with Firefox, `WebKitWebDriver` with a WebKit (Debian: firefox-esr, webkit2gtk-driver), and on a
// machine without a screen `xvfb-run`. What is missing is named and left out.
import { spawn, spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { ms, quantile, row, serve, spread, table } from "./report.mjs";

const rounds = Number(process.env.BENCH_ROUNDS) || 15;
const photo = process.env.BENCH_PHOTOS || "12 MP";

const browsers = [
  {
    name: "Firefox",
    driver: "geckodriver",
    port: 4451,
    options: { "moz:firefoxOptions": { args: ["-headless"] } },
    needsScreen: false,
  },
  {
    name: "WebKit",
    driver: "WebKitWebDriver",
    port: 4452,
    options: { "webkitgtk:browserOptions": { args: ["--automation"] } },
    needsScreen: true,
  },
];

const has = (command) => spawnSync("which", [command]).status === 0;

const server = await serve();
const { address } = server;

/** One command of the WebDriver protocol (W3C WebDriver 2). */
async function ask(port, method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

async function untilReady(port) {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      return await ask(port, "GET", "/status");
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error("the driver does not answer");
}

/** Runs in the page. */
const script = `
  const [photo, rounds, done] = arguments;
  import("/bench/page.mjs").then(async (bench) => {
    const [made] = await bench.preparePhotos([photo]);
    const [{ times, memoryBytes }] = await bench.measurePhotos(rounds, false);
    done({ made, times, memoryBytes });
  }).catch((error) => done({ failed: String(error?.stack ?? error) }));
`;

async function bench({ driver, port, options, needsScreen }) {
  const wrapped = needsScreen && !process.env.DISPLAY;
  const [command, ...args] = [...(wrapped ? ["xvfb-run", "-a"] : []), driver, `--port=${port}`];
  const process_ = spawn(command, args, { stdio: "ignore", detached: true });
  try {
    await untilReady(port);
    const capabilities = { alwaysMatch: { timeouts: { script: 600_000 }, ...options } };
    const { sessionId, capabilities: found } = await ask(port, "POST", "/session", { capabilities });
    try {
      await ask(port, "POST", `/session/${sessionId}/url`, { url: address });
      const path = `/session/${sessionId}/execute/async`;
      return { version: found.browserVersion, ...(await ask(port, "POST", path, { script, args: [photo, rounds] })) };
    } finally {
      await ask(port, "DELETE", `/session/${sessionId}`);
    }
  } finally {
    // With the browser and the screen that it started.
    process.kill(-process_.pid);
  }
}

console.log(`\n${cpus().length} cores, ${cpus()[0].model.trim()}; ${photo}, ${rounds} rounds.`);
for (const browser of browsers) {
  const needed = [browser.driver, ...(browser.needsScreen && !process.env.DISPLAY ? ["xvfb-run"] : [])];
  const missing = needed.filter((command) => !has(command));
  if (missing.length > 0) {
    console.log(`\n${browser.name}: not measured, ${missing.join(" and ")} is not installed.`);
    continue;
  }
  const { failed, version, made, times, memoryBytes } = await bench(browser);
  if (failed) throw new Error(`${browser.name}: ${failed}`);
  const title = `${browser.name} ${version}, JPEG of ${made.sizeBytes.toLocaleString("en")} bytes`;
  table(title, "call", "median ms", "p10–p90 ms", "ratio to createImageBitmap");
  for (const [what, list] of Object.entries(times)) {
    const ratio = quantile(list, 0.5) / quantile(times.createImageBitmap, 0.5);
    row(what, ms(quantile(list, 0.5)), spread(list), ratio.toFixed(2));
  }
  console.log(`\nwasm memory at its largest: ${Math.ceil(memoryBytes[0] / 2 ** 20)} MiB (SIMD)`);
}
server.close();
