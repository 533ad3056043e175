/** `<icp-photo-check>` on host pages under a strict policy, in Chromium. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, it, vi } from "vitest";
import { type Host, hostPages } from "../browser/host-pages";
import { launch } from "../browser/launch";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src blob:";
const axe = fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url));
const pdf = new TextEncoder().encode("%PDF-1.7\n1 0 obj\n");

const { photos, open: openHost } = hostPages({ folder: "element", policy: POLICY });

async function open(...asked: Parameters<typeof openHost>) {
  const opened = await openHost(...asked);
  await opened.page.waitForFunction(() => document.querySelector("icp-photo-check")?.shadowRoot);
  return opened;
}

const body = (content: string, script = '<script type="module" src="/element-define.js"></script>') =>
  `<!doctype html><html lang="en"><title>Host</title>${script}<body>${content}`;
const element = (id: string, attributes = "", inside = "") =>
  `<icp-photo-check id="${id}" name="${id}" material="leader-identity-document" ${attributes}>${inside}</icp-photo-check>`;
const file = (name: string, content: Uint8Array) => ({ name, mimeType: "image/jpeg", buffer: Buffer.from(content) });
const choose = (page: Page, id: string, name: string, content: Uint8Array) =>
  page.locator(`#${id} input`).first().setInputFiles(file(name, content));
const finding = (page: Page, id: string, code: string) => page.locator(`#${id} [data-code='${code}']`);
const summary = (page: Page, id: string) => page.locator(`#${id} [role=status]`);
const validity = (page: Page, id: string) =>
  page.locator(`#${id}`).evaluate((one) => {
    const { validity, validationMessage } = one as unknown as ElementInternals;
    const { valid, valueMissing, customError } = validity;
    return { valid, valueMissing, customError, validationMessage };
  });
const state = (page: Page, id: string) =>
  page
    .locator(`#${id}`)
    .evaluate((one) =>
      ["checking", "pass", "review", "fail", "skipped"].filter((name) => one.matches(`:state(${name})`)),
    );

/** Files by drop or paste, as a script of the page would see them. */
async function bring(page: Page, id: string, how: "drop" | "paste", files: [string, Uint8Array][]) {
  await page.evaluate(
    ([id, how, files]) => {
      const data = new DataTransfer();
      for (const [name, bytes] of files)
        data.items.add(new File([Uint8Array.from(bytes)], name, { type: "image/jpeg" }));
      const target = document.querySelector(`#${id}`)?.shadowRoot?.querySelector(how === "drop" ? ".box" : "button");
      const options = { bubbles: true, cancelable: true, composed: true };
      target?.dispatchEvent(
        how === "drop"
          ? new DragEvent("drop", { ...options, dataTransfer: data })
          : new ClipboardEvent("paste", { ...options, clipboardData: data }),
      );
    },
    [id, how, files.map(([name, content]) => [name, [...content]] as const)] as const,
  );
}

describe("the example page", () => {
  it("checks photos, draws what it found, and sends them with the form", async () => {
    const { page, errors, complaints, asked } = await open();
    expect(asked.filter((one) => one.endsWith(".wasm"))).toEqual([]);
    await page.click("button[type=submit]");
    expect(await page.locator("#sent").innerText()).toBe("");
    await choose(page, "id-front", "a.jpg", photos.good);
    await summary(page, "id-front").getByText("未发现问题").waitFor();
    expect(await state(page, "id-front")).toEqual(["pass"]);
    // The corners that were found, in pixels of the photo, over the preview.
    const drawn = await page.locator("#id-front svg[viewBox='0 0 1600 1000'] polygon.document").getAttribute("points");
    const [x = 0, y = 0] = drawn?.split(/[ ,]/).map(Number) ?? [];
    expect(Math.hypot(x - 240, y - 150)).toBeLessThan(20);
    const boxes = await page.locator("#id-front .picture > *").evaluateAll((all) =>
      all.map((one) => {
        const { left, top, width, height } = one.getBoundingClientRect();
        return [left, top, width, height].map(Math.round);
      }),
    );
    expect(boxes[0]).toEqual(boxes[1]);
    expect(boxes[0]?.[2]).toBeGreaterThan(200);
    await page.click("button[type=submit]");
    expect(await page.locator("#sent").innerText()).toContain("id-front: a.jpg");
    expect([errors, complaints]).toEqual([[], []]);
    expect(asked.filter((one) => one.endsWith(".wasm"))).toHaveLength(1);
  });

  it("a PDF blocks the form, is said in both languages, and a reset takes everything back", async () => {
    const { page } = await open();
    await choose(page, "id-front", "a.jpg", pdf);
    await finding(page, "id-front", "file.type-unsupported").waitFor();
    expect(await validity(page, "id-front")).toMatchObject({ valid: false, customError: true, valueMissing: false });
    expect((await validity(page, "id-front")).validationMessage).toContain("PDF");
    await page.click("button[type=submit]");
    expect(await page.locator("#sent").innerText()).toBe("");
    await choose(page, "domain", "b.jpg", pdf);
    await summary(page, "domain")
      .getByText(/^Must fix: \d/)
      .waitFor();
    expect(await page.locator("#domain .box").getAttribute("lang")).toBe("en");
    await page.click("button[type=reset]");
    expect(await validity(page, "id-front")).toMatchObject({ valid: false, customError: false, valueMissing: true });
    expect(await validity(page, "domain")).toMatchObject({ valid: true });
    expect(await page.locator("#id-front [data-code]").count()).toBe(0);
    expect(await page.locator("#id-front img").isVisible()).toBe(false);
  });

  it("compares front and back, and tells it at the back", async () => {
    const { page } = await open();
    await page.evaluate(() =>
      document.addEventListener("icp-precheck:pair", ({ target, detail }) => {
        document.title = `${(target as Element).id} ${detail.report.verdict}`;
      }),
    );
    await choose(page, "id-front", "a.jpg", photos.good);
    await choose(page, "id-back", "b.jpg", photos.square);
    await finding(page, "id-back", "pair.frame-differs").waitFor();
    expect(await page.title()).toBe("id-back review");
    await choose(page, "id-back", "c.jpg", photos.good);
    await finding(page, "id-back", "pair.same-photo").waitFor();
    // Without its front, the back has nothing of a pair.
    await page.locator("#id-front [part~=remove]").click();
    await summary(page, "id-back").getByText("未发现问题").waitFor();
    expect(await page.locator("#id-back [data-code]").count()).toBe(0);
  });

  it.each([
    ["light", { width: 1280, height: 900 }],
    ["dark", { width: 390, height: 844 }],
  ] as const)("assistive technology finds nothing to complain about, %s", async (colorScheme, viewport) => {
    const { page } = await open({ context: { bypassCSP: true, colorScheme, viewport } });
    await choose(page, "id-front", "a.jpg", photos.blurred);
    await choose(page, "licence", "a.jpg", pdf);
    await finding(page, "id-front", "photo.blurred").waitFor();
    await finding(page, "licence", "file.type-unsupported").waitFor();
    await page.addScriptTag({ path: axe });
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

describe("a photo comes", () => {
  it("by the keyboard: the button opens the dialog, and the label of the page leads there", async () => {
    const { page } = await open({ html: body(`<label for="a" id="l">Licence</label>${element("a")}`) });
    expect(await page.getByRole("button", { name: "Licence: Choose a photo" }).count()).toBe(1);
    // Dialogs are caught from the first listener on, and that takes a moment to arrive.
    page.on("filechooser", () => undefined);
    await page.click("#l");
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.className === "choose");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
    await chooser.setFiles(file("a.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
    // The next stop is the button that takes it away; the focus stays in the element then.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe("choose");
    expect(await page.evaluate(() => document.querySelector<HTMLInputElement>("#a")?.validity.valid)).toBe(true);
  });

  it.each(["drop", "paste"] as const)("by %s, one of several, with the events of an input", async (how) => {
    const { page } = await open({ html: body(element("a")) });
    await page.evaluate(() => {
      for (const name of ["input", "change"]) {
        document.addEventListener(name, ({ target }) => {
          document.title += ` ${name}:${(target as Element).id}`;
        });
      }
    });
    await bring(page, "a", how, [
      ["a.jpg", photos.good],
      ["b.jpg", pdf],
    ]);
    await summary(page, "a").getByText("No problem found, There is room for one; the first was taken").waitFor();
    expect(await page.title()).toBe("Host input:a change:a");
  });

  it("from the camera, where the pointer is a finger", async () => {
    const finger = await launch("--blink-settings=primaryPointerType=2,availablePointerTypes=2");
    try {
      for (const [one, isShown] of [
        [undefined, false],
        [finger, true],
      ] as const) {
        const { page } = await open({ html: body(element("a")) }, one);
        expect(await page.evaluate(() => matchMedia("(pointer: coarse)").matches)).toBe(isShown);
        const camera = page.getByRole("button", { name: "Photo: Take a photo" });
        expect(await page.locator("#a [part~=camera]").isVisible()).toBe(isShown);
        if (!isShown) continue;
        const [chooser] = await Promise.all([page.waitForEvent("filechooser"), camera.click()]);
        expect(await chooser.element().getAttribute("capture")).toBe("environment");
        await chooser.setFiles(file("a.jpg", photos.good));
        await summary(page, "a").getByText("No problem found").waitFor();
      }
    } finally {
      await finger.close();
    }
  });

  it("from a script of the page, also before the element is known", async () => {
    const late = `<script type="module" src="/late.js"></script>`;
    const { page } = await open({
      html: body(element("a"), late),
      before: (page) =>
        page.route("**/late.js", (route) =>
          route.fulfill({
            contentType: "text/javascript",
            body: `document.querySelector("#a").file = new File(["%PDF-1.7"], "early.jpg");
              document.querySelector("#a").required = true;
              import("/element.js").then(({ define }) => { window.same = define() === define(); });`,
          }),
        ),
    });
    await finding(page, "a", "file.type-unsupported").waitFor();
    expect(await page.evaluate(() => (window as unknown as { same: boolean }).same)).toBe(true);
    expect(await page.locator("#a").getAttribute("required")).toBe("");
    const found = await page.evaluate(async () => {
      const one = document.querySelector("icp-photo-check");
      if (!one) throw new Error("no element");
      const report = await one.check();
      one.clear();
      return [report?.verdict, one.file, one.report];
    });
    expect(found).toEqual(["fail", null, null]);
  });
});

describe("in its form it is like an input", () => {
  it("name, value, form, labels, type, and disabled by itself or a fieldset", async () => {
    const { page } = await open({
      html: body(`<form id="f"><fieldset id="s"><label for="a">x</label>${element("a", "required")}</fieldset></form>`),
    });
    const seen = () =>
      page.evaluate(() => {
        const one = document.querySelector("icp-photo-check");
        const form = document.querySelector("form");
        if (!one || !form) throw new Error("no element");
        const value = new FormData(form).get("a");
        const buttons = [...(one.shadowRoot?.querySelectorAll("button") ?? [])].map(({ disabled }) => disabled);
        return {
          name: value instanceof File ? value.name : value,
          is: [one.form?.id, one.labels.length, one.type, one.willValidate, form.elements.length],
          disabled: buttons.every(Boolean),
        };
      });
    expect(await seen()).toEqual({ name: null, is: ["f", 1, "icp-photo-check", true, 2], disabled: false });
    expect(await validity(page, "a")).toEqual({
      ...{ valid: false, valueMissing: true, customError: false },
      validationMessage: "Choose a photo.",
    });
    await choose(page, "a", "a.jpg", photos.good);
    expect((await seen()).name).toBe("a.jpg");
    await page.evaluate(() => document.querySelector("#s")?.toggleAttribute("disabled"));
    expect(await seen()).toMatchObject({ name: null, disabled: true });
    await bring(page, "a", "paste", [["b.jpg", photos.good]]);
    expect(await page.locator("#a [part=name]").innerText()).toBe("a.jpg");
    await page.evaluate(() => document.querySelector("#s")?.toggleAttribute("disabled"));
    expect(await seen()).toMatchObject({ name: "a.jpg", disabled: false });
    await page.evaluate(() => document.querySelector("icp-photo-check")?.toggleAttribute("disabled"));
    expect(await seen()).toMatchObject({ name: null, disabled: true });
  });

  it("a text of the page's own counts beside ours", async () => {
    const { page } = await open({ html: body(element("a")) });
    const own = (text: string) =>
      page.locator("#a").evaluate((one, text) => (one as HTMLInputElement).setCustomValidity(text), text);
    await own("page's own");
    await choose(page, "a", "a.jpg", pdf);
    await finding(page, "a", "file.type-unsupported").waitFor();
    expect((await validity(page, "a")).validationMessage).toBe("page's own");
    await own("");
    expect((await validity(page, "a")).validationMessage).toContain("PDF");
  });

  it("what keeps the form from being sent can be chosen, and overruled by the page", async () => {
    const html = body(element("never", "block=never") + element("advisory", "block=advisory") + element("tolerated"));
    const { page } = await open({ html });
    await page.evaluate(() =>
      document.querySelector("#tolerated")?.addEventListener("icp-precheck:report", (event) => event.preventDefault()),
    );
    await choose(page, "never", "a.jpg", pdf);
    await choose(page, "advisory", "a.jpg", photos.blurred);
    await choose(page, "tolerated", "a.jpg", pdf);
    await finding(page, "never", "file.type-unsupported").waitFor();
    await finding(page, "advisory", "photo.blurred").waitFor();
    await finding(page, "tolerated", "file.type-unsupported").waitFor();
    const valid = await Promise.all(
      ["never", "advisory", "tolerated"].map(async (id) => (await validity(page, id)).valid),
    );
    expect(valid).toEqual([true, false, true]);
  });

  it("what the browser gives back on the way back is checked again", async () => {
    const { page, origin } = await open({ html: body(`<form>${element("a")}</form>`) });
    // Only what lies on the disk can be given back.
    const folder = mkdtempSync(join(tmpdir(), "icp-precheck-"));
    writeFileSync(join(folder, "a.jpg"), pdf);
    await page.locator("#a input").first().setInputFiles(join(folder, "a.jpg"));
    await finding(page, "a", "file.type-unsupported").waitFor();
    // A page that may not be kept as it is, but built anew with what was filled in.
    await page.evaluate(() => addEventListener("unload", () => undefined));
    await page.goto(`${origin}/host.css`);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("icp-photo-check")?.shadowRoot);
    await finding(page, "a", "file.type-unsupported").waitFor();
    expect(await page.locator("#a [part=name]").innerText()).toBe("a.jpg");
    expect((await validity(page, "a")).valid).toBe(false);
    rmSync(folder, { recursive: true });
  });
});

describe("on the page", () => {
  it("several elements share one engine, and so do two languages as far as files go", async () => {
    const { page, asked } = await open({ html: body(element("a") + element("b") + element("c", "locale=zh-CN")) });
    await page.evaluate(() => {
      const { compileStreaming } = WebAssembly;
      WebAssembly.compileStreaming = (...args) => {
        document.title += "!";
        return compileStreaming.apply(WebAssembly, args);
      };
    });
    for (const id of ["a", "b", "c"]) await choose(page, id, "a.jpg", pdf);
    for (const id of ["a", "b", "c"]) await finding(page, id, "file.type-unsupported").waitFor();
    expect(await page.title()).toBe("Host!");
    expect(asked.filter((one) => one.endsWith(".wasm"))).toHaveLength(1);
    expect(await page.locator("#c [part~=tag]").first().innerText()).toBe("必须改");
  });

  it("events are those of the drop-in, and leave the shadow root", async () => {
    const { page } = await open({ html: body(element("a")) });
    const heard = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const all: string[] = [];
          for (const name of ["start", "progress", "report"] as const) {
            document.addEventListener(`icp-precheck:${name}`, ({ target }) => {
              all.push(`${name} ${(target as Element).id}`);
              if (name === "report") resolve(all);
            });
          }
        }),
    );
    await choose(page, "a", "a.jpg", photos.good);
    expect(await heard).toEqual(["start a", "progress a", "report a"]);
    await page.evaluate(() => document.addEventListener("icp-precheck:start", (event) => event.preventDefault()));
    await choose(page, "a", "b.jpg", pdf);
    await page.waitForTimeout(600);
    expect(await page.locator("#a [data-code]").count()).toBe(0);
    expect((await validity(page, "a")).valid).toBe(true);
  });

  it("an attribute that changes is a new check, several at once are one", async () => {
    const { page } = await open({ html: body(element("a")) });
    await choose(page, "a", "a.jpg", pdf);
    await finding(page, "a", "file.type-unsupported").waitFor();
    const said = await page.evaluate(async () => {
      const one = document.querySelector("icp-photo-check");
      if (!one) throw new Error("no element");
      let starts = 0;
      one.addEventListener("icp-precheck:start", () => {
        starts += 1;
      });
      const told = new Promise<string>((resolve) => {
        one.addEventListener("icp-precheck:report", ({ detail }) => {
          resolve(`${detail.report.findings[0]?.message} ${starts}`);
        });
      });
      one.locale = "zh-CN";
      one.material = "domain-name-certificate";
      one.side = "";
      return told;
    });
    expect(said).toMatch(/PDF.*\p{Script=Han}.* 1$/u);
    expect(await page.locator("#a [part~=choose]").innerText()).toBe("换一张");
  });

  it("slots, parts and custom properties reach what they name", async () => {
    const inside = '<b slot="label">Own label</b><i slot="hint">Own hint</i><button slot="controls">Own</button>';
    const { page } = await open({
      html: body(
        element("a", "", inside),
        '<script type="module" src="/element-define.js"></script><link rel="stylesheet" href="/own.css">',
      ),
      before: (page) =>
        page.route("**/own.css", (route) =>
          route.fulfill({
            contentType: "text/css",
            body: "icp-photo-check { --icp-precheck-accent: rgb(1, 2, 3) } ::part(box) { border-width: 7px } ::part(finding-fail) { outline: 3px solid rgb(4, 5, 6) }",
          }),
        ),
    });
    await choose(page, "a", "a.jpg", pdf);
    await finding(page, "a", "file.type-unsupported").waitFor();
    const style = (selector: string, name: string) =>
      page
        .locator(`#a ${selector}`)
        .first()
        .evaluate((one, name) => getComputedStyle(one).getPropertyValue(name), name);
    expect(await style(".box", "border-top-width")).toBe("7px");
    expect(await style("[part~=choose]", "color")).toBe("rgb(1, 2, 3)");
    expect(await style("[part~=finding-fail]", "outline-color")).toBe("rgb(4, 5, 6)");
    for (const text of ["Own label", "Own hint"]) expect(await page.getByText(text).isVisible()).toBe(true);
    expect(await page.getByRole("button", { name: "Own label: Replace" }).count()).toBe(1);
  });

  it("a way to mend that the page brings is a button at the finding, and the new photo is checked", async () => {
    const { page, errors, complaints } = await open({
      html: body(element("a"), '<script type="module" src="/own.js"></script>'),
      before: (page) =>
        page.route("**/own.js", (route) =>
          route.fulfill({
            contentType: "text/javascript",
            body: `import { configure, define } from "/element.js";
              configure({ remedies: { convert: (file, { target }) => new File([], target.id + ".gif"), shrink: () => null } });
              define();`,
          }),
        ),
    });
    const webp = [0x52, 0x49, 0x46, 0x46, 26, 0, 0, 0, ...new TextEncoder().encode("WEBPVP8L"), 13, 0, 0, 0];
    await page.evaluate(() => document.addEventListener("change", () => Object.assign(document, { title: "changed" })));
    await bring(page, "a", "drop", [["a.webp", Uint8Array.from(webp)]]);
    await page.getByRole("button", { name: "Convert it" }).press("Enter");
    await finding(page, "a", "file.empty").waitFor();
    expect(await page.locator("#a [part=name]").innerText()).toBe("a.gif");
    expect(await page.title()).toBe("changed");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("a");
    expect(complaints).toEqual([expect.stringContaining('there is no remedy "shrink"')]);
    expect(errors).toEqual([]);
  });

  it("slips of the developer are told in the console", async () => {
    const { page, complaints } = await open({
      html: body(element("a", "side=top block=all locale=fr province=35 document=id")),
    });
    await choose(page, "a", "a.jpg", photos.good);
    await page.locator("#a .line").waitFor();
    await page.waitForFunction(() => document.querySelector("#a")?.matches(":state(pass), :state(review)"));
    const texts = complaints.join("\n");
    for (const text of [
      'side is "front" or "back", not "top"',
      'block is "blocking" or "advisory" or "never", not "all"',
      'locale is "zh-CN" or "en", not "fr"',
      'the province "35" is not known',
      'the document "id" is not known',
    ]) {
      expect(texts).toContain(text);
    }
  });

  it("taken out while it is checked it is silent, and put back it is checked", async () => {
    const { page, errors, complaints } = await open({
      html: body(element("a")),
      before: (page) => page.route("**/*.wasm", (route) => setTimeout(() => route.continue(), 700)),
    });
    await choose(page, "a", "a.jpg", pdf);
    const one = await page.evaluateHandle(() => {
      const one = document.querySelector("#a") as HTMLElement;
      one.remove();
      return one;
    });
    await page.waitForTimeout(1200);
    expect(await one.evaluate((it) => (it as unknown as { report: unknown }).report)).toBe(null);
    await one.evaluate((it) => document.body.append(it));
    await finding(page, "a", "file.type-unsupported").waitFor();
    expect([errors, complaints]).toEqual([[], []]);
  });

  it("under another name, with settings of the page", async () => {
    const { page, errors } = await open({
      html: body(
        `${element("a")}<own-photo id="b" name="b"></own-photo>`,
        '<script type="module" src="/own.js"></script>',
      ),
      before: (page) =>
        page.route("**/own.js", (route) =>
          route.fulfill({
            contentType: "text/javascript",
            body: `import { configure, define } from "/element.js";
              configure({ upload: { id: "own", name: { zh: "本站", en: "Ours" }, formats: ["jpeg"], maxBytes: 1000 }, block: "never" });
              define(); define("own-photo");`,
          }),
        ),
    });
    await choose(page, "b", "a.jpg", photos.good);
    await finding(page, "b", "file.too-large").waitFor();
    expect((await validity(page, "b")).valid).toBe(true);
    expect(errors).toEqual([]);
  });
});

it("the page of the manual works as it is printed, and names every slot, part and property", async () => {
  const manual = readFileSync(new URL("../../docs/use-element.md", import.meta.url), "utf8");
  const { page, errors } = await open({ html: /^```html\n([\s\S]*?)^```$/m.exec(manual)?.[1] ?? "" });
  await page.locator("[name=id-front] input").first().setInputFiles(file("a.jpg", pdf));
  await page.locator("[name=id-front] [data-code='file.type-unsupported']").waitFor();
  const made = await page.evaluate(() => {
    const root = document.querySelector("icp-photo-check")?.shadowRoot;
    const all = [...(root?.querySelectorAll("*") ?? [])];
    const css = [...(root?.adoptedStyleSheets[0]?.cssRules ?? [])].map(({ cssText }) => cssText).join();
    return [
      ...all.flatMap((one) => [...one.part]),
      ...all.filter((one) => one instanceof HTMLSlotElement).map(({ name }) => name),
      ...(css.match(/--icp-precheck-[a-z-]+/g) ?? []),
    ];
  });
  expect(made.length).toBeGreaterThan(30);
  expect(made.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  expect(errors).toEqual([]);
});

it("Trusted Types leave nothing to complain about", async () => {
  const trusted = "; require-trusted-types-for 'script'; trusted-types icp-precheck";
  const { page, errors, complaints, asked } = await open({ html: body(element("a")), policy: POLICY + trusted });
  await choose(page, "a", "a.jpg", photos.good);
  await summary(page, "a").getByText("No problem found").waitFor();
  expect(asked.filter((one) => one === "/worker.js").length).toBeGreaterThan(0);
  expect([errors, complaints]).toEqual([[], []]);
});

it("what has the name already stays, and the developer is told; so with settings that do not exist", async () => {
  const { page, complaints, errors } = await open({
    html: body(element("a"), '<script type="module" src="/own.js"></script>'),
    before: (page) =>
      page.route("**/own.js", (route) =>
        route.fulfill({
          contentType: "text/javascript",
          body: `import { configure, define } from "/element.js";
            class Other extends HTMLElement { constructor() { super().attachShadow({ mode: "open" }); } }
            customElements.define("icp-photo-check", Other);
            configure({ language: "en", block: "all" });
            document.title = define() === Other ? "other" : "ours";`,
        }),
      ),
  });
  expect(await page.title()).toBe("other");
  expect(complaints).toEqual([
    expect.stringContaining('configure: there is no "language"'),
    expect.stringContaining("configure: block is none of blocking, advisory, never"),
    expect.stringContaining("<icp-photo-check> is something else already"),
  ]);
  expect(errors).toEqual([]);
});

describe("when something of ours fails, the form works as before", () => {
  it.each([
    ["wasm is not there", { missing: /\.wasm$/ }],
    ["the policy forbids wasm", { policy: POLICY.replace("'wasm-unsafe-eval'", "") }],
  ] satisfies [string, Host][])("%s: size and name are still checked", async (_what, host) => {
    const { page, errors } = await open({ ...host, html: body(element("a")) });
    await choose(page, "a", "a.jpg", pdf);
    await summary(page, "a").getByText("The content was not checked").waitFor();
    expect((await validity(page, "a")).valid).toBe(true);
    await choose(page, "a", "big.jpg", new Uint8Array(4_194_304));
    await summary(page, "a").getByText("The file is too large: 4 MB").waitFor();
    expect((await validity(page, "a")).valid).toBe(false);
    expect(errors).toEqual([]);
  });

  it("a policy without blob: pictures costs the preview alone", async () => {
    const { page } = await open({ html: body(element("a")), policy: POLICY.replace("; img-src blob:", "") });
    await choose(page, "a", "a.jpg", photos.good);
    await summary(page, "a").getByText("No problem found").waitFor();
    expect(await page.locator("#a .picture").isVisible()).toBe(false);
  });
});

describe("what may go wrong around the script", () => {
  it.each([
    ["no Worker", {}, "Reflect.deleteProperty(globalThis, 'Worker')", "simd"],
    ["a policy without workers", { policy: POLICY.replace("worker-src 'self'", "worker-src 'none'") }, "", "simd"],
    ["no worker file", { missing: /worker\.js$/ }, "", "simd"],
    ["no SIMD", {}, "WebAssembly.validate = () => false", "baseline"],
    ["wasm under a wrong type", { wasmType: "text/plain" }, "", "simd"],
  ] as const)("with %s the photos are checked as well", async (_what, site, script, engine) => {
    const before = (page: Page) => page.addInitScript(script);
    const { page, errors, asked } = await open({ html: body(element("a")), ...site, before });
    await choose(page, "a", "a.jpg", photos.blurred);
    await finding(page, "a", "photo.blurred").waitFor();
    expect(errors).toEqual([]);
    expect(asked.filter((one) => one.endsWith(".wasm"))).toEqual([`/icp_precheck_${engine}.wasm`]);
  });

  it("offline from the start, size and name are looked at; a later choice finds the way back and does without it then", async () => {
    const { page, errors } = await open({ html: body(element("a") + element("b")) });
    await page.context().setOffline(true);
    await choose(page, "a", "a.jpg", photos.good);
    await summary(page, "a").getByText("The content was not checked").waitFor();
    await page.context().setOffline(false);
    await choose(page, "a", "b.jpg", photos.good);
    await summary(page, "a").getByText("No problem found").waitFor();
    await page.context().setOffline(true);
    await choose(page, "b", "c.jpg", photos.blurred);
    await finding(page, "b", "photo.blurred").waitFor();
    expect(errors).toEqual([]);
  });

  it("loaded twice it works once; of a second copy the first stays, and the console says so", async () => {
    const tag = (src: string) => `<script type="module" src="${src}"></script>`;
    const { page, errors, complaints, asked } = await open({
      html: body(element("a"), tag("/element-define.js") + tag("/element-define.js") + tag("/copy/element-define.js")),
      before: (page) =>
        page.route("**/copy/*", async (route) => {
          const url = route.request().url().replace("/copy/", "/");
          await route.fulfill({ response: await route.fetch({ url }) });
        }),
    });
    await choose(page, "a", "a.jpg", pdf);
    await finding(page, "a", "file.type-unsupported").waitFor();
    expect(await page.locator("#a [data-code='file.type-unsupported']").count()).toBe(1);
    await vi.waitFor(() => expect(complaints).toHaveLength(1));
    expect(complaints).toEqual([expect.stringContaining("<icp-photo-check> is something else already")]);
    expect(asked.filter((one) => one.endsWith(".wasm"))).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it("a row that is copied with its element gets an empty one of its own", async () => {
    const { page, errors } = await open({ html: body(`<form><div id="row">${element("a", "required")}</div></form>`) });
    await choose(page, "a", "a.jpg", pdf);
    await finding(page, "a", "file.type-unsupported").waitFor();
    await page.evaluate(() => {
      const copy = document.querySelector("#row")?.cloneNode(true) as HTMLElement;
      copy.querySelector("icp-photo-check")?.setAttribute("id", "b");
      document.querySelector("form")?.append(copy);
    });
    expect(await validity(page, "b")).toMatchObject({ valid: false, valueMissing: true, customError: false });
    expect(await page.locator("#b [data-code]").count()).toBe(0);
    await choose(page, "b", "b.jpg", photos.good);
    await summary(page, "b").getByText("No problem found").waitFor();
    expect((await validity(page, "b")).valid).toBe(true);
    expect((await validity(page, "a")).customError).toBe(true);
    const sent = await page.evaluate(() =>
      [...new FormData(document.querySelector("form") as HTMLFormElement).values()].map((one) => (one as File).name),
    );
    expect(sent).toEqual(["a.jpg", "b.jpg"]);
    expect(errors).toEqual([]);
  });
});
