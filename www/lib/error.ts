import type { MisuseCode } from "./types.gen.js";

/**
 * Why a call was refused; stable across versions.
 *
 * - Every {@link MisuseCode}: an argument is wrong; the message (English, for the developer) says which and why.
 * - `"wasm-unavailable"`: WebAssembly is missing, is blocked by the page's content security policy, could not be
 *   loaded, or failed without leaving an answer. `cause` holds what the runtime said.
 * - `"closed"`: {@link Precheck.close} was called.
 */
export type PrecheckErrorCode = MisuseCode | "wasm-unavailable" | "closed";

/** The only error that this package throws of its own accord. A bad picture never throws: it is a finding. */
export class PrecheckError extends Error {
  override readonly name = "PrecheckError";
  /** What went wrong, for programs. */
  readonly code: PrecheckErrorCode;

  constructor(code: PrecheckErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
