/** Front and back of a document: side by side at equal scale, with what differs. */
import type { Locale, PairReport, PhotoReport } from "icp-precheck";
import { h, icon } from "./dom";
import { outline, overlay, type Quad } from "./overlay";
import { canShow, renderFindings } from "./report";
import type { SlotName } from "./slot";
import { WORDS } from "./words";

export class PairView {
  readonly element = h("div", { class: "pair" });
  private said = "";
  private pictures: string[] = [];

  constructor(private readonly file: (name: SlotName) => File | null) {}

  /** Without both files there is nothing to say. */
  forget(): void {
    this.said = "";
    this.show();
  }

  /** What is true of both together, as the answer about the set has it. */
  settle(report: PairReport, locale: Locale): void {
    const [front, back] = [this.file("front"), this.file("back")];
    const said = locale + JSON.stringify(report);
    if (!front || !back || said === this.said) return;
    this.said = said;
    const words = WORDS[locale];
    const told = renderFindings(report.findings, locale);
    const known = report.findings.some(({ outcome }) => outcome === "pass");
    if (told.length === 0 && !known) {
      this.show();
      return;
    }
    const fine = h("p", { class: "verdict verdict--pass" }, icon("pass"), words.pairFine);
    const result = h("div", { class: "pair-result", role: "status" }, ...(told.length > 0 ? told : [fine]));
    this.show(() => [h("h4", {}, words.pair), result, this.sideBySide(front, back, report, locale)]);
  }

  /** Both pictures at one scale; where both documents are known, each shows the outline of the other. */
  private sideBySide(front: File, back: File, report: PairReport, locale: Locale): HTMLElement | null {
    const sides = [report.front, report.back].map((report) => ({ kind: "report", report }) as const);
    if (!sides.every(canShow)) return null;
    const words = WORDS[locale];
    const widest = Math.max(report.front.file.widthPx, report.back.file.widthPx);
    const side = (file: File, own: PhotoReport, other: PhotoReport, title: string, otherTitle: string) => {
      const { widthPx, heightPx } = own.file;
      const picture = URL.createObjectURL(file);
      this.pictures.push(picture);
      const drawing = overlay(widthPx, heightPx);
      if (own.document && other.document) drawing.append(outline(other.document.quad, "other"));
      if (own.document) drawing.append(outline(own.document.quad, "document"));
      const canvas = h(
        "div",
        { class: "canvas" },
        h("img", { src: picture, alt: words.pictureOf(file.name), decoding: "async" }),
        drawing,
      );
      canvas.style.width = `${(100 * widthPx) / widest}%`;
      canvas.style.aspectRatio = `${widthPx} / ${heightPx}`;
      const size = own.document ? ` · ${words.documentSize(Math.round(longSide(own.document.quad)))}` : "";
      const dashed =
        own.document && other.document ? h("span", { class: "hint" }, words.otherOutline(otherTitle)) : null;
      return h("figure", { class: "pair-side" }, canvas, h("figcaption", {}, `${title}${size}`, dashed));
    };
    return h(
      "div",
      { class: "pair-sides" },
      side(front, report.front, report.back, words.front, words.back),
      side(back, report.back, report.front, words.back, words.front),
    );
  }

  private show(content: () => (Node | null)[] = () => []): void {
    const before = this.pictures;
    this.pictures = [];
    this.element.replaceChildren(...content().filter((one) => one !== null));
    for (const picture of before) URL.revokeObjectURL(picture);
  }
}

/** Mean of the two longer sides, in pixels. */
function longSide(quad: Quad): number {
  const [a, b, c, d] = quad;
  const length = ([ax, ay]: [number, number], [bx, by]: [number, number]) => Math.hypot(bx - ax, by - ay);
  return Math.max((length(a, b) + length(c, d)) / 2, (length(b, c) + length(d, a)) / 2);
}
