import type { Page } from "playwright-core";

export interface Look {
  /** Radius of a blur over everything on the sheet, in pixels. */
  blur?: number;
  /** Width of the sheet by its height; default: that of the picture. */
  proportions?: number;
  /** Centre of a mirrored lamp, as shares of the picture. */
  glare?: [x: number, y: number];
  /** Type of the file; default: JPEG. */
  type?: string;
}

/** Width by height of an ID card, ISO/IEC 7810 ID-1. */
export const ID_CARD = 85.6 / 53.98;

/** A photo of a printed sheet with a stamp on a table, drawn by the browser: nothing is wrong with it unless asked for. */
export async function drawPhoto(page: Page, width = 1600, height = 1000, look: Look = {}): Promise<Uint8Array> {
  return Uint8Array.from(await page.evaluate(drawInPage, [width, height, look] as const));
}

/** What `drawPhoto` runs in the page; complete in itself, so that its text can be a page's own script. */
export async function drawInPage([width, height, look]: readonly [number, number, Look]): Promise<number[]> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  // Grain that never repeats: a regular one looks like a screen.
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  for (let y = 0, light = 28; y < height; y += 1 + 6 * random()) {
    light += (28 - light) / 8 + 5 * (random() - 0.5);
    context.fillStyle = `hsl(28 45% ${light}%)`;
    context.fillRect(0, y, width, 8);
  }
  const proportions = look.proportions ?? width / height;
  const wide = Math.min(0.7 * width, 0.7 * height * proportions);
  const high = wide / proportions;
  const [left, top] = [(width - wide) / 2, (height - high) / 2];
  context.filter = look.blur ? `blur(${look.blur}px)` : "none";
  context.fillStyle = "#f1efe8";
  context.fillRect(left, top, wide, high);
  context.fillStyle = "#1c2a4a";
  context.font = `${Math.round(high / 22)}px serif`;
  for (let line = 0; line < 14; line += 1) {
    const text = "样本 SPECIMEN 0123456789 样本 SPECIMEN";
    context.fillText(text, left + 20, top + (line + 1.2) * (high / 15), wide - 40);
  }
  context.strokeStyle = "#c22";
  context.lineWidth = 6;
  context.beginPath();
  context.arc(left + 0.75 * wide, top + 0.7 * high, 0.16 * high, 0, 7);
  context.stroke();
  context.filter = "none";
  if (look.glare) {
    const [x, y] = [look.glare[0] * width, look.glare[1] * height];
    const lamp = context.createRadialGradient(x, y, 0.05 * height, x, y, 0.16 * height);
    lamp.addColorStop(0, "#fff");
    lamp.addColorStop(1, "#fff0");
    context.fillStyle = lamp;
    context.fillRect(0, 0, width, height);
  }
  const blob = await canvas.convertToBlob({ type: look.type ?? "image/jpeg", quality: 0.92 });
  return [...new Uint8Array(await blob.arrayBuffer())];
}
