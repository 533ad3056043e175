/** The built browser entry and worker file, on real threads: Node's stand in for the browser's. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker as Thread } from "node:worker_threads";
import { createPrecheck as createInNode, type Precheck, type PrecheckOptions } from "icp-precheck";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gif, jpeg, png } from "./pictures.js";

const dist = (name: string) => new URL(`../../dist/${name}`, import.meta.url);
const wasm = readFileSync(dist("icp_precheck_baseline.wasm"));
const on = { on: "2026-10-01" };

/** Gives a thread the two names by which a worker script knows its page, and takes away those by which it knows Node. */
const ADAPTER = `
const { parentPort, workerData } = require("node:worker_threads");
process.getBuiltinModule = undefined;
globalThis.self = { postMessage: (message) => parentPort.postMessage(message) };
parentPort.on("message", (data) => self.onmessage({ data }));
(0, eval)(workerData);
`;

const threads: BrowserWorker[] = [];

class BrowserWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  readonly thread: Thread;
  posted = 0;

  constructor(readonly url: string) {
    this.thread = new Thread(ADAPTER, { eval: true, workerData: readFileSync(fileURLToPath(url), "utf8") });
    this.thread.on("message", (data) => this.onmessage?.({ data }));
    this.thread.on("error", (error) => this.onerror?.({ message: String(error) }));
    threads.push(this);
  }

  postMessage(message: unknown) {
    this.posted += 1;
    this.thread.postMessage(message);
  }

  terminate() {
    void this.thread.terminate();
  }
}

let precheck: Precheck | undefined;
async function create(options: PrecheckOptions = {}): Promise<Precheck> {
  const entry: typeof import("icp-precheck") = await import(/* @vite-ignore */ dist("browser.js").href);
  precheck = await entry.createPrecheck({ wasm, ...options });
  return precheck;
}

beforeEach(() => {
  threads.length = 0;
});
afterEach(async () => {
  precheck?.close();
  await Promise.all(threads.map(({ thread }) => thread.terminate()));
});

describe("with a worker", () => {
  beforeEach(() => {
    vi.stubGlobal("Worker", BrowserWorker);
  });

  it("the worker beside the script answers as Node does", async () => {
    const browser = await create({ workers: 1 });
    const node = await createInNode();
    expect(browser).toMatchObject({ mode: "worker", version: node.version, rulesVersion: node.rulesVersion });
    expect(threads.map(({ url }) => url)).toEqual([dist("worker.js").href]);
    const files = [png(40, 30), jpeg(24, 16), gif(2), new Uint8Array()];
    const answers = await Promise.all(files.map((file) => browser.inspectFile(file, on)));
    expect(answers).toEqual(await Promise.all(files.map((file) => node.inspectFile(file, on))));
    expect(await browser.checkPair(png(4, 4), gif(), on)).toEqual(await node.checkPair(png(4, 4), gif(), on));
    expect(threads.map(({ posted }) => posted)).toEqual([8]);
    node.close();
  });

  it("bytes stay with the caller", async () => {
    const bytes = png(40, 30);
    await (await create()).inspectFile(bytes);
    expect(bytes).toEqual(png(40, 30));
  });

  it("a blob is read in the worker", async () => {
    const blob = new Blob([png(40, 30)], { type: "image/png" });
    const read = vi.spyOn(blob, "arrayBuffer");
    expect((await (await create()).inspectFile(blob)).file).toMatchObject({ format: "png", widthPx: 40 });
    expect(read).not.toHaveBeenCalled();
  });

  it("a misuse comes back with its code", async () => {
    const browser = await create();
    await expect(browser.inspectFile(gif(), { side: "left" as "front" })).rejects.toMatchObject({
      name: "PrecheckError",
      code: "invalid-argument",
    });
    await expect(create({ upload: "nowhere" })).rejects.toMatchObject({ code: "unknown-upload-profile" });
  });

  it("a thread that dies is replaced", async () => {
    const browser = await create();
    const before = await browser.inspectFile(gif(), on);
    threads[0]?.onerror?.({ message: "out of memory" });
    expect(await browser.inspectFile(gif(), on)).toEqual(before);
    expect(threads).toHaveLength(2);
    expect(browser.mode).toBe("worker");
  });

  it("the folder of the files can be given", async () => {
    const copy = new URL("./", dist("worker.js")).href.replace(/\/$/, "");
    expect((await create({ base: copy })).mode).toBe("worker");
    expect(threads.map(({ url }) => url)).toEqual([dist("worker.js").href]);
  });
});

describe("without a worker", () => {
  it.each([
    ["there is none", undefined],
    [
      "it is forbidden",
      class {
        constructor() {
          throw new DOMException("blocked", "SecurityError");
        }
      },
    ],
  ])("when %s, the calling thread answers", async (_, worker) => {
    vi.stubGlobal("Worker", worker);
    const browser = await create();
    expect(browser.mode).toBe("local");
    expect((await browser.inspectFile(gif())).file.format).toBe("gif");
  });

  it("when it is not wanted, none is started", async () => {
    vi.stubGlobal("Worker", BrowserWorker);
    expect((await create({ worker: false })).mode).toBe("local");
    expect(threads).toEqual([]);
  });
});

describe("the page", () => {
  it.each([
    ["en", /^The file is empty/],
    ["en-GB", /^The file is empty/],
    ["zh", /\p{Script=Han}/u],
    ["de", /\p{Script=Han}/u],
    ["", /\p{Script=Han}/u],
  ])("in the language %o", async (lang, words) => {
    vi.stubGlobal("document", { documentElement: { lang }, baseURI: "https://example.org/" });
    const report = await (await create({ worker: false })).inspectFile(new Uint8Array());
    expect(report.findings[0]?.message).toMatch(words);
  });

  it("one wasm file is fetched, from beside the script or from the folder given", async () => {
    vi.stubGlobal("document", { documentElement: { lang: "" }, baseURI: "https://example.org/form/" });
    const fetched = vi.fn(async (_: URL) => new Response(wasm, { headers: { "content-type": "application/wasm" } }));
    vi.stubGlobal("fetch", fetched);
    await create({ worker: false, wasm: undefined });
    await create({ worker: false, wasm: undefined, base: "../icp" });
    expect(fetched.mock.calls.map(([url]) => String(url))).toEqual([
      dist("icp_precheck_simd.wasm").href,
      "https://example.org/icp/icp_precheck_simd.wasm",
    ]);
  });
});
