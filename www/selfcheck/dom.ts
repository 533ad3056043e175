/** The little that the page needs to build elements. Text only ever enters as text: file names come from strangers. */

type Child = Node | string | null | false | undefined;
type Props = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

/** `class`, `hidden` and other attributes; `on…` adds a listener; `null` and `false` leave an attribute out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child instanceof Node || Boolean(child)));
  return element;
}

export type Tone = "pass" | "review" | "fail" | "muted";

// Each tone has its own outline, since colour alone says nothing to some eyes.
const OUTLINES = {
  pass: "M14.4 8a6.4 6.4 0 1 1-12.8 0a6.4 6.4 0 1 1 12.8 0M5.2 8.2l2 2l3.6-4.2",
  review: "M8 1.8L14.8 13.8H1.2ZM8 6.4v3.2M8 11.7v.1",
  fail: "M5.3 1.6h5.4l3.7 3.7v5.4l-3.7 3.7H5.3l-3.7-3.7V5.3ZM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2",
  muted: "M14.4 8a6.4 6.4 0 1 1-12.8 0a6.4 6.4 0 1 1 12.8 0M5.4 8h5.2",
  question:
    "M14.4 8a6.4 6.4 0 1 1-12.8 0a6.4 6.4 0 1 1 12.8 0M6.1 6.3a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.7.5-.7 1.1M8 11.4v.1",
  camera: "M1.8 5h2.6l1.2-1.8h4.8L11.6 5h2.6v8H1.8ZM10.4 8.8a2.4 2.4 0 1 1-4.8 0a2.4 2.4 0 1 1 4.8 0",
  image: "M2 2.8h12v10.4H2ZM2 11l3.4-3.6l2.8 2.8l2-2L14 11.6M10.8 5.6v.1",
  up: "M3.5 10L8 5.5L12.5 10",
  down: "M3.5 6L8 10.5L12.5 6",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  link: "M6.8 9.2l2.4-2.4M7.4 4.6l1.3-1.3a2.8 2.8 0 0 1 4 4l-1.3 1.3M8.6 11.4l-1.3 1.3a2.8 2.8 0 0 1-4-4l1.3-1.3",
  lock: "M3.6 7.2h8.8v6.4H3.6ZM5.4 7.2V4.8a2.6 2.6 0 0 1 5.2 0v2.4",
} as const;

export function icon(name: keyof typeof OUTLINES): SVGSVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", `icon icon--${name}`);
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", OUTLINES[name]);
  svg.append(path);
  return svg;
}

/**
 * Replaces the content. Whoever had the focus inside keeps it when an element with the same id is there again, and a fold
 * that the reader opened stays open.
 */
export function refill(parent: Element, ...children: Child[]): void {
  const { activeElement } = document;
  const focused = activeElement && parent.contains(activeElement) ? activeElement.id : "";
  const open = [...parent.querySelectorAll("details.fold[open][id]")].map(({ id }) => id);
  parent.replaceChildren(
    ...children.filter((child): child is Node | string => child instanceof Node || Boolean(child)),
  );
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused && document.activeElement?.id !== focused)
    document.getElementById(focused)?.focus({ preventScroll: true });
}
