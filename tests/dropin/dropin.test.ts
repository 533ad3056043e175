/** The drop-in script on a host page under a strict policy, in Chromium. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Host } from "../browser/host-pages";
import { png } from "../node/pictures";
import { choose, file, isValid, open, output, POLICY, pdf, photos, submit } from "./host";

const axe = fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url));

describe("on a page that asks for nothing but attributes", () => {
  it("a good photo passes and the form is sent as before", async () => {
    const { page, wanted, errors, origin } = await open();
    await choose(page, "id-front", file("a.jpg", photos.good));
    await output(page, "id-front").getByText("未发现问题").waitFor();
    expect(await isValid(page, "id-front")).toBe(true);
    expect(await submit(page)).toContain("id-front: a.jpg");
    expect(errors).toEqual([]);
    expect(wanted.filter((one) => !one.startsWith(`GET ${origin}/`))).toEqual([]);
    expect(wanted.some((one) => one.endsWith("_simd.wasm"))).toBe(true);
  });

  it("nothing of the engine is fetched before somebody comes near an input", async () => {
    const { page, asked } = await open();
    await page.waitForTimeout(300);
    expect(asked.filter((one) => one.endsWith(".wasm"))).toEqual([]);
  });

  it("a renamed PDF blocks the form, and another choice frees it", async () => {
    const { page } = await open();
    await choose(page, "id-front", file("a.jpg", pdf));
    await output(page, "id-front").locator("[data-code='file.type-unsupported']").waitFor();
    expect(await isValid(page, "id-front")).toBe(false);
    const message = await page.locator("#id-front").evaluate((one) => (one as HTMLInputElement).validationMessage);
    expect(message).toContain("PDF");
    expect(await submit(page)).toBe("");
    await choose(page, "id-front", file("b.jpg", photos.good));
    await output(page, "id-front").getByText("未发现问题").waitFor();
    expect(await submit(page)).toContain("b.jpg");
  });

  it("what only pixels tell is said, and does not block the form", async () => {
    const { page } = await open();
    await choose(page, "id-front", file("a.jpg", photos.blurred));
    await output(page, "id-front").locator("[data-code='photo.blurred']").waitFor();
    expect(await isValid(page, "id-front")).toBe(true);
    expect(await submit(page)).toContain("id-front: a.jpg");
  });

  it("while photos are looked at for long, what is wrong with a file as such is said already", async () => {
    const { page } = await open({
      // Later than the moment from which the words say that the check goes on.
      before: (page) => page.route("**/*.wasm", (route) => setTimeout(() => route.continue(), 1000)),
    });
    await page.evaluate(() => {
      const output = document.querySelector("#more ~ .icp-precheck");
      if (!output) throw new Error("no output");
      new MutationObserver(() => {
        const isEarly = output.textContent?.includes("Checking…") && output.querySelector("[data-code]");
        // The form is blocked as soon as the words are there, in the same task.
        const input = document.querySelector<HTMLInputElement>("#more");
        if (isEarly) document.title = `${input?.validationMessage} | ${output.textContent}`;
      }).observe(output, { childList: true, subtree: true });
    });
    const three = ["a.jpg", "b.jpg", "c.jpg"].map((name) => file(name, photos.good));
    await choose(page, "more", ...three, file("bad.jpg", pdf));
    await output(page, "more").getByText("No problem found in 3 of 4 files").waitFor();
    const early = await page.title();
    expect(early).toMatch(/^bad\.jpg: .*PDF.* \| Checking….*Must fix.*PDF/);
    expect(early).not.toContain("No problem found");
  });

  it("a file at the limit is refused, and one below only warned about", async () => {
    const { page } = await open();
    const padded = (size: number) => {
      const bytes = new Uint8Array(size);
      bytes.set(photos.good);
      return bytes;
    };
    await choose(page, "licence", file("a.jpg", padded(4_194_304)));
    await output(page, "licence").locator("[data-code='file.too-large']").waitFor();
    expect(await isValid(page, "licence")).toBe(false);
    await choose(page, "licence", file("a.jpg", padded(4_194_303)));
    await output(page, "licence").locator("[data-code='file.near-limit']").waitFor();
    expect(await isValid(page, "licence")).toBe(true);
  });

  it("front and back are compared, and the words stand at the back", async () => {
    const { page } = await open();
    await page.evaluate(() => {
      document.addEventListener("icp-precheck:pair", ({ target, detail }: CustomEventInit & { target?: unknown }) => {
        document.title = `${(target as Element).id} ${(detail as { report: { verdict: string } }).report.verdict}`;
      });
    });
    await choose(page, "id-front", file("a.jpg", photos.good));
    await output(page, "id-front").getByText("未发现问题").waitFor();
    await choose(page, "id-back", file("b.jpg", photos.square));
    await output(page, "id-back").locator("[data-code='pair.frame-differs']").waitFor();
    expect(await page.title()).toBe("id-back review");
    await choose(page, "id-back", file("c.jpg", photos.good));
    await output(page, "id-back").locator("[data-code='pair.same-photo']").waitFor();
  });

  it("several files each get their words, in the language around the input", async () => {
    const { page } = await open();
    await choose(page, "more", file("good.png", png(900, 900), "image/png"), file("bad.png", pdf, "image/png"));
    await output(page, "more").getByText("bad.png", { exact: true }).waitFor();
    expect(await output(page, "more").innerText()).toContain("Must fix");
    expect(await output(page, "more").getAttribute("lang")).toBe("en");
  });

  it("a reset takes the words and the block back", async () => {
    const { page } = await open();
    await choose(page, "licence", file("a.jpg", pdf));
    await output(page, "licence").locator("[data-code]").first().waitFor();
    await page.click("button[type=reset]");
    await page.waitForFunction(() => document.querySelector("#licence ~ .icp-precheck")?.textContent?.trim() === "");
    expect(await isValid(page, "licence")).toBe(true);
  });

  it("inputs that come later are looked after, and are left as they were on detach", async () => {
    const { page } = await open();
    await page.evaluate(() => {
      const input = Object.assign(document.createElement("input"), { type: "file", id: "late" });
      input.dataset.icpMaterial = "power-of-attorney";
      document.querySelector("form")?.append(input);
    });
    await choose(page, "late", file("a.jpg", pdf));
    await output(page, "late").locator("[data-code]").first().waitFor();
    expect(await page.locator("#late").getAttribute("aria-describedby")).toMatch(/^icp-precheck-\d+$/);
    await page.evaluate(() => window.icpPrecheck?.detach());
    expect(await page.locator(".icp-precheck").count()).toBe(0);
    expect(await page.locator("#late").getAttribute("aria-describedby")).toBe(null);
    expect(await isValid(page, "late")).toBe(true);
  });

  it("events carry the report, and the page may overrule the verdict", async () => {
    const { page } = await open();
    const told = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const said: string[] = [];
          document.addEventListener("icp-precheck:start", () => said.push("start"));
          document.addEventListener("icp-precheck:report", (event) => {
            const { detail } = event as CustomEvent<{ file: File; report: { verdict: string } }>;
            event.preventDefault();
            resolve([...said, detail.file.name, detail.report.verdict]);
          });
        }),
    );
    await choose(page, "licence", file("a.jpg", pdf));
    expect(await told).toEqual(["start", "a.jpg", "fail"]);
    await output(page, "licence").locator("[data-code]").first().waitFor();
    expect(await isValid(page, "licence")).toBe(true);
  });

  it("an error text of the page's own stays", async () => {
    const { page } = await open();
    await page.locator("#licence").evaluate((one) => (one as HTMLInputElement).setCustomValidity("page's own"));
    await choose(page, "licence", file("a.jpg", pdf));
    await output(page, "licence").locator("[data-code]").first().waitFor();
    const text = () => page.locator("#licence").evaluate((one) => (one as HTMLInputElement).validationMessage);
    expect(await text()).toBe("page's own");
    await choose(page, "licence", file("b.jpg", photos.good));
    await output(page, "licence").getByText("未发现问题").waitFor();
    expect(await text()).toBe("page's own");
  });

  it("inputs without our attribute are not touched", async () => {
    const { page } = await open();
    await choose(page, "plain", file("a.jpg", pdf));
    await choose(page, "id-front", file("a.jpg", photos.good));
    await output(page, "id-front").getByText("未发现问题").waitFor();
    expect(await page.locator("#plain + .icp-precheck").count()).toBe(0);
    expect(await isValid(page, "plain")).toBe(true);
  });

  it("assistive technology finds nothing to complain about", async () => {
    const { page } = await open({ context: { bypassCSP: true } });
    await choose(page, "id-front", file("a.jpg", pdf));
    await output(page, "id-front").locator("[data-code]").first().waitFor();
    await page.addScriptTag({ path: axe });
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
  });
});

it("the page and the listener of the manual work as they are printed", async () => {
  const manual = readFileSync(new URL("../../docs/use-dropin.md", import.meta.url), "utf8");
  const snippets = (language: string) =>
    [...manual.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, code = ""]) => code);
  const [html = ""] = snippets("html");
  const [listener = "", remedy = ""] = snippets("js");
  const { page, errors } = await open({ html, before: (page) => page.addInitScript(remedy) });
  await page.evaluate(listener);
  await choose(page, "id-front", file("a.jpg", photos.good));
  await output(page, "id-front").getByText("未发现问题").waitFor();
  expect(await page.title()).toBe("a.jpg: pass");
  await choose(page, "id-back", file("b.jpg", photos.good));
  await output(page, "id-back").locator("[data-code='pair.same-photo']").waitFor();
  const webp = await page.evaluate(async (photo) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(photo)]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp" })).arrayBuffer())];
  }, Array.from(photos.good));
  await choose(page, "id-front", file("c.webp", Uint8Array.from(webp), "image/webp"));
  await output(page, "id-front").getByRole("button").click();
  await page.waitForFunction(() => document.title === "c.jpg: pass");
  expect(errors).toEqual([]);
});

describe("when something of ours fails, the form works as before", () => {
  const broken: [string, Host][] = [
    ["wasm is not there", { missing: /\.wasm$/ }],
    ["the policy forbids wasm", { policy: POLICY.replace("'wasm-unsafe-eval'", "") }],
    [
      "the browser has no WebAssembly",
      { before: (page) => page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly")) },
    ],
  ];
  it.each(broken)("%s: size and name are still checked", async (_what, host) => {
    const { page, errors } = await open(host);
    await choose(page, "id-front", file("a.jpg", pdf));
    await output(page, "id-front").getByText("未检查内容").waitFor();
    expect(await submit(page)).toContain("id-front: a.jpg");
    await choose(page, "licence", file("big.jpg", new Uint8Array(4_194_304)));
    await output(page, "licence").getByText("文件太大：4 MB").waitFor();
    expect(await isValid(page, "licence")).toBe(false);
    await choose(page, "licence", file("scan.pdf", pdf, "application/pdf"));
    await output(page, "licence").getByText("扩展名是 .pdf").waitFor();
    expect(await isValid(page, "licence")).toBe(true);
    expect(errors).toEqual([]);
  });

  it("without a worker file the page itself does the work", async () => {
    const { page } = await open({ missing: /worker\.js$/ });
    await choose(page, "id-front", file("a.jpg", photos.good));
    await output(page, "id-front").getByText("未发现问题").waitFor();
  });

  it("without the script there is a plain form", async () => {
    const { page } = await open({ missing: /dropin\.js$/ });
    await choose(page, "id-front", file("a.jpg", pdf));
    expect(await submit(page)).toContain("id-front: a.jpg");
  });

  it("a browser that lacks what the script needs still has its form", async () => {
    const { page, errors } = await open({
      before: (page) => page.addInitScript(() => Reflect.deleteProperty(globalThis, "MutationObserver")),
    });
    await choose(page, "id-front", file("a.jpg", pdf));
    expect(await submit(page)).toContain("id-front: a.jpg");
    expect(errors).toEqual([]);
  });
});
