import { type Call, type EngineInfo, filesOf } from "./engine.js";
import type { Runner, Settle } from "./runner.js";

/** Files that one engine holds at a time: one at work, one being read. More would only fill the memory. */
const PER_RUNNER = 2;

interface Member {
  readonly runner: Runner;
  /** Calls with files that it has not answered yet. */
  load: number;
}

interface Job {
  readonly call: Call;
  readonly settle: Settle;
  /** Drops the call where it runs. */
  cancel(): void;
}

/**
 * Several engines side by side, each started when the others are busy. Every call goes to the one with the least to do. One
 * that brings files waits while all are full, so that a large picture in front does not hold up the small ones behind it.
 * The others do not wait, or of many photos the first would get its report with the last.
 */
export class PoolRunner implements Runner {
  private readonly members: Member[] = [];
  private waiting: Job[] = [];
  private closed = false;

  constructor(
    private readonly first: Runner,
    private readonly createRunner: () => Runner,
    private readonly size: number,
  ) {
    this.members.push({ runner: first, load: 0 });
  }

  get mode(): "worker" | "local" {
    return this.first.mode;
  }

  start(): Promise<EngineInfo> {
    return this.first.start();
  }

  submit(call: Call, settle: Settle): () => void {
    if (this.closed) return () => undefined;
    if (filesOf(call).length === 0) return this.least().runner.submit(call, settle);
    const job: Job = { call, settle, cancel: () => undefined };
    this.waiting.push(job);
    this.pump();
    return () => {
      this.waiting = this.waiting.filter((other) => other !== job);
      job.cancel();
    };
  }

  close(): void {
    this.closed = true;
    this.waiting = [];
    for (const { runner } of this.members) runner.close();
  }

  private pump(): void {
    while (!this.closed && this.waiting.length > 0) {
      const free = this.least();
      if (free.load >= PER_RUNNER && free.runner.mode === "worker") return;
      this.give(this.waiting.shift() as Job, free);
    }
  }

  private give(job: Job, member: Member): void {
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      member.load -= 1;
      this.pump();
    };
    member.load += 1;
    const cancel = member.runner.submit(job.call, {
      resolve(answer) {
        job.settle.resolve(answer);
        end();
      },
      reject(error) {
        job.settle.reject(error);
        end();
      },
    });
    job.cancel = () => {
      cancel();
      end();
    };
  }

  /** The engine with the least to do: a new one rather than a busy one. */
  private least(): Member {
    const least = this.members.reduce((one, other) => (other.load < one.load ? other : one));
    // An engine in the page's own thread gains nothing from company.
    if (least.load === 0 || this.members.length >= this.size || this.mode === "local") return least;
    const added = { runner: this.createRunner(), load: 0 };
    this.members.push(added);
    return added;
  }
}
