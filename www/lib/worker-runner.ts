import { afterFailureOn, type Call, type EngineInfo, type EngineOptions } from "./engine.js";
import { type FromWorker, fromPlain, type ToWorker } from "./messages.js";
import { engineFailed, type Runner, type Settle } from "./runner.js";

/** What is needed of a `Worker`. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: { data: FromWorker }) => void) | null;
  onerror: ((event: { message?: string; preventDefault?(): void }) => void) | null;
  onmessageerror: ((event: unknown) => void) | null;
}

/** Several files are read while one is checked; more would only fill the memory. */
const MAX_RUNNING = 4;
/** Longer than any check takes, shorter than reading a file from a network drive may take. */
const ABORT_GRACE_MS = 200;
/** A worker that is blocked does not say so in every browser. */
const START_TIMEOUT_MS = 10_000;

interface Job {
  readonly id: number;
  call: Call;
  readonly settle: Settle;
  drop(): void;
  dropped: boolean;
  /** Was running when a worker died without saying of which call; runs alone from then on. */
  suspect: boolean;
}

interface Starter {
  resolve(info: EngineInfo | Promise<EngineInfo>): void;
  reject(error: unknown): void;
}

/**
 * Runs the engine in a worker that is started on demand, ended when idle, and replaced after a failure. When no worker can
 * be had, now or later, everything goes to the fallback.
 */
export class WorkerRunner implements Runner {
  private worker: WorkerLike | null = null;
  private ready = false;
  private closed = false;
  private lastId = 0;
  private waiting: Job[] = [];
  private running = new Map<number, Job>();
  private starters: Starter[] = [];
  private fallback: Runner | null = null;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;
  private startTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly createWorker: () => WorkerLike,
    private readonly createFallback: () => Runner,
    private readonly module: WebAssembly.Module,
    private readonly options: EngineOptions,
    /** How long a worker without work is kept. */
    private readonly idleMs: number,
  ) {}

  get mode(): "worker" | "local" {
    return this.fallback ? "local" : "worker";
  }

  start(): Promise<EngineInfo> {
    return new Promise((resolve, reject) => {
      this.starters.push({ resolve, reject });
      this.spawn();
    });
  }

  submit(call: Call, settle: Settle): () => void {
    if (this.fallback) return this.fallback.submit(call, settle);
    this.lastId += 1;
    const job: Job = { id: this.lastId, call, settle, drop: () => this.drop(job), dropped: false, suspect: false };
    this.waiting.push(job);
    this.pump();
    return () => job.drop();
  }

  close(): void {
    this.closed = true;
    this.stop();
    this.waiting = [];
    this.running.clear();
    this.fallback?.close();
  }

  private spawn(): void {
    let worker: WorkerLike;
    try {
      worker = this.createWorker();
      this.worker = worker;
      worker.onmessage = ({ data }) => {
        if (worker === this.worker) this.receive(data);
      };
      worker.onerror = (event) => {
        // Nobody else needs to hear of it: the call is answered nevertheless.
        event.preventDefault?.();
        if (worker === this.worker) this.lost(event.message ?? "the worker could not be loaded");
      };
      worker.onmessageerror = () => {
        if (worker === this.worker) this.lost("a message could not be read");
      };
      worker.postMessage({ module: this.module, options: this.options });
      this.startTimer = setTimeout(() => this.giveUp(), START_TIMEOUT_MS);
    } catch {
      // Forbidden by the page's policy, a script from elsewhere, a page opened from disk, a module that cannot be posted.
      this.giveUp();
    }
  }

  private stop(): void {
    clearTimeout(this.idleTimer);
    clearTimeout(this.startTimer);
    this.worker?.terminate();
    this.worker = null;
    this.ready = false;
  }

  private pump(): void {
    clearTimeout(this.idleTimer);
    if (this.closed || this.fallback) return;
    if (this.waiting.length === 0 && this.running.size === 0) {
      if (this.worker) this.idleTimer = setTimeout(() => this.stop(), this.idleMs);
      // Node would wait for it before it ends.
      (this.idleTimer as { unref?(): void } | undefined)?.unref?.();
      return;
    }
    if (!this.worker) this.spawn();
    while (this.ready && this.running.size < this.room()) {
      const job = this.waiting.shift();
      if (!job) return;
      this.running.set(job.id, job);
      try {
        this.worker?.postMessage({ id: job.id, call: job.call });
      } catch (error) {
        this.running.delete(job.id);
        this.failOn(job, error);
      }
    }
  }

  private room(): number {
    const next = [...this.waiting.slice(0, 1), ...this.running.values()];
    return next.some(({ suspect }) => suspect) ? 1 : MAX_RUNNING;
  }

  private receive(message: FromWorker): void {
    if ("ready" in message) {
      clearTimeout(this.startTimer);
      this.ready = true;
      for (const { resolve } of this.starters.splice(0)) resolve(message.ready);
    } else if ("failed" in message) {
      // A restart brings the same options, so that a refusal of theirs would be news: the fallback shall say so.
      if (message.failed.code === "wasm-unavailable" || this.starters.length === 0) {
        this.giveUp();
        return;
      }
      this.stop();
      for (const { reject } of this.starters.splice(0)) reject(fromPlain(message.failed));
      return;
    } else if ("crashed" in message) {
      this.lost(message.crashed, message.id);
      return;
    } else {
      const job = this.running.get(message.id);
      this.running.delete(message.id);
      if (job && !job.dropped) {
        if ("answer" in message) job.settle.resolve(message.answer);
        else job.settle.reject(fromPlain(message.refused));
      }
    }
    this.pump();
  }

  /** The worker is of no more use. Only the call that it died of is told so; the others run again. */
  private lost(reason: string, id?: number): void {
    if (!this.ready) {
      this.giveUp();
      return;
    }
    const jobs = this.takeRunning();
    const culprit = jobs.find((job) => job.id === id) ?? (jobs.length === 1 ? jobs[0] : undefined);
    if (!culprit) for (const job of jobs) job.suspect = true;
    this.waiting.unshift(...jobs.filter((job) => job !== culprit && !job.dropped));
    if (culprit) this.failOn(culprit, new Error(reason));
    this.pump();
  }

  private failOn(job: Job, cause: unknown): void {
    if (job.dropped) return;
    const call = afterFailureOn(job.call);
    if (call) {
      job.call = call;
      this.waiting.unshift(job);
    } else job.settle.reject(engineFailed(cause));
  }

  private drop(job: Job): void {
    job.dropped = true;
    this.waiting = this.waiting.filter((other) => other !== job);
    if (!this.running.has(job.id)) {
      this.pump();
      return;
    }
    setTimeout(() => {
      if (this.running.get(job.id) !== job) return;
      this.waiting.unshift(...this.takeRunning().filter(({ dropped }) => !dropped));
      this.pump();
    }, ABORT_GRACE_MS);
  }

  /** Ends the worker and returns what it was doing. */
  private takeRunning(): Job[] {
    this.stop();
    const jobs = [...this.running.values()];
    this.running.clear();
    return jobs;
  }

  private giveUp(): void {
    this.stop();
    const fallback = this.createFallback();
    this.fallback = fallback;
    for (const { resolve } of this.starters.splice(0)) resolve(fallback.start());
    for (const job of this.waiting.splice(0)) job.drop = fallback.submit(job.call, job.settle);
  }
}
