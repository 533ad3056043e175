// `browser.ts` and `node.ts` carry this out, each for its own runtime.
/**
 * What `import … from "icp-precheck"` gives, in browsers and in Node.
 *
 * Importing does nothing: no request, no worker, no look at the page.
 *
 * @packageDocumentation
 */
import type { Precheck, PrecheckOptions } from "./types.js";

export { blockingMessage } from "./blocking.js";
export { compareChecklists } from "./compare.js";
export { PrecheckError, type PrecheckErrorCode } from "./error.js";
export type * from "./types.gen.js";
export type * from "./types.js";

/**
 * Loads the engine and makes a checker. Nothing but the package's own files is fetched, and no picture leaves the page.
 *
 * ```ts
 * import { createPrecheck } from "icp-precheck";
 *
 * const precheck = await createPrecheck({ locale: "en" });
 * const report = await precheck.checkPhoto(input.files[0], { material: "leader-identity-document", side: "front" });
 * if (report.verdict === "fail") show(report.findings[0].message);
 * ```
 *
 * @throws {@link PrecheckError} (as a rejection) with `"wasm-unavailable"` when the engine cannot be loaded or run here,
 * or the code of a misuse when an option is wrong.
 */
export declare function createPrecheck(options?: PrecheckOptions): Promise<Precheck>;
