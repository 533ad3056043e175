import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { createGlue } from "#glue";
import { create, type Platform } from "./create.js";

export { compareChecklists } from "./compare.js";
export { PrecheckError, type PrecheckErrorCode } from "./error.js";
export type * from "./types.gen.js";
export type * from "./types.js";

/** Strings are URLs only when they begin as one; a drive letter does not make a URL. */
function address(text: URL | string): URL {
  return typeof text === "string" && !/^[a-z][a-z\d+.-]+:/i.test(text) ? pathToFileURL(text) : new URL(text);
}

const platform: Platform = {
  createGlue,
  wasmFiles: (base) => ({
    own(simd) {
      const name = simd ? "icp_precheck_simd.wasm" : "icp_precheck_baseline.wasm";
      if (base) return new URL(name, address(base).href.replace(/\/?$/, "/"));
      return simd
        ? new URL(/* @vite-ignore */ "./icp_precheck_simd.wasm", import.meta.url)
        : new URL(/* @vite-ignore */ "./icp_precheck_baseline.wasm", import.meta.url);
    },
    open: async (given) => {
      const url = address(given);
      return url.protocol === "file:" ? readFile(url) : fetch(url);
    },
  }),
  // The engine needs no thread of its own where nobody watches the page freeze.
  createWorker: null,
  workers: () => 1,
  locale: () => "zh-CN",
};

export const createPrecheck: typeof import("./index.js").createPrecheck = (options) => create(platform, options);
