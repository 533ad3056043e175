/** Small pictures, made by hand. */
import { crc32, deflateSync } from "node:zlib";

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const u32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

function chunk(type: string, data: ArrayLike<number>): number[] {
  const body = [...ascii(type), ...Array.from(data)];
  return [...u32(data.length), ...body, ...u32(crc32(Uint8Array.from(body)))];
}

/** RGB, all grey. */
export function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const rows = Uint8Array.from({ length: height * (1 + width * 3) }, (_, index) => (index % (1 + width * 3) ? 128 : 0));
  return Uint8Array.of(
    ...[0x89, ...ascii("PNG\r\n\x1a\n")],
    ...chunk("IHDR", [...u32(width), ...u32(height), 8, 2, 0, 0, 0]),
    ...chunk("IDAT", deflateSync(rows)),
    ...chunk("IEND", []),
  );
}

/** Baseline YCbCr without subsampling, every block a flat grey. Sides are multiples of 8. */
export function jpeg(width: number, height: number): Uint8Array<ArrayBuffer> {
  const segment = (marker: number, ...data: number[]) => [
    0xff,
    marker,
    (data.length + 2) >> 8,
    (data.length + 2) & 255,
    ...data,
  ];
  const oneCode = (table: number) => segment(0xc4, table, 1, ...new Array(15).fill(0), 0);
  // Two bits per block: no change of the mean, nothing else.
  const bits = (width / 8) * (height / 8) * 3 * 2;
  const scan = new Array(Math.ceil(bits / 8)).fill(0);
  if (bits % 8) scan[scan.length - 1] = 0xff >> (bits % 8);
  return Uint8Array.of(
    ...[0xff, 0xd8],
    ...segment(0xe0, ...ascii("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...segment(0xdb, 0, ...new Array(64).fill(1)),
    ...segment(0xc0, 8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0),
    ...oneCode(0x00),
    ...oneCode(0x10),
    ...segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0),
    ...scan,
    ...[0xff, 0xd9],
  );
}

/** One pixel per frame. */
export function gif(frames = 1): Uint8Array<ArrayBuffer> {
  const frame = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0];
  return Uint8Array.of(
    ...ascii("GIF89a"),
    ...[1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    ...new Array(frames).fill(frame).flat(),
    0x3b,
  );
}
