/**
 * What the drop-in script adds to a page, for pages in TypeScript: `import type {} from "icp-precheck/dropin"`.
 *
 * @packageDocumentation
 */
import type { Locale, PairReport, PhotoReport, UploadProfile } from "./types.gen.js";
import type { PrecheckOptions } from "./types.js";

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

/**
 * Before anything is looked at. `preventDefault()` skips the check.
 * @event icp-precheck:start
 */
export interface StartDetail {
  files: File[];
}

/**
 * Once per file, when all chosen files are done. `preventDefault()` on any of them keeps the form free to submit from
 * then on, whatever the findings.
 * @event icp-precheck:report
 */
export interface ReportDetail {
  file: File;
  report: PhotoReport;
  /** All files of the input, in the order of the choice; `null` for a file that could not be checked. */
  reports: (PhotoReport | null)[];
}

/**
 * On the input of the back, when front and back have been compared. `preventDefault()` as above.
 * @event icp-precheck:pair
 */
export interface PairDetail {
  front: File;
  back: File;
  report: PairReport;
}

/** The events by name; they bubble, and are dispatched on the input. */
export interface DropinEventMap {
  "icp-precheck:start": CustomEvent<StartDetail>;
  "icp-precheck:report": CustomEvent<ReportDetail>;
  "icp-precheck:pair": CustomEvent<PairDetail>;
}

declare global {
  interface HTMLElementEventMap extends DropinEventMap {}
  interface DocumentEventMap extends DropinEventMap {}
  interface Window {
    icpPrecheck?: IcpPrecheck;
    icpPrecheckConfig?: DropinConfig;
  }
}
