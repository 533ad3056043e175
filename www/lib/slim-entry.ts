/** Carries out `slim.ts`. */
import { create } from "./create.js";
import { invalid } from "./input.js";
import { pagePlatform } from "./page.js";

export { blockingMessage } from "./blocking.js";
export { compareChecklists } from "./compare.js";
export { PrecheckError } from "./error.js";

const platform = pagePlatform(
  () => ({
    own() {
      throw invalid('options: icp-precheck/slim brings no engine; wasm is needed (see "icp-precheck/wasm")');
    },
    open: (address) => fetch(address),
  }),
  () => new URL(/* @vite-ignore */ "./worker.js", import.meta.url),
);

export const createPrecheck: typeof import("./slim.js").createPrecheck = (options) => create(platform, options);
