import { isBlocking } from "../lib/blocking";
import type { Finding, PhotoReport } from "../lib/types.gen";

type Quad = NonNullable<Finding["evidence"]["region"]>;

const NAMESPACE = "http://www.w3.org/2000/svg";

/** The document and the places that findings point at, drawn over a picture of any size. */
export function drawOutlines({ file, document: found, findings }: PhotoReport): SVGSVGElement {
  const drawing = document.createElementNS(NAMESPACE, "svg");
  drawing.setAttribute("viewBox", `0 0 ${file.widthPx} ${file.heightPx}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  if (found) drawing.append(...outline(found.quad, "document"));
  for (const finding of findings) {
    const { region } = finding.evidence;
    if (!region || (finding.outcome !== "fail" && finding.outcome !== "unsure")) continue;
    drawing.append(...outline(region, isBlocking(finding) ? "fail" : "review"));
  }
  return drawing;
}

/** A dark line below a coloured one is seen on any picture. */
function outline(quad: Quad, tone: string): SVGPolygonElement[] {
  return ["below", `above ${tone}`].map((look) => {
    const polygon = document.createElementNS(NAMESPACE, "polygon");
    polygon.setAttribute("class", `outline ${look}`);
    polygon.setAttribute("points", quad.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "));
    return polygon;
  });
}
