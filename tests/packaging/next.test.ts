/** The packed package in an application of Next.js: rendered on the server, checked in the browser and on the server. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import type { PhotoReport } from "icp-precheck";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asked, project, setting, shared, tool } from "./packed.js";
import { Pages, saidByNode } from "./pages.js";

const files = {
  "docs.config.mjs": setting("next"),
  "next.config.mjs": `
    import docs from "./docs.config.mjs";
    export default {
      ...docs,
      outputFileTracingRoot: ${JSON.stringify(shared)},
      turbopack: { root: ${JSON.stringify(shared)} },
      typescript: { ignoreBuildErrors: true },
    };`,
  "app/layout.jsx": `
    export default function Layout({ children }) {
      return <html lang="en"><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;
    }`,
  "app/page.jsx": `
    import { Check } from "./check.jsx";
    export default function Page() { return <Check />; }`,
  // A module for both sides: it is evaluated when the page is rendered on the server, too.
  "app/check.jsx": `
    "use client";
    import { useEffect, useState } from "react";
    import { createPrecheck, PrecheckError } from "icp-precheck";
    import { define } from "icp-precheck/element";
    export function Check() {
      const [ready, setReady] = useState(false);
      const [said, setSaid] = useState("");
      useEffect(() => {
        define();
        setReady(true);
      }, []);
      const check = async ({ target }) => {
        try {
          const precheck = await createPrecheck({ locale: "en" });
          const report = await precheck.checkPhoto(target.files[0], ${JSON.stringify(asked)});
          const element = customElements.get("icp-photo-check") !== undefined;
          setSaid(JSON.stringify({ mode: precheck.mode, report, element }));
        } catch (error) {
          setSaid(JSON.stringify({ error: String(error) }));
        }
      };
      return <main title={typeof PrecheckError}><input type="file" disabled={!ready} onChange={check} /><output>{said}</output></main>;
    }`,
  "app/api/check/route.js": `
    import { createPrecheck } from "icp-precheck";
    export async function POST(request) {
      const precheck = await createPrecheck({ locale: "en" });
      try {
        const bytes = await request.arrayBuffer();
        const report = await precheck.checkPhoto(bytes, { ...${JSON.stringify(asked)}, fileName: "card.jpg", mimeType: "image/jpeg" });
        return Response.json(report);
      } finally {
        precheck.close();
      }
    }`,
};

let pages: Pages;
let photo: Uint8Array;
let expected: PhotoReport;
beforeAll(async () => {
  pages = await Pages.launch();
  photo = (await pages.photos()).blurred;
  expected = await saidByNode(photo);
}, 120_000);
afterAll(() => pages.close());

const next = join(shared, "node_modules", "next", "dist", "bin", "next");
const env = { ...process.env, NODE_ENV: undefined, VITEST: undefined, NEXT_TELEMETRY_DISABLED: "1", CI: "1" };

function start(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [next, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
  return { child, said: () => said };
}

async function run(cwd: string, ...args: string[]): Promise<string> {
  const { child, said } = start(cwd, ...args);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`next ${args.join(" ")}:\n${said()}`);
  return said();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilAnswers(address: string, child: ChildProcess, said: () => string): Promise<string> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`next:\n${said()}`);
    try {
      return await (await fetch(address)).text();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

describe("Next.js renders and checks", { timeout: 300_000 }, () => {
  it.each([
    ["built with", "webpack"],
    ["built with", "turbopack"],
    ["in development with", "webpack"],
    ["in development with", "turbopack"],
  ])("%s %s", async (how, bundler) => {
    await tool("next");
    const isBuilt = how === "built with";
    const folder = project(`next-${isBuilt ? "build" : "dev"}-${bundler}`, files);
    if (isBuilt) await run(folder, "build", `--${bundler}`);
    const port = await freePort();
    const command = isBuilt ? ["start"] : ["dev", `--${bundler}`];
    const { child, said } = start(folder, ...command, "--port", String(port), "--hostname", "127.0.0.1");
    try {
      const address = `http://127.0.0.1:${port}/`;
      expect(await untilAnswers(address, child, said)).toContain('<main title="function">');
      expect(await pages.check(address, photo)).toEqual({
        ...{ mode: "worker", report: expected, element: true },
        ...{ loaded: ["icp_precheck_simd.wasm"], complaints: [] },
      });
      const answer = await fetch(`${address}api/check`, { method: "POST", body: photo as BodyInit });
      expect(await answer.json()).toEqual(expected);
    } finally {
      child.kill();
      await once(child, "exit");
    }
  });
});
