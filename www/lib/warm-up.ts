/** Until a photo comes, the engine looks at one of its own. */
import { EngineCrash, type EngineHost } from "./host.js";

const [WIDTH, HEIGHT] = [640, 480];

/**
 * Looks at a small drawing of a document. Browsers compile WebAssembly for speed only while it works, so that the first photo
 * would take twice the time of the next ones. Rejects where there is nothing to draw with.
 *
 * @returns whether the engine is still of use
 */
export async function warmUp(host: EngineHost, isWanted: () => boolean): Promise<boolean> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  const fill = (style: string, ...box: [number, number, number, number]) => {
    context.fillStyle = style;
    context.fillRect(...box);
  };
  fill("#765", 0, 0, WIDTH, HEIGHT);
  context.rotate(0.05);
  fill("#eed", 110, 60, 430, 300);
  for (let y = 80; y < 340; y += 14) {
    for (let x = 130; x < 500; x += 5 + (x % 7)) fill(x % 3 ? "#235" : "#b33", x, y, 4, 8);
  }
  const drawing = await canvas.convertToBlob({ type: "image/jpeg" });
  const bytes = new Uint8Array(await drawing.arrayBuffer());
  if (!isWanted()) return true;
  try {
    const file = { source: null, request: { sizeBytes: bytes.length, on: "" } };
    host.answer({ call: { method: "measurePhoto", file, judge: false }, bytes: [bytes] });
  } catch (error) {
    return !(error instanceof EngineCrash);
  }
  return true;
}
