/** Files of the build as text; `vite.lib.config.ts` brings them. */
declare module "virtual:engine" {
  /** The wasm file with SIMD, gzip in base64. */
  const packed: string;
  export default packed;
}
declare module "virtual:worker" {
  /** `worker.js`. */
  const source: string;
  export default source;
}
