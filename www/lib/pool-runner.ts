import type { Call, EngineInfo } from "./engine.js";
import type { Runner, Settle } from "./runner.js";

/** Calls that one engine holds at a time: one at work, one being read. More would only fill the memory. */
const PER_RUNNER = 2;

interface Job {
  readonly call: Call;
  readonly settle: Settle;
  /** Drops the call where it runs. */
  cancel(): void;
  dropped: boolean;
}

/**
 * Several engines side by side, each started when the others are busy. Every call goes to the one with the least to do,
 * and waits while all are full, so that a large picture in front does not hold up the small ones behind it.
 */
export class PoolRunner implements Runner {
  private readonly runners: { runner: Runner; load: number }[];
  private waiting: Job[] = [];
  private closed = false;

  constructor(
    first: Runner,
    private readonly createRunner: () => Runner,
    private readonly size: number,
  ) {
    this.runners = [{ runner: first, load: 0 }];
  }

  get mode(): "worker" | "local" {
    return this.runners[0]?.runner.mode ?? "local";
  }

  start(): Promise<EngineInfo> {
    return (this.runners[0] as { runner: Runner }).runner.start();
  }

  submit(call: Call, settle: Settle): () => void {
    const job: Job = { call, settle, cancel: () => undefined, dropped: false };
    this.waiting.push(job);
    this.pump();
    return () => {
      job.dropped = true;
      this.waiting = this.waiting.filter((other) => other !== job);
      job.cancel();
    };
  }

  close(): void {
    this.closed = true;
    this.waiting = [];
    for (const { runner } of this.runners) runner.close();
  }

  private pump(): void {
    while (!this.closed && this.waiting.length > 0) {
      const free = this.least();
      if (!free) return;
      const job = this.waiting.shift() as Job;
      let ended = false;
      const end = () => {
        if (ended) return;
        ended = true;
        free.load -= 1;
        this.pump();
      };
      free.load += 1;
      const cancel = free.runner.submit(job.call, {
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
  }

  private least() {
    const idle = this.runners.find(({ load }) => load === 0);
    if (idle) return idle;
    // An engine in the page's own thread gains nothing from company.
    if (this.runners.length < this.size && this.mode === "worker") {
      const added = { runner: this.createRunner(), load: 0 };
      this.runners.push(added);
      return added;
    }
    return this.runners
      .filter(({ load, runner }) => load < PER_RUNNER || runner.mode === "local")
      .sort((a, b) => a.load - b.load)[0];
  }
}
