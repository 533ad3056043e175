import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { createGlue } from "#glue";
import { create, type Platform } from "./create.js";
import { Thread } from "./thread.js";

export { blockingMessage } from "./blocking.js";
export { compareChecklists } from "./compare.js";
export { PrecheckError, type PrecheckErrorCode } from "./error.js";
export type * from "./types.gen.js";
export type * from "./types.js";

/** Strings are URLs only when they begin as one; a drive letter does not make a URL. */
function address(text: URL | string): URL {
  return typeof text === "string" && !/^[a-z][a-z\d+.-]+:/i.test(text) ? pathToFileURL(text) : new URL(text);
}

function within(base: URL | string, name: string): URL {
  return new URL(name, address(base).href.replace(/\/?$/, "/"));
}

/** Some bundlers of servers put the address for visitors in place of that of the file, as an URL without a protocol. */
function onDisk(url: URL): URL {
  if (url.protocol) return url;
  throw new Error(
    `${url} is no address of a file; leave icp-precheck out of the server's bundle (Next.js: serverExternalPackages)`,
  );
}

const platform: Platform = {
  createGlue,
  wasmFiles: (base) => ({
    own(simd) {
      if (base) return within(base, simd ? "icp_precheck_simd.wasm" : "icp_precheck_baseline.wasm");
      return onDisk(
        simd
          ? new URL(/* @vite-ignore */ "./icp_precheck_simd.wasm", import.meta.url)
          : new URL(/* @vite-ignore */ "./icp_precheck_baseline.wasm", import.meta.url),
      );
    },
    open: async (given) => {
      const url = address(given);
      return url.protocol === "file:" ? readFile(url) : fetch(url);
    },
  }),
  createWorker: (base) =>
    new Thread(base ? within(base, "worker.js") : new URL(/* @vite-ignore */ "./worker.js", import.meta.url)),
  // The engine needs no thread of its own where nobody watches the page freeze.
  worker: false,
  workers: () => Math.min(4, availableParallelism()),
  locale: () => "zh-CN",
};

export const createPrecheck: typeof import("./index.js").createPrecheck = (options) => create(platform, options);
