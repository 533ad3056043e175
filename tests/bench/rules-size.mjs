// What the built-in rules weigh in a wasm file.
import { brotliCompressSync, constants } from "node:zlib";

const mark = "icp-precheck rules, packed:";

/** The packed rules in a wasm file: a line with the lengths of the parts, then the parts (src/rules/packed.rs). */
export function packedRules(wasm) {
  for (let at = wasm.indexOf(mark); at >= 0; at = wasm.indexOf(mark, at + 1)) {
    // The mark itself also stands in the program.
    const head = /^(?: \d+){4}\n/.exec(wasm.toString("latin1", at + mark.length, at + mark.length + 60))?.[0];
    if (!head) continue;
    const length = head
      .trim()
      .split(" ")
      .reduce((sum, part) => sum + Number(part), 0);
    return wasm.subarray(at, at + mark.length + head.length + length);
  }
  throw new Error("no packed rules in the wasm file");
}

export const brotliBytes = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;
