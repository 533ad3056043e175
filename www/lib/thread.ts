import { Worker } from "node:worker_threads";
import { type Call, filesOf, type Picked } from "./engine.js";
import { read } from "./host.js";
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
    if (!("call" in message && filesOf(message.call).length > 0)) this.thread.postMessage(message);
    else this.bring(message.id, message.call).catch((error) => this.onerror?.({ message: String(error) }));
  }

  /**
   * Files are read on this side: a `Blob` of a class of its own that knows where its bytes are, such as a file on disk, would
   * arrive without them.
   */
  private async bring(id: number, call: Call): Promise<void> {
    const copy: Call = { ...call };
    const bring = async (file: Picked): Promise<Picked> => ({ ...file, source: await read(file.source) });
    if ("file" in copy) copy.file = await bring(copy.file);
    if ("files" in copy) copy.files = await Promise.all(copy.files.map(bring));
    this.thread.postMessage({ id, call: copy });
  }

  terminate(): void {
    void this.thread.terminate();
  }
}
