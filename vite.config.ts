/** Builds the self-check page into site/. Needs dist/, which it uses as any page would use the package. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The service worker, with the list of files that were built and a version that changes with any of them. */
function serviceWorker(): Plugin {
  const source = here("www/selfcheck/service-worker.js");
  return {
    name: "service-worker",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const code = readFileSync(source, "utf8");
        const hash = createHash("sha256").update(code);
        const files = Object.keys(bundle).sort();
        for (const name of files) {
          const file = bundle[name];
          if (file) hash.update(name).update(file.type === "chunk" ? file.code : file.source);
        }
        const head = [
          `const VERSION = "${hash.digest("hex").slice(0, 16)}";`,
          `const FILES = ${JSON.stringify(files)};`,
        ];
        this.emitFile({ type: "asset", fileName: "service-worker.js", source: `${head.join("\n")}\n${code}` });
      },
    },
  };
}

export default defineConfig({
  plugins: [serviceWorker()],
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
