/** The worker file, complete in itself: it runs as a classic and as a module worker. */
import { createGlue } from "#glue";
import { serve } from "./serve.js";

// The names of a page's window are typed here; a worker's own `postMessage` takes no origin.
const scope = self as unknown as {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
};
const receive = serve(createGlue, (message) => scope.postMessage(message));
scope.onmessage = (event) => receive(event.data);
