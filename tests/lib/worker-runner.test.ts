import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Call } from "../../www/lib/engine.js";
import { PrecheckError } from "../../www/lib/error.js";
import { LocalRunner } from "../../www/lib/local-runner.js";
import { WorkerRunner } from "../../www/lib/worker-runner.js";
import { DEADLY, EMPTY_MODULE, type FakeReport, FakeWorker, fakeGlue, newLog } from "./fakes.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function file(...bytes: number[]): Call {
  return {
    method: "inspectFile",
    file: { source: Uint8Array.from(bytes), request: { sizeBytes: bytes.length, on: "2026-01-02" } },
  };
}

function setUp(broken: Parameters<typeof fakeGlue>[1] = {}) {
  const log = newLog();
  const glue = fakeGlue(log, broken);
  const workers: FakeWorker[] = [];
  const make = vi.fn(() => {
    const worker = new FakeWorker(glue);
    workers.push(worker);
    return worker;
  });
  const local = vi.fn(() => new LocalRunner(fakeGlue(), EMPTY_MODULE, { locale: "en" }));
  const runner = new WorkerRunner(make, local, EMPTY_MODULE, { locale: "en" }, 10_000);
  const ask = (call: Call) => {
    let drop = () => {};
    const answer = new Promise<FakeReport>((resolve, reject) => {
      drop = runner.submit(call, { resolve: (one) => resolve(one as unknown as FakeReport), reject });
    });
    return { answer, drop: () => drop() };
  };
  const worker = (index: number) => {
    const one = workers[index];
    if (!one) throw new Error(`there is no worker ${index}`);
    return one;
  };
  return { log, runner, ask, worker, workers, make, local };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

describe("calls", () => {
  it("start tells the versions and limits", async () => {
    const { runner } = setUp();
    await expect(runner.start()).resolves.toEqual({
      version: "1.2.3",
      rulesVersion: "2026.1",
      rulesHash: "0123456789abcdef",
      limits: { maxReadBytes: 100, headBytes: 10 },
    });
  });

  it("each call gets its own answer", async () => {
    const { ask } = setUp();
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => ask(file(n)).answer));
    expect(answers.map(({ bytes }) => bytes)).toEqual([[1], [2], [3], [4], [5], [6]]);
  });

  it("a misuse comes back with its code and hurts no other call", async () => {
    const { ask, workers } = setUp();
    const bad = file(1);
    if (bad.method === "inspectFile") bad.file.request.material = "unheard-of";
    const [refused, answered] = await Promise.allSettled([ask(bad).answer, ask(file(2)).answer]);
    expect(refused).toMatchObject({ status: "rejected", reason: { name: "PrecheckError", code: "unknown-material" } });
    expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(PrecheckError);
    expect(answered).toMatchObject({ status: "fulfilled", value: { bytes: [2] } });
    expect(workers).toHaveLength(1);
  });

  it("a blob is posted as it is and read in the worker", async () => {
    const { ask, worker, runner } = setUp();
    await runner.start();
    worker(0).frozen = true;
    const blob = new Blob([Uint8Array.of(7, 8)]);
    const read = vi.spyOn(blob, "arrayBuffer");
    const call: Call = { method: "inspectFile", file: { source: blob, request: { sizeBytes: 2, on: "2026-01-02" } } };
    const { answer } = ask(call);
    await settled();
    expect(read).not.toHaveBeenCalled();
    expect(worker(0).calls[0]?.call).toMatchObject({ file: { source: blob } });
    worker(0).onerror?.({});
    await expect(answer).resolves.toMatchObject({ said: "not checked" });
    await expect(ask(call).answer).resolves.toMatchObject({ bytes: [7, 8] });
  });

  it("no more than four calls are in the worker at a time", async () => {
    const { ask, worker, runner } = setUp();
    await runner.start();
    worker(0).frozen = true;
    for (let n = 0; n < 6; n += 1) ask(file(n));
    expect(worker(0).calls.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });

  it("options that the engine refuses make the start fail with their code", async () => {
    const { runner, workers, worker } = setUp({ start: "misuse" });
    await expect(runner.start()).rejects.toMatchObject({ code: "invalid-rules", message: "bad rules" });
    expect(workers).toHaveLength(1);
    expect(worker(0).terminated).toBe(true);
  });
});

describe("dropping", () => {
  it("a call that waits is never posted", async () => {
    const { ask, worker, runner } = setUp();
    await runner.start();
    worker(0).frozen = true;
    for (let n = 0; n < 4; n += 1) ask(file(n));
    ask(file(9)).drop();
    ask(file(10));
    worker(0).frozen = false;
    worker(0).send({ id: 1, answer: {} as never });
    await settled();
    expect(worker(0).calls.map(({ id }) => id)).toEqual([1, 2, 3, 4, 6]);
  });

  it("a running call that does not end soon is ended with its worker, and the others run again", async () => {
    const { ask, worker, runner, workers } = setUp();
    await runner.start();
    worker(0).frozen = true;
    const stuck = ask(file(1));
    const other = ask(file(2));
    await settled();
    stuck.drop();
    await vi.advanceTimersByTimeAsync(199);
    expect(worker(0).terminated).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(worker(0).terminated).toBe(true);
    await expect(other.answer).resolves.toMatchObject({ bytes: [2] });
    expect(workers).toHaveLength(2);
    expect(worker(1).calls.map(({ id }) => id)).toEqual([2]);
  });

  it("a running call that ends by itself leaves the worker alone", async () => {
    const { ask, worker, runner } = setUp();
    await runner.start();
    const settle = { resolve: vi.fn(), reject: vi.fn() };
    runner.submit(file(1), settle)();
    await vi.advanceTimersByTimeAsync(500);
    expect(settle.resolve).not.toHaveBeenCalled();
    expect(worker(0).terminated).toBe(false);
    await expect(ask(file(2)).answer).resolves.toMatchObject({ engine: 1 });
  });
});

describe("failures", () => {
  it("after a trap a fresh worker answers `not checked` for the culprit, and the others run again", async () => {
    const { ask, worker, workers } = setUp();
    const answers = await Promise.all([file(1), file(DEADLY), file(3), file(4), file(5)].map((c) => ask(c).answer));
    expect(answers.map(({ said }) => said)).toEqual([
      "inspected",
      "not checked",
      "inspected",
      "inspected",
      "inspected",
    ]);
    expect(answers[1]).toMatchObject({ request: { sizeBytes: 1, on: "2026-01-02" }, engine: 2 });
    expect(answers[4]).toMatchObject({ bytes: [5], engine: 2 });
    expect(worker(0).terminated).toBe(true);
    expect(workers).toHaveLength(2);
  });

  it("a pair that brings the engine down is `not checked`", async () => {
    const { ask } = setUp();
    const deadly = {
      look: JSON.stringify({ measured: { bytes: [DEADLY] } }),
      request: { sizeBytes: 1, on: "2026-01-02" },
    };
    const pair: Call = { method: "judgePair", front: deadly, back: deadly };
    await expect(ask(pair).answer).resolves.toMatchObject({ said: "pair not checked" });
  });

  it("a checklist that brings the engine down is refused, for it has no answer to give", async () => {
    const { ask } = setUp();
    const call: Call = {
      method: "checklist",
      profile: { province: "deadly" } as never,
      on: "2026-01-02",
      changes: false,
    };
    await expect(ask(call).answer).rejects.toMatchObject({ code: "wasm-unavailable", cause: expect.any(Error) });
    await expect(ask(file(1)).answer).resolves.toMatchObject({ said: "inspected" });
  });

  it("an engine that traps even on `not checked` is not asked for ever", async () => {
    const { ask, workers } = setUp({ notChecked: true });
    await expect(ask(file(DEADLY)).answer).rejects.toMatchObject({ code: "wasm-unavailable" });
    expect(workers).toHaveLength(2);
  });

  it.each(["onerror", "onmessageerror"] as const)("%s with one call running blames that call", async (event) => {
    const { ask, worker, runner } = setUp();
    await runner.start();
    worker(0).frozen = true;
    const { answer } = ask(file(1));
    worker(0)[event]?.({ message: "out of memory" });
    await expect(answer).resolves.toMatchObject({ said: "not checked", engine: 2 });
    expect(worker(0).terminated).toBe(true);
  });

  it("onerror with several calls running has each run alone, and no innocent one is blamed", async () => {
    const { ask, worker, runner } = setUp();
    await runner.start();
    worker(0).frozen = true;
    const answers = [file(1), file(DEADLY), file(3)].map((call) => ask(call).answer);
    worker(0).onerror?.({ message: "?" });
    expect(worker(1).calls).toEqual([]);
    const all = await Promise.all(answers);
    expect(all.map(({ said }) => said)).toEqual(["inspected", "not checked", "inspected"]);
    expect(worker(1).calls.map(({ id }) => id)).toEqual([1, 2]);
  });

  it("a late message of a worker that was given up is not heard", async () => {
    const { ask, worker, runner } = setUp();
    await runner.start();
    worker(0).frozen = true;
    const { answer } = ask(file(1));
    const heard = worker(0).onmessage;
    worker(0).onerror?.({});
    heard?.({ data: { id: 1, answer: { said: "late" } as never } });
    await expect(answer).resolves.toMatchObject({ said: "not checked" });
  });
});

describe("without a worker", () => {
  it("a constructor that throws leads to the calling thread", async () => {
    const { runner, make, ask } = setUp();
    make.mockImplementation(() => {
      throw new DOMException("blocked", "SecurityError");
    });
    await expect(runner.start()).resolves.toMatchObject({ version: "1.2.3" });
    expect(runner.mode).toBe("local");
    await expect(ask(file(4)).answer).resolves.toMatchObject({ bytes: [4] });
    expect(make).toHaveBeenCalledTimes(1);
  });

  it("a script that does not load leads to the calling thread", async () => {
    const { runner, worker } = setUp();
    const started = runner.start();
    const preventDefault = vi.fn();
    worker(0).onerror?.({ preventDefault });
    await expect(started).resolves.toMatchObject({ version: "1.2.3" });
    expect(runner.mode).toBe("local");
    expect(preventDefault).toHaveBeenCalled();
  });

  it("an engine that does not start in the worker leads to the calling thread", async () => {
    const { runner } = setUp({ start: "trap" });
    await expect(runner.start()).resolves.toMatchObject({ version: "1.2.3" });
    expect(runner.mode).toBe("local");
  });

  it("a worker that never answers is waited for no longer than ten seconds", async () => {
    const { runner, worker } = setUp();
    const started = runner.start();
    worker(0).terminated = true;
    await vi.advanceTimersByTimeAsync(9_999);
    expect(runner.mode).toBe("worker");
    await vi.advanceTimersByTimeAsync(1);
    expect(runner.mode).toBe("local");
    await expect(started).resolves.toMatchObject({ version: "1.2.3" });
  });

  it("calls that wait while the worker cannot be started again are answered in the calling thread", async () => {
    const { runner, worker, ask, make } = setUp();
    await runner.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(worker(0).terminated).toBe(true);
    make.mockImplementation(() => {
      throw new Error("offline");
    });
    await expect(ask(file(5)).answer).resolves.toMatchObject({ bytes: [5] });
    expect(runner.mode).toBe("local");
  });

  it("a call that moved to the calling thread can still be dropped", async () => {
    const { runner, worker, local } = setUp();
    const settle = { resolve: vi.fn(), reject: vi.fn() };
    const drop = runner.submit(file(1), settle);
    worker(0).onerror?.({});
    drop();
    await settled();
    expect(local).toHaveBeenCalledTimes(1);
    expect(settle.resolve).not.toHaveBeenCalled();
  });
});

describe("rest", () => {
  it("an idle worker is ended after its time and started again on demand", async () => {
    const { runner, worker, ask, workers } = setUp();
    await runner.start();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(worker(0).terminated).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(worker(0).terminated).toBe(true);
    await expect(ask(file(1)).answer).resolves.toMatchObject({ engine: 2 });
    expect(workers).toHaveLength(2);
    expect(runner.mode).toBe("worker");
  });

  it("a worker with a call is not idle", async () => {
    const { runner, worker, ask } = setUp();
    await runner.start();
    worker(0).frozen = true;
    ask(file(1));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(worker(0).terminated).toBe(false);
  });

  it("close ends the worker and starts no other", async () => {
    const { runner, worker, ask, workers } = setUp();
    await runner.start();
    const { drop } = ask(file(1));
    runner.close();
    drop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(worker(0).terminated).toBe(true);
    expect(workers).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
