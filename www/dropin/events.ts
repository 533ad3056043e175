import type { DropinEventMap } from "../lib/dropin";

/** Returns whether the page let it pass. */
export function announce<Name extends keyof DropinEventMap>(
  input: HTMLInputElement,
  name: Name,
  detail: DropinEventMap[Name]["detail"],
): boolean {
  return input.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
}
