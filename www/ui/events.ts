import type { PrecheckEventMap } from "../lib/events";

/** Returns whether the page let it pass. */
export function announce<Name extends keyof PrecheckEventMap>(
  target: EventTarget,
  name: Name,
  detail: PrecheckEventMap[Name]["detail"],
): boolean {
  const cancelable = name !== "icp-precheck:progress";
  return target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
}
