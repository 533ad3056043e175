/** Builds the self-check page into site/. Needs dist/, which it uses as any page would use the package. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("www/selfcheck"),
  // The page works in any folder of any site.
  base: "./",
  publicDir: false,
  resolve: {
    alias: [
      { find: /^icp-precheck$/, replacement: here("dist/browser.js") },
      { find: /^icp-precheck\/rules\.json$/, replacement: here("dist/rules.json") },
    ],
  },
  build: {
    target: "es2020",
    outDir: here("site"),
    emptyOutDir: true,
    // Everything is a file of its own, for the page's policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "iife" },
});
