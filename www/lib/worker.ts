/** The worker file, complete in itself: it runs as a classic and as a module worker, and as a thread of Node. */
import { createGlue } from "#glue";
import { serve } from "./serve.js";

interface Port {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
}

interface NodeProcess {
  getBuiltinModule?(name: "node:worker_threads"): { parentPort: Port | null } | undefined;
}

// The names of a page's window are typed here; a worker's own `postMessage` takes no origin. In Node the other end is no
// global, and asking the process for it takes neither an import nor a require, which only one kind of script may have.
const { process } = globalThis as { process?: NodeProcess };
const port = process?.getBuiltinModule?.("node:worker_threads")?.parentPort ?? (self as unknown as Port);
const receive = serve(createGlue, (message) => port.postMessage(message));
port.onmessage = (event) => receive(event.data);
