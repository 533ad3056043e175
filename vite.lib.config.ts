/** Builds the scripts of the package: dist/browser.js, dist/node.js and dist/worker.js. Needs pkg/glue.js. */
import { defineConfig, type EnvironmentOptions, type Plugin } from "vite";

// Upload pages are opened in browsers that came with the phone; es2020 is what the drop-in asks for, too.
const TARGET = "es2020";

function script(name: string, format: "es" | "iife"): EnvironmentOptions {
  return {
    consumer: "client",
    build: {
      target: TARGET,
      outDir: "dist",
      emptyOutDir: false,
      copyPublicDir: false,
      minify: "oxc",
      lib: { entry: `www/lib/${name}.ts`, formats: [format], name: "icpPrecheckWorker", fileName: () => `${name}.js` },
      rolldownOptions: { external: /^node:/, output: { minify: true } },
    },
  };
}

/**
 * The page's bundler shall find the wasm files and the worker. That takes addresses written as the tools know them: without
 * the remark that keeps our own build from taking the files in, and in quotes, which the minifier makes backticks of.
 */
function findableFiles(): Plugin {
  const remark = String.raw`(?:\s*/\* @vite-ignore \*/\s*)?`;
  const address = new RegExp(`${remark}new URL\\(${remark}[\`"'](\\./[\\w.]+)[\`"'], *import\\.meta\\.url\\)`, "g");
  const files: Record<string, number> = { browser: 3, node: 2, worker: 0 };
  return {
    name: "findable-files",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== "chunk") throw new Error(`${chunk.fileName} was not meant to be written`);
          let found = 0;
          chunk.code = chunk.code.replace(address, (_match, name) => {
            found += 1;
            return `new URL("${name}",import.meta.url)`;
          });
          const expected = files[this.environment.name];
          if (found !== expected) throw new Error(`${chunk.fileName} names ${found} files instead of ${expected}`);
        }
      },
    },
  };
}

export default defineConfig({
  plugins: [findableFiles()],
  publicDir: false,
  environments: { browser: script("browser", "es"), node: script("node", "es"), worker: script("worker", "iife") },
  builder: {
    async buildApp({ environments, build }) {
      for (const name of ["browser", "node", "worker"]) {
        const environment = environments[name];
        if (environment) await build(environment);
      }
    },
  },
});
