import type { CreateGlue } from "./engine.js";
import { PrecheckError } from "./error.js";
import { EngineHost, load } from "./host.js";
import { type FromWorker, type ToWorker, toPlain } from "./messages.js";

/** The worker's half: the first message brings the engine, every other one a call. */
export function serve(createGlue: CreateGlue, post: (message: FromWorker) => void): (message: ToWorker) => void {
  let host: Promise<EngineHost>;
  return (message) => {
    if ("module" in message) {
      host = EngineHost.start(createGlue, message.module, message.options);
      host.then(
        ({ info }) => post({ ready: info }),
        (error) => post({ failed: toPlain(error) }),
      );
      return;
    }
    const { id, call } = message;
    load(call)
      .then(async (loaded) => post({ id, answer: (await host).answer(loaded) }))
      .catch((error) => {
        post(error instanceof PrecheckError ? { id, refused: toPlain(error) } : { id, crashed: String(error.message) });
      });
  };
}
