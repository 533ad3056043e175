/**
 * Everything in one file: the engine as compressed text, the worker as source text. The build with SIMD, for the browsers
 * that can unpack it (`DecompressionStream`) have that, too.
 */
import packedEngine from "virtual:engine";
import workerSource from "virtual:worker";
import { create } from "./create.js";
import { pagePlatform } from "./page.js";

export { blockingMessage } from "./blocking.js";
export { compareChecklists } from "./compare.js";
export { PrecheckError } from "./error.js";

/** Stands for the engine within this file. */
const OWN = "inline:engine";

async function engine(): Promise<Response> {
  if (typeof DecompressionStream !== "function") throw new Error("there is no DecompressionStream here");
  const packed = Uint8Array.from(atob(packedEngine), (letter) => letter.charCodeAt(0));
  const body = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(body, { headers: { "Content-Type": "application/wasm" } });
}

let workerUrl: URL | undefined;

const platform = pagePlatform(
  () => ({
    own(simd) {
      if (!simd) throw new Error("icp-precheck/inline needs WebAssembly SIMD; the other entries do without");
      return new URL(OWN);
    },
    open: (address) => (String(address) === OWN ? engine() : fetch(address)),
  }),
  () => {
    workerUrl ??= new URL(URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" })));
    return workerUrl;
  },
);

export const createPrecheck: typeof import("./index.js").createPrecheck = (options) => create(platform, options);
