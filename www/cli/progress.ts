/** A bar on the terminal's error stream, in one line that is taken away again. */
import type { Words } from "./words.js";

const CELLS = 24;
const CLEAR = "\r\x1b[2K";

/** `done` of `total` as one line of at most `columns` places. */
export function progressLine(done: number, total: number, columns: number, words: Words): string {
  const text = words.progress(done, total);
  // Chinese letters take two places each.
  const taken = [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 2 : 1), 0);
  const cells = Math.max(0, Math.min(CELLS, columns - taken - 4));
  if (cells < 4) return text;
  const full = Math.floor((cells * done) / total);
  return `${text} [${"█".repeat(full)}${"░".repeat(cells - full)}]`;
}

export interface Progress {
  show(done: number, total: number): void;
  end(): void;
}

/** Shows nothing where `stream` is no terminal, or is not wanted. */
export function progressOn(stream: NodeJS.WriteStream, wanted: boolean, words: Words): Progress {
  if (!wanted || !stream.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (done, total) => {
      if (total > 1) stream.write(CLEAR + progressLine(done, total, stream.columns || 80, words));
    },
    end: () => {
      stream.write(CLEAR);
    },
  };
}
