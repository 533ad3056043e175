/** The packed package on servers: Node as a module and by `require`, in a thread of the caller's own, and workerd. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { createPrecheck, type PhotoReport } from "icp-precheck";
import { beforeAll, describe, expect, it } from "vitest";
import { asked, project, tool } from "./packed.js";
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
}, 120_000);

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
  const example = (name: string) => readFileSync(new URL(`../../examples/workerd/${name}`, import.meta.url), "utf8");
  const pinned = (text: string) => (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies;

  it("the example checks an upload and answers as Node does", async ({ skip }) => {
    if (!(await tool("esbuild")) || !(await tool("miniflare"))) return skip();
    const files = Object.fromEntries(["package.json", "worker.js", "start.mjs"].map((name) => [name, example(name)]));
    // In place of the settings of this repository, which lies above.
    const cwd = project("workerd", { ...files, "tsconfig.json": "{}" });
    const child = spawn(process.execPath, ["start.mjs", "0"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        said += data;
      });
    }
    try {
      await expect.poll(() => said, { timeout: 60_000 }).toMatch(/^POST photos to http\S+\n/m);
      const address = /http\S+/.exec(said)?.[0] ?? "";
      const query = "?material=leader-identity-document&side=front&on=2026-10-01&name=card.jpg";
      const post = (body: Uint8Array, asked = query) =>
        fetch(address + asked, {
          ...{ method: "POST", body: body as BodyInit, headers: { "Content-Type": "image/jpeg" } },
        });
      for (const which of ["good", "blurred"] as const) {
        const answer = await post(photos[which]);
        expect([answer.status, await answer.json()]).toEqual([200, expected[which]]);
      }
      const half = await post(photos.good.subarray(0, 5000));
      expect([half.status, ((await half.json()) as PhotoReport).verdict]).toEqual([422, "fail"]);
      const misuse = await post(photos.good, "?province=000000");
      expect([misuse.status, await misuse.json()]).toMatchObject([400, { code: "unknown-province" }]);
      // The head alone: the answer comes before the body, and a client that still writes may find the connection closed.
      const head = request(address, { method: "POST", headers: { "Content-Length": 9_000_000 } });
      head.on("error", () => {});
      head.flushHeaders();
      const [tooLarge] = (await once(head, "response")) as [IncomingMessage];
      expect(tooLarge.statusCode).toBe(413);
      head.destroy();
      expect((await fetch(address)).status).toBe(405);
    } finally {
      child.kill();
      await once(child, "exit");
    }
  });

  it("the example pins the versions that were tested", () => {
    const tools = pinned(readFileSync(new URL("tools/package.json", import.meta.url), "utf8"));
    const { esbuild, miniflare } = pinned(example("package.json"));
    expect({ esbuild, miniflare }).toEqual({ esbuild: tools.esbuild, miniflare: tools.miniflare });
  });
});
