/** What leaves the page when the reader wants it to: a link with the answers, paper. */
import type { Locale } from "icp-precheck";
import { h } from "./dom";
import { WORDS } from "./words";

export function renderShare(link: string, saveReport: () => void, locale: Locale): HTMLElement {
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
  const root = document.documentElement;
  const pictures = h("input", {
    type: "checkbox",
    id: "print-pictures",
    checked: root.classList.contains("print-pictures"),
    onchange: () => root.classList.toggle("print-pictures", pictures.checked),
  });
  return h(
    "section",
    { class: "card share", id: "share-panel", "aria-labelledby": "share" },
    h("h3", {}, words.shareTitle),
    h("p", { class: "hint", id: "share-hint" }, words.shareHint),
    h("label", { class: "visually-hidden", for: "share-link" }, words.shareField),
    field,
    h(
      "div",
      { class: "share-do" },
      h("button", { type: "button", class: "button", id: "share-copy", onclick: () => void copy() }, words.copy),
      said,
    ),
    h("h3", {}, words.reportTitle),
    h("p", { class: "hint" }, words.reportHint),
    h(
      "div",
      { class: "share-do" },
      h("button", { type: "button", class: "button", id: "save-report", onclick: saveReport }, words.saveReport),
    ),
    h("h3", {}, words.printTitle),
    h("p", { class: "hint" }, words.printHint),
    h(
      "div",
      { class: "share-do" },
      h("button", { type: "button", class: "button", id: "print", onclick: () => window.print() }, words.print),
      h("label", { class: "check" }, pictures, words.printPictures),
    ),
  );
}
