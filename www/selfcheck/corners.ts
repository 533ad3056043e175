/** The corners of a document as four handles on its picture, for pointer and keyboard. */
import type { Locale } from "icp-precheck";
import { h } from "./dom";
import { moveOutline, outline, type Quad } from "./overlay";
import { WORDS } from "./words";

type Point = Quad[number];

/** With an arrow key a corner moves by this share of the picture's long side; with Shift by one pixel. */
const KEY_STEP = 1 / 250;

const ARROWS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class Corners {
  readonly outline: SVGGElement;
  readonly handles: HTMLButtonElement[];

  constructor(
    private quad: Quad,
    private readonly size: [widthPx: number, heightPx: number],
    private readonly locale: Locale,
    private readonly moved: (quad: Quad) => void,
  ) {
    this.outline = outline(quad, "document");
    this.handles = quad.map((_, at) => this.handle(at));
    this.set(quad);
  }

  set(quad: Quad): void {
    this.quad = quad;
    moveOutline(this.outline, quad);
    const [widthPx, heightPx] = this.size;
    for (const [at, handle] of this.handles.entries()) {
      const [x, y] = quad[at] ?? [0, 0];
      handle.style.left = `${(100 * x) / widthPx}%`;
      handle.style.top = `${(100 * y) / heightPx}%`;
      handle.setAttribute("aria-label", WORDS[this.locale].corner(at + 1, Math.round(x), Math.round(y)));
    }
  }

  private handle(at: number): HTMLButtonElement {
    const handle = h("button", { type: "button", class: "corner", "aria-describedby": "corners-hint" });
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.focus();
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const frame = handle.parentElement?.getBoundingClientRect();
      if (!frame) return;
      const [widthPx, heightPx] = this.size;
      const x = ((event.clientX - frame.left) / frame.width) * widthPx;
      const y = ((event.clientY - frame.top) / frame.height) * heightPx;
      this.move(at, [x, y]);
    });
    handle.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      const corner = this.quad[at];
      if (!arrow || !corner) return;
      event.preventDefault();
      const step = event.shiftKey ? 1 : Math.max(1, Math.max(...this.size) * KEY_STEP);
      this.move(at, [corner[0] + arrow[0] * step, corner[1] + arrow[1] * step]);
    });
    return handle;
  }

  private move(at: number, [x, y]: Point): void {
    const [widthPx, heightPx] = this.size;
    const inside: Point = [Math.min(Math.max(x, 0), widthPx), Math.min(Math.max(y, 0), heightPx)];
    const quad = this.quad.map((corner, other) => (other === at ? inside : corner)) as Quad;
    this.set(quad);
    this.moved(quad);
  }
}
