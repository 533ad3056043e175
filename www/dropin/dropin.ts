/**
 * The script for upload pages: `<script src="…/dropin.js" defer></script>`.
 *
 * Whatever goes wrong in here, the form around it works as if this script were not there.
 */

import { createPrecheck } from "../lib/browser";
import type { IcpPrecheck } from "../lib/dropin";
import { Engines } from "../ui/engines";
import { complain } from "../ui/log";
import { Attachment } from "./attachment";
import { readConfig } from "./config";
import { scriptElement } from "./script";

declare const __VERSION__: string;

function install(): IcpPrecheck {
  const config = readConfig(window.icpPrecheckConfig, scriptElement);
  const { upload, wasm, worker, rules, base } = config;
  const engines = new Engines(createPrecheck, { upload, wasm, worker, rules, base });
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
if (Object.getOwnPropertyDescriptor(window, "icpPrecheck")) {
  const present = window.icpPrecheck?.version;
  if (present !== __VERSION__) complain(`version ${present} was loaded first and stays; ${__VERSION__} does nothing`);
} else {
  try {
    const api = install();
    window.icpPrecheck = api;
    if (api.config.autoAttach !== false) api.attach();
  } catch (error) {
    complain("could not start; the page goes on without", error);
  }
}
