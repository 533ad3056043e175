import { describe, expect, it, vi } from "vitest";
import { loadWasm, type SharedModules, type WasmFiles } from "../../www/lib/load-wasm.js";
import { hasSimd } from "../../www/lib/simd.js";
import { EMPTY_MODULE } from "./fakes.js";

const BYTES = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const WASM = { headers: { "content-type": "application/wasm" } };

function files(answer: () => Response | BufferSource = () => BYTES) {
  return {
    own: vi.fn((simd: boolean) => new URL(simd ? "https://example.org/simd.wasm" : "https://example.org/base.wasm")),
    open: vi.fn(async (_address: URL | string) => answer()),
  } satisfies WasmFiles;
}

describe("SIMD", () => {
  it("the probe is a valid module and needs the feature", () => {
    expect(hasSimd()).toBe(true);
    const asked = vi.spyOn(WebAssembly, "validate");
    hasSimd();
    const probe = new Uint8Array(asked.mock.calls[0]?.[0] as ArrayBuffer);
    const plain = probe.map((byte) => (byte === 0x7b ? 0x7f : byte));
    expect(WebAssembly.validate(plain)).toBe(false);
  });

  it.each([
    [true, "https://example.org/simd.wasm"],
    [false, "https://example.org/base.wasm"],
  ])("where it is %s, only %s is fetched", async (simd, address) => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(simd);
    const own = files();
    await loadWasm(undefined, own);
    expect(own.open.mock.calls.map(([one]) => String(one))).toEqual([address]);
  });
});

describe("the forms of a source", () => {
  const offset = new Uint8Array([9, 9, ...BYTES, 9]).subarray(2, 10);
  it.each([
    ["a typed array", () => BYTES],
    ["a typed array with an offset", () => offset],
    ["a DataView", () => new DataView(offset.buffer, 2, 8)],
    ["an ArrayBuffer", () => BYTES.slice().buffer],
    ["a module", () => EMPTY_MODULE],
    ["a response", () => new Response(BYTES, WASM)],
    ["a response of another type", () => new Response(BYTES, { headers: { "content-type": "text/plain" } })],
    ["a response without a type", () => new Response(BYTES)],
    ["a promise of bytes", async () => BYTES],
    ["a promise of a response", async () => new Response(BYTES, WASM)],
  ])("%s", async (_, source) => {
    const own = files();
    await expect(loadWasm(source(), own)).resolves.toBeInstanceOf(WebAssembly.Module);
    expect(own.open).not.toHaveBeenCalled();
  });

  it.each([
    ["a string", "/a.wasm"],
    ["a URL", new URL("https://example.org/a.wasm")],
    ["a promise of a string", Promise.resolve("/a.wasm")],
  ])("%s is opened", async (_, source) => {
    const own = files(() => new Response(BYTES, WASM));
    await expect(loadWasm(source, own)).resolves.toBeInstanceOf(WebAssembly.Module);
    expect(own.open).toHaveBeenCalledExactlyOnceWith(await source);
    expect(own.own).not.toHaveBeenCalled();
  });

  it("a module is taken as it is", async () => {
    await expect(loadWasm(EMPTY_MODULE, files())).resolves.toBe(EMPTY_MODULE);
  });

  it("a response is compiled while it arrives if its type allows that", async () => {
    const streaming = vi.spyOn(WebAssembly, "compileStreaming");
    await loadWasm(new Response(BYTES), files());
    expect(streaming).not.toHaveBeenCalled();
    await loadWasm(new Response(BYTES, WASM), files());
    expect(streaming).toHaveBeenCalledTimes(1);
  });

  it.each([5, {}, true, new Date(), Promise.resolve(null)])("%o is refused", async (source) => {
    await expect(loadWasm(source, files())).rejects.toMatchObject({ code: "invalid-argument" });
  });
});

describe("wasm-unavailable", () => {
  const unavailable = { name: "PrecheckError", code: "wasm-unavailable", cause: expect.any(Error) };

  it("when there is no WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    await expect(loadWasm(undefined, files())).rejects.toMatchObject(unavailable);
  });

  it("when the policy of the page forbids it", async () => {
    const cause = new WebAssembly.CompileError("blocked by CSP");
    vi.spyOn(WebAssembly, "compile").mockRejectedValue(cause);
    await expect(loadWasm(BYTES, files())).rejects.toMatchObject({ ...unavailable, cause });
  });

  it("when the file is not there, with the status", async () => {
    const own = files(() => new Response("", { status: 404, ...WASM }));
    await expect(loadWasm(undefined, own)).rejects.toMatchObject({ ...unavailable, message: /404/ });
  });

  it("when the server answers with a page", async () => {
    const own = files(() => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }));
    await expect(loadWasm(undefined, own)).rejects.toMatchObject(unavailable);
  });

  it("when the network fails", async () => {
    const own = files(() => {
      throw new TypeError("Failed to fetch");
    });
    await expect(loadWasm(undefined, own)).rejects.toMatchObject({ ...unavailable, message: /Failed to fetch/ });
  });

  it("when a given promise fails", async () => {
    const given = Promise.reject(new Error("no luck"));
    await expect(loadWasm(given, files())).rejects.toMatchObject({ ...unavailable, message: /no luck/ });
  });
});

describe("one file", () => {
  const address = "https://example.org/simd.wasm";
  const answers = () => new Response(BYTES, WASM);

  it("is downloaded and compiled once for all who ask at the same time", async () => {
    const own = files(answers);
    const modules: SharedModules = new Map();
    const loaded = await Promise.all([0, 1, 2].map(() => loadWasm(undefined, own, modules)));
    expect(own.open).toHaveBeenCalledTimes(1);
    expect(new Set(loaded).size).toBe(1);
  });

  it("is not downloaded again while somebody holds it", async () => {
    const own = files(answers);
    const modules: SharedModules = new Map();
    const module = await loadWasm(new URL(address), own, modules);
    expect(await loadWasm(address, own, modules)).toBe(module);
    expect(own.open).toHaveBeenCalledTimes(1);
  });

  it("that nobody holds any more is downloaded again", async () => {
    const own = files(answers);
    const modules: SharedModules = new Map([[address, { deref: () => undefined } as WeakRef<WebAssembly.Module>]]);
    expect(await loadWasm(undefined, own, modules)).toBeInstanceOf(WebAssembly.Module);
    expect(own.open).toHaveBeenCalledTimes(1);
  });

  it("that could not be had is asked for again, and every waiting caller hears of it", async () => {
    let there = false;
    const own = files(() => (there ? answers() : new Response("", { status: 503 })));
    const modules: SharedModules = new Map();
    const failed = await Promise.allSettled([0, 1].map(() => loadWasm(undefined, own, modules)));
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(own.open).toHaveBeenCalledTimes(1);
    there = true;
    expect(await loadWasm(undefined, own, modules)).toBeInstanceOf(WebAssembly.Module);
  });

  it("is shared in browsers without weak references as long as it loads", async () => {
    vi.stubGlobal("WeakRef", undefined);
    const own = files(answers);
    const modules: SharedModules = new Map();
    await Promise.all([0, 1].map(() => loadWasm(undefined, own, modules)));
    expect([own.open.mock.calls.length, modules.size]).toEqual([1, 0]);
  });
});
