/** The self-check page as a user meets it: built, served, in Chromium. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { drawPhoto, ID_CARD, type Look } from "../browser/drawing";
import { launch } from "../browser/launch";

const root = fileURLToPath(new URL("../..", import.meta.url));
const axe = fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url));

let server: PreviewServer;
let browser: Browser;
let address: string;

beforeAll(async () => {
  server = await preview({ root, configFile: `${root}vite.config.ts`, preview: { port: 0, host: "localhost" } });
  address = server.resolvedUrls?.local[0] ?? "";
  browser = await launch();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await server.close();
});

interface Visit {
  page: Page;
  /** What the page asked for, as method and address. */
  requests: string[];
  /** Errors and warnings of the console, and uncaught errors. */
  complaints: string[];
}

async function visit(options: BrowserContextOptions = {}, before?: (page: Page) => Promise<unknown>): Promise<Visit> {
  const context = await browser.newContext({ locale: "zh-CN", viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await before?.(page);
  await page.goto(address);
  await page.waitForSelector("#fact-province");
  return { page, requests, complaints };
}

/**
 * The options are labels over inputs that only assistive technology sees; some are folded away. The page may draw itself
 * anew between the two steps, which is then taken again.
 */
async function answer(page: Page, fact: string, value: string): Promise<void> {
  const option = page.locator(`label:has(#fact-${fact}-${value})`);
  await option.waitFor({ state: "attached" });
  for (let attempt = 1; ; attempt += 1) {
    await page.evaluate((id) => {
      let fold = document.getElementById(id)?.closest("details");
      for (; fold; fold = fold.parentElement?.closest("details")) fold.open = true;
    }, `fact-${fact}-${value}`);
    try {
      await option.click({ timeout: 3000 });
      return;
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}

const questions = (page: Page) => page.locator("[data-fact]:not([data-fact=province], [data-fact=upload])");

/** A photo of a printed card. */
async function picture(page: Page, width = 1200, height = 800, look: Look = {}): Promise<Buffer> {
  return Buffer.from(await drawPhoto(page, width, height, { proportions: ID_CARD, ...look }));
}

/** What axe finds; its script has to be in the page. */
function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const result = await axe.run();
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  });
}

const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: "image/jpeg", buffer });

it("answers lead to the checklist, photos to verdicts, and nothing but the page's own files is fetched", async () => {
  const { page, requests, complaints } = await visit();
  expect(await page.locator("fieldset").count()).toBe(0);
  await page.selectOption("#fact-province", "350000");
  await answer(page, "entityType", "individual");
  await answer(page, "domicileInProvince", "false");
  await page.waitForSelector("#material-residence-permit.material--required");
  expect(await page.locator(".group--required .material").count()).toBe(2);
  expect(await page.locator("#fact-nameChanged-true").count()).toBe(0);

  const good = await picture(page);
  await page.setInputFiles("#leader-identity-document-front-choose", jpeg("正面.jpg", good));
  const front = page.locator("[data-material=leader-identity-document][data-slot=front]");
  await front.locator(".verdict--pass").waitFor();
  await front.locator("img").waitFor();

  await page.setInputFiles("#leader-identity-document-back-choose", jpeg("反面.jpg", await picture(page, 800, 800)));
  await page.locator(".pair [data-code='pair.frame-differs']").waitFor();
  await page.setInputFiles("#leader-identity-document-back-choose", jpeg("反面.jpg", good));
  await page.locator(".pair [data-code='pair.same-photo']").waitFor();
  // Both stand side by side at one scale.
  expect(await page.locator(".pair-side img").count()).toBe(2);

  await page.setInputFiles("#residence-permit-single-choose", jpeg("证.jpg", Buffer.from("%PDF-1.7\n%âãÏÓ\n1 0 obj")));
  const permit = page.locator("[data-material=residence-permit]");
  await permit.locator(".verdict--fail").waitFor();
  expect(await permit.locator("[data-code='file.type-unsupported']").innerText()).toContain("PDF");
  await permit.locator("button").click();
  expect(await permit.locator(".verdict").count()).toBe(0);

  const own = new URL(address).origin;
  expect(requests.filter((one) => !one.startsWith(`GET ${own}/`) && !one.startsWith("GET blob:"))).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it("a picture is shown in large beside its result, and the focus comes back", async () => {
  const { page, complaints } = await visit({ bypassCSP: true });
  await page.selectOption("#fact-province", "110000");
  await answer(page, "entityType", "individual");
  await page.setInputFiles("#leader-identity-document-front-choose", jpeg("正面.jpg", await picture(page, 1600, 1000)));
  const thumb = page.getByRole("button", { name: "放大查看 正面.jpg" });
  await thumb.click();
  const shown = page.locator("dialog.viewer[open]");
  const image = shown.locator("img");
  await image.waitFor();
  const fitted = await image.boundingBox();
  expect((fitted?.width ?? 0) / (fitted?.height ?? 1)).toBeCloseTo(1.6, 1);
  await shown.getByRole("button", { name: "放大" }).click();
  expect((await image.boundingBox())?.width).toBeCloseTo(2 * (fitted?.width ?? 0), 0);
  await page.keyboard.press("Enter");
  expect((await image.boundingBox())?.width).toBeCloseTo(4 * (fitted?.width ?? 0), 0);
  await page.addScriptTag({ path: axe });
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await shown.waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("leader-identity-document-front-enlarge");
  expect(complaints).toEqual([]);
  await page.context().close();
});

it("what is wrong with a picture is said, measured, and shown where it is", async () => {
  const { page, complaints } = await visit({ bypassCSP: true });
  await page.selectOption("#fact-province", "110000");
  await answer(page, "entityType", "individual");
  const front = page.locator("[data-material=leader-identity-document][data-slot=front]");
  await page.setInputFiles("#leader-identity-document-front-choose", [
    jpeg("模糊.jpg", await picture(page, 1200, 800, { blur: 7 })),
  ]);
  await front.locator("[data-code='photo.blurred']").waitFor();
  expect(await front.locator("[data-code='photo.blurred']").innerText()).toMatch(/\d 像素/);

  const glaring = await picture(page, 1200, 800, { glare: [0.4, 0.45] });
  await page.setInputFiles("#leader-identity-document-front-choose", jpeg("反光.jpg", glaring));
  const finding = front.locator("[data-code='photo.glare']");
  await finding.waitFor();
  expect(await front.locator(".thumb .outline--review, .thumb .outline--fail").count()).toBeGreaterThan(0);
  await finding.getByRole("button", { name: "查看位置" }).click();
  const shown = page.locator("dialog.viewer[open]");
  const mark = shown.locator(".mark--on");
  await mark.waitFor();
  const [image, badge] = [await shown.locator("img").boundingBox(), await mark.boundingBox()];
  if (!image || !badge) throw new Error("nothing is shown");
  const x = (badge.x + badge.width / 2 - image.x) / image.width;
  const y = (badge.y + badge.height / 2 - image.y) / image.height;
  // The number stands at the upper edge of the place.
  expect(Math.abs(x - 0.4)).toBeLessThan(0.15);
  expect(Math.abs(y - 0.45)).toBeLessThan(0.2);
  await shown.locator("#measured > summary").click();
  expect(await shown.locator("#measured dd").count()).toBeGreaterThan(15);
  const names = await shown.locator("#measured dt").allInnerTexts();
  expect(names.filter((name) => /^[a-z]/.test(name))).toEqual([]);
  await page.addScriptTag({ path: axe });
  expect(await violations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it("the corners of a document can be moved by pointer and keyboard, and what they say is told", async () => {
  const { page, complaints } = await visit({ bypassCSP: true });
  await page.selectOption("#fact-province", "110000");
  await answer(page, "entityType", "individual");
  await page.setInputFiles("#leader-identity-document-front-choose", jpeg("正面.jpg", await picture(page)));
  await page.getByRole("button", { name: "放大查看 正面.jpg" }).click();
  const shown = page.locator("dialog.viewer[open]");
  const place = shown.locator(".place");
  await place.getByText("卡片式证件").waitFor();
  const ratio = async () => Number.parseFloat(await place.locator("dd").nth(1).innerText());
  expect(Math.abs((await ratio()) - 1.586)).toBeLessThan(0.02);
  expect(await shown.locator(".corner").count()).toBe(4);
  expect(await shown.locator("#corners-reset").isVisible()).toBe(false);

  const corner = shown.locator(".corner").nth(1);
  const from = await corner.boundingBox();
  if (!from) throw new Error("no corner");
  const [x, y] = [from.x + from.width / 2, from.y + from.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 150, y, { steps: 4 });
  await page.mouse.up();
  await place.getByText("按您标的四角").waitFor();
  expect(Math.abs((await ratio()) - 1.586)).toBeGreaterThan(0.03);
  const label = await corner.getAttribute("aria-label");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => corner.getAttribute("aria-label")).not.toBe(label);
  await page.addScriptTag({ path: axe });
  expect(await violations(page)).toEqual([]);
  await shown.locator("#corners-reset").click();
  await place.getByText("按您标的四角").waitFor({ state: "detached" });
  expect(Math.abs((await ratio()) - 1.586)).toBeLessThan(0.05);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it("answers, not pictures, come back after a reload, in the language that was chosen", async () => {
  const { page } = await visit();
  await page.selectOption("#fact-province", "510000");
  await answer(page, "entityType", "enterprise");
  await page.waitForSelector("#material-organization-certificate.material--required");
  const licence = await picture(page, 2400, 1700, { proportions: Math.SQRT2 });
  await page.setInputFiles("#organization-certificate-single-choose", jpeg("执照.jpg", licence));
  const slot = page.locator("[data-material=organization-certificate]");
  await slot.locator(".verdict--pass").waitFor();
  await page.click("#language");
  await page.getByRole("heading", { name: "Checklist" }).waitFor();
  await slot.getByText("No problem found", { exact: true }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");

  await page.reload();
  await page.waitForSelector("#material-organization-certificate.material--required");
  expect(await page.locator("#fact-province").inputValue()).toBe("510000");
  expect(await page.locator("#fact-entityType-enterprise").isChecked()).toBe(true);
  expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("ICP filing self-check");
  expect(await page.locator(".slot--filled").count()).toBe(0);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(kept).toContain("510000");
  expect(kept).not.toContain("执照");
  await page.context().close();
});

it("another language or provider judges anew what was seen, and looks at no picture again", async () => {
  // Counts what the workers are asked to look at.
  const { page, complaints } = await visit({}, (page) =>
    page.addInitScript(() => {
      const looked: string[] = [];
      Object.assign(window, { looked });
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (this: Worker, message: { call?: { method: string } }) {
        const method = message.call?.method ?? "";
        if (/^(?:checkPhoto|checkPair|measurePhoto)$/.test(method)) looked.push(method);
        postMessage.call(this, message);
      };
    }),
  );
  const looked = () => page.evaluate(() => (window as unknown as { looked: string[] }).looked);
  await page.selectOption("#fact-province", "350000");
  await answer(page, "entityType", "individual");
  const front = page.locator("[data-material=leader-identity-document][data-slot=front]");
  const photo = await picture(page);
  for (const name of ["front", "back"]) {
    await page.setInputFiles(`#leader-identity-document-${name}-choose`, jpeg(`${name}.jpg`, photo));
  }
  const pair = page.locator(".pair [data-code='pair.same-photo']");
  await pair.waitFor();
  await front.locator(".verdict--pass").waitFor();
  // One more that is not for any place of the list.
  await page.setInputFiles("#tray-choose", jpeg("c.jpg", photo));
  await page.locator(".row .tag--pass").waitFor();
  expect(await looked()).toEqual(["measurePhoto", "measurePhoto", "measurePhoto"]);
  await page.click("#language");
  await front.getByText("No problem found", { exact: true }).waitFor();
  await pair.getByText("same file", { exact: false }).waitFor();
  await page.click("#asked-upload-summary");
  await page.selectOption("#upload", "tencent-cloud");
  await front.locator("[data-code='file.too-small']").waitFor();
  await page.locator(".row .tag--fail").waitFor();
  expect(await looked()).toHaveLength(3);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it("questions come a few at a time, stay where they are, fold up when answered and can be skipped", async () => {
  const { page } = await visit();
  await page.selectOption("#fact-province", "510000");
  await questions(page).first().waitFor();
  const order = () => questions(page).evaluateAll((all) => all.map((one) => one.getAttribute("data-fact") ?? ""));
  const first = await order();
  expect(first).toHaveLength(3);
  expect(first[0]).toBe("entityType");
  await answer(page, "entityType", "enterprise");
  await page.locator("#asked-entityType[open]").waitFor();
  const second = await order();
  expect(second.filter((fact) => first.includes(fact))).toEqual(first.filter((fact) => second.includes(fact)));
  const next = second.find((fact) => fact !== "entityType") ?? "";
  await page.locator(`label:has(#fact-${next}-open)`).click();
  await page.locator(`#asked-${next}`).getByText("已跳过").waitFor();
  expect(await page.locator("#asked-entityType").getAttribute("open")).toBe(null);
  await page.locator("#asked-entityType-summary").getByText("企业").waitFor();
  const third = await order();
  expect(third.slice(0, second.length)).toEqual(second);
  expect(third).toHaveLength(second.length + 1);

  await page.reload();
  await page.locator(`#asked-${next}`).getByText("已跳过").waitFor();
  await page.click(`#asked-${next}-summary`);
  await page.locator(`label:has(#fact-${next}-open)`).waitFor();
  expect(await page.locator(`#fact-${next}-open`).isChecked()).toBe(true);
  await page.context().close();
});

it("what is wrong with an answer is said at its question", async () => {
  const { page } = await visit();
  await page.selectOption("#fact-province", "110000");
  await answer(page, "entityType", "enterprise");
  expect(await page.locator("[data-fact=entityType] .warning").count()).toBe(0);
  await answer(page, "leaderIsLegalRepresentative", "false");
  await page.locator("[data-fact=leaderIsLegalRepresentative] .warning").first().waitFor();
  const warning = page.locator("[data-fact=leaderIsLegalRepresentative] .warning");
  const rule = await warning.first().getAttribute("data-rule");
  expect(await page.locator(`#materials [data-rule='${rule}']`).count()).toBe(1);
  await answer(page, "leaderIsLegalRepresentative", "true");
  await warning.waitFor({ state: "detached" });
  await page.context().close();
});

it("what is left to do is always in sight, and leads to where it is done", async () => {
  const { page } = await visit();
  const ready = page.locator("#ready");
  await ready.getByText("选择省份").waitFor();
  await page.selectOption("#fact-province", "110000");
  await ready.getByText("未就绪").waitFor();
  await answer(page, "entityType", "individual");
  await ready.getByText("未就绪").waitFor();
  const todos = () => ready.locator(".todo").allInnerTexts();
  await page.click("#ready-summary");
  const before = await todos();
  expect(before.some((text) => text.includes("补上主体负责人证件"))).toBe(true);
  await page.setInputFiles("#leader-identity-document-front-choose", jpeg("正面.jpg", await picture(page)));
  await ready.getByText("反面").first().waitFor();
  await page.setInputFiles("#leader-identity-document-back-choose", jpeg("反面.jpg", Buffer.from("GIF89a broken")));
  await ready.locator(".todo--fail", { hasText: "（反面）" }).waitFor();
  expect((await todos()).some((text) => text.includes("补上主体负责人证件"))).toBe(false);
  await ready.locator(".todo--fail a", { hasText: "（反面）" }).click();
  expect(await ready.getAttribute("open")).toBe(null);
  const card = await page.locator("#material-leader-identity-document").boundingBox();
  expect(card?.y).toBeLessThan(200);
  await page.click("#share");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-report")]);
  expect(download.suggestedFilename()).toMatch(/^icp-precheck-.*\.json$/);
  const report = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(report.verdict).toBe("fail");
  expect(report.slots.map(({ slot }: { slot: string }) => slot)).toEqual([
    "leader-identity-document/front",
    "leader-identity-document/back",
  ]);
  await page.context().close();
});

it("papers without an upload button are spliced, in the order that was chosen, and checked again", async () => {
  const { page, complaints } = await visit({ bypassCSP: true });
  await page.selectOption("#fact-province", "110000");
  await answer(page, "entityType", "enterprise");
  await answer(page, "leaderIsLegalRepresentative", "false");
  await page.waitForSelector("#material-power-of-attorney");
  await page.setInputFiles("#organization-certificate-single-choose", jpeg("执照.jpg", await picture(page)));
  await page.setInputFiles("#power-of-attorney-single-choose", jpeg("授权书.jpg", await picture(page, 1000, 800)));
  const splice = page.locator("#material-organization-certificate .splice");
  await splice.getByText("1. 单位证件").waitFor();
  await splice.getByRole("button", { name: "下移: 单位证件" }).click();
  await splice.getByText("2. 单位证件").waitFor();
  await page.click("#splice-organization-certificate-run");
  const link = splice.locator("a[download]");
  await link.waitFor();
  await splice.locator(".verdict").first().waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const spliced = await readFile(await download.path());
  expect([...spliced.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  expect(spliced.length).toBeGreaterThan(20_000);
  await page.addScriptTag({ path: axe });
  expect(await violations(page)).toEqual([]);
  // Another picture: what was spliced of the old one is no longer offered.
  await page.setInputFiles("#power-of-attorney-single-choose", jpeg("新.jpg", await picture(page, 900, 800)));
  await link.waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
  await page.context().close();
});

it("what the rules say besides is sorted by topic, with sources, and says how sure it is", async () => {
  const { page } = await visit();
  await page.selectOption("#fact-province", "110000");
  await answer(page, "entityType", "enterprise");
  await page.waitForSelector(".topic");
  expect(await page.locator("#materials > .findings").count()).toBe(0);
  const topics = await page.locator(".topic h4").allInnerTexts();
  expect(new Set(topics).size).toBe(topics.length);
  // Read at one moment: the list may still change with the last answer.
  const { counted, listed } = await page.evaluate(() => ({
    counted: [...document.querySelectorAll(".topic > summary > .count")].map((count) => count.textContent ?? ""),
    listed: document.querySelectorAll(".topic li[data-rule]").length,
  }));
  expect(counted.reduce((sum, count) => sum + Number(count), 0)).toBe(listed);
  expect(await page.locator(".topic li[data-rule]:not(:has(.source li))").count()).toBe(0);
  await page.locator("#topic-people > summary").click();
  await page.locator("#topic-people .source a[href^='https://']").first().waitFor();
  const certificate = page.locator("#material-organization-certificate");
  await certificate.locator(".why > summary").click();
  await certificate.getByText("把握：").waitFor();
  await certificate.locator(".turns").getByText("个人").waitFor();
  expect(await certificate.locator(".turns .tag--not-required").count()).toBeGreaterThan(0);
  await page.context().close();
});

it("days serve for the visit only: neither stored nor in a link", async () => {
  const { page } = await visit();
  await page.selectOption("#fact-province", "110000");
  await answer(page, "entityType", "enterprise");
  const day = page.locator("#fact-certificateExpiry");
  await day.waitFor({ state: "attached" });
  if (!(await day.isVisible())) await page.click("#later-summary");
  await day.fill("2031-05-06");
  await day.blur();
  await page.locator("#asked-certificateExpiry").getByText("2031-05-06").waitFor();
  await page.click("#share");
  expect(await page.locator("#share-link").inputValue()).not.toContain("2031");
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain("2031");
  await page.locator("label:has(#fact-certificateExpiry-long-term)").click();
  await page.locator("#asked-certificateExpiry-summary").getByText("长期").waitFor();
  await page.context().close();
});

it("a link carries choices and numbers, never a text, and leaves the reader's own answers alone", async () => {
  const { page } = await visit();
  await page.evaluate(() =>
    localStorage.setItem(
      "icp-precheck.self-check",
      JSON.stringify({
        answers: [
          ["province", "510000"],
          ["entityType", "enterprise"],
          ["domainCount", 3],
          ["entityName", "某某有限公司"],
        ],
      }),
    ),
  );
  await page.reload();
  await page.waitForSelector("#material-organization-certificate.material--required");
  await page.click("#share");
  const link = await page.locator("#share-link").inputValue();
  const held = Object.fromEntries(new URLSearchParams(new URL(link).hash.slice(1)));
  expect(held).toEqual({ upload: "alibaba-cloud", province: "510000", entityType: "enterprise", domainCount: "3" });
  await page.context().close();

  const other = await visit();
  await other.page.selectOption("#fact-province", "110000");
  await answer(other.page, "entityType", "individual");
  await other.page.goto(link);
  await other.page.getByText("别人分享的链接").waitFor();
  await other.page.waitForSelector("#material-organization-certificate.material--required");
  expect(await other.page.locator("#fact-province").inputValue()).toBe("510000");
  await other.page.click("#language");
  await other.page.getByText("shared with you").waitFor();
  await other.page.click("#unlink");
  await other.page.waitForSelector("#material-organization-certificate", { state: "detached" });
  expect(await other.page.locator("#fact-province").inputValue()).toBe("110000");
  expect(new URL(other.page.url()).hash).toBe("");

  await other.page.goto(link);
  await other.page.waitForSelector("#material-organization-certificate.material--required");
  await answer(other.page, "entityType", "government-agency");
  await other.page.getByText("shared with you").waitFor({ state: "detached" });
  await other.page.reload();
  await other.page.waitForSelector("#material-organization-certificate.material--required");
  expect(await other.page.locator("#fact-entityType-government-agency").isChecked()).toBe(true);
  expect(await other.page.locator("#fact-province").inputValue()).toBe("510000");
  expect(other.complaints).toEqual([]);
  await other.page.context().close();
});

it.each([
  ["an unknown province", "#province=990000&entityType=king"],
  ["unknown facts", "#a=b"],
  ["an anchor", "#x"],
  ["nothing", "#province="],
  ["too much", `#province=${"1".repeat(9000)}`],
  ["broken escapes", "#%E0%A4%A&province=%"],
])("a link with %s brings no answer and no fault", async (_name, hash) => {
  const { page, complaints } = await visit();
  await page.goto(`${address}${hash}`);
  await page.reload();
  await page.waitForSelector("#fact-province");
  expect(await page.locator("#fact-province").inputValue()).toBe("");
  expect(await page.locator("#unlink").count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it("an answer that no longer counts leaves the page", async () => {
  const { page } = await visit();
  await page.selectOption("#fact-province", "110000");
  await answer(page, "entityType", "enterprise");
  await answer(page, "nameChanged", "true");
  await page.waitForSelector("#material-certificate-of-change.material--required");
  await answer(page, "entityType", "individual");
  await page.waitForSelector("#fact-nameChanged-true", { state: "detached" });
  expect(await page.locator("#material-certificate-of-change").count()).toBe(0);
  await page.context().close();
});

it("the limits are those of the provider that was chosen, and the choice is kept", async () => {
  const { page } = await visit();
  await page.setInputFiles("#tray-choose", jpeg("a.jpg", await picture(page)));
  await page.locator(".row .tag--pass").waitFor();
  await page.click("#asked-upload-summary");
  await page.selectOption("#upload", "tencent-cloud");
  await page.locator(".row .tag--fail").waitFor();
  await page.locator(".row [data-code='file.too-small']").waitFor();
  expect(await page.locator(".row [data-code='file.too-small']").innerText()).toContain("200 KB");
  await page.reload();
  await page.locator("#asked-upload").getByText("腾讯云").first().waitFor();
  expect(await page.locator("#upload").inputValue()).toBe("tencent-cloud");
  await page.context().close();
});

it("a folder is named and explained, and the files beside it are checked", async () => {
  const { page } = await visit();
  await page.evaluate(() => {
    const file = new File(["x"], "beside.jpg");
    const items = [
      {
        kind: "file",
        webkitGetAsEntry: () => ({ isDirectory: true, name: "证件" }),
        getAsFile: () => new File([], "证件"),
      },
      { kind: "file", webkitGetAsEntry: () => ({ isDirectory: false, name: file.name }), getAsFile: () => file },
    ];
    const event = new Event("drop", { bubbles: true, cancelable: true });
    document.querySelector(".tray")?.dispatchEvent(Object.assign(event, { dataTransfer: { items, types: ["Files"] } }));
  });
  await page.getByText("“证件”是文件夹").waitFor();
  expect(await page.locator(".row").count()).toBe(1);
  await page.locator(".row").getByText("beside.jpg").waitFor();
  await page.context().close();
});

it("five hundred files at once all get their verdict while the page stays usable", { timeout: 60_000 }, async () => {
  const { page } = await visit();
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>("#tray-choose");
    const chosen = new DataTransfer();
    for (let at = 0; at < 500; at += 1) chosen.items.add(new File(at % 2 ? ["not a picture"] : [], `file-${at}.jpg`));
    if (!input) throw new Error("no input");
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await page.getByText("已查 500 / 500 张").waitFor({ timeout: 40_000 });
  expect(await page.locator(".row .tag--fail").count()).toBe(500);
  await page.selectOption("#fact-province", "440000");
  await page.waitForSelector(".group--conditional");
  await page.click("#tray-clear");
  expect(await page.locator(".row").count()).toBe(0);
  await page.context().close();
});

it("files can be dropped and pasted, on a place or anywhere", async () => {
  const { page } = await visit();
  await page.selectOption("#fact-province", "110000");
  await answer(page, "entityType", "individual");
  await page.waitForSelector("#material-leader-identity-document.material--required");
  const give = (target: string, kind: "drop" | "paste", name: string) =>
    page.evaluate(
      ([target, kind, name]) => {
        const data = new DataTransfer();
        data.items.add(new File(["x"], name));
        const shared = { bubbles: true, cancelable: true };
        const event =
          kind === "drop"
            ? new DragEvent("drop", { ...shared, dataTransfer: data })
            : new ClipboardEvent("paste", { ...shared, clipboardData: data });
        (document.querySelector(target) ?? document.body).dispatchEvent(event);
        return event.defaultPrevented;
      },
      [target, kind, name] as const,
    );
  const front = "[data-material=leader-identity-document][data-slot=front]";
  expect(await give(front, "drop", "dropped.jpg")).toBe(true);
  await page.locator(front).getByText("dropped.jpg").waitFor();
  expect(await page.locator(".row").count()).toBe(0);
  expect(await give("h1", "drop", "missed.jpg")).toBe(true);
  await page.locator(".row").getByText("missed.jpg").waitFor();
  await page.focus("#leader-identity-document-back-choose");
  expect(await give("body", "paste", "pasted.jpg")).toBe(true);
  await page.locator("[data-material=leader-identity-document][data-slot=back]").getByText("pasted.jpg").waitFor();
  await page.context().close();
});

it("the keyboard is enough", async () => {
  const { page } = await visit();
  await page.focus("#fact-province");
  await page.keyboard.press("ArrowDown");
  await page.waitForSelector("#fact-entityType-individual", { state: "attached" });
  await page.focus("#fact-entityType-individual");
  await page.keyboard.press("Space");
  await page.waitForSelector("#material-leader-identity-document.material--required");
  // The form is drawn anew with every answer; the focus has to survive that.
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("fact-entityType-individual");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector("#material-organization-certificate.material--required");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("fact-entityType-enterprise");
  await page.context().close();
});

it("without wasm the page says so and still checks size and name", async () => {
  const { page } = await visit({}, (page) => page.route("**/*.wasm", (route) => route.abort()));
  await page.getByText("检查引擎无法启动").waitFor();
  await page.setInputFiles("#tray-choose", [
    jpeg("ok.jpg", Buffer.alloc(1000)),
    jpeg("large.jpg", Buffer.alloc(4_194_304)),
    { name: "scan.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(10) },
    jpeg("empty.jpg", Buffer.alloc(0)),
  ]);
  await page.getByText("已查 4 / 4 张").waitFor();
  expect(await page.locator(".row .tag").allInnerTexts()).toEqual(["建议核对", "需要处理", "需要处理", "需要处理"]);
  expect(await page.locator(".row").nth(1).innerText()).toContain("4.00 MB");
  await page.unroute("**/*.wasm");
  await page.click("#retry");
  await page.getByText("检查引擎无法启动").waitFor({ state: "detached" });
  await page.getByText("不是图片").first().waitFor();
  await page.context().close();
});

it("without workers, SIMD or storage the page works all the same", async () => {
  const { page } = await visit({}, (page) =>
    page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, "Worker");
      WebAssembly.validate = () => false;
      Object.defineProperty(globalThis, "localStorage", {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      });
    }),
  );
  await page.selectOption("#fact-province", "350000");
  await answer(page, "entityType", "individual");
  await page.waitForSelector("#material-leader-identity-document.material--required");
  await page.setInputFiles("#tray-choose", jpeg("a.jpg", await picture(page)));
  await page.locator(".row .tag--pass").waitFor();
  await page.getByText("不允许保存").waitFor();
  await page.context().close();
});

it("once opened, the page works without its server", { timeout: 60_000 }, async () => {
  const own = await preview({ root, configFile: `${root}vite.config.ts`, preview: { port: 0, host: "localhost" } });
  const context = await browser.newContext({ locale: "zh-CN" });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(own.resolvedUrls?.local[0] ?? "");
  await page.waitForSelector("#fact-province");
  const kept = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return all.flat().map(({ url }) => url.replace(/.*[/]|-[\w-]{8}(?=[.])/g, ""));
    });
  await expect.poll(kept, { timeout: 10_000 }).toContain("icp_precheck_simd.wasm");
  expect((await kept()).sort()).toEqual([
    "icon.svg",
    "icp_precheck_simd.wasm",
    "index.css",
    "index.html",
    "index.js",
    "worker.js",
  ]);
  await own.close();
  await page.reload();
  await page.selectOption("#fact-province", "350000");
  await answer(page, "entityType", "individual");
  await page.waitForSelector("#material-leader-identity-document.material--required");
  await page.setInputFiles("#tray-choose", jpeg("a.jpg", await picture(page)));
  await page.locator(".row .tag--pass").waitFor();
  await context.close();
});

it("stored answers that do not fit the rules are left out", async () => {
  const { page } = await visit({}, (page) =>
    page.addInitScript(() => {
      const answers = [["province", "350000"], ["entityType", "emperor"], ["domainCount", -4], ["nope", 1], 5];
      localStorage.setItem("icp-precheck.self-check", JSON.stringify({ locale: "xx", answers }));
    }),
  );
  await page.waitForSelector("#fact-entityType-individual", { state: "attached" });
  expect(await page.locator("#fact-province").inputValue()).toBe("350000");
  await page.context().close();
});

it("on paper everything is unfolded and nothing can be clicked", async () => {
  const { page } = await visit();
  await page.selectOption("#fact-province", "510000");
  await page.waitForSelector(".topic");
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  expect(await page.locator("details:not([open], .answered)").count()).toBe(0);
  expect(await page.locator("button:visible, .button:visible").count()).toBe(0);
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  expect(await page.locator(".topic[open]").count()).toBe(0);
  await page.context().close();
});

it.each([
  ["desktop, light, zh-CN", { colorScheme: "light", locale: "zh-CN" }],
  ["phone, dark, en", { colorScheme: "dark", locale: "en-US", viewport: { width: 360, height: 740 }, hasTouch: true }],
] as const)(
  "%s: no accessibility violation, nothing wider than the screen",
  { timeout: 60_000 },
  async (_name, options) => {
    const { page } = await visit({ ...options, bypassCSP: true });
    await page.selectOption("#fact-province", "510000");
    await page.waitForSelector("#fact-entityType-enterprise", { state: "attached" });
    await answer(page, "entityType", "enterprise");
    await page.waitForSelector("#material-organization-certificate.material--required");
    await page.setInputFiles("#organization-certificate-single-choose", jpeg("x.jpg", Buffer.from("GIF89a broken")));
    await page.locator("[data-material=organization-certificate] .verdict").waitFor();
    await page.setInputFiles("#tray-choose", [jpeg("a.jpg", await picture(page)), jpeg("b.jpg", Buffer.alloc(9))]);
    await page.locator(".row .tag--fail").waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBe(0);
    await page.addScriptTag({ path: axe });
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  },
);

it("a number that is typed is checked on the page and kept nowhere", async () => {
  const { page } = await visit();
  await page.locator(".numbers summary").click();
  const said = page.locator("#number-idCard-said");
  // The example of GB 11643, and the same with its check digit spoilt.
  await page.fill("#number-idCard", "110105194912310021");
  await page.locator("#number-idCard").blur();
  await said.locator("[data-code='number.id-card']").waitFor();
  expect(await page.locator("#number-idCard").getAttribute("aria-invalid")).toBe("true");
  expect(await said.innerText()).not.toContain("110105194912310021");
  await page.fill("#number-idCard", "11010519491231002X");
  await page.locator("#number-idCard").blur();
  await said.locator(".verdict--pass").waitFor();
  const kept = await page.evaluate(() => `${location.href} ${JSON.stringify({ ...localStorage })}`);
  expect(kept).not.toContain("110105");
  await page.context().close();
});
