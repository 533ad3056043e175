// npm run bench: how long the checks take, beside what the browser itself needs for the same pictures, in one run.
//
// It reports and never judges: times depend on the machine, and only ratios of one run can be compared.
// BENCH_ROUNDS sets how often each picture is measured, BENCH_PHOTOS which photos ("12 MP,48 MP"), BENCH_ONLY=photos
// leaves the rest out. OpenCV.js joins in after `npm install --no-save @techstark/opencv-js`.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { chromium as driver } from "playwright-core";
import { chromium, root } from "../../scripts/tools.mjs";
import { ms, quantile, row, serve, spread, table, whole } from "./report.mjs";
import { brotliBytes } from "./rules-size.mjs";

const rounds = Number(process.env.BENCH_ROUNDS) || 25;
const freshPages = 7;
const workerCalls = 80;
const poolFiles = 20;

const photos = (process.env.BENCH_PHOTOS || "2 MP,12 MP,24 MP,48 MP,PNG 12 MP").split(",");
// Ten megabytes that nothing but this comparison needs.
const openCv = join(root, "node_modules/@techstark/opencv-js/dist");
const hasOpenCv = existsSync(join(openCv, "opencv.js"));

const server = await serve(hasOpenCv ? { "/opencv/": openCv } : {});
const { address } = server;

const browser = await driver.launch({
  executablePath: chromium(),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

async function openPage() {
  // A context of its own has no cache of an earlier page.
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.goto(address);
  if (!(await page.evaluate(() => globalThis.crossOriginIsolated))) throw new Error("the page is not isolated");
  return page;
}

const call = (page, name, ...args) =>
  page.evaluate(async ([name, args]) => (await import("/bench/page.mjs"))[name](...args), [name, args]);

/** `checkPhoto` beside what the browser and OpenCV.js need for the same photos. */
async function benchPhotos() {
  const photoRounds = Math.max(5, Math.ceil(rounds / 2));
  const page = await openPage();
  const made = await call(page, "preparePhotos", photos);
  table("Photos", "photo", "bytes", "pixels");
  for (const { name, sizeBytes, widthPx, heightPx } of made) row(name, whole(sizeBytes), `${widthPx} × ${heightPx}`);
  const results = await call(page, "measurePhotos", photoRounds, hasOpenCv);
  for (const { name, times, memoryBytes } of results) {
    table(`checkPhoto, ${name}`, "call", "median ms", "p10–p90 ms", "ratio to createImageBitmap");
    for (const [what, list] of Object.entries(times)) {
      const ratio = quantile(list, 0.5) / quantile(times.createImageBitmap, 0.5);
      row(what, ms(quantile(list, 0.5)), spread(list), ratio.toFixed(2));
    }
    const mebibytes = memoryBytes.map((bytes) => Math.ceil(bytes / 2 ** 20));
    console.log(`\nwasm memory at its largest: ${mebibytes.slice(0, 2).join(" MiB (SIMD), ")} MiB (baseline)`);
  }
  if (!hasOpenCv) console.log("\nOpenCV.js is not installed, so its rows are missing.");
  const { longTasks, longestTaskMs, longestGapMs } = await call(page, "blockingByPhotos");
  table("Main thread, all photos through the worker", "tasks over 50 ms", "longest", "longest gap");
  row(longTasks, longTasks ? `${ms(longestTaskMs)} ms` : "–", `${ms(longestGapMs)} ms`);
  const workers = cpus().length;
  table(
    `${poolFiles} photos of ${photos[0]} in a pool of ${workers} workers`,
    "one after the other",
    "pool",
    "pool × workers ÷ sum",
    "tasks over 50 ms",
    "longest gap",
  );
  const pool = await call(page, "poolOfWorkers", poolFiles, workers);
  const share = ((pool.poolMs * workers) / pool.sumMs).toFixed(2);
  row(`${ms(pool.sumMs)} ms`, `${ms(pool.poolMs)} ms`, share, pool.longTasks, `${ms(pool.longestGapMs)} ms`);
  await page.context().close();

  const firsts = [];
  for (let i = 0; i < 5; i++) {
    const fresh = await openPage();
    await call(fresh, "preparePhotos", photos.slice(0, 2).slice(-1));
    firsts.push(await call(fresh, "firstPhoto", "simd"));
    await fresh.context().close();
  }
  console.log(
    `\nFirst photo (${photos.slice(0, 2).at(-1)}) of a fresh page: ${ms(quantile(firsts, 0.5))} ms (${spread(firsts)})`,
  );
}

try {
  const [processor] = cpus();
  console.log(`\n## Benchmark\n`);
  console.log(`${cpus().length} cores, ${processor.model.trim()}; Chromium ${browser.version()}; ${rounds} rounds.`);
  await benchPhotos();
  if (process.env.BENCH_ONLY !== "photos") await benchFiles();
} finally {
  await browser.close();
  server.close();
}

/** `inspectFile` and `checklist`, the first calls, the main thread, and what is downloaded. */
async function benchFiles() {
  const page = await openPage();
  const pictures = await call(page, "prepare");
  const { results, memoryBytes } = await call(page, "measure", rounds);
  const { control, worker } = await call(page, "blocking", workerCalls);
  await page.context().close();

  const firsts = { simd: [], baseline: [], worker: [] };
  for (let i = 0; i < freshPages; i++) {
    for (const engine of Object.keys(firsts)) {
      const fresh = await openPage();
      firsts[engine].push(await call(fresh, "firstCalls", engine));
      await fresh.context().close();
    }
  }

  table("Pictures", "picture", "bytes", "pixels");
  for (const { name, sizeBytes, widthPx, heightPx } of pictures)
    row(name, whole(sizeBytes), `${widthPx} × ${heightPx}`);

  for (const { name, reference, times } of results) {
    table(name, "call", "median ms", "p10–p90 ms", ...(reference ? [`ratio to ${reference}`] : []));
    for (const [what, list] of Object.entries(times)) {
      const ratio = reference ? quantile(list, 0.5) / quantile(times[reference], 0.5) : null;
      row(what, ms(quantile(list, 0.5)), spread(list), ...(ratio === null ? [] : [ratio.toFixed(3)]));
    }
  }

  table(`First calls in a fresh page (${freshPages} pages each)`, "engine", "call", "median ms", "p10–p90 ms");
  for (const [engine, runs] of Object.entries(firsts)) {
    for (const what of Object.keys(runs[0])) {
      const list = runs.map((run) => run[what]);
      row(engine, what, ms(quantile(list, 0.5)), spread(list));
    }
  }

  table(
    `Main thread, ${workerCalls} files at once through the worker`,
    "",
    "tasks over 50 ms",
    "longest",
    "longest gap",
  );
  for (const [what, { longTasks, longestTaskMs, longestGapMs }] of Object.entries({
    "start and all calls": worker,
    "control: 80 ms of work": control,
  })) {
    row(what, longTasks, longTasks ? `${ms(longestTaskMs)} ms` : "–", `${ms(longestGapMs)} ms`);
  }

  console.log(
    `\nwasm memory after the run: ${memoryBytes.map((bytes) => `${whole(bytes)} bytes`).join(" (SIMD), ")} (baseline)`,
  );

  table("Download", "file", "bytes", "brotli 11");
  for (const name of readdirSync(join(root, "dist")).sort()) {
    const path = join(root, "dist", name);
    if (!statSync(path).isFile() || !/\.(js|wasm|json)$/.test(name)) continue;
    const bytes = readFileSync(path);
    row(name, whole(bytes.length), whole(brotliBytes(bytes)));
  }
}
