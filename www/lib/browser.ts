import { createGlue } from "#glue";
import { create, type Platform } from "./create.js";
import type { WorkerLike } from "./worker-runner.js";

export { compareChecklists } from "./compare.js";
export { PrecheckError, type PrecheckErrorCode } from "./error.js";
export type * from "./types.gen.js";
export type * from "./types.js";

/** A folder's address, whether or not it was given with its final slash. */
function within(base: URL | string, name: string): URL {
  const here = globalThis.document?.baseURI ?? globalThis.location?.href;
  return new URL(name, new URL(`${base}`.replace(/\/?$/, "/"), here));
}

// The addresses stand in full, one by one, because that is the form in which a page's bundler finds the files. Ours is told
// to leave them alone, and takes that remark out again.
const platform: Platform = {
  createGlue,
  wasmFiles: (base) => ({
    own(simd) {
      if (base) return within(base, simd ? "icp_precheck_simd.wasm" : "icp_precheck_baseline.wasm");
      return simd
        ? new URL(/* @vite-ignore */ "./icp_precheck_simd.wasm", import.meta.url)
        : new URL(/* @vite-ignore */ "./icp_precheck_baseline.wasm", import.meta.url);
    },
    open: (address) => fetch(address),
  }),
  createWorker: (base) =>
    (base
      ? new Worker(within(base, "worker.js"))
      : new Worker(
          /* @vite-ignore */ new URL(/* @vite-ignore */ "./worker.js", import.meta.url),
        )) as unknown as WorkerLike,
  workers() {
    const { hardwareConcurrency = 2, deviceMemory = 8 } = (globalThis.navigator ?? {}) as Navigator & {
      deviceMemory?: number;
    };
    return Math.max(1, Math.min(4, hardwareConcurrency, Math.floor(deviceMemory / 2)));
  },
  locale() {
    const language = globalThis.document?.documentElement?.lang ?? "";
    return /^en\b/i.test(language) ? "en" : "zh-CN";
  },
};

export const createPrecheck: typeof import("./index.js").createPrecheck = (options) => create(platform, options);
