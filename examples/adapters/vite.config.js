import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const pages = ["index", "ant-design", "element-plus", "filepond", "react-dropzone", "uppy"];

export default defineConfig({
  base: "./",
  // In a project of your own the package is installed, and nothing of this is needed.
  resolve: {
    alias: [
      { find: /^icp-precheck$/, replacement: here("../../dist/browser.js") },
      { find: /^icp-precheck\/adapters$/, replacement: here("../../dist/adapters.js") },
    ],
  },
  server: { fs: { allow: ["../.."] } },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: Object.fromEntries(pages.map((name) => [name, here(`${name}.html`)])) },
  },
});
