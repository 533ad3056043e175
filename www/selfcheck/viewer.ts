/** A picture in large, with the places that findings point at. */
import type { Locale, PhotoReport } from "icp-precheck";
import { Corners } from "./corners";
import { h, icon, refill } from "./dom";
import { describeDocument, type Setting } from "./engine";
import { type Mark, marksOf, outline, overlay, type Quad } from "./overlay";
import { measured, position, renderFindings, verdictLine } from "./report";
import { WORDS } from "./words";

const ZOOMS = [1, 2, 4];

class Viewer {
  readonly element = h("dialog", { class: "viewer", "aria-labelledby": "viewer-title" });
  private readonly stage = h("div", { class: "stage", tabindex: 0 });
  private readonly canvas = h("div", { class: "canvas" });
  private readonly side = h("div", { class: "viewer-side" });
  private readonly head = h("header", { class: "viewer-head" });
  private picture: string | null = null;
  private zoom = 1;
  private size: [widthPx: number, heightPx: number] = [1, 1];
  private badges = new Map<number, HTMLElement>();

  constructor() {
    this.stage.append(this.canvas);
    this.element.append(this.head, h("div", { class: "viewer-body" }, this.stage, this.side));
    this.element.addEventListener("close", () => this.release());
    // A click beside the content is one on the dialog itself.
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
    new ResizeObserver(() => this.fit()).observe(this.stage);
  }

  open(file: File, report: PhotoReport, setting: Setting, at?: number): void {
    const { locale } = setting;
    const words = WORDS[locale];
    const { widthPx, heightPx } = report.file;
    this.release();
    this.picture = URL.createObjectURL(file);
    this.size = [widthPx, heightPx];
    this.zoom = 1;
    const marks = marksOf(report.findings);
    const drawing = overlay(widthPx, heightPx);
    drawing.append(...marks.map(({ quad, tone }) => outline(quad, tone)));
    this.badges = new Map(marks.map((mark) => [mark.number, this.badge(mark)]));
    this.canvas.replaceChildren(
      h("img", { src: this.picture, alt: words.pictureOf(file.name), decoding: "async" }),
      drawing,
      ...this.badges.values(),
    );
    this.stage.setAttribute("aria-label", words.pictureOf(file.name));
    this.renderHead(file.name, locale);
    const place = h("section", { class: "place", "aria-labelledby": "place-title" });
    refill(
      this.side,
      verdictLine(report.verdict, words),
      ...renderFindings(report.findings, locale, (mark) => this.point(mark.number)),
      report.file.widthPx > 0 && place,
      measured(report, locale),
    );
    this.renderPlace(place, drawing, report, setting);
    this.element.showModal();
    this.fit();
    if (at !== undefined) this.point(at);
  }

  private renderHead(name: string, locale: Locale): void {
    const words = WORDS[locale];
    const step = (by: number) => () => {
      const next = ZOOMS[ZOOMS.indexOf(this.zoom) + by];
      if (next === undefined) return;
      this.zoomTo(next);
      this.renderHead(name, locale);
    };
    refill(
      this.head,
      h("h2", { id: "viewer-title" }, name),
      h(
        "div",
        { class: "tools" },
        h(
          "button",
          {
            type: "button",
            class: "button button--quiet",
            id: "viewer-smaller",
            "aria-label": words.smaller,
            "aria-disabled": String(this.zoom === ZOOMS[0]),
            onclick: step(-1),
          },
          icon("minus"),
        ),
        h(
          "button",
          {
            type: "button",
            class: "button button--quiet",
            id: "viewer-larger",
            "aria-label": words.larger,
            "aria-disabled": String(this.zoom === ZOOMS.at(-1)),
            onclick: step(1),
          },
          icon("plus"),
        ),
        h(
          "button",
          { type: "button", class: "button", id: "viewer-close", onclick: () => this.element.close() },
          words.close,
        ),
      ),
    );
  }

  /** Where the document lies: as found, or as the reader drags its corners. */
  private renderPlace(place: HTMLElement, drawing: SVGSVGElement, report: PhotoReport, setting: Setting): void {
    const { locale } = setting;
    const words = WORDS[locale];
    const found = report.document;
    const values = h("div", { role: "status" });
    const undo = h(
      "button",
      { type: "button", class: "button", id: "corners-reset", hidden: true },
      words.cornersReset,
    );
    const begin = h("button", { type: "button", class: "button", id: "corners-begin" }, words.cornersBegin);
    const hint = h("p", { class: "hint", id: "corners-hint", hidden: found === null }, words.cornersHint);
    refill(place, h("h3", { id: "place-title" }, words.place), values, hint, found ? undo : begin);
    let round = 0;
    const moved = async (quad: Quad) => {
      undo.hidden = false;
      round += 1;
      const mine = round;
      const described = await describeDocument(quad, report, setting);
      // A newer one is on its way.
      if (mine === round) refill(values, ...position(described, true, locale));
    };
    const start = (quad: Quad) => {
      const corners = new Corners(quad, this.size, locale, (next) => void moved(next));
      drawing.append(corners.outline);
      this.canvas.append(...corners.handles);
      return corners;
    };
    refill(values, ...(found ? position(found, false, locale) : [h("p", {}, words.placeUnknown)]));
    if (found) {
      const corners = start(found.quad);
      undo.addEventListener("click", () => {
        round += 1;
        corners.set(found.quad);
        refill(values, ...position(found, false, locale));
        corners.handles[0]?.focus();
        undo.hidden = true;
      });
      return;
    }
    begin.addEventListener("click", () => {
      const [widthPx, heightPx] = this.size;
      const at = (x: number, y: number): [number, number] => [x * widthPx, y * heightPx];
      const quad: Quad = [at(0.15, 0.15), at(0.85, 0.15), at(0.85, 0.85), at(0.15, 0.85)];
      const corners = start(quad);
      hint.hidden = false;
      begin.remove();
      corners.handles[0]?.focus();
      void moved(quad);
    });
  }

  private badge(mark: Mark): HTMLElement {
    const [widthPx, heightPx] = this.size;
    const badge = h("span", { class: `mark mark--${mark.tone}`, "aria-hidden": "true" }, String(mark.number));
    // The middle of the upper side: corners are for dragging.
    const sides = mark.quad.map(([x, y], at) => {
      const [nextX, nextY] = mark.quad[(at + 1) % 4] ?? [x, y];
      return [(x + nextX) / 2, (y + nextY) / 2] as const;
    });
    const [x, y] = sides.reduce((highest, middle) => (middle[1] < highest[1] ? middle : highest));
    badge.style.left = `${(100 * x) / widthPx}%`;
    badge.style.top = `${(100 * y) / heightPx}%`;
    return badge;
  }

  /** The place of a finding comes into sight. */
  private point(number: number): void {
    const badge = this.badges.get(number);
    for (const one of this.badges.values()) one.classList.toggle("mark--on", one === badge);
    badge?.scrollIntoView({ block: "center", inline: "center" });
  }

  /** What was in the middle stays there. */
  private zoomTo(zoom: number): void {
    const { stage } = this;
    const x = (stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth;
    const y = (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight;
    this.zoom = zoom;
    this.fit();
    stage.scrollTo(x * stage.scrollWidth - stage.clientWidth / 2, y * stage.scrollHeight - stage.clientHeight / 2);
  }

  private fit(): void {
    const [widthPx, heightPx] = this.size;
    const { clientWidth, clientHeight } = this.stage;
    if (clientWidth === 0) return;
    const width = Math.min(clientWidth, (clientHeight * widthPx) / heightPx) * this.zoom;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${(width * heightPx) / widthPx}px`;
  }

  private release(): void {
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = null;
    this.canvas.replaceChildren();
  }
}

export const viewer = new Viewer();
