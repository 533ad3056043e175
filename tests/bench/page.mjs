// The half of the benchmark that runs in the page.
import { createPrecheck } from "/dist/browser.js";
import { ENTERPRISE, ONLY_PROVINCE } from "./profiles.mjs";

const on = "2026-11-24";
const memories = [];

// The package keeps its instance to itself; this is the one place that every instance passes.
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (source, imports) => {
  const result = await instantiate.call(WebAssembly, source, imports);
  const { memory } = (result.instance ?? result).exports;
  if (memory) memories.push(memory);
  return result;
};

const profiles = {
  "checklist, only the province known": ONLY_PROVINCE,
  "checklist, nearly everything answered": ENTERPRISE,
};

/** Same numbers in every run, so that two runs measure the same pictures. */
function noise(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 24;
  };
}

function canvasOf(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  return { canvas, context: canvas.getContext("2d", { willReadFrequently: true }) };
}

/** Gradients under grain: a photo's mixture of smooth areas and sensor noise, which decides a JPEG's size. */
function photoLike(width, height, grain) {
  const { canvas, context } = canvasOf(width, height);
  const random = noise(20_261_124);
  const image = context.createImageData(width, height);
  const { data } = image;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const light = 128 + 60 * Math.sin(x / 310) * Math.cos(y / 270) + ((random() - 128) * grain) / 128;
      data[at] = light + 20;
      data[at + 1] = light;
      data[at + 2] = light - 20;
      data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The largest JPEG that stays below a size. */
async function jpegBelow(canvas, sizeBytes) {
  let best = null;
  for (let low = 1, high = 100; low <= high; ) {
    const quality = (low + high) >> 1;
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: quality / 100 });
    if (blob.size < sizeBytes) {
      best = blob;
      low = quality + 1;
    } else high = quality - 1;
  }
  if (!best) throw new Error(`no JPEG below ${sizeBytes} bytes`);
  return best;
}

/** Flat paper with a patch of noise: the patch brings the bytes, the paper the pixels. */
function pngOf(width, height, noisyPixels) {
  const { canvas, context } = canvasOf(width, height);
  context.fillStyle = "#eee";
  context.fillRect(0, 0, width, height);
  const side = Math.floor(Math.sqrt(noisyPixels));
  const random = noise(7);
  const patch = context.createImageData(side, side);
  for (let at = 0; at < patch.data.length; at++) patch.data[at] = at % 4 === 3 ? 255 : random();
  context.putImageData(patch, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}

/** Noise without compression: the code table is cleared before its codes grow longer than nine bits. */
function gifOf(width, height) {
  const bytes = [];
  const u16 = (value) => [value & 255, value >> 8];
  bytes.push(...new TextEncoder().encode("GIF89a"), ...u16(width), ...u16(height), 0xf7, 0, 0);
  for (let grey = 0; grey < 256; grey++) bytes.push(grey, grey, grey);
  bytes.push(0x2c, 0, 0, 0, 0, ...u16(width), ...u16(height), 0, 8);
  let block = [];
  let bits = 0;
  let bitCount = 0;
  const byte = (value) => {
    block.push(value);
    if (block.length < 255) return;
    bytes.push(255, ...block);
    block = [];
  };
  const code = (value) => {
    bits |= value << bitCount;
    for (bitCount += 9; bitCount >= 8; bitCount -= 8) {
      byte(bits & 255);
      bits >>>= 8;
    }
  };
  const random = noise(3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (pixel % 250 === 0) code(256);
    code(random());
  }
  code(257);
  if (bitCount > 0) byte(bits & 255);
  if (block.length > 0) bytes.push(block.length, ...block);
  bytes.push(0, 0x3b);
  return new Blob([Uint8Array.from(bytes)], { type: "image/gif" });
}

/**
 * A photo as a phone takes it: a sheet of print, turned a little, on a table with a grain, under uneven light, with
 * sensor noise. What it shows is invented. It decides how many codes a JPEG of it has, and thereby its time.
 */
function phonePhoto(width, height) {
  const { canvas, context } = canvasOf(width, height);
  const unit = Math.sqrt(width * height) / 100;
  context.fillStyle = "#8a6a4c";
  context.fillRect(0, 0, width, height);
  const random = noise(20_261_125);
  for (let y = 0; y < height; y += unit / 8) {
    context.fillStyle = `rgba(${40 + random() / 4}, 30, 20, ${random() / 900})`;
    context.fillRect(0, y, width, unit / 8);
  }
  context.translate(width / 2, height / 2);
  context.rotate(0.07);
  context.fillStyle = "#f1efe8";
  context.fillRect(-width * 0.4, -height * 0.42, width * 0.8, height * 0.84);
  context.fillStyle = "#26262a";
  for (let line = 0; line < 46; line++) {
    context.font = `${unit * (line % 11 === 0 ? 2.2 : 1.1)}px serif`;
    const text = Array.from({ length: 60 }, () => String.fromCharCode(0x4e00 + random() * 16 + random() / 16)).join("");
    context.fillText(text, -width * 0.36, -height * 0.38 + line * height * 0.0165, width * 0.72);
  }
  context.strokeStyle = "#b3261e";
  context.lineWidth = unit / 2;
  context.beginPath();
  context.arc(width * 0.2, height * 0.25, unit * 7, 0, 7);
  context.stroke();
  // In strips, since all the pixels of the largest picture at once take a page's memory.
  for (let top = 0; top < height; top += 256) {
    const rows = Math.min(256, height - top);
    const image = context.getImageData(0, top, width, rows);
    const { data } = image;
    for (let at = 0; at < data.length; at += 4) {
      const light = 0.8 + (0.2 * ((at / 4) % width)) / width;
      // Two throws make the bell that sensor noise has, much of it shared by the three colours.
      const grain = (random() + random() - 255) / 28;
      data[at] = data[at] * light + grain + (random() - 128) / 60;
      data[at + 1] = data[at + 1] * light + grain;
      data[at + 2] = data[at + 2] * light + grain + (random() - 128) / 60;
    }
    context.putImageData(image, 0, top);
  }
  return canvas;
}

let pictures = [];
let photos = [];

const photoSizes = { "2 MP": [1632, 1224], "12 MP": [4032, 3024], "24 MP": [5664, 4248], "48 MP": [8064, 6048] };

async function addPhoto(name) {
  const isPng = name === "PNG 12 MP";
  const canvas = phonePhoto(...photoSizes[isPng ? "12 MP" : name]);
  const blob = await canvas.convertToBlob(isPng ? { type: "image/png" } : { type: "image/jpeg", quality: 0.85 });
  photos.push({ name, blob, widthPx: canvas.width, heightPx: canvas.height });
  canvas.width = 0;
  return blob;
}

/** Measures a photo that was made elsewhere. */
export function usePhoto(name, blob) {
  photos = [{ name, blob }];
}

/** Makes one photo to measure, and gives it away. */
export function makePhoto(name) {
  photos = [];
  return addPhoto(name);
}

/** Makes the photos; what is returned is what they are. */
export async function preparePhotos(names) {
  photos = [];
  for (const name of names) await addPhoto(name);
  return photos.map(({ name, blob, widthPx, heightPx }) => ({ name, sizeBytes: blob.size, widthPx, heightPx }));
}

/** Variance of the Laplacian, the usual measure of sharpness, as pages do it with OpenCV.js. */
function laplacianVariance(cv, imageData) {
  const mats = [cv.matFromImageData(imageData), new cv.Mat(), new cv.Mat(), new cv.Mat(), new cv.Mat()];
  const [picture, gray, edges, mean, deviation] = mats;
  cv.cvtColor(picture, gray, cv.COLOR_RGBA2GRAY);
  cv.Laplacian(gray, edges, cv.CV_64F);
  cv.meanStdDev(edges, mean, deviation);
  const variance = deviation.data64F[0] ** 2;
  for (const mat of mats) mat.delete();
  return variance;
}

async function openCv() {
  if (!globalThis.cv) {
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = "/opencv/opencv.js";
      script.onload = resolve;
      script.onerror = () => reject(new Error("OpenCV.js could not be loaded"));
      document.head.append(script);
    });
  }
  // Some versions give a promise. Others give a module that has `then` and always resolves to itself: waiting for that
  // never ends.
  if (globalThis.cv instanceof Promise) globalThis.cv = await globalThis.cv;
  while (!globalThis.cv.Mat) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function pixelsOf(blob) {
  const bitmap = await createImageBitmap(blob);
  const { context } = canvasOf(bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
  bitmap.close();
  return pixels;
}

/** Milliseconds of `checkPhoto` and of its rivals, by photo; for each an engine of its own, whose memory only grows. */
export async function measurePhotos(rounds, openCvVersion = null) {
  const results = [];
  if (openCvVersion) await openCv();
  for (const { name, blob } of photos) {
    memories.length = 0;
    const checkers = {};
    for (const engine of Object.keys(engines)) checkers[engine] = await createPrecheck(engines[engine]);
    const report = await checkers.simd.checkPhoto(blob, { on });
    if (report.measures.decodedShare !== 1) throw new Error(`${name} was not decoded`);
    // What was seen of a Blob is remembered, and this is about seeing.
    const fresh = () => new Blob([blob], { type: blob.type });
    const actions = {
      createImageBitmap: async () => (await createImageBitmap(fresh())).close(),
      "createImageBitmap + getImageData": () => pixelsOf(fresh()),
      "checkPhoto, SIMD": () => checkers.simd.checkPhoto(fresh(), { on }),
      "checkPhoto, baseline": () => checkers.baseline.checkPhoto(fresh(), { on }),
      "checkPhoto, SIMD, worker": () => checkers.worker.checkPhoto(fresh(), { on }),
    };
    if (openCvVersion) {
      actions[`OpenCV.js ${openCvVersion}: pixels + variance of Laplacian`] = async () =>
        laplacianVariance(globalThis.cv, await pixelsOf(fresh()));
    }
    await interleave(actions, 2);
    const times = await interleave(actions, rounds);
    for (const checker of Object.values(checkers)) checker.close();
    results.push({ name, times, memoryBytes: memories.map(({ buffer }) => buffer.byteLength) });
  }
  return results;
}

/** The very first photo of a fresh page, chosen `restMs` after the engine has started. */
export async function firstPhoto(engine, restMs = 0) {
  const [{ blob }] = photos;
  const precheck = await createPrecheck(engines[engine]);
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  const time = await timed(() => precheck.checkPhoto(blob, { on }));
  precheck.close();
  return time;
}

/** How often, and how long at most, the page stands still while photos are checked in the worker. */
export function blockingByPhotos() {
  return watch(async () => {
    const precheck = await createPrecheck(engines.worker);
    await Promise.all(photos.map(({ blob }) => precheck.checkPhoto(new Blob([blob], { type: blob.type }), { on })));
    precheck.close();
  });
}

/** Copies of the first photo: what was seen of a Blob is remembered, and this is about seeing. */
function copies(count) {
  const [{ blob }] = photos;
  return Array.from({ length: count }, () => new Blob([blob], { type: blob.type }));
}

const all = (precheck, files) => Promise.all(files.map((file) => precheck.checkPhoto(file, { on })));

async function oneByOne(precheck, files) {
  for (const file of files) await precheck.checkPhoto(file, { on });
}

/**
 * `count` photos through a pool of workers, beside the same photos one after the other in one worker. The control is what
 * the machine itself allows: as many checkers of one worker each, which know nothing of each other and get their share of
 * the photos one after the other. All have looked at photos before, so that no engine is compiled while the clock runs.
 */
export async function poolOfWorkers(count, workers, rounds) {
  const start = (workers) => createPrecheck({ ...engines.worker, workers });
  const one = await start(1);
  const pool = await start(workers);
  const apart = await Promise.all(Array.from({ length: workers }, () => start(1)));
  const actions = {
    one: () => oneByOne(one, copies(count)),
    pool: () => all(pool, copies(count)),
    apart: () => Promise.all(apart.map((precheck) => oneByOne(precheck, copies(count / workers)))),
  };
  await interleave(actions, 1);
  const times = await interleave(actions, rounds);
  const watched = await watch(actions.pool);
  for (const precheck of [one, pool, ...apart]) precheck.close();
  return { times, ...watched };
}

/** What somebody waits who opens a page and chooses `count` photos at once: for the first report, and for all. */
export async function firstPhotos(count, workers) {
  const files = copies(count);
  const start = performance.now();
  const precheck = await createPrecheck({ ...engines.worker, workers });
  const ends = [];
  const check = async (file) => {
    await precheck.checkPhoto(file, { on });
    ends.push(performance.now() - start);
  };
  await Promise.all(files.map(check));
  precheck.close();
  return { first: ends[0], half: ends[Math.floor((count - 1) / 2)], last: ends[count - 1] };
}

/** Makes the pictures; what is returned is what they are. */
export async function prepare() {
  const photo = photoLike(4032, 3024, 24);
  pictures = [
    { name: "JPEG, 2 MB", blob: await jpegBelow(photo, 2_000_000) },
    { name: "JPEG, 4 MB", blob: await jpegBelow(photo, 4_194_304) },
    { name: "PNG, 4 MB", blob: await pngOf(4032, 3024, 1_135_000) },
    { name: "GIF, 4 MB", blob: gifOf(2048, 1760) },
  ];
  const made = [];
  for (const { name, blob } of pictures) {
    const bitmap = await createImageBitmap(blob);
    made.push({ name, sizeBytes: blob.size, widthPx: bitmap.width, heightPx: bitmap.height });
    bitmap.close();
  }
  return made;
}

async function timed(action) {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** Every action once per round, in an order drawn anew: what one leaves behind for the next falls on all alike. */
async function interleave(actions, rounds) {
  const times = Object.fromEntries(Object.keys(actions).map((name) => [name, []]));
  const names = Object.keys(actions);
  const random = noise(11);
  for (let round = 0; round < rounds; round++) {
    for (let last = names.length - 1; last > 0; last--) {
      const other = random() % (last + 1);
      [names[last], names[other]] = [names[other], names[last]];
    }
    for (const name of names) times[name].push(await timed(actions[name]));
  }
  return times;
}

const engines = {
  simd: { wasm: "/dist/icp_precheck_simd.wasm", worker: false },
  baseline: { wasm: "/dist/icp_precheck_baseline.wasm", worker: false },
  worker: { wasm: "/dist/icp_precheck_simd.wasm", worker: true },
};

/** All measurements: milliseconds by picture and by what was done. */
export async function measure(rounds) {
  const simd = await createPrecheck(engines.simd);
  const baseline = await createPrecheck(engines.baseline);
  const worker = await createPrecheck(engines.worker);
  if (worker.mode !== "worker") throw new Error("the worker did not start; its row would be that of the page");
  const results = [];
  for (const { name, blob } of pictures) {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const { format, complete } = (await simd.inspectFile(blob)).file;
    if (!name.toLowerCase().startsWith(format) || !complete) throw new Error(`${name} was read as ${format}`);
    const actions = {
      createImageBitmap: async () => (await createImageBitmap(blob)).close(),
      "createImageBitmap + getImageData": async () => {
        const bitmap = await createImageBitmap(blob);
        const { context } = canvasOf(bitmap.width, bitmap.height);
        context.drawImage(bitmap, 0, 0);
        context.getImageData(0, 0, bitmap.width, bitmap.height);
        bitmap.close();
      },
      "reading alone: blob.arrayBuffer()": () => blob.arrayBuffer(),
      "inspectFile(blob), SIMD": () => simd.inspectFile(blob, { on }),
      "inspectFile(blob), baseline": () => baseline.inspectFile(blob, { on }),
      "inspectFile(bytes), SIMD": () => simd.inspectFile(bytes, { on }),
      "inspectFile(bytes), baseline": () => baseline.inspectFile(bytes, { on }),
      "inspectFile(blob), worker": () => worker.inspectFile(blob, { on }),
    };
    await interleave(actions, 3);
    results.push({ name, reference: "createImageBitmap", times: await interleave(actions, rounds) });
  }
  for (const [name, profile] of Object.entries(profiles)) {
    const actions = {
      SIMD: () => simd.checklist(profile, { on }),
      baseline: () => baseline.checklist(profile, { on }),
      worker: () => worker.checklist(profile, { on }),
    };
    await interleave(actions, 20);
    results.push({ name, reference: null, times: await interleave(actions, rounds * 8) });
  }
  for (const precheck of [simd, baseline, worker]) precheck.close();
  return { results, memoryBytes: memories.map(({ buffer }) => buffer.byteLength) };
}

/** The very first calls; the caller opens a fresh page for each. */
export async function firstCalls(engine) {
  const blob = await jpegBelow(photoLike(2016, 1512, 24), 1_000_000);
  const times = {};
  let precheck;
  times.createPrecheck = await timed(async () => {
    precheck = await createPrecheck(engines[engine]);
  });
  times.inspectFile = await timed(() => precheck.inspectFile(blob, { on }));
  times.checklist = await timed(() => precheck.checklist({ province: "440000" }, { on }));
  precheck.close();
  return times;
}

/** Rare enough to leave the processor to the workers: without a pause the page is one busy thread more. */
const TICK_MS = 5;

/** Long tasks of the page, and its longest standstill (never below {@link TICK_MS}), during an action. */
async function watch(action) {
  const longTasks = [];
  const observer = new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.duration)));
  observer.observe({ type: "longtask" });
  let last = performance.now();
  let longestGapMs = 0;
  const ticks = setInterval(() => {
    const now = performance.now();
    longestGapMs = Math.max(longestGapMs, now - last);
    last = now;
  }, TICK_MS);
  await action();
  // Long tasks are reported a while after they end.
  await new Promise((resolve) => setTimeout(resolve, 300));
  clearInterval(ticks);
  observer.disconnect();
  return { longTasks: longTasks.length, longestTaskMs: Math.max(0, ...longTasks), longestGapMs };
}

/** The longest tasks of the page while a worker starts and looks at many files. */
export async function blocking(calls) {
  const control = await watch(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const end = performance.now() + 80; performance.now() < end; );
  });
  const worker = await watch(async () => {
    const precheck = await createPrecheck(engines.worker);
    const files = Array.from({ length: calls }, (_, i) => pictures[i % pictures.length].blob);
    await Promise.all(files.map((file) => precheck.inspectFile(file, { on })));
    precheck.close();
  });
  return { control, worker };
}
