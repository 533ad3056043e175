/**
 * The script for upload pages: `<script src="…/dropin.js" defer></script>`.
 *
 * Whatever goes wrong in here, the form around it works as if this script were not there.
 */

import type { PhotoReport } from "../lib/types.gen";
import { Attachment } from "./attachment";
import { type DropinConfig, readConfig } from "./config";
import { Engines } from "./engines";
import { complain } from "./log";
import { scriptElement } from "./script";

declare const __VERSION__: string;

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

function install(): IcpPrecheck {
  const config = readConfig(window.icpPrecheckConfig, scriptElement);
  const engines = new Engines(config);
  const attachments = new Map<Node, Attachment>();

  const api: IcpPrecheck = Object.freeze({
    version: __VERSION__,
    config: Object.freeze(config),
    async check(input: HTMLInputElement) {
      for (const attachment of attachments.values()) {
        const field = attachment.find(input);
        if (field) return field.check();
      }
      throw new TypeError("icpPrecheck.check: the input is not attached; it needs data-icp-material");
    },
    attach(root: Document | ShadowRoot | Element = document) {
      // Nested roots would both answer for the inner inputs.
      for (const known of attachments.keys()) if (known.contains(root)) return;
      for (const [known, attachment] of attachments) {
        if (!root.contains(known)) continue;
        attachment.detach();
        attachments.delete(known);
      }
      attachments.set(root, new Attachment(root, config, engines));
    },
    detach() {
      for (const attachment of attachments.values()) attachment.detach();
      attachments.clear();
      engines.close();
    },
  });
  return api;
}

// Own property only: an element with this id would also answer to the name.
if (!Object.hasOwn(window, "icpPrecheck")) {
  try {
    const api = install();
    window.icpPrecheck = api;
    if (api.config.autoAttach !== false) api.attach();
  } catch (error) {
    complain("could not start; the page goes on without", error);
  }
}
