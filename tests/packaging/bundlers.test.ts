/** The packed package in the hands of bundlers: each builds a page, which checks a photo in Chromium. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PhotoReport } from "icp-precheck";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { app, html, project, setting, tool } from "./packed.js";
import { Pages, saidByNode } from "./pages.js";

let pages: Pages;
let photos: { good: Uint8Array; blurred: Uint8Array };
let expected: { good: PhotoReport; blurred: PhotoReport };
beforeAll(async () => {
  pages = await Pages.launch();
  photos = await pages.photos();
  expected = { good: await saidByNode(photos.good), blurred: await saidByNode(photos.blurred) };
}, 120_000);
afterAll(() => pages.close());

const OWN = ["icp_precheck_simd.wasm"];

/** Both photos get the verdicts that Node gives, from the worker, which loads one engine. */
async function bothPhotos(address: string, loads = OWN) {
  expect(expected.good.findings).not.toEqual(expected.blurred.findings);
  for (const which of ["good", "blurred"] as const) {
    const { loaded, ...answer } = await pages.check(address, photos[which]);
    expect(answer).toEqual({ mode: "worker", report: expected[which], complaints: [] });
    expect(loaded).toEqual(loads);
  }
}

const page = (script: string) => html(`<script type="module" src="${script}"></script>`);

describe("Vite", { timeout: 120_000 }, () => {
  type Vite = typeof import("vite");
  const files = { "index.html": page("/app.js"), "app.js": app() };

  it.for(["vite", "vite7"])("serves a page in development, %s", async (name, { skip }) => {
    const vite = await tool<Vite>(name);
    if (!vite) return skip();
    const root = project(`${name}-dev`, { ...files, "docs.config.mjs": setting("vite7") });
    const docs = (await import(/* @vite-ignore */ pathToFileURL(join(root, "docs.config.mjs")).href)) as {
      default: object;
    };
    const server = await vite.createServer({
      ...(name === "vite7" ? docs.default : {}),
      ...{ root, configFile: false, logLevel: "error", cacheDir: join(root, ".vite") },
      server: { port: 0, host: "127.0.0.1" },
    });
    try {
      await server.listen();
      await bothPhotos(server.resolvedUrls?.local[0] ?? "");
    } finally {
      await server.close();
    }
  });

  it.for(["vite", "vite7"])("builds a page, %s", async (name, { skip }) => {
    const vite = await tool<Vite>(name);
    if (!vite) return skip();
    const root = project(`${name}-build`, files);
    await vite.build({ root, configFile: false, logLevel: "error" });
    await bothPhotos(await pages.serve({ folders: { "/": join(root, "dist") } }));
  });
});

it("webpack 5 builds a page", { timeout: 120_000 }, async ({ skip }) => {
  const webpack = (await tool<{ default: Webpack }>("webpack"))?.default;
  if (!webpack) return skip();
  const context = project("webpack", { "app.js": app() });
  await new Promise<void>((resolve, reject) => {
    webpack(
      { mode: "production", context, entry: "./app.js", output: { path: join(context, "dist") } },
      (error, stats) => {
        const { errors = [], warnings = [] } = stats?.toJson({ errors: true, warnings: true }) ?? {};
        // The engine is large, and webpack says so.
        const rest = [...errors, ...warnings].filter(
          ({ message }) => !/size limit|performance recommendations/.test(message),
        );
        if (error || rest.length > 0) reject(error ?? new Error(JSON.stringify(rest)));
        else resolve();
      },
    );
  });
  const files = { "/index.html": html('<script defer src="main.js"></script>') };
  await bothPhotos(await pages.serve({ files, folders: { "/": join(context, "dist") } }));
});
type Webpack = (
  config: object,
  done: (
    error: Error | null,
    stats?: { toJson(options: object): Record<"errors" | "warnings", { message: string }[]> },
  ) => void,
) => void;

it("Rollup builds a page", { timeout: 120_000 }, async ({ skip }) => {
  type Config = { output: object; plugins: unknown[] };
  const rollup = await tool<{
    rollup(options: object): Promise<{ write(output: object): Promise<unknown>; close(): Promise<void> }>;
  }>("rollup");
  if (!rollup) return skip();
  const folder = project("rollup", { "app.js": app(), "rollup.config.mjs": setting("rollup") });
  const config = (await import(/* @vite-ignore */ pathToFileURL(join(folder, "rollup.config.mjs")).href)) as {
    default: Config;
  };
  const warnings: string[] = [];
  const bundle = await rollup.rollup({
    ...config.default,
    input: join(folder, "app.js"),
    onwarn: ({ message }: { message: string }) => warnings.push(message),
  });
  await bundle.write({ ...config.default.output, dir: join(folder, "dist") });
  await bundle.close();
  expect(warnings).toEqual([]);
  const files = { "/index.html": page("app.js") };
  await bothPhotos(await pages.serve({ files, folders: { "/": join(folder, "dist") } }));
});

describe("esbuild", { timeout: 120_000 }, () => {
  it.for([
    ["icp-precheck", OWN, /(?!)/],
    ["icp-precheck/inline", [], /\.wasm$|worker\.js$/],
  ] as const)("builds a page with %s", async ([entry, loads, missing], { skip }) => {
    if (!(await tool("esbuild"))) return skip();
    // In place of the settings of this repository, which lies above.
    const files = { "app.js": app(entry), "build.mjs": setting("esbuild"), "tsconfig.json": "{}" };
    const cwd = project("esbuild", files);
    execFileSync(process.execPath, ["build.mjs"], { cwd });
    const site = { files: { "/index.html": page("app.js") }, folders: { "/": join(cwd, "dist") }, missing };
    await bothPhotos(await pages.serve(site), [...loads]);
  });
});
