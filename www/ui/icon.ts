export type Tone = "pass" | "review" | "fail" | "muted";

// Each tone has its own outline, since colour alone says nothing to some eyes.
const OUTLINES: Record<Tone, string> = {
  pass: "M14.4 8a6.4 6.4 0 1 1-12.8 0a6.4 6.4 0 1 1 12.8 0M5.2 8.2l2 2l3.6-4.2",
  review: "M8 1.8L14.8 13.8H1.2ZM8 6.4v3.2M8 11.7v.1",
  fail: "M5.3 1.6h5.4l3.7 3.7v5.4l-3.7 3.7H5.3l-3.7-3.7V5.3ZM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2",
  muted: "M14.4 8a6.4 6.4 0 1 1-12.8 0a6.4 6.4 0 1 1 12.8 0M5.4 8h5.2",
};

const NAMESPACE = "http://www.w3.org/2000/svg";

export function icon(tone: Tone, className: string): SVGSVGElement {
  const made = document.createElementNS(NAMESPACE, "svg");
  made.setAttribute("class", className);
  made.setAttribute("viewBox", "0 0 16 16");
  // Without a style sheet the drawing would take the whole width, filled with black.
  made.setAttribute("width", "16");
  made.setAttribute("height", "16");
  made.setAttribute("fill", "none");
  made.setAttribute("stroke", "currentColor");
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", OUTLINES[tone]);
  made.append(path);
  return made;
}
