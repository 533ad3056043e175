// npm run bench: how long the checks take, beside what the browser itself needs for the same pictures, in one run.
//
// It reports and never judges: times depend on the machine, and only ratios of one run can be compared.
// BENCH_ROUNDS sets how often each picture is measured, BENCH_PHOTOS which photos ("12 MP,48 MP"; the first is the pool's),
// BENCH_ONLY which parts ("photos", "pool", "files"), BENCH_POOL_FILES how many photos the pool gets. OpenCV.js joins in once it
// is installed; without it the command for that is printed.
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
const installOpenCv = "npm install --no-save @techstark/opencv-js@4.12.0-release.1";
const poolFiles = Number(process.env.BENCH_POOL_FILES) || 20;
const wanted = (process.env.BENCH_ONLY || "photos,pool,files").split(",");

const photos = (process.env.BENCH_PHOTOS || "2 MP,12 MP,24 MP,48 MP,PNG 12 MP").split(",");
// Ten megabytes that nothing but this comparison needs.
const openCv = join(root, "node_modules/@techstark/opencv-js");
const openCvVersion = existsSync(openCv)
  ? JSON.parse(readFileSync(join(openCv, "package.json"), "utf8")).version
  : null;

const server = await serve(openCvVersion ? { "/opencv/": join(openCv, "dist") } : {});
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
  const results = await call(page, "measurePhotos", photoRounds, openCvVersion);
  for (const { name, times, memoryBytes } of results) {
    table(`checkPhoto, ${name}`, "call", "median ms", "p10–p90 ms", "ratio to createImageBitmap");
    for (const [what, list] of Object.entries(times)) {
      const ratio = quantile(list, 0.5) / quantile(times.createImageBitmap, 0.5);
      row(what, ms(quantile(list, 0.5)), spread(list), ratio.toFixed(2));
    }
    const mebibytes = memoryBytes.map((bytes) => Math.ceil(bytes / 2 ** 20));
    console.log(`\nwasm memory at its largest: ${mebibytes.slice(0, 2).join(" MiB (SIMD), ")} MiB (baseline)`);
  }
  if (!openCvVersion) console.log(`\nThe row of OpenCV.js is missing; for it: ${installOpenCv}`);
  const { longTasks, longestTaskMs, longestGapMs } = await call(page, "blockingByPhotos");
  table("Main thread, all photos through the worker", "tasks over 50 ms", "longest", "longest gap");
  row(longTasks, longTasks ? `${ms(longestTaskMs)} ms` : "–", `${ms(longestGapMs)} ms`);
  await page.context().close();

  const firsts = {
    "in the page, at once": ["simd"],
    "in the worker, at once": ["worker"],
    "in the worker, a second after its start": ["worker", 1000],
  };
  const name = photos.slice(0, 2).at(-1);
  table(`First photo (${name}) of a fresh page (${freshPages} pages each)`, "checkPhoto", "median ms", "p10–p90 ms");
  for (const [what, args] of Object.entries(firsts)) {
    const list = [];
    for (let i = 0; i < freshPages; i++) {
      const fresh = await openPage();
      await call(fresh, "preparePhotos", [name]);
      list.push(await call(fresh, "firstPhoto", ...args));
      await fresh.context().close();
    }
    row(what, ms(quantile(list, 0.5)), spread(list));
  }
}

/** Many photos at once: in a pool that has worked before, and in a page that was just opened. */
async function benchPool() {
  const workers = cpus().length;
  const page = await openPage();
  await call(page, "preparePhotos", photos.slice(0, 1));
  const { times, ...main } = await call(page, "poolOfWorkers", poolFiles, workers, Math.max(5, Math.ceil(rounds / 3)));
  await page.context().close();
  table(
    `${poolFiles} photos of ${photos[0]}, ${workers} workers`,
    "",
    "median ms",
    "p10–p90 ms",
    "× workers ÷ one after the other",
  );
  const names = {
    one: "one after the other, one worker",
    pool: "at once, pool",
    apart: `control: ${workers} checkers apart, each its share one after the other`,
  };
  for (const [what, name] of Object.entries(names)) {
    const share = (quantile(times[what], 0.5) * workers) / quantile(times.one, 0.5);
    row(name, ms(quantile(times[what], 0.5)), spread(times[what]), what === "one" ? "–" : share.toFixed(2));
  }
  console.log(
    `\nMain thread meanwhile: ${main.longTasks} tasks over 50 ms, longest gap ${ms(main.longestGapMs)} ms (pool, in a run of its own).`,
  );

  table(
    `The same in a fresh page, from createPrecheck on (${freshPages} pages each)`,
    "",
    "first report ms",
    "half of them ms",
    "all ms",
    "p10–p90 ms",
  );
  const runs = { 1: [], [workers]: [] };
  for (let i = 0; i < freshPages; i++) {
    for (const size of Object.keys(runs)) {
      const fresh = await openPage();
      await call(fresh, "preparePhotos", photos.slice(0, 1));
      runs[size].push(await call(fresh, "firstPhotos", poolFiles, Number(size)));
      await fresh.context().close();
    }
  }
  for (const [size, list] of Object.entries(runs)) {
    const of = (what) => list.map((run) => run[what]);
    const medians = ["first", "half", "last"].map((what) => ms(quantile(of(what), 0.5)));
    row(size === "1" ? "one worker" : `${size} workers`, ...medians, spread(of("last")));
  }
}

try {
  const [processor] = cpus();
  console.log(`\n## Benchmark\n`);
  console.log(`${cpus().length} cores, ${processor.model.trim()}; Chromium ${browser.version()}; ${rounds} rounds.`);
  for (const [name, bench] of Object.entries({ photos: benchPhotos, pool: benchPool, files: benchFiles })) {
    if (wanted.includes(name)) await bench();
  }
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
