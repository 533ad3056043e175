import type { Answer, Call, EngineInfo } from "./engine.js";
import { PrecheckError } from "./error.js";

/** Where the engine runs: in the calling thread or in a worker. */
export interface Runner {
  readonly mode: "worker" | "local";
  /** Starts the engine. Rejects with a `PrecheckError`. */
  start(): Promise<EngineInfo>;
  /** Answers one call through `settle`, at most once. The returned function drops the call. */
  submit(call: Call, settle: Settle): () => void;
  close(): void;
}

export interface Settle {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** For a call that has no answer to give when the engine fails on it. */
export function engineFailed(cause: unknown): PrecheckError {
  return new PrecheckError("wasm-unavailable", "The engine failed on this call; other calls are not affected.", {
    cause,
  });
}
