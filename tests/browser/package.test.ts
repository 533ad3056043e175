/** What only a real browser can show: its worker, its files, its content security policy, its network. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPrecheck, type PhotoReport, type Precheck, type Profile } from "icp-precheck";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { gif, jpeg, png } from "../node/pictures.js";
import { Chromium, STRICT_POLICY } from "./chromium.js";

const on = "2026-10-01";
const SLOW = { timeout: 60_000 };

/** A file as it can be handed to the page. */
interface Sent {
  name: string;
  type: string;
  bytes: number[];
}

const sent = (name: string, type: string, bytes: Uint8Array): Sent => ({ name, type, bytes: [...bytes] });
const cards: Sent[] = [
  sent("front.png", "image/png", png(40, 30)),
  sent("back.jpg", "image/jpeg", jpeg(24, 16)),
  sent("stamp.gif", "image/gif", gif()),
  sent("moving.gif", "image/gif", gif(3)),
  sent("cut.jpg", "image/jpeg", jpeg(24, 16).subarray(0, -12)),
  sent("renamed.jpg", "image/jpeg", png(4, 4)),
  sent("letter.txt", "text/plain", new TextEncoder().encode("备案")),
  sent("empty.png", "image/png", new Uint8Array()),
];
const profiles: Profile[] = [
  { province: "350000" },
  { province: "440000", entityType: "individual", domainCount: 6, domicileInProvince: true },
  { province: "510000", entityType: "enterprise", websiteName: "蓉城商城", commercialLicenseRequired: false },
];

let chromium: Chromium;
let node: Precheck;
beforeAll(async () => {
  chromium = await Chromium.launch();
  node = await createPrecheck();
}, 60_000);
afterEach(() => chromium.closePages());
afterAll(async () => {
  node.close();
  await chromium.close();
});

const fileOf = ({ name, type, bytes }: Sent) => new File([Uint8Array.from(bytes)], name, { type });
const inNode = (sent: Sent) => node.inspectFile(fileOf(sent), { on });
const outcome = (report: PhotoReport, code: string) => report.findings.find((one) => one.code === code)?.outcome;

describe("a page with a strict policy", SLOW, () => {
  it.each(["worker", "local"] as const)("gets the answers that Node gives, %s", async (mode) => {
    const { page } = await chromium.open();
    const answers = await page.evaluate(
      async ({ mode, cards, profiles, on }) => {
        const precheck = await icp.createPrecheck({ worker: mode === "worker" });
        const files = cards.map(({ name, type, bytes }) => new File([Uint8Array.from(bytes)], name, { type }));
        const [front, back] = files;
        if (!front || !back) throw new Error("two files are needed");
        return {
          mode: precheck.mode,
          versions: [precheck.version, precheck.rulesVersion],
          reports: await Promise.all(files.map((file) => precheck.inspectFile(file, { on }))),
          photos: await Promise.all(files.map((file) => precheck.checkPhoto(file, { on }))),
          pairs: [
            await precheck.checkPair(front, back, { on, document: "id-1-card" }),
            await precheck.checkPair(front, front, { on }),
          ],
          checklists: await Promise.all(profiles.map((profile) => precheck.checklist(profile, { on }))),
        };
      },
      { mode, cards, profiles, on },
    );
    const [front, back] = cards.map(fileOf);
    if (!front || !back) throw new Error("two files are needed");
    expect(answers).toEqual({
      mode,
      versions: [node.version, node.rulesVersion],
      reports: await Promise.all(cards.map(inNode)),
      photos: await Promise.all(cards.map((sent) => node.checkPhoto(fileOf(sent), { on }))),
      pairs: [
        await node.checkPair(front, back, { on, document: "id-1-card" }),
        await node.checkPair(front, front, { on }),
      ],
      checklists: await Promise.all(profiles.map((profile) => node.checklist(profile, { on }))),
    });
    // Equal answers prove nothing where all are alike.
    expect(new Set(answers.reports.map((report) => JSON.stringify(report.findings))).size).toBe(cards.length);
    expect(page.workers().length > 0).toBe(mode === "worker");
    expect(await page.evaluate(() => violations)).toEqual([]);
  });

  it("is indeed held to its policy", async () => {
    const { page } = await chromium.open();
    const refused = await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "globalThis.ran = true";
      document.head.append(script);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { ran: "ran" in globalThis, violations };
    });
    expect(refused).toEqual({ ran: false, violations: ["script-src-elem"] });
  });

  it.each(["image/jpeg", "image/png"])("reads what the browser itself writes as %s", async (type) => {
    const { page } = await chromium.open();
    const { bytes, report } = await page.evaluate(
      async ({ type, on }) => {
        const canvas = new OffscreenCanvas(321, 123);
        const context = canvas.getContext("2d");
        if (!context) throw new Error("no context");
        for (let x = 0; x < 321; x += 3) {
          context.fillStyle = `hsl(${x} 80% 50%)`;
          context.fillRect(x, x % 50, 3, 70);
        }
        const blob = await canvas.convertToBlob({ type });
        const precheck = await icp.createPrecheck();
        const report = await precheck.inspectFile(blob, { on });
        return { report, bytes: [...new Uint8Array(await blob.arrayBuffer())] };
      },
      { type, on },
    );
    expect(report.file).toMatchObject({ mimeType: type, widthPx: 321, heightPx: 123, complete: true });
    expect(report).toEqual(await node.inspectFile(new Blob([Uint8Array.from(bytes)], { type }), { on }));
  });

  it("takes the words from the page's language", async () => {
    const { page } = await chromium.open({ lang: "en-GB" });
    const message = await page.evaluate(async () => {
      const report = await (await icp.createPrecheck()).inspectFile(new Uint8Array());
      return report.findings[0]?.message;
    });
    expect(message).toMatch(/^The file is empty/);
  });

  it("answers for 200 files at once, each with its own report, from as many workers as asked for", async () => {
    const { page, asked } = await chromium.open();
    const many = Array.from({ length: 200 }, (_, i) => {
      const { name, type, bytes } = cards[i % cards.length] as Sent;
      return { name: `${i}-${name}`, type, bytes: i % 16 === 0 ? [...png(8 + i, 8)] : bytes };
    });
    const reports = await page.evaluate(
      async ({ many, on }) => {
        const precheck = await icp.createPrecheck({ workers: 3 });
        const files = many.map(({ name, type, bytes }) => new File([Uint8Array.from(bytes)], name, { type }));
        return Promise.all(files.map((file) => precheck.inspectFile(file, { on })));
      },
      { many, on },
    );
    expect(reports).toEqual(await Promise.all(many.map(inNode)));
    expect(asked.filter((path) => path === "/worker.js")).toHaveLength(3);
  });
});

describe("the network", SLOW, () => {
  it("sees nothing but the package's own files, and nothing at all at import", async () => {
    const { page, asked, wanted, origin } = await chromium.open();
    const atImport = ["/", "/page.js", "/browser.js"];
    await page.waitForTimeout(200);
    expect(asked.filter((path) => path !== "/favicon.ico")).toEqual(atImport);
    await page.evaluate(
      async ({ card, profile }) => {
        const precheck = await icp.createPrecheck();
        const file = new File([Uint8Array.from(card.bytes)], card.name, { type: card.type });
        await precheck.inspectFile(file);
        await precheck.checkPair(file, file);
        await precheck.checklist(profile);
        precheck.close();
      },
      { card: cards[0] as Sent, profile: profiles[0] as Profile },
    );
    await page.waitForTimeout(200);
    const own = [...atImport, "/icp_precheck_simd.wasm", "/worker.js"];
    expect(asked.filter((path) => path !== "/favicon.ico")).toEqual(own);
    expect(wanted.filter((address) => new URL(address).origin !== origin)).toEqual([]);
    expect(await page.evaluate(() => violations)).toEqual([]);
  });

  it("brings the files from the folder that the page names", async () => {
    const { page, asked } = await chromium.open({ folder: "/static/icp/" });
    const mode = await page.evaluate(async () => (await icp.createPrecheck({ base: "static/icp" })).mode);
    expect(mode).toBe("worker");
    expect(asked).toEqual(expect.arrayContaining(["/static/icp/icp_precheck_simd.wasm", "/static/icp/worker.js"]));
  });

  it("may send the engine under a type that says nothing", async () => {
    const { page } = await chromium.open({ wasmType: "application/octet-stream" });
    const { version, mode } = await page.evaluate(async () => {
      const { version, mode } = await icp.createPrecheck();
      return { version, mode };
    });
    expect({ version, mode }).toEqual({ version: node.version, mode: "worker" });
  });
});

describe("what the site withholds", SLOW, () => {
  /** The error of `createPrecheck` as data, or the mode when there is none. */
  const start = (page: Awaited<ReturnType<Chromium["open"]>>["page"]) =>
    page.evaluate(async () => {
      try {
        return { mode: (await icp.createPrecheck()).mode };
      } catch (error) {
        if (!(error instanceof icp.PrecheckError)) throw error;
        return { code: error.code, message: error.message };
      }
    });

  it("without its wasm file there is no engine, and the error names the file", async () => {
    const { page } = await chromium.open({ missing: ["/icp_precheck_simd.wasm"] });
    expect(await start(page)).toEqual({
      code: "wasm-unavailable",
      message: expect.stringMatching(/icp_precheck_simd\.wasm.*404/),
    });
  });

  it("a policy against wasm is told, too", async () => {
    const { page } = await chromium.open({ policy: STRICT_POLICY.replace(" 'wasm-unsafe-eval'", "") });
    expect(await start(page)).toEqual({
      code: "wasm-unavailable",
      message: expect.stringMatching(/content security policy/i),
    });
  });

  it.each([
    ["worker.js is not there", { missing: ["/worker.js"] }],
    ["the policy allows no worker", { policy: STRICT_POLICY.replace("worker-src 'self'", "worker-src 'none'") }],
  ])("when %s, the page does the work", async (_, site) => {
    const { page } = await chromium.open(site);
    expect(await start(page)).toEqual({ mode: "local" });
    // The browser tells of the end of a worker a little later.
    await expect.poll(() => page.workers()).toEqual([]);
  });

  it("when the browser has no workers, the page does the work with the same result", async () => {
    const { page, asked } = await chromium.open();
    const card = cards[0] as Sent;
    const { mode, report } = await page.evaluate(
      async ({ card, on }) => {
        Object.assign(globalThis, { Worker: undefined });
        const precheck = await icp.createPrecheck();
        const file = new File([Uint8Array.from(card.bytes)], card.name, { type: card.type });
        return { mode: precheck.mode, report: await precheck.inspectFile(file, { on }) };
      },
      { card, on },
    );
    expect(mode).toBe("local");
    expect(report).toEqual(await inNode(card));
    expect(asked).not.toContain("/worker.js");
  });
});

describe("files", SLOW, () => {
  it.each(["worker", "local"] as const)("of 2 GiB only the head is read, %s", async (mode) => {
    const { page } = await chromium.open();
    const { report, sizesRead } = await page.evaluate(
      async ({ head, mode }) => {
        const sizesRead: number[] = [];
        // A blob goes to the worker as a handle, and is read there whole: its size is what is read.
        const post = Worker.prototype.postMessage;
        Worker.prototype.postMessage = function (message: { call?: { file?: { source?: Blob } } }) {
          const source = message.call?.file?.source;
          if (source) sizesRead.push(source.size);
          return post.call(this, message);
        };
        const read = Blob.prototype.arrayBuffer;
        Blob.prototype.arrayBuffer = function () {
          sizesRead.push(this.size);
          return read.call(this);
        };
        const block = new Blob([new Uint8Array(1 << 24)]);
        const huge = new Blob([Uint8Array.from(head), ...new Array(128).fill(block)], { type: "image/png" });
        const precheck = await icp.createPrecheck({ worker: mode === "worker" });
        return { report: await precheck.inspectFile(huge), sizesRead };
      },
      { head: [...png(40, 30)], mode },
    );
    expect(report.file).toMatchObject({ format: "png", widthPx: 40, sizeBytes: 2 ** 31 + png(40, 30).length });
    expect(outcome(report, "file.too-large")).toBe("fail");
    expect(report.verdict).toBe("fail");
    expect(sizesRead).toEqual([1 << 20]);
  });

  it.each(["worker", "local"] as const)("one that is deleted after it was chosen is unreadable, %s", async (mode) => {
    const { page } = await chromium.open();
    const folder = mkdtempSync(join(tmpdir(), "icp-precheck-"));
    try {
      const path = join(folder, "card.png");
      writeFileSync(path, png(40, 30));
      await page.evaluate(() => {
        document.body.innerHTML = "<input type=file>";
      });
      await page.setInputFiles("input", path);
      const inspect = () =>
        page.evaluate(
          async ({ mode, on }) => {
            const file = document.querySelector("input")?.files?.[0];
            if (!file) throw new Error("no file was chosen");
            const precheck = await icp.createPrecheck({ worker: mode === "worker" });
            const report = await precheck.inspectFile(file, { on });
            precheck.close();
            return report;
          },
          { mode, on },
        );
      expect(await inspect()).toEqual(await inNode(cards[0] as Sent));
      rmSync(path);
      const after = await inspect();
      expect(outcome(after, "file.unreadable")).toBe("fail");
      expect(after.verdict).toBe("fail");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("calls that nobody waits for any more", SLOW, () => {
  it("reject with the signal's reason, and the others are answered", async () => {
    const { page } = await chromium.open();
    const card = cards[0] as Sent;
    const { reasons, reports, late } = await page.evaluate(
      async ({ card, on }) => {
        const precheck = await icp.createPrecheck();
        const file = new File([Uint8Array.from(card.bytes)], card.name, { type: card.type });
        const large = new Blob([file, new Uint8Array(1 << 25)]);
        const reason = new Error("another file was chosen");
        const controller = new AbortController();
        const { signal } = controller;
        const dropped = Array.from({ length: 20 }, (_, i) =>
          precheck.inspectFile(i % 2 ? file : large, { on, signal }).then(
            () => "answered",
            (error) => (error === reason ? "the reason" : String(error)),
          ),
        );
        const wanted = Array.from({ length: 20 }, () => precheck.inspectFile(file, { on }));
        // The first calls are in the worker by now.
        await new Promise((resolve) => setTimeout(resolve));
        controller.abort(reason);
        const late = await precheck.inspectFile(file, { on, signal }).catch((error) => error === reason);
        return { reasons: await Promise.all(dropped), reports: await Promise.all(wanted), late };
      },
      { card, on },
    );
    expect(reasons.filter((one) => one !== "the reason" && one !== "answered")).toEqual([]);
    expect(reasons).toContain("the reason");
    expect(late).toBe(true);
    const expected = await inNode(card);
    expect(reports).toEqual(new Array(20).fill(expected));
  });

  it("reject when the checker is closed, and its worker ends", async () => {
    const { page } = await chromium.open();
    const codes = await page.evaluate(async (bytes) => {
      const precheck = await icp.createPrecheck();
      const calls = Array.from({ length: 10 }, () => precheck.inspectFile(Uint8Array.from(bytes)));
      precheck.close();
      calls.push(precheck.inspectFile(Uint8Array.from(bytes)));
      return Promise.all(
        calls.map((call) =>
          call.then(
            () => "answered",
            (error: unknown) => (error instanceof icp.PrecheckError ? error.code : String(error)),
          ),
        ),
      );
    }, cards[0]?.bytes ?? []);
    expect(codes).toEqual(new Array(11).fill("closed"));
    await expect.poll(() => page.workers().length).toBe(0);
  });
});
