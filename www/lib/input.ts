/** What callers hand over, checked and brought into the shape in which it travels to the engine. */
import type { FileRequest, Picked, ReadLimits } from "./engine.js";
import { PrecheckError } from "./error.js";
import { className } from "./load-wasm.js";
import type { CheckOptions } from "./types.js";

const REQUEST_KEYS = ["material", "side", "document", "province", "fileName", "mimeType", "on"] as const;

export function invalid(message: string, cause?: unknown): PrecheckError {
  return new PrecheckError("invalid-argument", message, { cause });
}

/** Refuses what is not an object with known names only; gives back its members that are given. */
export function given<T extends object>(
  what: string,
  value: T | null | undefined,
  known: readonly string[],
): Partial<T> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object") throw invalid(`${what}: expected an object`);
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (!known.includes(name)) throw invalid(`${what}: there is no "${name}"; known: ${known.join(", ")}`);
    if (member !== undefined && member !== null) members[name] = member;
  }
  return members as Partial<T>;
}

/** A copy that later changes by the caller do not reach, and that can be posted. */
export function snapshot<T>(what: string, value: T): T {
  try {
    return JSON.parse(
      JSON.stringify(value, (name, member) => {
        // What JSON would leave out or turn into null in silence.
        const lost =
          typeof member === "number" ? !Number.isFinite(member) : ["function", "symbol"].includes(typeof member);
        if (lost) throw new TypeError(`${name}: ${String(member)} is not data`);
        return member;
      }),
    );
  } catch (cause) {
    throw invalid(`${what}: ${(cause as Error).message}`, cause);
  }
}

export function signalOf(options: { signal?: AbortSignal | undefined } | null | undefined): AbortSignal | undefined {
  const signal = options?.signal ?? undefined;
  if (signal !== undefined && typeof signal.addEventListener !== "function") {
    throw invalid("options: signal is not an AbortSignal");
  }
  return signal;
}

/** Today where the user is. */
export function today(): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, "0");
  return `${String(now.getFullYear()).padStart(4, "0")}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Takes in one file: a handle stays a handle, bytes are copied; of a huge file only the head. */
export function pick(file: unknown, options: CheckOptions | null | undefined, limits: ReadLimits): Picked {
  const told = given("options", options, [...REQUEST_KEYS, "signal"]);
  const { source, sizeBytes, fileName, mimeType } = take(file, limits);
  const request: FileRequest = { sizeBytes, on: today() };
  if (fileName) request.fileName = fileName;
  if (mimeType) request.mimeType = mimeType;
  for (const key of REQUEST_KEYS) {
    const value: unknown = told[key];
    if (value === undefined) continue;
    if (typeof value !== "string") throw invalid(`options: ${key} is not a string`);
    Object.assign(request, { [key]: value });
  }
  return { source, request };
}

function take(file: unknown, { maxReadBytes, headBytes }: ReadLimits) {
  const worthReading = (sizeBytes: number) => (sizeBytes > maxReadBytes ? headBytes : sizeBytes);
  switch (className(file)) {
    case "File":
    case "Blob": {
      const blob = file as Blob & { name?: string };
      const source = blob.size > maxReadBytes ? blob.slice(0, headBytes) : blob;
      return { source, sizeBytes: blob.size, fileName: blob.name, mimeType: blob.type };
    }
    case "ArrayBuffer":
    case "Uint8Array":
      try {
        const bytes = className(file) === "Uint8Array" ? (file as Uint8Array) : new Uint8Array(file as ArrayBuffer);
        return { source: new Uint8Array(bytes.subarray(0, worthReading(bytes.length))), sizeBytes: bytes.length };
      } catch (cause) {
        throw invalid("file: the buffer is detached", cause);
      }
    default:
      throw invalid("file: expected a Blob, a File, an ArrayBuffer or a Uint8Array");
  }
}
