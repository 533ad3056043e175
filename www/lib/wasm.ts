import { PrecheckError } from "./error.js";
import type { WasmSource } from "./types.js";

/** A module with one function that uses 128-bit vectors. */
const SIMD_PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // type: () -> v128; function 0 has it
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00],
  // code: i32.const 0, i8x16.splat, i8x16.popcnt
  ...[0x0a, 0x0a, 0x01, 0x08, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x62, 0x0b],
);

export function hasSimd(): boolean {
  return WebAssembly.validate(SIMD_PROBE);
}

/** What the runtime knows about getting at files. */
export interface WasmFiles {
  /** Where the package's own build lies. */
  own(simd: boolean): URL;
  open(address: URL | string): Promise<Response | BufferSource>;
}

/** The name of a platform class, which holds for objects of other frames too, unlike `instanceof`. */
export function className(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/**
 * Fetches and compiles the engine.
 *
 * @throws `PrecheckError` with `"invalid-argument"` when `given` is none of the forms that a source can have, else
 * `"wasm-unavailable"` with what the runtime said as `cause`.
 */
export async function loadWasm(given: unknown, files: WasmFiles): Promise<WebAssembly.Module> {
  try {
    if (typeof WebAssembly !== "object") throw new Error("there is no WebAssembly here");
    const source = await (given ?? files.own(hasSimd()));
    const kind = className(source);
    if (kind === "URL" || typeof source === "string") {
      return await compile(await files.open(source as URL | string));
    }
    if (
      kind === "WebAssembly.Module" ||
      kind === "Response" ||
      kind.endsWith("ArrayBuffer") ||
      ArrayBuffer.isView(source)
    ) {
      return await compile(source as WasmSource);
    }
    throw new PrecheckError(
      "invalid-argument",
      "wasm: expected a URL, a string, bytes, a WebAssembly.Module, a Response, or a promise of one of these",
    );
  } catch (cause) {
    if (cause instanceof PrecheckError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PrecheckError("wasm-unavailable", `The engine could not be loaded: ${reason}`, { cause });
  }
}

async function compile(source: Exclude<WasmSource, URL | string>): Promise<WebAssembly.Module> {
  switch (className(source)) {
    case "WebAssembly.Module":
      return source as WebAssembly.Module;
    case "Response":
      return compileResponse(source as Response);
    case "DataView": {
      // A buffer source by the standard, but V8 does not compile one.
      const { buffer, byteOffset, byteLength } = source as DataView<ArrayBuffer>;
      return WebAssembly.compile(new Uint8Array(buffer, byteOffset, byteLength));
    }
    default:
      return WebAssembly.compile(source as BufferSource);
  }
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Error(`${response.url || "the response"} has status ${response.status}`);
  // Many servers do not know the type, and streaming insists on it.
  const streams = response.headers.get("content-type")?.toLowerCase() === "application/wasm";
  if (streams && typeof WebAssembly.compileStreaming === "function") return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
