// npm run bench:browsers: checkPhoto beside createImageBitmap in Chromium, Firefox and WebKit, one after the other and of the
// same file, which the first of them makes.
//
// BENCH_ROUNDS sets how often each call is measured, BENCH_PHOTOS which photo, BENCH_ONLY which browsers ("WebKit"). Firefox and WebKit need no driver (Debian:
// firefox-esr, libwebkit2gtk-4.1-0, and xvfb on a machine without a screen). What is missing is named and left out.
import { cpus } from "node:os";
import { chromium } from "../../scripts/tools.mjs";
import { FIREFOX, missingFor, openPage, WEBKIT } from "../browser/open.mjs";
import { ms, quantile, row, serve, spread, table, whole } from "./report.mjs";

const rounds = Number(process.env.BENCH_ROUNDS) || 15;
const wanted = (process.env.BENCH_ONLY || "Chromium,Firefox,WebKit").split(",");
const photo = process.env.BENCH_PHOTOS || "12 MP";

const CHROMIUM = {
  name: "Chromium",
  path: chromium(),
  args: (profile, address) => [
    ...["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
    ...[`--user-data-dir=${profile}`, address],
  ],
  needsScreen: false,
  env: {},
};

const bodyOf = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
};

/** The photo, once the first browser has made it. */
let made = null;
let arrived = () => undefined;

/** Runs in the page. */
const script = `
const bench = await import("/bench/page.mjs");
async function measure() {
  const made = await fetch("/photo");
  if (made.ok) bench.usePhoto(${JSON.stringify(photo)}, await made.blob());
  else await fetch("/photo", { method: "POST", body: await bench.makePhoto(${JSON.stringify(photo)}) });
  const firstMs = await bench.firstPhoto("worker", 1000);
  const [{ times, memoryBytes }] = await bench.measurePhotos(${rounds});
  return { agent: navigator.userAgent, isolated: crossOriginIsolated, firstMs, times, memoryBytes };
}
const answer = await measure().catch((error) => ({ failed: String(error?.stack ?? error) }));
await fetch("/answer", { method: "POST", body: JSON.stringify(answer) });
`;

const server = await serve({}, { script, answer });

function answer(request, response) {
  switch (request.url) {
    case "/photo":
      if (request.method === "POST") {
        bodyOf(request).then((bytes) => {
          made = bytes;
          response.end();
        });
      } else {
        response.writeHead(made ? 200 : 404, { "Content-Type": "image/jpeg" });
        response.end(made);
      }
      return true;
    case "/answer":
      bodyOf(request).then((text) => {
        response.end();
        arrived(JSON.parse(text.toString()));
      });
      return true;
    default:
      return false;
  }
}

async function bench(browser) {
  const said = new Promise((resolve) => {
    arrived = resolve;
  });
  const opened = openPage(browser, server.address);
  try {
    const { failed, ...measured } = await Promise.race([said, opened.ended]);
    if (failed) throw new Error(`${browser.name}: ${failed}`);
    return measured;
  } finally {
    await opened.close();
  }
}

const VERSION = { Chromium: /Chrom\w+\/([\d.]+)/, Firefox: /Firefox\/([\d.]+)/, WebKit: /Version\/([\d.]+)/ };

console.log(`\n${cpus().length} cores, ${cpus()[0].model.trim()}; ${photo}, ${rounds} rounds.`);
try {
  for (const browser of [CHROMIUM, FIREFOX, WEBKIT].filter(({ name }) => wanted.includes(name))) {
    const missing = missingFor(browser);
    if (missing) {
      console.log(`\n${browser.name}: not measured, ${missing} is not installed.`);
      continue;
    }
    const { agent, isolated, firstMs, times, memoryBytes } = await bench(browser);
    const version = VERSION[browser.name].exec(agent)?.[1] ?? agent;
    table(`${browser.name} ${version}`, "call", "median ms", "p10–p90 ms", "ratio to createImageBitmap");
    for (const [what, list] of Object.entries(times)) {
      const ratio = quantile(list, 0.5) / quantile(times.createImageBitmap, 0.5);
      row(what, ms(quantile(list, 0.5)), spread(list), ratio.toFixed(2));
    }
    console.log(
      `\nThe very first photo, in the worker, a second after its start: ${ms(firstMs)} ms. wasm memory at its largest: ${Math.ceil(memoryBytes[0] / 2 ** 20)} MiB (SIMD).`,
    );
    if (!isolated) console.log("Its clock is coarse: the page is not isolated.");
  }
  console.log(`\nAll of one JPEG of ${whole(made.length)} bytes.`);
} finally {
  server.close();
}
