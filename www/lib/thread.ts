import { Worker } from "node:worker_threads";
import type { FromWorker, ToWorker } from "./messages.js";
import type { WorkerLike } from "./worker-runner.js";

/** A thread of Node in the shape of a browser's worker. It keeps the process alive while it has something to answer. */
export class Thread implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  onmessageerror: WorkerLike["onmessageerror"] = null;
  private readonly thread: Worker;
  private unanswered = 0;

  constructor(file: URL) {
    // Flags of the program, such as `--input-type`, may be refused for a file.
    this.thread = new Worker(file, { execArgv: [] });
    this.thread.unref();
    this.thread.on("message", (data: FromWorker) => {
      this.unanswered -= 1;
      if (this.unanswered === 0) this.thread.unref();
      this.onmessage?.({ data });
    });
    this.thread.on("error", (error) => this.onerror?.({ message: String(error) }));
    this.thread.on("messageerror", (error) => this.onmessageerror?.(error));
  }

  postMessage(message: ToWorker): void {
    this.unanswered += 1;
    this.thread.ref();
    this.thread.postMessage(message);
  }

  terminate(): void {
    void this.thread.terminate();
  }
}
