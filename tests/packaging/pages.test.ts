/** The packed package on pages without a bundler: strict policies, Trusted Types, and what goes wrong on real sites. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PhotoReport } from "icp-precheck";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { app, asked, html, installed, setting } from "./packed.js";
import { Pages, type Site, saidByNode } from "./pages.js";

const SLOW = { timeout: 60_000 };
const POLICY = setting("csp").trim();
const NONCE = "c3RyaWN0";
const NONCE_POLICY = POLICY.replace("script-src 'self'", `script-src 'nonce-${NONCE}'`);
const TRUSTED = `; ${setting("trusted").trim().replace(" icp-precheck", "")}`;

let pages: Pages;
let photo: Uint8Array;
let expected: PhotoReport;
beforeAll(async () => {
  pages = await Pages.launch();
  photo = (await pages.photos()).blurred;
  expected = await saidByNode(photo);
}, 120_000);
afterAll(() => pages.close());

const SIMD = ["icp_precheck_simd.wasm"];
const BASELINE = ["icp_precheck_baseline.wasm"];

interface Case extends Omit<Site, "headers"> {
  policy?: string;
  /** The page's script. */
  script?: string;
  wasmType?: string;
  before?: (page: Page) => Promise<unknown>;
}

/** Checks the photo on a page with the package's files in /icp/. */
async function check({
  policy = POLICY,
  script = app("/icp/browser.js"),
  wasmType,
  before,
  files,
  ...site
}: Case = {}) {
  const address = await pages.serve({
    ...site,
    files: {
      "/index.html": html(`<script type="module" src="/app.js" nonce="${NONCE}"></script>`),
      "/app.js": script,
      ...files,
    },
    folders: { "/icp/": join(installed, "dist"), ...site.folders },
    headers: (path) => ({
      "Content-Security-Policy": policy,
      ...(wasmType && path.endsWith(".wasm") ? { "Content-Type": wasmType } : {}),
    }),
  });
  return pages.check(address, photo, before);
}

const answered = (mode: "worker" | "local", loaded = SIMD) => ({ mode, report: expected, loaded, complaints: [] });

describe("a plain module under", SLOW, () => {
  it.each([
    ["a strict policy", POLICY],
    ["a policy with a nonce", NONCE_POLICY],
    ["Trusted Types", `${POLICY}${TRUSTED} icp-precheck`],
    ["Trusted Types and a nonce", `${NONCE_POLICY}${TRUSTED} icp-precheck`],
    ["Trusted Types without a list of policies", `${POLICY}; require-trusted-types-for 'script'`],
  ])("%s checks in a worker, without a complaint", async (_, policy) => {
    expect(await check({ policy })).toEqual(answered("worker"));
  });

  it("Trusted Types that allow no policy: the page does the work", async () => {
    const { complaints, ...answer } = await check({ policy: `${POLICY}${TRUSTED} 'none'` });
    expect({ ...answer, complaints: [] }).toEqual(answered("local"));
    // The browser reports what its page has forbidden.
    expect(complaints.filter((one) => !/trusted/i.test(one))).toEqual([]);
  });

  it("Trusted Types with a default policy of the page's own: its policy is asked", async () => {
    const script = `trustedTypes.createPolicy("default", { createScriptURL: (url) => url.endsWith("/icp/worker.js") ? url : null });
      ${app("/icp/browser.js").replace(/import (.*) from (".*");/, "const $1 = await import($2);")}`;
    const { complaints: _, ...answer } = await check({ policy: `${POLICY}${TRUSTED} default`, script });
    expect(answer).toMatchObject({ mode: "worker", report: expected });
  });
});

describe("icp-precheck/inline, one script and nothing else", SLOW, () => {
  const script = app("/icp/inline.js");
  const missing = /^\/icp\/(?!inline\.js)/;

  it("checks in a worker where the policy has blob:", async () => {
    const policy = `${POLICY.replace("worker-src 'self'", "worker-src blob:")}${TRUSTED} icp-precheck`;
    expect(await check({ policy, script, missing })).toEqual(answered("worker", []));
  });

  it("checks in the page where it has not", async () => {
    const { complaints, ...answer } = await check({ script, missing });
    expect({ ...answer, complaints: [] }).toEqual(answered("local", []));
    expect(complaints.filter((one) => !/content security policy/i.test(one))).toEqual([]);
  });

  it("says that it needs SIMD", async () => {
    const { error } = await check({ script, before: withoutSimd });
    expect(error).toMatch(/icp-precheck\/inline needs WebAssembly SIMD/);
  });
});

it("icp-precheck/slim takes the engine from where the page has it", SLOW, async () => {
  const before = 'import { wasmUrl } from "/icp/wasm.js";';
  const script = app("/icp/slim.js", "{ wasm: wasmUrl() }", before);
  expect(await check({ script })).toEqual(answered("worker"));
});

/** As a browser without 128-bit vectors answers. */
function withoutSimd(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
}

// What Safari 15.0 and Chrome 96 do not have, the oldest that run the engine at all.
const newer = `
  delete Object.hasOwn; delete Object.groupBy; delete Promise.withResolvers; delete Array.fromAsync;
  for (const name of ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]) {
    delete Array.prototype[name]; delete Object.getPrototypeOf(Uint8Array.prototype)[name];
  }
  delete String.prototype.at; delete String.prototype.isWellFormed;
  for (const name of ["structuredClone", "DecompressionStream", "CompressionStream", "scheduler", "trustedTypes"]) {
    delete globalThis[name];
  }
  delete AbortSignal.any; delete AbortSignal.timeout; delete AbortSignal.prototype.reason;
  delete Response.json; delete Blob.prototype.bytes; delete Response.prototype.bytes;
  if (globalThis.crypto) delete Crypto.prototype.randomUUID;
  delete Uint8Array.fromBase64; delete Uint8Array.prototype.toBase64;
`;
const worker = readFileSync(join(installed, "dist", "worker.js"), "utf8");

describe("an older browser", SLOW, () => {
  it("without SIMD loads the other build, once, with the same result", async () => {
    expect(await check({ before: withoutSimd })).toEqual(answered("worker", BASELINE));
  });

  it("without what came after it in scripts gives the same result", async () => {
    const files = { "/icp/worker.js": `${newer};${worker}` };
    const before = async (page: Page) => {
      await withoutSimd(page);
      await page.addInitScript(newer);
    };
    expect(await check({ files, before })).toEqual(answered("worker", BASELINE));
  });

  it("without workers checks in the page", async () => {
    const before = (page: Page) => page.addInitScript("delete globalThis.Worker");
    expect(await check({ before })).toEqual(answered("local"));
  });
});

describe("what goes wrong on sites", SLOW, () => {
  it("a wasm file that is not there is named", async () => {
    expect((await check({ missing: /simd\.wasm$/ })).error).toMatch(/icp_precheck_simd\.wasm has status 404/);
  });

  it("a page in place of the wasm file is no engine", async () => {
    const files = { "/icp/icp_precheck_simd.wasm": "<!doctype html><p>Not found" };
    expect((await check({ files, wasmType: "text/html" })).error).toMatch(/icp_precheck_simd\.wasm is no wasm file/);
  });

  it.each(["application/octet-stream", "text/plain", "application/wasm; charset=utf-8"])(
    "sent as %s it is compiled nevertheless",
    async (wasmType) => {
      expect(await check({ wasmType })).toEqual(answered("worker"));
    },
  );

  it("a policy without 'wasm-unsafe-eval' is named as the reason", async () => {
    const policy = POLICY.replace(" 'wasm-unsafe-eval'", "");
    expect((await check({ policy })).error).toMatch(/content security policy/i);
  });

  it("without the worker, or under a policy without one, the page does the work", async () => {
    const missing = await check({ missing: /worker\.js$/ });
    const forbidden = await check({ policy: POLICY.replace("worker-src 'self'", "worker-src 'none'") });
    for (const { complaints: _, ...answer } of [missing, forbidden]) {
      expect({ ...answer, complaints: [] }).toEqual(answered("local"));
    }
  });

  it("offline from the start is told, and the next call finds the way back", async () => {
    const script = app("/icp/browser.js")
      .replace("const precheck = await", "const start = () =>")
      .replace(
        "const report",
        `let offline;
    const precheck = await start().catch((error) => { offline = error.code; return globalThis.online().then(start); });
    document.title = String(offline);
    const report`,
      );
    const before = async (page: Page) => {
      let isOffline = true;
      await page.exposeFunction("online", () => {
        isOffline = false;
      });
      await page.route("**/*.wasm", (route) => (isOffline ? route.abort("internetdisconnected") : route.continue()));
    };
    const { complaints, ...answer } = await check({ script, before });
    expect({ ...answer, complaints: [] }).toEqual(answered("worker"));
    expect(complaints.filter((one) => !/ERR_INTERNET_DISCONNECTED/.test(one))).toEqual([]);
  });

  it("offline after the start, photos are checked as before", async () => {
    const script = app("/icp/browser.js").replace("const report", "await globalThis.goOffline();\n    const report");
    const before = (page: Page) => page.exposeFunction("goOffline", () => page.context().setOffline(true));
    expect(await check({ script, before })).toEqual(answered("worker"));
  });
});

describe("two copies of the package on one page", SLOW, () => {
  const both = `
import { createPrecheck as first } from "/icp/browser.js";
import { createPrecheck as second } from "/other/browser.js";
const input = document.querySelector("input");
input.addEventListener("change", async () => {
  const checkers = await Promise.all([first({ locale: "en" }), second({ locale: "zh-CN" }), second({ locale: "en" })]);
  const reports = await Promise.all(checkers.map((one) => one.checkPhoto(input.files[0], ${JSON.stringify(asked)})));
  document.querySelector("output").textContent = JSON.stringify({
    modes: checkers.map(({ mode }) => mode), same: JSON.stringify(reports[0]) === JSON.stringify(reports[2]), report: reports[0],
  });
});
input.disabled = false;`;
  const folders = { "/other/": join(installed, "dist") };

  it("work side by side, and each downloads its engine once", async () => {
    expect(await check({ script: both, folders })).toEqual({
      ...{ modes: ["worker", "worker", "worker"], same: true, report: expected },
      ...{ loaded: [...SIMD, ...SIMD], complaints: [] },
    });
  });

  it.each([
    ["icp-precheck", ["worker", "local", "local"]],
    ["icp-precheck 'allow-duplicates'", ["worker", "worker", "worker"]],
  ])("under trusted-types %s, run as %j", async (list, modes) => {
    const { complaints: _, ...answer } = await check({ script: both, folders, policy: `${POLICY}${TRUSTED} ${list}` });
    expect(answer).toMatchObject({ modes, same: true });
  });
});

describe("the drop-in, a plain script", SLOW, () => {
  const field =
    '<form><input id="card" type="file" data-icp-material="leader-identity-document" data-icp-side="front"></form>';

  const { files: hashes } = JSON.parse(readFileSync(join(installed, "dist", "sri.json"), "utf8"));
  const script = `<script nonce="${NONCE}" integrity="${hashes["dropin.js"]}" src="/icp/dropin.js" defer></script>`;
  /** What stands under the input when a blurred photo was chosen, and what was loaded for it. */
  async function words(policy: string, before?: (page: Page) => Promise<unknown>, files: Record<string, string> = {}) {
    const address = await pages.serve({
      files: {
        "/index.html": `<!doctype html><html lang="en">${script}${field}</html>`,
        ...files,
      },
      folders: { "/icp/": join(installed, "dist") },
      headers: () => ({ "Content-Security-Policy": policy }),
    });
    return pages.dropin(address, photo, before);
  }
  const blurred = { workers: 1, complaints: [], codes: expect.arrayContaining(["photo.blurred"]) };

  it.each([
    ["a strict policy", POLICY],
    ["a policy with a nonce", NONCE_POLICY],
    ["Trusted Types", `${POLICY}${TRUSTED} icp-precheck`],
  ])("says under %s what is wrong, with a worker and without a complaint", async (_, policy) => {
    expect(await words(policy)).toEqual({ ...blurred, loaded: SIMD });
  });

  it("says it in an older browser, too", async () => {
    const before = async (page: Page) => {
      await withoutSimd(page);
      await page.addInitScript(newer);
    };
    const files = { "/icp/worker.js": `${newer};${worker}` };
    expect(await words(POLICY, before, files)).toEqual({ ...blurred, loaded: BASELINE });
  });
});
