// The half of the benchmark that runs in the page.
import { createPrecheck } from "/dist/browser.js";

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
  "checklist, only the province known": { province: "440000" },
  "checklist, nearly everything answered": {
    province: "440000",
    filingType: "first",
    entityType: "enterprise",
    leaderIdentity: "mainland",
    leaderIsLegalRepresentative: true,
    administratorIsLeader: true,
    domicileInProvince: true,
    domainCount: 1,
    websiteCount: 1,
    domainRegistrant: "entity",
    nameChanged: false,
    commercialLicenseRequired: false,
    entityName: "广州某某机械有限公司",
    businessScope: "机械加工；金属制品销售；货物进出口。".repeat(10),
    websiteName: "某某机械",
  },
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

let pictures = [];

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

/** The longest tasks of the page while a worker starts and looks at many files. */
export async function blocking(calls) {
  const watch = async (action) => {
    const longTasks = [];
    const observer = new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.duration)));
    observer.observe({ type: "longtask" });
    const { port1, port2 } = new MessageChannel();
    let last = performance.now();
    let longestGapMs = 0;
    let going = true;
    port1.onmessage = () => {
      const now = performance.now();
      longestGapMs = Math.max(longestGapMs, now - last);
      last = now;
      // Through the timer at times, or the page would see nothing but these messages.
      if (going) setTimeout(() => port2.postMessage(null));
    };
    port2.postMessage(null);
    await action();
    // Long tasks are reported a while after they end.
    await new Promise((resolve) => setTimeout(resolve, 300));
    going = false;
    observer.disconnect();
    port1.close();
    return { longTasks: longTasks.length, longestTaskMs: Math.max(0, ...longTasks), longestGapMs };
  };
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
