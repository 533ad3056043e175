import type { PrecheckOptions } from "../lib/types";
import type { Words } from "./words";

/** What the default upload profile says, for pages on which the engine, which knows it, does not start. */
const DEFAULT_MAX_BYTES = 4_194_304;
const DEFAULT_FORMATS = ["jpeg", "png", "gif"];

/** What is wrong with a file as far as its size and its name tell; `null` when nothing is. */
export interface BasicProblem {
  text: string;
  /** A size above the limit is refused for certain; a name proves nothing about the content. */
  blocking: boolean;
}

/** What can be said without the engine. */
export function inspectByName(file: File, upload: PrecheckOptions["upload"], words: Words): BasicProblem | null {
  // The limits behind an id are known to the engine alone; of these, only the default is known here, too.
  const unknown = typeof upload === "string" && upload !== "alibaba-cloud";
  const own = typeof upload === "object" ? upload : null;
  const maxBytes = unknown ? undefined : own ? own.maxBytes : DEFAULT_MAX_BYTES;
  if (file.size === 0) return { text: words.empty, blocking: true };
  if (maxBytes !== undefined && file.size >= maxBytes) {
    return { text: words.tooLarge(megabytes(file.size), megabytes(maxBytes)), blocking: true };
  }
  if (unknown) return null;
  const formats: readonly string[] = own ? own.formats : DEFAULT_FORMATS;
  const extension = /\.([^.\\/]{1,12})$/.exec(file.name)?.[1]?.toLowerCase() ?? "";
  if (formats.includes(extension === "jpg" ? "jpeg" : extension)) return null;
  return { text: words.wrongName(extension, formats.join(", ").toUpperCase()), blocking: false };
}

/** 1 MB = 1,048,576 bytes, as the limits are counted. */
function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(2).replace(/\.?0+$/, "")} MB`;
}
