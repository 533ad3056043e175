/** What the entries for browsers have in common; they run in other places with a browser's names, too. */
import { createGlue } from "#glue";
import type { Platform } from "./create.js";
import type { WorkerLike } from "./worker-runner.js";

/** A folder's address, whether or not it was given with its final slash. */
function within(base: URL | string, name: string): URL {
  const here = globalThis.document?.baseURI ?? globalThis.location?.href;
  return new URL(name, new URL(`${base}`.replace(/\/?$/, "/"), here));
}

/** The few names of Trusted Types that are needed; not every version of TypeScript's own list has them. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

let trust: ((url: string) => string) | undefined;

/**
 * The address in the form in which a page with `require-trusted-types-for 'script'` takes it. Only addresses that the
 * package makes by itself or that the page has named as its folder get here.
 */
function trusted(url: URL): string {
  if (!trust) {
    trust = (address) => address;
    try {
      const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
      const policy = trustedTypes?.createPolicy("icp-precheck", { createScriptURL: (address) => address });
      if (policy) trust = (address) => policy.createScriptURL(address);
    } catch {
      // The page allows no such policy, or another copy of this script has it; a default policy may do, else the work is
      // done without a worker.
    }
  }
  return trust(url.href);
}

/** `ownWorker`: where the worker lies when the page names no folder. */
export function pagePlatform(wasmFiles: Platform["wasmFiles"], ownWorker: () => URL): Platform {
  return {
    createGlue,
    wasmFiles,
    createWorker: (base) =>
      new Worker(trusted(base ? within(base, "worker.js") : ownWorker())) as unknown as WorkerLike,
    worker: true,
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
}

/** A build of the engine in the folder that the page has named. */
export function wasmWithin(base: URL | string, simd: boolean): URL {
  return within(base, simd ? "icp_precheck_simd.wasm" : "icp_precheck_baseline.wasm");
}
