import { expect, it } from "vitest";
import type { Answer, Call } from "../../www/lib/engine.js";
import { PoolRunner } from "../../www/lib/pool-runner.js";
import type { Runner, Settle } from "../../www/lib/runner.js";

/** A runner whose calls are answered by hand. */
class ManualRunner implements Runner {
  mode: Runner["mode"] = "worker";
  readonly open: { call: Call; settle: Settle }[] = [];
  dropped = 0;
  closed = false;
  start = () =>
    Promise.resolve({
      version: "1",
      rulesVersion: "1",
      rulesHash: "0123456789abcdef",
      limits: { maxReadBytes: 1, headBytes: 1 },
    });
  submit(call: Call, settle: Settle) {
    this.open.push({ call, settle });
    return () => {
      this.dropped += 1;
    };
  }
  close() {
    this.closed = true;
  }
}

function setUp(size: number, mode: Runner["mode"] = "worker") {
  const runners: ManualRunner[] = [];
  const add = () => {
    const runner = new ManualRunner();
    runner.mode = mode;
    runners.push(runner);
    return runner;
  };
  const pool = new PoolRunner(add(), add, size);
  const answers: unknown[] = [];
  const settle: Settle = { resolve: (answer) => answers.push(answer), reject: (error) => answers.push(error) };
  const source = new Uint8Array();
  /** A call with a file. */
  const ask = (name: string) =>
    pool.submit({ method: "inspectFile", file: { source, request: { sizeBytes: 0, fileName: name, on: "" } } }, settle);
  /** A call without one. */
  const judge = (name: string) => pool.submit({ method: "judgeSubmission", submission: name }, settle);
  return { pool, runners, answers, ask, judge };
}

/** What a runner has been asked, by name. */
const asked = (runner: ManualRunner | undefined) =>
  runner?.open.map(({ call }) =>
    "submission" in call ? call.submission : "file" in call && call.file.request.fileName,
  );
const loads = (runners: ManualRunner[]) => runners.map(({ open }) => open.length);

it("a second engine starts only when the first is busy, and each holds two calls at most", () => {
  const { runners, ask } = setUp(3);
  ask("a");
  expect(loads(runners)).toEqual([1]);
  for (const name of ["b", "c", "d", "e", "f", "g", "h"]) ask(name);
  expect(loads(runners)).toEqual([2, 2, 2]);
});

it("what waits goes to the engine that gets free first, in order", () => {
  const { runners, answers, ask } = setUp(2);
  for (const name of ["a", "b", "c", "d", "e"]) ask(name);
  runners[1]?.open[0]?.settle.resolve("done" as unknown as Answer);
  expect(answers).toEqual(["done"]);
  expect(asked(runners[1])).toEqual(["b", "d", "e"]);
});

it("what brings no file passes those that wait and takes nobody's place", () => {
  const { runners, answers, ask, judge } = setUp(2);
  for (const name of ["a", "b", "c", "d", "e", "f"]) ask(name);
  judge("report of a");
  expect(runners.map(asked)).toEqual([
    ["a", "c", "report of a"],
    ["b", "d"],
  ]);
  runners[0]?.open[2]?.settle.resolve("report" as unknown as Answer);
  runners[0]?.open[0]?.settle.resolve("look" as unknown as Answer);
  expect(answers).toEqual(["report", "look"]);
  expect(runners.map(asked)).toEqual([
    ["a", "c", "report of a", "e"],
    ["b", "d"],
  ]);
});

it("what brings no file goes to an engine that is at rest, or to a new one", () => {
  const { runners, ask, judge } = setUp(2);
  judge("one");
  judge("two");
  expect(runners.map(asked)).toEqual([["one", "two"]]);
  ask("a");
  judge("three");
  expect(runners.map(asked)).toEqual([["one", "two", "a"], ["three"]]);
});

it("a failure frees its place as an answer does", () => {
  const { runners, answers, ask } = setUp(1);
  for (const name of ["a", "b", "c"]) ask(name);
  runners[0]?.open[0]?.settle.reject("no");
  expect([answers, loads(runners)]).toEqual([["no"], [3]]);
});

it("a dropped call frees its place once, and one that waits never runs", () => {
  const { runners, ask } = setUp(1);
  const drop = ask("a");
  ask("b");
  const dropWaiting = ask("c");
  ask("d");
  dropWaiting();
  drop();
  drop();
  expect(loads(runners)).toEqual([3]);
  expect(asked(runners[0])).toEqual(["a", "b", "d"]);
});

it("without workers there is one engine, and nothing waits in the pool", () => {
  const { runners, ask } = setUp(4, "local");
  for (const name of ["a", "b", "c", "d"]) ask(name);
  expect(loads(runners)).toEqual([4]);
});

it("closing closes every engine and starts nothing more", () => {
  const { pool, runners, ask } = setUp(2);
  ask("a");
  ask("b");
  pool.close();
  ask("c");
  expect(runners.map(({ closed }) => closed)).toEqual([true, true]);
  expect(loads(runners)).toEqual([1, 1]);
});
