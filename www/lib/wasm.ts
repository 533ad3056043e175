/**
 * What `import … from "icp-precheck/wasm"` gives: the addresses of the two builds of the engine, for pages that hand one
 * to `icp-precheck/slim`, preload it, or copy it elsewhere. A bundler that meets this file carries both builds along; a
 * visitor downloads one.
 *
 * @packageDocumentation
 */
import { hasSimd } from "./simd.js";

export { hasSimd };

/**
 * Address of a build of the engine.
 *
 * @param simd - the build with 128-bit vectors, which is about twice as fast. Default: where it runs.
 */
export function wasmUrl(simd: boolean = hasSimd()): URL {
  return simd
    ? new URL(/* @vite-ignore */ "./icp_precheck_simd.wasm", import.meta.url)
    : new URL(/* @vite-ignore */ "./icp_precheck_baseline.wasm", import.meta.url);
}
