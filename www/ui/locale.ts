import type { Locale } from "../lib/types.gen";

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
