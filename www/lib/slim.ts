/**
 * What `import … from "icp-precheck/slim"` gives: everything of `icp-precheck`, without the engine. The caller brings it as
 * `wasm`, and no bundler meets a wasm file. For runtimes that take WebAssembly as a module of their own (workerd and its
 * like), and for pages that keep their files elsewhere.
 *
 * @packageDocumentation
 */
import type { Precheck, PrecheckOptions } from "./types.js";

export { blockingMessage } from "./blocking.js";
export { compareChecklists } from "./compare.js";
export { PrecheckError, type PrecheckErrorCode } from "./error.js";
export type * from "./types.gen.js";
export type * from "./types.js";

/** Options of {@link createPrecheck}: the engine is not optional. */
export interface SlimOptions extends PrecheckOptions {
  /** The engine: `icp-precheck/wasm/simd.wasm` or `icp-precheck/wasm/baseline.wasm`, in any of the forms. */
  wasm: NonNullable<PrecheckOptions["wasm"]>;
}

/** As in `icp-precheck`; without `wasm` it rejects with `"invalid-argument"`. */
export declare function createPrecheck(options: SlimOptions): Promise<Precheck>;
