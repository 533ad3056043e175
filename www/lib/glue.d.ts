/** Written at build time by `www/lib/make-glue.mjs` from what wasm-bindgen generates. */
declare module "#glue" {
  export const createGlue: import("./engine.js").CreateGlue;
}
