import { openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { create, type Platform } from "../../www/lib/create.js";
import { PrecheckError } from "../../www/lib/error.js";
import type { FileInput, Precheck, PrecheckOptions } from "../../www/lib/types.js";
import { DEADLY, EMPTY_MODULE, type FakeReport, FakeWorker, fakeGlue, newLog, vanished } from "./fakes.js";

type Any = Record<string, unknown>;
const report = (answer: unknown) => answer as FakeReport;

/** Runs every test with the engine in the calling thread and in a worker: callers must not see a difference. */
describe.each(["local", "worker"] as const)("%s", (mode) => {
  async function setUp(options: PrecheckOptions | Any = {}, glue: Parameters<typeof fakeGlue>[1] = {}) {
    const log = newLog();
    const workers: FakeWorker[] = [];
    const platform: Platform = {
      createGlue: fakeGlue(log, glue),
      wasmFiles: () => ({ own: () => new URL("https://example.org/"), open: async () => new Uint8Array() }),
      createWorker: () => {
        const worker = new FakeWorker(fakeGlue(log, glue));
        workers.push(worker);
        return worker;
      },
      worker: true,
      workers: () => 1,
      locale: () => "zh-CN",
    };
    const precheck = await create(platform, { wasm: EMPTY_MODULE, worker: mode === "worker", ...options });
    return { precheck, log, workers };
  }

  it("says where it runs and which versions it has", async () => {
    const { precheck } = await setUp();
    expect(precheck).toMatchObject({ mode, version: "1.2.3", rulesVersion: "2026.1" });
  });

  describe("files", () => {
    const all: [string, () => FileInput, number[]][] = [
      ["an ArrayBuffer", () => Uint8Array.of(1, 2, 3).buffer, [1, 2, 3]],
      ["a Uint8Array", () => Uint8Array.of(1, 2, 3), [1, 2, 3]],
      ["a view with an offset", () => Uint8Array.of(9, 1, 2, 9).subarray(1, 3), [1, 2]],
      ["an empty view", () => Uint8Array.of(9, 9).subarray(1, 1), []],
      ["a Node buffer", () => Buffer.from([4, 5, 6]), [4, 5, 6]],
      ["shared memory", () => new Uint8Array(new SharedArrayBuffer(4), 1, 2).fill(7), [7, 7]],
      ["an array of another realm", () => runInNewContext("Uint8Array.of(1, 2)") as Uint8Array, [1, 2]],
      ["a blob", () => new Blob([Uint8Array.of(1, 2)]), [1, 2]],
      ["a file", () => new File([Uint8Array.of(8)], "a.png"), [8]],
    ];
    it.each(all)("%s", async (_, make, bytes) => {
      const { precheck } = await setUp();
      const file = make();
      const answer = report(await precheck.inspectFile(file));
      expect(answer).toMatchObject({ said: "inspected", bytes, request: { sizeBytes: bytes.length } });
      expect("size" in file ? file.size : file.byteLength).toBe(bytes.length);
    });

    it("a photo goes the same way", async () => {
      const { precheck } = await setUp();
      const told = { material: "m", on: "2026-01-02" };
      const answer = report(await precheck.checkPhoto(new File([Uint8Array.of(8)], "a.png"), told));
      const request = { sizeBytes: 1, fileName: "a.png", ...told };
      expect(answer).toMatchObject({ said: "checked", bytes: [8], request });
      await expect(precheck.checkPhoto("a.png" as never)).rejects.toMatchObject({ code: "invalid-argument" });
    });

    it("a submission measures each file and judges all of them together", async () => {
      const { precheck, log } = await setUp();
      const [front, back] = [new File([Uint8Array.of(1)], "f.jpg"), new File([Uint8Array.of(2)], "b.jpg")];
      const seen: number[] = [];
      const submission = {
        profile: { province: "350000" },
        files: { "id/front": front, "id/back": back, licence: null },
      };
      const options = { on: "2026-01-02", onProgress: (done: number) => seen.push(done) };
      const said = JSON.parse(report(await precheck.checkSubmission(submission, options)).said);
      expect(said).toMatchObject({ profile: { province: "350000" }, on: "2026-01-02" });
      expect(said.photos).toMatchObject([
        { material: "id", slot: "front", request: { fileName: "f.jpg" }, look: { measured: { bytes: [1] } } },
        { material: "id", slot: "back", request: { fileName: "b.jpg" }, look: { measured: { bytes: [2] } } },
      ]);
      expect([seen, log.measured]).toEqual([[1, 2], 2]);
      const licence = { material: "licence", file: new Blob([Uint8Array.of(3)]), includes: ["permit"] };
      await precheck.checkSubmission({
        ...submission,
        files: [licence, { material: "id", slot: "front", file: front }],
      });
      expect(log.measured).toBe(3);
    });

    it("one who leaves does not take the others' work along", async () => {
      const { precheck, log } = await setUp();
      const submission = { profile: { province: "350000" }, files: { a: new Blob([Uint8Array.of(1)]) } };
      const controller = new AbortController();
      const left = precheck.checkSubmission(submission, { signal: controller.signal });
      const stayed = precheck.checkSubmission(submission);
      controller.abort(new Error("gone"));
      await expect(left).rejects.toThrow("gone");
      expect(report(await stayed).said).toContain('"bytes":[1]');
      expect(log.measured).toBe(1);
    });

    it("what was seen of a file holds for the checkers of other languages, also where the one that looked was closed", async () => {
      const first = await setUp();
      const second = await setUp({ locale: "en" });
      const file = new File([Uint8Array.of(1, 2)], "a.png");
      const submission = { profile: { province: "350000" }, files: { "organization-certificate": file } };
      await first.precheck.checkSubmission(submission);
      await second.precheck.checkSubmission(submission);
      expect([first.log.measured, second.log.measured]).toEqual([1, 0]);

      const other = { ...submission, files: { "organization-certificate": new File([Uint8Array.of(3)], "b.png") } };
      const left = first.precheck.checkSubmission(other);
      const waits = second.precheck.checkSubmission(other);
      first.precheck.close();
      await expect(left).rejects.toMatchObject({ code: "closed" });
      expect(JSON.parse(report(await waits).said).photos).toHaveLength(1);
      expect(second.log.measured).toBe(1);
    });

    it("a submission with a file that is gone or deadly is judged without it", async () => {
      const { precheck } = await setUp();
      const files = { a: vanished(), b: Uint8Array.of(DEADLY), c: Uint8Array.of(1) };
      const said = JSON.parse(report(await precheck.checkSubmission({ profile: { province: "350000" }, files })).said);
      expect(said.photos.map(({ look }: { look: unknown }) => look)).toMatchObject([
        "unreadable",
        "not-measured",
        { measured: { bytes: [1] } },
      ]);
    });

    it.each([
      [{ profile: "x" }, "profile"],
      [{ profile: {}, files: 3 }, "files"],
      [{ profile: {}, files: { "a/left": new Blob() } }, "a/left"],
      [{ profile: {}, files: [{ file: new Blob() }] }, "material"],
      [{ profile: {}, files: [{ material: "a" }] }, "file is missing"],
      [{ profile: {}, files: [{ material: "a", file: new Blob(), includes: "b" }] }, "includes"],
      [{ profile: {}, photos: [] }, "photos"],
    ])("a submission of another shape is refused: %o", async (submission, named) => {
      const { precheck } = await setUp();
      const refusal = precheck.checkSubmission(submission as never);
      await expect(refusal).rejects.toMatchObject({
        code: "invalid-argument",
        message: expect.stringContaining(named),
      });
    });

    it("pictures are spliced into a file of the kind that was given", async () => {
      const { precheck } = await setUp();
      const blobs = [new Blob([Uint8Array.of(1)]), new Blob([Uint8Array.of(2)])];
      const spliced = await precheck.splice(blobs, { layout: "grid", maxBytes: 1000 });
      expect(spliced.file).toBeInstanceOf(File);
      expect(spliced.file).toMatchObject({ name: "spliced.jpg", type: "image/jpeg", size: 3 });
      const { said } = report(spliced);
      expect(said).toContain('"layout":"grid","maxBytes":1000');
      expect(said).toContain("[[1],[2]]");
      const bytes = await precheck.splice([Uint8Array.of(1), Uint8Array.of(2)]);
      expect(bytes.file).toEqual(Uint8Array.of(1, 2, 3));
      expect((await precheck.splice([Uint8Array.of(1)])).file).toBeNull();
      for (const [files, options] of [[[]], [blobs, { layout: "pile" }], [blobs, { maxBytes: 0.5 }]] as never[][]) {
        await expect(precheck.splice(files as never, options)).rejects.toMatchObject({ code: "invalid-argument" });
      }
    });

    it("bytes are taken as they are at the time of the call", async () => {
      const { precheck } = await setUp();
      const bytes = Uint8Array.of(1, 2);
      const answer = precheck.inspectFile(bytes);
      bytes.fill(0);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      expect(report(await answer).bytes).toEqual([1, 2]);
    });

    it.each([
      ["bytes", () => new Uint8Array(101).map((_, index) => index)],
      ["a blob", () => new Blob([new Uint8Array(101).map((_, index) => index)])],
    ])("of %s beyond the limit only the head is read, and the size is that of the whole", async (_, make) => {
      const { precheck } = await setUp();
      expect(report(await precheck.inspectFile(make()))).toMatchObject({
        bytes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        request: { sizeBytes: 101 },
      });
    });

    it("at the limit everything is read", async () => {
      const { precheck } = await setUp();
      expect(report(await precheck.inspectFile(new Uint8Array(100))).bytes).toHaveLength(100);
    });

    it("a huge blob is never read as a whole", async () => {
      const { precheck } = await setUp();
      const blob = new Blob([new Uint8Array(10)]);
      const huge = Object.assign(new Blob([]), { slice: vi.fn(() => blob), arrayBuffer: vi.fn() });
      Object.defineProperty(huge, "size", { value: 2 ** 31 });
      await precheck.inspectFile(huge);
      expect(huge.slice).toHaveBeenCalledExactlyOnceWith(0, 10);
      expect(huge.arrayBuffer).not.toHaveBeenCalled();
    });

    it.each([
      ["nothing", undefined],
      ["null", null],
      ["text", "a.png"],
      ["numbers", [1, 2]],
      ["a Uint16Array", new Uint16Array(2)],
    ])("%s is refused", async (_, file) => {
      const { precheck } = await setUp();
      await expect(precheck.inspectFile(file as never)).rejects.toMatchObject({ code: "invalid-argument" });
    });

    it.each([
      ["buffer", (b: Uint8Array) => b.buffer as ArrayBuffer],
      ["view", (b: Uint8Array) => b],
    ])("a detached %s is refused", async (_, of) => {
      const { precheck } = await setUp();
      const bytes = Uint8Array.of(1);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      await expect(precheck.inspectFile(of(bytes))).rejects.toMatchObject({
        code: "invalid-argument",
        message: /detached/,
      });
    });
  });

  describe("unreadable files", () => {
    let folder: string | null = null;
    afterEach(async () => {
      if (folder) await rm(folder, { recursive: true });
      folder = null;
    });

    async function changed() {
      folder = await mkdtemp(join(tmpdir(), "precheck-"));
      const path = join(folder, "a.png");
      await writeFile(path, "first");
      const blob = await openAsBlob(path);
      await writeFile(path, "and then another, longer one");
      return blob;
    }

    it("a file that has changed since it was chosen is reported, not thrown", async () => {
      const { precheck } = await setUp();
      const answer = report(await precheck.inspectFile(await changed(), { on: "2026-05-06" }));
      expect(answer).toMatchObject({ said: "unreadable", request: { sizeBytes: 5, on: "2026-05-06" } });
    });

    it("in a pair the other file is checked nevertheless", async () => {
      const { precheck } = await setUp();
      const answer = report(await precheck.checkPair(Uint8Array.of(1), await changed()));
      expect(answer.said).toBe("pair 1|null");
    });
  });

  describe("what is told about a file", () => {
    it("a File brings name and type, options win, a day is always given", async () => {
      vi.useFakeTimers({ now: new Date(2026, 0, 2, 0, 30), toFake: ["Date"] });
      try {
        const { precheck } = await setUp();
        const file = new File([], "a.png", { type: "image/png" });
        expect(report(await precheck.inspectFile(file)).request).toEqual({
          sizeBytes: 0,
          fileName: "a.png",
          mimeType: "image/png",
          on: "2026-01-02",
        });
        const told = { fileName: "b.jpg", mimeType: "image/jpeg", on: "2025-12-31" };
        expect(report(await precheck.inspectFile(file, told)).request).toEqual({ sizeBytes: 0, ...told });
      } finally {
        vi.useRealTimers();
      }
    });

    it("undefined and null are not given", async () => {
      const { precheck } = await setUp();
      const nothing = { material: undefined, side: null, fileName: null, signal: null } as never;
      expect(Object.keys(report(await precheck.inspectFile(new Blob([]), nothing)).request ?? {})).toEqual([
        "sizeBytes",
        "on",
      ]);
      await expect(precheck.inspectFile(new Blob([]), null as never)).resolves.toBeDefined();
    });

    it("a photo that was checked is not looked at again for its pair, or for another question", async () => {
      const { precheck, log } = await setUp();
      const [front, back] = [new Blob([Uint8Array.of(1)]), new Blob([Uint8Array.of(2)])];
      await precheck.checkPhoto(front, { material: "m" });
      expect(report(await precheck.checkPair(front, back)).said).toBe("pair 1|2");
      await precheck.checkPhoto(back, { side: "back" });
      expect(log.measured).toBe(2);
      await precheck.checkPhoto(Uint8Array.of(1));
      await precheck.checkPhoto(Uint8Array.of(1));
      expect(log.measured).toBe(4);
    });

    it("the place in a pair decides about the side", async () => {
      const { precheck } = await setUp();
      const answer = report(
        await precheck.checkPair(Uint8Array.of(1), Uint8Array.of(2), { side: "front", material: "m" }),
      );
      expect(answer).toMatchObject({ said: "pair 1|2", request: { side: "back", material: "m" } });
    });

    it.each([
      [{ sides: "front" }, /no "sides"/],
      [{ fileName: 5 }, /fileName/],
      [{ on: new Date() }, /on is not/],
      [{ material: () => "m" }, /material/],
      [{ signal: {} }, /AbortSignal/],
      ["front", /object/],
    ])("%o is refused", async (options, message) => {
      const { precheck } = await setUp();
      const refusal = { name: "PrecheckError", code: "invalid-argument", message };
      await expect(precheck.inspectFile(new Blob([]), options as never)).rejects.toMatchObject(refusal);
    });

    it("what only the engine knows to be wrong is refused with the engine's code", async () => {
      const { precheck } = await setUp();
      const refused = precheck.inspectFile(new Blob(["a"]), { material: "unheard-of" });
      await expect(refused).rejects.toBeInstanceOf(PrecheckError);
      await expect(refused).rejects.toMatchObject({ code: "unknown-material", message: "no such material" });
    });
  });

  describe("checklist", () => {
    it("asks for the day that is given", async () => {
      const { precheck } = await setUp();
      const answer = report(await precheck.checklist({ province: "350000" } as never, { on: "2026-03-04" }));
      expect(answer.said).toBe("checklist 350000 2026-03-04");
    });

    it("hands typed numbers over, and refuses what is no object", async () => {
      const { precheck } = await setUp();
      const answer = report(await precheck.checkNumbers({ idCard: "1" }, { on: "2026-03-04" }));
      expect(answer.said).toBe("numbers idCard 2026-03-04");
      await expect(precheck.checkNumbers(undefined as never)).rejects.toMatchObject({ code: "invalid-argument" });
    });

    it.each([
      [{ province: () => "" }, {}],
      [{ domainCount: Number.NaN }, {}],
      [{ domainCount: 1n }, {}],
      [undefined, {}],
      [{}, { when: "2026-01-01" }],
      [{}, { on: 20260101 }],
    ])("%o with %o is refused", async (profile, options) => {
      const { precheck } = await setUp();
      await expect(precheck.checklist(profile as never, options as never)).rejects.toMatchObject({
        code: "invalid-argument",
      });
    });
  });

  describe("describeDocument", () => {
    const corners = (x: number) =>
      [
        [x, 0],
        [9, 0],
        [9, 9],
        [0, 9],
      ] as Parameters<Precheck["describeDocument"]>[0];

    it("is answered from corners and size, with null for what is no document", async () => {
      const { precheck } = await setUp();
      const answer = report(await precheck.describeDocument(corners(1), { widthPx: 20, heightPx: 10 }));
      expect(answer.said).toBe("described [[1,0],[9,0],[9,9],[0,9]] 20x10 null");
      const size = { widthPx: 20, heightPx: 10, focalLengthPx: 16.5 };
      const told = report(await precheck.describeDocument(corners(1), size));
      expect(told.said).toBe("described [[1,0],[9,0],[9,9],[0,9]] 20x10 16.5");
      expect(await precheck.describeDocument(corners(-1), { widthPx: 20, heightPx: 10 })).toBe(null);
    });

    it.each([
      [corners(1), undefined],
      [corners(1), { widthPx: 0, heightPx: 10 }],
      [corners(1), { widthPx: 20.5, heightPx: 10 }],
      [corners(1), { widthPx: 20, heightPx: 10, depthPx: 3 }],
      [corners(1), { widthPx: 20, heightPx: 10, focalLengthPx: 0 }],
      [corners(1), { widthPx: 20, heightPx: 10, focalLengthPx: "16" }],
      [corners(Number.NaN), { widthPx: 20, heightPx: 10 }],
    ])("%o in %o is refused", async (quad, size) => {
      const { precheck } = await setUp();
      await expect(precheck.describeDocument(quad, size as never)).rejects.toMatchObject({ code: "invalid-argument" });
    });
  });

  describe("a trap", () => {
    it("is answered with `not checked`, and the engine is replaced", async () => {
      const { precheck, log } = await setUp();
      const answers = await Promise.all([1, DEADLY, 3].map((byte) => precheck.inspectFile(Uint8Array.of(byte))));
      expect(answers.map((one) => report(one).said)).toEqual(["inspected", "not checked", "inspected"]);
      expect(log.engines).toBe(2);
    });

    it("on a photo is answered with `not checked`", async () => {
      const { precheck, log } = await setUp();
      const answers = await Promise.all([DEADLY, 3].map((byte) => precheck.checkPhoto(Uint8Array.of(byte))));
      expect(answers.map((one) => report(one).said)).toEqual(["not checked", "checked"]);
      expect(log.engines).toBe(2);
    });

    it("while several calls wait brings down one engine only", async () => {
      const { precheck, log } = await setUp();
      const files = [DEADLY, DEADLY, 3, 4];
      const answers = await Promise.all(files.map((byte) => precheck.inspectFile(Uint8Array.of(byte))));
      expect(answers.map((one) => report(one).said)).toEqual(["not checked", "not checked", "inspected", "inspected"]);
      expect(log.engines).toBe(3);
    });

    it("on a checklist rejects, and later calls work", async () => {
      const { precheck } = await setUp();
      const deadly = precheck.checklist({ province: "deadly" } as never);
      await expect(deadly).rejects.toMatchObject({ code: "wasm-unavailable" });
      await expect(precheck.inspectFile(Uint8Array.of(1))).resolves.toMatchObject({ said: "inspected" });
    });

    it("even on `not checked` rejects in the end", async () => {
      const { precheck } = await setUp({}, { notChecked: true });
      await expect(precheck.inspectFile(Uint8Array.of(DEADLY))).rejects.toMatchObject({ code: "wasm-unavailable" });
    });
  });

  describe("abort", () => {
    it("before the call rejects with the reason and asks nothing", async () => {
      const { precheck, workers } = await setUp();
      const reason = new Error("changed my mind");
      const refused = precheck.inspectFile(Uint8Array.of(1), { signal: AbortSignal.abort(reason) });
      await expect(refused).rejects.toBe(reason);
      expect(workers.flatMap(({ calls }) => calls)).toEqual([]);
    });

    it("during the call rejects at once, though the file takes for ever to read", async () => {
      const { precheck } = await setUp();
      const aborting = new AbortController();
      const answer = precheck.inspectFile(stuck(), { signal: aborting.signal });
      aborting.abort("enough");
      await expect(answer).rejects.toBe("enough");
      await expect(precheck.inspectFile(Uint8Array.of(2))).resolves.toMatchObject({ bytes: [2] });
    });

    it("after the answer changes nothing", async () => {
      const { precheck } = await setUp();
      const { signal, abort } = spied();
      await expect(precheck.inspectFile(Uint8Array.of(2), { signal })).resolves.toMatchObject({ bytes: [2] });
      abort();
      expect(signal.removeEventListener).toHaveBeenCalledTimes(1);
    });

    it("of an old browser, which gives no reason, is an AbortError", async () => {
      const { precheck } = await setUp();
      const signal = new AbortController().signal;
      Object.defineProperties(signal, { aborted: { value: true }, reason: { value: undefined } });
      await expect(precheck.inspectFile(new Blob([]), { signal })).rejects.toMatchObject({ name: "AbortError" });
    });
  });

  describe("close", () => {
    it("rejects what is pending and what comes later", async () => {
      const { precheck, workers } = await setUp();
      const pending = precheck.inspectFile(stuck());
      precheck.close();
      precheck.close();
      await expect(pending).rejects.toMatchObject({ name: "PrecheckError", code: "closed" });
      await expect(precheck.inspectFile(Uint8Array.of(1))).rejects.toMatchObject({ code: "closed" });
      await expect(precheck.checklist({ province: "1" } as never)).rejects.toMatchObject({ code: "closed" });
      expect(workers.every(({ terminated }) => terminated)).toBe(true);
    });
  });

  describe("options", () => {
    it("reach the engine as they were when they were given", async () => {
      const rules = { version: "7" } as Any;
      const started = setUp({ locale: "en", rules, upload: "some" });
      rules.version = "8";
      const { log } = await started;
      expect(log.options).toEqual([{ locale: "en", rules: { version: "7" }, upload: "some" }]);
    });

    it("that are not given are left to the engine and the page's language", async () => {
      const { log } = await setUp({ locale: null, rules: undefined, upload: null });
      expect(log.options).toEqual([{ locale: "zh-CN" }]);
    });

    it.each([[{ language: "en" }], [{ worker: "yes" }], [{ wasm: 5 }], [{ rules: { a: () => 1 } }]])(
      "%o are refused",
      async (options) => {
        await expect(setUp(options)).rejects.toMatchObject({ name: "PrecheckError", code: "invalid-argument" });
      },
    );

    it("that the engine refuses keep its code", async () => {
      await expect(setUp({}, { start: "misuse" })).rejects.toMatchObject({
        code: "invalid-rules",
        message: "bad rules",
      });
    });

    it("an engine that does not start is unavailable", async () => {
      await expect(setUp({}, { start: "trap" })).rejects.toMatchObject({
        code: "wasm-unavailable",
        cause: expect.any(WebAssembly.RuntimeError),
      });
    });
  });
});

it.each([true, false])("where workers are the default, %s, the caller need not say so", async (worker) => {
  const platform: Platform = {
    createGlue: fakeGlue(),
    wasmFiles: () => ({ own: () => new URL("https://example.org/"), open: async () => new Uint8Array() }),
    createWorker: () => new FakeWorker(fakeGlue()),
    worker,
    workers: () => 1,
    locale: () => "zh-CN",
  };
  const mode = worker ? "worker" : "local";
  await expect(create(platform, { wasm: EMPTY_MODULE })).resolves.toMatchObject({ mode });
});

it.each(["NotFoundError", "NotReadableError"])("a reading that fails with %s is reported", async (name) => {
  const platform: Platform = {
    createGlue: fakeGlue(),
    wasmFiles: () => ({ own: () => new URL("https://example.org/"), open: async () => new Uint8Array() }),
    createWorker: () => new FakeWorker(fakeGlue()),
    worker: false,
    workers: () => 1,
    locale: () => "zh-CN",
  };
  const precheck = await create(platform, { wasm: EMPTY_MODULE });
  await expect(precheck.inspectFile(vanished(name))).resolves.toMatchObject({ said: "unreadable" });
  await expect(precheck.checkPhoto(vanished(name))).resolves.toMatchObject({ said: "unreadable" });
});

/** A blob whose reading never ends. */
function stuck(): Blob {
  return Object.assign(new Blob(["a"]), { arrayBuffer: () => new Promise<ArrayBuffer>(() => {}) });
}

function spied() {
  const controller = new AbortController();
  vi.spyOn(controller.signal, "removeEventListener");
  return { signal: controller.signal, abort: () => controller.abort() };
}
