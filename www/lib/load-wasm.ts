import { PrecheckError } from "./error.js";
import { hasSimd } from "./simd.js";
import type { WasmSource } from "./types.js";

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
 * Modules by address, so that everybody who asks for one file shares one download and one compilation: at the same time,
 * and later for as long as somebody holds the module.
 */
export type SharedModules = Map<string, Promise<WebAssembly.Module> | WeakRef<WebAssembly.Module>>;

async function share(
  modules: SharedModules,
  address: string,
  load: () => Promise<WebAssembly.Module>,
): Promise<WebAssembly.Module> {
  const known = modules.get(address);
  const module = known instanceof Promise ? known : known?.deref();
  if (module) return module;
  const loading = load();
  modules.set(address, loading);
  try {
    const loaded = await loading;
    if (typeof WeakRef === "function") modules.set(address, new WeakRef(loaded));
    else modules.delete(address);
    return loaded;
  } catch (error) {
    // A download that failed in a tunnel may work for the next call.
    modules.delete(address);
    throw error;
  }
}

/**
 * Fetches and compiles the engine.
 *
 * @throws `PrecheckError` with `"invalid-argument"` when `given` is none of the forms that a source can have, else
 * `"wasm-unavailable"` with what the runtime said as `cause`.
 */
export async function loadWasm(
  given: unknown,
  files: WasmFiles,
  modules: SharedModules = new Map(),
): Promise<WebAssembly.Module> {
  try {
    if (typeof WebAssembly !== "object") throw new Error("there is no WebAssembly here");
    const source = await (given ?? files.own(hasSimd()));
    const kind = className(source);
    if (kind === "URL" || typeof source === "string") {
      const address = source as URL | string;
      return await share(modules, String(address), async () => compile(await files.open(address)));
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
  const bytes = await response.arrayBuffer();
  // Servers of single-page applications, and of development, answer with their page for files that they do not have.
  if (!startsAsWasm(bytes)) throw new Error(`${response.url || "the response"} is no wasm file`);
  return WebAssembly.compile(bytes);
}

function startsAsWasm(bytes: ArrayBuffer): boolean {
  return String.fromCharCode(...new Uint8Array(bytes.slice(0, 4))) === "\0asm";
}
