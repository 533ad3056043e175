import { create } from "./create.js";
import { pagePlatform, wasmWithin } from "./page.js";

export { blockingMessage } from "./blocking.js";
export { compareChecklists } from "./compare.js";
export { PrecheckError, type PrecheckErrorCode } from "./error.js";
export type * from "./types.gen.js";
export type * from "./types.js";

// The addresses stand in full, one by one, because that is the form in which a page's bundler finds the files. Ours is told
// to leave them alone, and takes that remark out again. The worker is complete in itself, and so it is a file for bundlers,
// no script to take apart.
const platform = pagePlatform(
  (base) => ({
    own(simd) {
      if (base) return wasmWithin(base, simd);
      return simd
        ? new URL(/* @vite-ignore */ "./icp_precheck_simd.wasm", import.meta.url)
        : new URL(/* @vite-ignore */ "./icp_precheck_baseline.wasm", import.meta.url);
    },
    open: (address) => fetch(address),
  }),
  () => new URL(/* @vite-ignore */ "./worker.js", import.meta.url),
);

export const createPrecheck: typeof import("./index.js").createPrecheck = (options) => create(platform, options);
