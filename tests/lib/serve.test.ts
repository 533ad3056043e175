import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FromWorker } from "../../www/lib/messages.js";
import { serve } from "../../www/lib/serve.js";
import { DEADLY, EMPTY_MODULE, fakeGlue, newLog } from "./fakes.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A canvas whose picture is this byte. */
const canvasOf = (byte: number) =>
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      getContext = () => ({ fillRect: () => undefined, rotate: () => undefined });
      convertToBlob = async () => ({ arrayBuffer: async () => Uint8Array.of(byte).buffer });
    },
  );

function setUp() {
  const log = newLog();
  const said: FromWorker[] = [];
  const receive = serve(fakeGlue(log), (message) => said.push(message));
  const start = () => receive({ module: EMPTY_MODULE, options: { locale: "en" } });
  const ask = (id: number, byte: number) => {
    const source = Uint8Array.of(byte);
    receive({
      id,
      call: { method: "measurePhoto", judge: false, file: { source, request: { sizeBytes: 1, on: "" } } },
    });
  };
  return { log, said, start, ask };
}

it("an engine at rest looks at a drawing of its own, once, and says nothing of it", async () => {
  canvasOf(7);
  const { log, said, start } = setUp();
  start();
  await vi.advanceTimersByTimeAsync(1000);
  expect(log.measured).toBe(1);
  expect(said).toEqual([{ ready: expect.anything() }]);
});

it("a call that comes first is not kept waiting by it", async () => {
  canvasOf(7);
  const { log, said, start, ask } = setUp();
  start();
  ask(1, 3);
  await vi.advanceTimersByTimeAsync(1000);
  expect(log.measured).toBe(1);
  expect(said).toHaveLength(2);
});

it("an engine that fails on the drawing is replaced, and nobody hears of it", async () => {
  canvasOf(DEADLY);
  const { log, said, start, ask } = setUp();
  start();
  await vi.advanceTimersByTimeAsync(1000);
  ask(1, 3);
  await vi.advanceTimersByTimeAsync(1000);
  expect(log.engines).toBe(2);
  expect(said).toEqual([{ ready: expect.anything() }, { id: 1, answer: expect.anything() }]);
});

it("where there is nothing to draw with, calls are answered as ever", async () => {
  const { log, said, start, ask } = setUp();
  start();
  await vi.advanceTimersByTimeAsync(1000);
  expect(log.measured).toBe(0);
  ask(1, 3);
  await vi.advanceTimersByTimeAsync(1000);
  expect(said).toHaveLength(2);
});
