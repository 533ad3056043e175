/**
 * What the drop-in script adds to a page, for pages in TypeScript: `import type {} from "icp-precheck/dropin"`.
 *
 * @packageDocumentation
 */
import type { Remedies } from "./events.js";
import type { Locale, PhotoReport, UploadProfile } from "./types.gen.js";
import type { PrecheckOptions } from "./types.js";

export type * from "./events.js";

/** `window.icpPrecheckConfig`, set before the script runs. Every part is optional. */
export interface DropinConfig {
  /** Language of messages. Default: the closest `lang` attribute of each input, else Chinese. */
  locale?: Locale;
  /** Limits of the upload page: the id of a profile, or a profile of your own. */
  upload?: string | UploadProfile;
  /** Province of the filing, for inputs without `data-icp-province`. */
  province?: string;
  /** `accept` for inputs that have none. */
  accept?: string;
  /** Folder with `worker.js` and the wasm files. Default: the folder this script came from. */
  base?: string;
  /** The engine, where it is not in `base`. */
  wasm?: PrecheckOptions["wasm"];
  /** Whether the work is done in a worker. */
  worker?: boolean;
  /** Replaces the built-in rules. */
  rules?: PrecheckOptions["rules"];
  /**
   * Which findings keep the form from being sent: those for which the upload is sure to be refused (`"blocking"`, the
   * default), also what had better be mended (`"advisory"`), or none (`"never"`). What is in doubt never does. For inputs
   * without `data-icp-block`.
   */
  block?: "blocking" | "advisory" | "never";
  /** Ways to mend a file. A finding whose `fix` has one gets a button; the page brings the way, the script the rest. */
  remedies?: Remedies;
  /** `false`: nothing happens until `icpPrecheck.attach()` is called. */
  autoAttach?: boolean;
}

/** `window.icpPrecheck`. */
export interface IcpPrecheck {
  readonly version: string;
  /** What was read from the page, defaults included. */
  readonly config: Readonly<DropinConfig>;
  /**
   * Checks what an attached input holds, for pages that fill inputs by script. One report per file, `null` for a file
   * that could not be checked; `null` as a whole when the check was skipped, failed, or overtaken by a newer choice.
   */
  check(input: HTMLInputElement): Promise<(PhotoReport | null)[] | null>;
  /** Looks after the inputs below `root` (default: the document). A shadow root has to be attached by itself. */
  attach(root?: Document | ShadowRoot | Element): void;
  /** Leaves all inputs as they were found. */
  detach(): void;
}

declare global {
  interface Window {
    icpPrecheck?: IcpPrecheck;
    icpPrecheckConfig?: DropinConfig;
  }
}
