import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { create, type Platform } from "../../www/lib/create.js";
import { DEADLY, EMPTY_MODULE, FakeWorker, fakeGlue, newLog } from "./fakes.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A checker over fake workers. */
async function setUp() {
  const log = newLog();
  const workers: FakeWorker[] = [];
  const platform: Platform = {
    createGlue: fakeGlue(log),
    wasmFiles: () => ({ own: () => new URL("https://host/engine.wasm"), open: () => Promise.reject(new Error("no")) }),
    createWorker() {
      const worker = new FakeWorker(fakeGlue(log));
      workers.push(worker);
      return worker;
    },
    worker: true,
    locale: () => "en",
    workers: () => 2,
  };
  const precheck = await create(platform, { wasm: EMPTY_MODULE });
  const calls = () => workers.flatMap(({ calls }) => calls.map(({ call }) => call.method));
  return { precheck, workers, calls, log };
}

it("the first worker waits a minute for the next photo, the others ten seconds", async () => {
  const { precheck, workers } = await setUp();
  const files = [1, 2, 3].map((byte) => Uint8Array.of(byte));
  await Promise.all(files.map((file) => precheck.inspectFile(file)));
  const ended = () => workers.map(({ terminated }) => terminated);
  expect(ended()).toEqual([false, false]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ended()).toEqual([false, true]);
  await vi.advanceTimersByTimeAsync(49_999);
  expect(ended()).toEqual([false, true]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended()).toEqual([true, true]);
});

describe("checkPhoto", () => {
  it("brings the report with the look, so that no other photo comes between", async () => {
    const { precheck, calls } = await setUp();
    for (const file of [Uint8Array.of(1), new Blob([Uint8Array.of(1)])]) {
      expect(await precheck.checkPhoto(file, { material: "id" })).toMatchObject({ said: "checked", bytes: [1] });
    }
    expect(calls()).toEqual(["measurePhoto", "measurePhoto"]);
  });

  it("of a file that was seen before only judges", async () => {
    const { precheck, calls, log } = await setUp();
    const file = new Blob([Uint8Array.of(1)]);
    const reports = await Promise.all([precheck.checkPhoto(file), precheck.checkPhoto(file, { material: "id" })]);
    expect(reports).toMatchObject([{ said: "checked" }, { said: "checked", request: { material: "id" } }]);
    expect([calls(), log.measured]).toEqual([["measurePhoto", "judgePhoto"], 1]);
  });

  it("asked wrongly is refused, and what was seen stays for the others", async () => {
    const { precheck, log } = await setUp();
    const file = new Blob([Uint8Array.of(1)]);
    const wrong = precheck.checkPhoto(file, { material: "unheard-of" });
    const right = precheck.checkPhoto(file, { material: "id" });
    await expect(wrong).rejects.toMatchObject({ code: "unknown-material" });
    expect(await right).toMatchObject({ said: "checked" });
    expect(log.measured).toBe(1);
  });

  it("that brings the engine down is answered all the same", async () => {
    const { precheck, calls } = await setUp();
    expect(await precheck.checkPhoto(new Blob([Uint8Array.of(DEADLY)]))).toMatchObject({ said: "not checked" });
    expect(calls()).toEqual(["measurePhoto", "notMeasured", "judgePhoto"]);
  });
});
