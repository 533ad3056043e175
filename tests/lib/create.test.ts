import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { create, type Platform } from "../../www/lib/create.js";
import { EMPTY_MODULE, FakeWorker, fakeGlue } from "./fakes.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("the first worker waits a minute for the next photo, the others ten seconds", async () => {
  const workers: FakeWorker[] = [];
  const platform: Platform = {
    createGlue: fakeGlue(),
    wasmFiles: () => ({ own: () => new URL("https://host/engine.wasm"), open: () => Promise.reject(new Error("no")) }),
    createWorker() {
      const worker = new FakeWorker(fakeGlue());
      workers.push(worker);
      return worker;
    },
    worker: true,
    locale: () => "en",
    workers: () => 2,
  };
  const precheck = await create(platform, { wasm: EMPTY_MODULE });
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
