import type { DropinConfig } from "../lib/dropin";
import { BLOCKS } from "../ui/findings";
import { complain } from "../ui/log";
import { usableRemedies } from "../ui/mend";

const KEYS = [
  ...["locale", "upload", "province", "accept", "base", "wasm", "worker", "rules", "block", "remedies", "autoAttach"],
] as (keyof DropinConfig)[];
/** What can be written as `data-…` on the script tag; the others are objects. */
const TEXT_KEYS = ["locale", "upload", "province", "accept", "base", "wasm", "block"] as const;
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
  forgetUnknownValues(config);
  if (config.base === undefined && script) config.base = new URL(".", script.src).href;
  return config;
}

/** What the engine is given is for the engine to refuse. */
function forgetUnknownValues(config: DropinConfig): void {
  const among = (key: "locale" | "block", known: readonly string[]) => {
    const value: unknown = config[key];
    if (value === undefined || known.includes(value as string)) return;
    complain(`${key} is ${known.map((one) => `"${one}"`).join(" or ")}, not "${String(value)}"`);
    delete config[key];
  };
  among("locale", ["zh-CN", "en"]);
  among("block", BLOCKS);
  for (const key of SWITCH_KEYS) {
    if (config[key] === undefined || typeof config[key] === "boolean") continue;
    complain(`${key} is true or false, not "${String(config[key])}"`);
    delete config[key];
  }
  if (config.remedies !== undefined) config.remedies = usableRemedies(config.remedies);
}
