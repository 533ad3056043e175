import { readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { glue } from "./vite.shared.ts";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

export default defineConfig({
  publicDir: false,
  resolve: { alias: glue },
  define: {
    __VERSION__: JSON.stringify(version),
    // A classic script has no address of its own in this form; its files are found by the address of its tag.
    "import.meta.url": "document.baseURI",
  },
  build: {
    // Upload pages are opened in browsers that came with the phone.
    target: "es2020",
    outDir: "dist",
    emptyOutDir: false,
    lib: { entry: "www/dropin/dropin.ts", formats: ["iife"], name: "icpPrecheckDropin", fileName: () => "dropin.js" },
  },
});
