/** The packed package on servers: Node as a module and by `require`, in a thread of the caller's own, and workerd. */
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPrecheck, type PhotoReport } from "icp-precheck";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asked, installed, project, tool } from "./packed.js";
import { Pages } from "./pages.js";

const PHOTO = { fileName: "card.jpg", mimeType: "image/jpeg" };

let photos: { good: Uint8Array; blurred: Uint8Array };
let expected: { good: PhotoReport; blurred: PhotoReport };
beforeAll(async () => {
  const pages = await Pages.launch();
  photos = await pages.photos();
  await pages.close();
  const precheck = await createPrecheck({ locale: "zh-CN" });
  const check = (photo: Uint8Array) => precheck.checkPhoto(photo, { ...asked, ...PHOTO });
  expected = { good: await check(photos.good), blurred: await check(photos.blurred) };
  precheck.close();
}, 60_000);

describe("Node", () => {
  const body = `
    const { readFileSync } = fs;
    const check = async (options) => {
      const precheck = await createPrecheck(options);
      const photo = (name) => precheck.checkPhoto(readFileSync(new URL(name, folder)), ${JSON.stringify({ ...asked, ...PHOTO })});
      const [good, blurred] = await Promise.all([photo("good.jpg"), photo("blurred.jpg")]);
      precheck.close();
      return { mode: precheck.mode, good, blurred };
    };`;
  const programs = {
    "import.mjs": `
      import fs from "node:fs";
      import { createPrecheck } from "icp-precheck";
      const folder = import.meta.url;
      ${body}
      console.log(JSON.stringify(await check()));`,
    "require.cjs": `
      const fs = require("node:fs");
      const { createPrecheck } = require("icp-precheck");
      const folder = require("node:url").pathToFileURL(__filename);
      ${body}
      check().then((answer) => console.log(JSON.stringify(answer)));`,
    "pool.mjs": `
      import fs from "node:fs";
      import { createPrecheck } from "icp-precheck";
      const folder = import.meta.url;
      ${body}
      console.log(JSON.stringify(await check({ worker: true, workers: 2 })));`,
    "own-thread.mjs": `
      import fs from "node:fs";
      import { isMainThread, parentPort, Worker } from "node:worker_threads";
      import { createPrecheck } from "icp-precheck";
      const folder = import.meta.url;
      ${body}
      if (isMainThread) new Worker(new URL(import.meta.url)).on("message", (answer) => console.log(JSON.stringify(answer)));
      else check().then((answer) => parentPort.postMessage(answer));`,
    "slim.mjs": `
      import fs from "node:fs";
      import { createPrecheck as create } from "icp-precheck/slim";
      import { wasmUrl } from "icp-precheck/wasm";
      const folder = import.meta.url;
      const createPrecheck = () => create({ wasm: fs.readFileSync(wasmUrl()), worker: false });
      ${body}
      console.log(JSON.stringify(await check()));`,
    "inline.mjs": `
      import fs from "node:fs";
      import { createPrecheck as create } from "icp-precheck/inline";
      const folder = import.meta.url;
      const createPrecheck = () => create({ worker: false });
      ${body}
      console.log(JSON.stringify(await check()));`,
  };

  it.each(Object.entries(programs))("%s", { timeout: 60_000 }, (name, code) => {
    const cwd = project("node", { [name]: code });
    for (const [which, photo] of Object.entries(photos)) writeFileSync(join(cwd, `${which}.jpg`), photo);
    const { stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", name], { cwd, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({ mode: name === "pool.mjs" ? "worker" : "local", ...expected });
  });
});

describe("workerd", { timeout: 120_000 }, () => {
  type Esbuild = { build(options: object): Promise<unknown> };
  type Miniflare = {
    Miniflare: new (
      options: object,
    ) => {
      dispatchFetch(address: string, init: object): Promise<Response>;
      dispose(): Promise<void>;
    };
  };
  let runtime: InstanceType<Miniflare["Miniflare"]> | undefined;
  afterAll(() => runtime?.dispose());

  it("the example checks an upload and answers as Node does", async ({ skip }) => {
    const esbuild = await tool<Esbuild>("esbuild");
    const miniflare = await tool<Miniflare>("miniflare");
    if (!esbuild || !miniflare) return skip();
    const example = readFileSync(new URL("../../examples/workerd/worker.js", import.meta.url), "utf8");
    const folder = project("workerd", { "worker.js": example });
    const path = join(folder, "dist", "worker.js");
    await esbuild.build({
      ...{ entryPoints: [join(folder, "worker.js")], outfile: path, absWorkingDir: folder, tsconfigRaw: {} },
      ...{ bundle: true, format: "esm", target: "es2022", logLevel: "silent", conditions: ["workerd"] },
      plugins: [wasmModules],
    });
    copyFileSync(join(installed, "dist", "icp_precheck_simd.wasm"), join(folder, "dist", "icp_precheck_simd.wasm"));
    runtime = new miniflare.Miniflare({
      ...{ modules: true, scriptPath: path, modulesRoot: join(folder, "dist"), compatibilityDate: "2026-04-01" },
      modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
    });
    const post = (
      body: Uint8Array,
      query = "?material=leader-identity-document&side=front&on=2026-10-01&name=card.jpg",
    ) =>
      (runtime as NonNullable<typeof runtime>).dispatchFetch(`http://host/${query}`, {
        ...{ method: "POST", body, headers: { "Content-Type": "image/jpeg", "Content-Length": String(body.length) } },
      });
    for (const which of ["good", "blurred"] as const) {
      const answer = await post(photos[which]);
      expect([answer.status, await answer.json()]).toEqual([200, expected[which]]);
    }
    const half = await post(photos.good.subarray(0, 5000));
    expect([half.status, ((await half.json()) as PhotoReport).verdict]).toEqual([422, "fail"]);
    const misuse = await post(photos.good, "?province=000000");
    expect([misuse.status, await misuse.json()]).toMatchObject([400, { code: "unknown-province" }]);
  });
});

/** As the tools of such runtimes do: a wasm file is a module of its own, beside the bundle. */
const wasmModules = {
  name: "wasm-modules",
  setup(build: { onResolve(filter: object, resolve: (found: { path: string }) => object): void }) {
    build.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({
      path: `./icp_precheck_${/simd|baseline/.exec(path)?.[0]}.wasm`,
      external: true,
    }));
  },
};
