import { expect, it } from "vitest";
import { makeGlue } from "../../www/lib/make-glue.mjs";

const GENERATED = `
export class Engine { constructor() { this.number = wasm.number; } }
if (Symbol.dispose) Engine.prototype[Symbol.dispose] = Engine.prototype.free;
export function readLimits() { return { number: wasm.number }; }
function __wbg_get_imports() { return {}; }
let wasm;
let wasmModule;
function __wbg_finalize_init(instance, module) { wasmModule = module; wasm = { number: instance.exports.n.value }; }
async function __wbg_load(module) {}
function initSync(module) { if (wasm !== undefined) return wasm; }
async function __wbg_init() { return new URL("icp_precheck_bg.wasm", import.meta.url); }
export { initSync, __wbg_init as default };
`;

// (global (export "n") i32 (i32.const 5))
const MODULE = new WebAssembly.Module(
  Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0x06, 0x06, 0x01, 0x7f, 0x00, 0x41, 0x05, 0x0b],
    ...[0x07, 0x05, 0x01, 0x01, 0x6e, 0x03, 0x00],
  ),
);

const load = async (source: string) => import(`data:text/javascript,${encodeURIComponent(source)}`);

it("every call of the factory has an instance of its own", async () => {
  const { createGlue } = await load(makeGlue(GENERATED));
  const [one, other] = [createGlue(), createGlue()];
  await one.instantiate(MODULE);
  expect(new one.Engine().number).toBe(5);
  expect(one.readLimits()).toEqual({ number: 5 });
  expect(() => new other.Engine()).toThrow(TypeError);
  expect(one.Engine).not.toBe(other.Engine);
});

it("nothing is left that a bundler would take for a file of the page", () => {
  expect(makeGlue(GENERATED)).not.toContain("import.meta");
});

it("a script without what is needed is refused by name", () => {
  expect(() => makeGlue(GENERATED.replace("export function readLimits", "export function limits"))).toThrow(
    /readLimits/,
  );
});

it("a script that imports another is refused", () => {
  expect(() => makeGlue(`import "./snippet.js";${GENERATED}`)).toThrow(/imports/);
});
