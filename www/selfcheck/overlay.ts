/** What was found where, drawn over a picture. Coordinates are pixels of the displayed picture. */
import type { Finding, PhotoReport } from "icp-precheck";

export type Quad = NonNullable<PhotoReport["document"]>["quad"];

/** A place with the finding that names it. */
export interface Mark {
  /** As it is numbered on the picture and in the list. */
  number: number;
  tone: "fail" | "review";
  quad: Quad;
  finding: Finding;
}

/** The findings that point at a place, failures first, as the report has them. */
export function marksOf(findings: Finding[]): Mark[] {
  const marks: Mark[] = [];
  for (const finding of findings) {
    const { region } = finding.evidence;
    if (!region || (finding.outcome !== "fail" && finding.outcome !== "unsure")) continue;
    const blocking = finding.outcome === "fail" && finding.severity === "blocking";
    marks.push({ number: marks.length + 1, tone: blocking ? "fail" : "review", quad: region, finding });
  }
  return marks;
}

const NAMESPACE = "http://www.w3.org/2000/svg";

/** An overlay as large as the picture, whatever size that is shown at. */
export function overlay(widthPx: number, heightPx: number): SVGSVGElement {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("class", "overlay");
  svg.setAttribute("viewBox", `0 0 ${widthPx} ${heightPx}`);
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

/** A dark outline below a coloured one is seen on any picture. */
export function outline(quad: Quad, look: string): SVGGElement {
  const group = document.createElementNS(NAMESPACE, "g");
  group.setAttribute("class", `outline outline--${look}`);
  for (const part of ["below", "above"]) {
    const polygon = document.createElementNS(NAMESPACE, "polygon");
    polygon.setAttribute("class", part);
    polygon.setAttribute("points", points(quad));
    group.append(polygon);
  }
  return group;
}

export function moveOutline(group: SVGGElement, quad: Quad): void {
  for (const polygon of group.children) polygon.setAttribute("points", points(quad));
}

function points(quad: Quad): string {
  return quad.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
}

/** The overlay of a report, for a small picture: outlines without numbers. */
export function reportOverlay(report: PhotoReport): SVGSVGElement {
  const svg = overlay(report.file.widthPx, report.file.heightPx);
  if (report.document) svg.append(outline(report.document.quad, "document"));
  for (const { quad, tone } of marksOf(report.findings)) svg.append(outline(quad, tone));
  return svg;
}
