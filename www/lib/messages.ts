/** What is said between the page and its worker. */
import type { Answer, Call, EngineInfo, EngineOptions } from "./engine.js";
import { PrecheckError, type PrecheckErrorCode } from "./error.js";

export type ToWorker = { module: WebAssembly.Module; options: EngineOptions } | { id: number; call: Call };

export type FromWorker =
  | { ready: EngineInfo }
  | { failed: PlainError }
  | { id: number; answer: Answer }
  | { id: number; refused: PlainError }
  /** The engine failed on this call; the worker is of no more use. */
  | { id: number; crashed: string };

/** An error's code would not survive being posted with the error. */
export interface PlainError {
  code: PrecheckErrorCode;
  message: string;
}

export function toPlain({ code, message }: PrecheckError): PlainError {
  return { code, message };
}

export function fromPlain({ code, message }: PlainError): PrecheckError {
  return new PrecheckError(code, message);
}
