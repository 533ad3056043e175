import type { DropinConfig } from "../lib/dropin";
import type { Locale } from "../lib/types.gen";
import { complain } from "./log";

const KEYS = ["locale", "upload", "province", "accept", "base", "wasm", "worker", "rules", "autoAttach"] as const;
/** What can be written as `data-…` on the script tag; the others are objects. */
const TEXT_KEYS = ["locale", "upload", "province", "accept", "base", "wasm"] as const;
const SWITCH_KEYS = ["worker", "autoAttach"] as const;

/** Puts the script tag's attributes and the page's object together; where both say something, the object counts. */
export function readConfig(page: unknown, script: { src: string; dataset: DOMStringMap } | null): DropinConfig {
  const config: DropinConfig = {};
  for (const key of TEXT_KEYS) {
    const value = script?.dataset[key];
    if (value) Object.assign(config, { [key]: value });
  }
  for (const key of SWITCH_KEYS) {
    const value = script?.dataset[key];
    if (value === undefined) continue;
    if (value === "true" || value === "false") config[key] = value === "true";
    else complain(`data-${key === "worker" ? "worker" : "auto-attach"} is "true" or "false", not "${value}"`);
  }
  if (typeof page === "object" && page !== null) {
    for (const [key, value] of Object.entries(page)) {
      if ((KEYS as readonly string[]).includes(key)) {
        if (value !== undefined) Object.assign(config, { [key]: value });
      } else complain(`icpPrecheckConfig has no "${key}"`);
    }
  } else if (page !== undefined) complain("icpPrecheckConfig is not an object");
  if (config.locale !== undefined && config.locale !== "zh-CN" && config.locale !== "en") {
    complain(`locale is "zh-CN" or "en", not "${String(config.locale)}"`);
    delete config.locale;
  }
  if (config.base === undefined && script) config.base = new URL(".", script.src).href;
  return config;
}

/** The language nearest to an element, through shadow roots. */
export function localeNear(element: Element): Locale {
  let at: Element | null = element;
  while (at) {
    const marked: Element | null = at.closest("[lang]");
    if (marked) return /^en\b/i.test(marked.getAttribute("lang") ?? "") ? "en" : "zh-CN";
    const root: Node = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return "zh-CN";
}
