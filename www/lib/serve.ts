import type { CreateGlue } from "./engine.js";
import { PrecheckError } from "./error.js";
import { EngineHost, load } from "./host.js";
import { type FromWorker, type ToWorker, toPlain } from "./messages.js";
import { warmUp } from "./warm-up.js";

/** Calls that wait for the engine come sooner after its start. */
const REST_MS = 50;

/** The worker's half: the first message brings the engine, every other one a call. */
export function serve(createGlue: CreateGlue, post: (message: FromWorker) => void): (message: ToWorker) => void {
  let host: Promise<EngineHost>;
  let isAtRest = true;
  return (message) => {
    if ("module" in message) {
      const start = () => EngineHost.start(createGlue, message.module, message.options);
      host = start();
      host.then(
        (started) => {
          post({ ready: started.info });
          setTimeout(async () => {
            if (!isAtRest) return;
            const isWell = await warmUp(started, () => isAtRest).catch(() => true);
            if (!isWell) host = start();
          }, REST_MS);
        },
        (error) => post({ failed: toPlain(error) }),
      );
      return;
    }
    isAtRest = false;
    const { id, call } = message;
    load(call)
      .then(async (loaded) => post({ id, answer: (await host).answer(loaded) }))
      .catch((error) => {
        post(error instanceof PrecheckError ? { id, refused: toPlain(error) } : { id, crashed: String(error.message) });
      });
  };
}
