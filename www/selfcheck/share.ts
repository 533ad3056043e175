/** A link with the answers, to be copied or handed on. */
import type { Locale } from "icp-precheck";
import { h } from "./dom";
import { WORDS } from "./words";

export function renderShare(link: string, locale: Locale): HTMLElement {
  const words = WORDS[locale];
  const field = h("input", {
    type: "text",
    id: "share-link",
    readonly: true,
    value: link,
    "aria-describedby": "share-hint",
  });
  field.addEventListener("focus", () => field.select());
  const said = h("span", { class: "hint", role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      said.textContent = words.copied;
    } catch {
      // Without permission or over plain http: the reader copies.
      field.focus();
      said.textContent = words.copyByHand;
    }
  };
  return h(
    "div",
    { class: "card share" },
    h("p", { class: "hint", id: "share-hint" }, words.shareHint),
    h("label", { class: "visually-hidden", for: "share-link" }, words.shareField),
    field,
    h(
      "div",
      { class: "share-do" },
      h("button", { type: "button", class: "button", id: "share-copy", onclick: () => void copy() }, words.copy),
      said,
    ),
  );
}
