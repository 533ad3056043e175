import type { DropinEventMap } from "../lib/dropin";

/** Returns whether the page let it pass. */
export function announce<Name extends keyof DropinEventMap>(
  target: EventTarget,
  name: Name,
  detail: DropinEventMap[Name]["detail"],
): boolean {
  const cancelable = name !== "icp-precheck:progress";
  return target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
}
