// What the built-in rules weigh in a wasm file.
import { brotliCompressSync, constants } from "node:zlib";

/** The packed rules in a wasm file: a line with the lengths of the parts, then the parts (src/packed/bytes.rs). */
export function packedRules(wasm) {
  const head = /[0-9a-f]{16}((?: \d{3,}){4})\n/.exec(wasm.toString("latin1"));
  if (!head) throw new Error("no packed rules in the wasm file");
  const [line, lengths] = head;
  const length = lengths
    .trim()
    .split(" ")
    .reduce((sum, part) => sum + Number(part), 0);
  return wasm.subarray(head.index, head.index + line.length + length);
}

export const brotliBytes = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;
