/** Builds the scripts of the package: browser.js, node.js, worker.js and cli.js in dist/. Needs pkg/glue.js. */
import { readFileSync } from "node:fs";
import { defineConfig, type EnvironmentOptions, type Plugin } from "vite";

// Upload pages are opened in browsers that came with the phone; es2020 is what the drop-in asks for, too.
const TARGET = "es2020";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

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

/** The command line is a program of its own on top of the package, which it loads like anybody else. */
function commandLine(): EnvironmentOptions {
  const shared = script("cli", "es");
  return {
    ...shared,
    define: { __VERSION__: JSON.stringify(version) },
    build: {
      ...shared.build,
      target: "node20",
      lib: { entry: "www/cli/cli.ts", formats: ["es"], fileName: () => "cli.js" },
      rolldownOptions: {
        external: [/^node:/, "icp-precheck"],
        output: { minify: true, paths: { "icp-precheck": "./node.js" } },
      },
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
  const files: Record<string, number> = { browser: 3, node: 2, worker: 0, cli: 1 };
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
  environments: {
    browser: script("browser", "es"),
    node: script("node", "es"),
    worker: script("worker", "iife"),
    cli: commandLine(),
  },
  builder: {
    async buildApp({ environments, build }) {
      for (const name of ["browser", "node", "worker", "cli"]) {
        const environment = environments[name];
        if (environment) await build(environment);
      }
    },
  },
});
