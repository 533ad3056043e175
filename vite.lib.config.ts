/** Builds the scripts of the package into dist/, each a file of its own. Needs pkg/glue.js and the wasm files in dist/. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { defineConfig, type EnvironmentOptions, type Plugin } from "vite";
import { glue } from "./vite.shared.ts";

// Upload pages are opened in browsers that came with the phone; es2020 is what the drop-in asks for, too.
const TARGET = "es2020";

/** Name in dist/: its source, its format, and how many files of the package it names. In order: inline needs the worker. */
const SCRIPTS = {
  browser: { entry: "browser", format: "es", files: 3 },
  node: { entry: "node", format: "es", files: 3 },
  slim: { entry: "slim-entry", format: "es", files: 1 },
  wasm: { entry: "wasm", format: "es", files: 2 },
  worker: { entry: "worker", format: "iife", files: 0 },
  inline: { entry: "inline-entry", format: "es", files: 0 },
  adapters: { entry: "adapters", format: "es", files: 0 },
} as const;

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

function script(name: keyof typeof SCRIPTS): EnvironmentOptions {
  const { entry, format } = SCRIPTS[name];
  return {
    consumer: "client",
    build: {
      target: TARGET,
      outDir: "dist",
      emptyOutDir: false,
      copyPublicDir: false,
      minify: "oxc",
      lib: {
        entry: `www/lib/${entry}.ts`,
        formats: [format],
        name: "icpPrecheckWorker",
        fileName: () => `${name}.js`,
      },
      rolldownOptions: { external: /^node:/, output: { minify: true } },
    },
  };
}

/** The command line is a program of its own on top of the package, which it loads like anybody else. */
function commandLine(): EnvironmentOptions {
  const shared = script("node");
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

/** Environment: name in dist/ and source of the scripts that load the package like anybody else, so that a page has one engine. */
const GUESTS = {
  element: { file: "element", entry: "www/element/element.ts" },
  elementDefine: { file: "element-define", entry: "www/element/define.ts" },
} as const;

function guest(name: keyof typeof GUESTS): EnvironmentOptions {
  const shared = script("browser");
  const { file, entry } = GUESTS[name];
  return {
    ...shared,
    build: {
      ...shared.build,
      lib: { entry, formats: ["es"], fileName: () => `${file}.js` },
      rolldownOptions: {
        external: ["icp-precheck", "icp-precheck/element"],
        output: { minify: true, paths: { "icp-precheck": "./browser.js", "icp-precheck/element": "./element.js" } },
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
  return {
    name: "findable-files",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const { name } = this.environment;
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== "chunk") throw new Error(`${chunk.fileName} was not meant to be written`);
          let found = 0;
          chunk.code = chunk.code.replace(address, (_match, file) => {
            found += 1;
            return `new URL("${file}",import.meta.url)`;
          });
          const own = name in SCRIPTS ? SCRIPTS[name as keyof typeof SCRIPTS].files : 1;
          const expected = name in GUESTS ? 0 : own;
          if (found !== expected) throw new Error(`${chunk.fileName} names ${found} files instead of ${expected}`);
        }
      },
    },
  };
}

/** Files that were built before, as text for the script that has everything inside. */
function filesAsText(): Plugin {
  const file = (name: string) => readFileSync(new URL(`dist/${name}`, import.meta.url));
  const texts: Record<string, () => string> = {
    "virtual:engine": () => gzipSync(file("icp_precheck_simd.wasm"), { level: 9 }).toString("base64"),
    "virtual:worker": () => file("worker.js").toString(),
  };
  return {
    name: "files-as-text",
    resolveId: (id) => (id in texts ? `\0${id}` : null),
    load: (id) => {
      const text = id.startsWith("\0") ? texts[id.slice(1)] : undefined;
      return text ? `export default ${JSON.stringify(text())};` : null;
    },
  };
}

const scripts = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];
const guests = Object.keys(GUESTS) as (keyof typeof GUESTS)[];

export default defineConfig({
  plugins: [filesAsText(), findableFiles()],
  publicDir: false,
  resolve: { alias: glue },
  environments: {
    ...Object.fromEntries(scripts.map((name) => [name, script(name)])),
    ...Object.fromEntries(guests.map((name) => [name, guest(name)])),
    cli: commandLine(),
  },
  builder: {
    async buildApp({ environments, build }) {
      for (const name of [...scripts, ...guests, "cli"]) {
        const environment = environments[name];
        if (environment) await build(environment);
      }
    },
  },
});
