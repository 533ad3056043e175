/** The drop-in script among what host pages are made of: many forms, shadow roots, their own scripts, and mishaps. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { choose, file, isValid, open, output, POLICY, pdf, photos, submit } from "./host";

const ID = 'data-icp-material="leader-identity-document"';
const body = (content: string, script = "") =>
  `<!doctype html><html lang="en"><title>Host</title><script src="/dropin.js" defer ${script}></script><body>${content}`;
const upload = (id: string, attributes = `${ID}`) =>
  `<label for="${id}">${id}</label><input type="file" id="${id}" ${attributes}>`;
const summary = (page: Page, input: string) => output(page, input).getByRole("status").first();
const finding = (page: Page, input: string, code: string) => output(page, input).locator(`[data-code='${code}']`);
/** Every event of ours from now on, as name and input. */
const listen = (page: Page) =>
  page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const name of ["start", "progress", "report", "pair"]) {
      document.addEventListener(`icp-precheck:${name}`, (event) => {
        const { file, done, total } = (event as CustomEvent<{ file?: File; done?: number; total?: number }>).detail;
        const count = total === undefined ? "" : ` ${file?.name} ${done}/${total}`;
        heard.push(`${name}${event.cancelable ? "" : "!"} ${(event.target as Element).id}${count}`);
      });
    }
  });
const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard);

describe("what is said", () => {
  it("is summed up in one sentence, and only that is read out by itself", async () => {
    const { page } = await open({ html: body(upload("a")) });
    const large = new Uint8Array(4_194_304);
    large.set(pdf);
    await choose(page, "a", file("a.jpg", large));
    await finding(page, "a", "file.type-unsupported").waitFor();
    const said = () =>
      page.evaluate(() => {
        const input = document.querySelector("#a");
        const output = document.getElementById(input?.getAttribute("aria-describedby") ?? "");
        const regions = [...(output?.querySelectorAll("[role=status], [aria-live]") ?? [])];
        return { read: regions.map(({ textContent }) => textContent), all: output?.textContent };
      });
    expect(await said()).toEqual({
      read: ["Must fix: 2, Better fix: 1"],
      all: expect.stringMatching(/^Must fix: 2, Better fix: 1 Must fix .*PDF/),
    });
    // One thing to say is its own summary.
    await choose(page, "a", file("a.jpg", photos.blurred));
    await finding(page, "a", "photo.blurred").waitFor();
    expect((await said()).read).toEqual([expect.stringMatching(/^Better fix .*blurred/i)]);
  });

  it("of several files is one sum", async () => {
    const { page } = await open({ html: body(upload("a", `${ID} multiple`)) });
    await choose(page, "a", file("a.jpg", photos.good), file("b.jpg", pdf));
    await summary(page, "a")
      .getByText(/^No problem found in 1 of 2 files, Must fix: \d/)
      .waitFor();
  });
});

describe("events", () => {
  it("tell of the start, of each file that is done, and of the reports; progress cannot be prevented", async () => {
    const { page } = await open({ html: body(upload("a", `${ID} multiple`)) });
    await listen(page);
    await choose(page, "a", file("a.jpg", photos.good), file("b.jpg", photos.good));
    await summary(page, "a").getByText("No problem found in 2 files").waitFor();
    const events = await heard(page);
    expect(events[0]).toBe("start a");
    expect(events.slice(1, 3).map((one) => one.replace(/[ab]\.jpg/, "?"))).toEqual([
      "progress! a ? 1/2",
      "progress! a ? 2/2",
    ]);
    expect(events.slice(3)).toEqual(["report a", "report a"]);
  });

  it("a start that the page prevents is no check", async () => {
    const { page } = await open({ html: body(upload("a")) });
    await listen(page);
    await page.evaluate(() => document.addEventListener("icp-precheck:start", (event) => event.preventDefault(), true));
    const checked = page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>("#a") as HTMLInputElement;
      return new Promise((resolve) => {
        input.addEventListener("change", () => resolve(window.icpPrecheck?.check(input)));
      });
    });
    await choose(page, "a", file("a.jpg", pdf));
    expect(await checked).toBe(null);
    expect(new Set(await heard(page))).toEqual(new Set(["start a"]));
    expect(await output(page, "a").innerText()).toBe("");
    expect(await isValid(page, "a")).toBe(true);
  });
});

describe("what keeps a form from being sent can be chosen", () => {
  it.each([
    ["data-icp-block=never", "", pdf, true],
    ["", 'data-block="never"', pdf, true],
    ["data-icp-block=blocking", 'data-block="never"', pdf, false],
    ["data-icp-block=advisory", "", "blurred", false],
    ["", "", "blurred", true],
  ] as const)("%s %s", async (attribute, script, content, valid) => {
    const { page, complaints } = await open({ html: body(upload("a", `${ID} ${attribute}`), script) });
    await choose(page, "a", file("a.jpg", content === "blurred" ? photos.blurred : content));
    await output(page, "a").locator("[data-code]").first().waitFor();
    expect(await isValid(page, "a")).toBe(valid);
    expect(complaints).toEqual([]);
  });
});

describe("front and back", () => {
  const side = (id: string, which: string, group = "") => upload(id, `${ID} data-icp-side=${which} ${group}`);

  it("find each other by their group, across forms, and only there", async () => {
    const front = side("one-front", "front", "data-icp-group=one");
    const rest = side("two-front", "front", "data-icp-group=two") + side("one-back", "back", "data-icp-group=one");
    const { page, complaints } = await open({ html: body(`<form>${front}</form><form>${rest}</form>`) });
    await choose(page, "two-front", file("a.jpg", photos.good));
    await choose(page, "one-back", file("b.jpg", photos.good));
    await summary(page, "one-back").getByText("No problem found").waitFor();
    await choose(page, "one-front", file("c.jpg", photos.good));
    await finding(page, "one-back", "pair.same-photo").waitFor();
    expect(await finding(page, "two-front", "pair.same-photo").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("of one material in two forms are two pairs, and a reset empties one form's words", async () => {
    const form = (name: string) =>
      `<form id="${name}">${side(`${name}-front`, "front")}${side(`${name}-back`, "back")}<button type="reset">x</button></form>`;
    const { page } = await open({ html: body(form("a") + form("b")) });
    await choose(page, "a-front", file("a.jpg", photos.good));
    await choose(page, "b-back", file("b.jpg", pdf));
    await finding(page, "b-back", "file.type-unsupported").waitFor();
    await summary(page, "a-front").getByText("No problem found").waitFor();
    await choose(page, "a-back", file("c.jpg", photos.good));
    await finding(page, "a-back", "pair.same-photo").waitFor();
    await page.click("#a [type=reset]");
    await page.waitForFunction(() => document.querySelector("#a-front ~ .icp-precheck")?.textContent?.trim() === "");
    expect(await finding(page, "b-back", "file.type-unsupported").count()).toBe(1);
    expect(await isValid(page, "b-back")).toBe(false);
  });

  it("that cannot be told apart are not compared, and the developer is told how to", async () => {
    const html = body(side("f1", "front") + side("f2", "front") + side("b", "back"));
    const { page, complaints } = await open({ html });
    // Whichever comes last.
    for (const id of ["b", "f1", "f2", "b"]) {
      await choose(page, id, file("a.jpg", photos.good));
      await summary(page, id).getByText("No problem found").waitFor();
      await summary(page, "b").getByText("No problem found").waitFor();
    }
    expect(complaints).toEqual([expect.stringContaining("tell them apart with data-icp-group")]);
  });
});

describe("a way to mend that the page brings", () => {
  const withRemedy = async (remedy: string) => {
    const opened = await open({ html: body(upload("a"), 'data-auto-attach="false"') });
    // The configuration is read when the script runs, so that it comes from a script of its own in real pages.
    await opened.page.addInitScript(
      `window.icpPrecheckConfig = { remedies: { convert: ${remedy} }, autoAttach: true };`,
    );
    await opened.page.reload();
    return opened;
  };
  /** WebP by its first bytes: has to be converted. */
  const webp = new Uint8Array([
    0x52,
    0x49,
    0x46,
    0x46,
    26,
    0,
    0,
    0,
    ...new TextEncoder().encode("WEBPVP8L"),
    13,
    0,
    0,
    0,
  ]);

  it("is a button at the finding; the new file takes the place of the old one and is checked", async () => {
    const { page, errors } = await withRemedy(
      `async (file, { finding, target }) => new File([], [file.name, finding.code, target.id, ".gif"].join(" "))`,
    );
    const changes = page.evaluate(
      () => new Promise((resolve) => document.addEventListener("change", (event) => !event.isTrusted && resolve(true))),
    );
    await choose(page, "a", file("a.webp", webp, "image/webp"));
    await output(page, "a").getByRole("button", { name: "Convert it" }).press("Enter");
    expect(await changes).toBe(true);
    const names = await page
      .locator("#a")
      .evaluate((one) => [...((one as HTMLInputElement).files ?? [])].map((f) => f.name));
    expect(names).toEqual(["a.webp file.type-unsupported a .gif"]);
    await finding(page, "a", "file.empty").waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("a");
    expect(errors).toEqual([]);
  });

  it.each([
    ["() => { throw new Error('no') }", 'the remedy "convert" failed'],
    ["() => 'file'", "gave neither a File nor null"],
    ["() => null", ""],
  ])("that is %s leaves the file, and says so", async (remedy, complaint) => {
    const { page, complaints } = await withRemedy(remedy);
    await choose(page, "a", file("a.webp", webp, "image/webp"));
    await output(page, "a").getByRole("button").click();
    await output(page, "a").getByText("could not be mended").waitFor();
    expect(complaints.join()).toContain(complaint);
    expect(await page.locator("#a").evaluate((one) => (one as HTMLInputElement).files?.[0]?.name)).toBe("a.webp");
  });

  it("may be taken over by the page", async () => {
    const { page } = await withRemedy("() => { document.title = 'ran'; return null }");
    await page.evaluate(() =>
      document.addEventListener("icp-precheck:remedy", (event) => {
        document.title = event.detail.fix;
        event.preventDefault();
      }),
    );
    await choose(page, "a", file("a.webp", webp, "image/webp"));
    await output(page, "a").getByRole("button").click();
    expect(await page.title()).toBe("convert");
  });
});

describe("host pages of every kind", () => {
  it("inputs in a shadow root are looked after when told, with styles and language of their own", async () => {
    const { page } = await open({ html: body('<div id="host" lang="zh-CN"></div>') });
    await page.evaluate((html) => {
      const shadow = document.querySelector("#host")?.attachShadow({ mode: "open" }) as ShadowRoot;
      shadow.innerHTML = `<form>${html}<button>x</button></form>`;
      document.addEventListener("icp-precheck:report", (event) => {
        document.title = `${(event.composedPath()[0] as Element).id} ${event.detail.report.verdict}`;
      });
    }, upload("inner"));
    const input = page.locator("#inner");
    await input.setInputFiles(file("a.jpg", pdf));
    await page.waitForTimeout(200);
    expect(await page.locator(".icp-precheck").count()).toBe(0);
    // Chosen before it was attached: what is there already is checked.
    await page.evaluate(() => window.icpPrecheck?.attach(document.querySelector("#host")?.shadowRoot as ShadowRoot));
    await page.locator("[data-code='file.type-unsupported']").waitFor();
    expect(await page.title()).toBe("inner fail");
    expect(await page.locator(".icp-precheck").getAttribute("lang")).toBe("zh-CN");
    expect(await input.evaluate((one) => (one as HTMLInputElement).checkValidity())).toBe(false);
    const display = await page
      .locator(".icp-precheck__finding")
      .first()
      .evaluate((one) => getComputedStyle(one).display);
    expect(display).toBe("flex");
    await page.evaluate(() => window.icpPrecheck?.detach());
    expect(await page.locator(".icp-precheck").count()).toBe(0);
  });

  it("the host's own validation goes on: required, patterns, texts and listeners", async () => {
    const form = `<form>${upload("a", `${ID} required`)}<input id="name" required><button type="submit">x</button></form>`;
    const { page } = await open({ html: body(form) });
    await page.evaluate(() => {
      document.querySelector("form")?.addEventListener("submit", (event) => {
        event.preventDefault();
        document.title = "sent";
      });
      document.querySelector("#a")?.addEventListener("invalid", () => {
        document.body.dataset.heard = "invalid";
      });
    });
    const send = () => page.click("[type=submit]");
    await send();
    expect(await page.evaluate(() => document.body.dataset.heard)).toBe("invalid");
    await choose(page, "a", file("a.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
    await send();
    expect(await page.title()).toBe("Host");
    await page.fill("#name", "x");
    await send();
    expect(await page.title()).toBe("sent");
  });

  it("an input that is taken out while it is checked is forgotten without a word", async () => {
    const { page, errors, complaints } = await open({
      html: body(upload("a")),
      before: (page) => page.route("**/*.wasm", (route) => setTimeout(() => route.continue(), 800)),
    });
    await listen(page);
    await choose(page, "a", file("a.jpg", pdf));
    const input = await page.evaluateHandle(() => {
      const input = document.querySelector("#a") as HTMLInputElement;
      input.remove();
      return input;
    });
    await page.waitForTimeout(1500);
    expect(await heard(page)).toEqual(["start a"]);
    expect(await page.locator(".icp-precheck").count()).toBe(0);
    expect(await input.evaluate((one) => [one.validationMessage, one.getAttribute("aria-describedby")])).toEqual([
      "",
      null,
    ]);
    expect([errors, complaints]).toEqual([[], []]);
    // Put back, it is looked after again.
    await input.evaluate((one) => document.body.append(one));
    await finding(page, "a", "file.type-unsupported").waitFor();
  });

  it("a row that is copied with its input gets words of its own", async () => {
    const row = `<div id="row"><p id="hint">hint</p>${upload("a", `${ID} aria-describedby="hint"`)}</div>`;
    const { page } = await open({ html: body(row) });
    await choose(page, "a", file("a.jpg", pdf));
    await finding(page, "a", "file.type-unsupported").waitFor();
    await page.evaluate(() => {
      const copy = document.querySelector("#row")?.cloneNode(true) as HTMLElement;
      copy.id = "copy";
      const input = copy.querySelector("input") as HTMLInputElement;
      input.id = "b";
      input.value = "";
      document.body.append(copy);
    });
    await page.waitForFunction(() => document.querySelectorAll(".icp-precheck").length === 2);
    expect(await output(page, "b").innerText()).toBe("");
    const ids = await page.evaluate(() =>
      [...document.querySelectorAll("[id]")].map(({ id }) => id).filter((id) => /^icp-/.test(id)),
    );
    expect(new Set(ids).size).toBe(2);
    expect(await page.locator("#b").getAttribute("aria-describedby")).toMatch(/^hint icp-precheck-\d+$/);
    await choose(page, "b", file("b.jpg", photos.good));
    await summary(page, "b").getByText("No problem found").waitFor();
    expect([await isValid(page, "a"), await isValid(page, "b")]).toEqual([false, true]);
  });

  it("a host that throws our words away gets them again", async () => {
    const { page } = await open({ html: body(`<div>${upload("a")}</div>`) });
    await page.evaluate(() => document.querySelector(".icp-precheck")?.remove());
    await choose(page, "a", file("a.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
    await page.evaluate(() => document.querySelector(".icp-precheck")?.replaceChildren());
    await choose(page, "a", file("a.jpg", pdf));
    await finding(page, "a", "file.type-unsupported").waitFor();
  });
});

describe("slips of the developer are told in the console, and cost no more than themselves", () => {
  it.each([
    [ID, 'data-locale="fr"', 'locale is "zh-CN" or "en", not "fr"'],
    [ID, 'data-worker="no"', 'data-worker is "true" or "false", not "no"'],
    [ID, 'data-block="all"', 'block is "blocking" or "advisory" or "never", not "all"'],
    [ID, 'data-province="35"', 'the province "35" is not known'],
    [`${ID} data-icp-side=top`, "", 'data-icp-side is "front" or "back", not "top"'],
    [`${ID} data-icp-block=all`, "", 'data-icp-block is "blocking", "advisory" or "never", not "all"'],
    [`${ID} data-icp-sides=front`, "", "there is no data-icp-sides"],
    [`${ID} data-icp-province=35`, "", 'the province "35" is not known'],
    [`${ID} data-icp-document=id`, "", 'the document "id" is not known'],
    ['data-icp-material="id-card"', "", 'the material "id-card" is not known'],
  ])("%s %s", async (attributes, script, complaint) => {
    const { page, complaints } = await open({ html: body(upload("a", attributes), script) });
    await choose(page, "a", file("a.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
    expect(complaints).toEqual([expect.stringContaining(complaint)]);
  });

  it.each([
    ["{ language: 'en' }", 'icpPrecheckConfig has no "language"'],
    ["'en'", "icpPrecheckConfig is not an object"],
    ["{ worker: 'no' }", 'worker is true or false, not "no"'],
    ["{ remedies: { shrink: () => null } }", 'there is no remedy "shrink"'],
    ["{ remedies: { crop: true } }", 'remedies: "crop" is not a function'],
  ])("icpPrecheckConfig = %s", async (config, complaint) => {
    const { page, complaints } = await open({
      html: body(upload("a")),
      before: (page) => page.addInitScript(`window.icpPrecheckConfig = ${config};`),
    });
    await choose(page, "a", file("a.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
    expect(complaints).toEqual([expect.stringContaining(complaint)]);
  });

  it("an attribute on something that takes no files", async () => {
    const { complaints } = await open({ html: body(`<div ${ID}></div>${upload("a")}`) });
    expect(complaints).toEqual([expect.stringContaining("data-icp-material belongs on an <input type=file>")]);
  });

  it("limits of an unknown channel: nothing is checked against limits that may be wrong", async () => {
    const { page, complaints } = await open({ html: body(upload("a"), 'data-upload="elsewhere"') });
    await choose(page, "a", file("a.jpg", pdf));
    await output(page, "a").getByText("The content was not checked").waitFor();
    expect(complaints.join()).toContain("not checked");
    expect(await isValid(page, "a")).toBe(true);
  });
});

describe("what may go wrong around the script", () => {
  it("loaded twice, it works once", async () => {
    const html = body(`${upload("a")}<script src="/dropin.js" defer></script>`);
    const { page, errors, complaints } = await open({ html });
    await listen(page);
    await choose(page, "a", file("a.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
    expect((await heard(page)).filter((one) => one === "report a")).toHaveLength(1);
    expect(await page.locator(".icp-precheck").count()).toBe(1);
    expect([errors, complaints]).toEqual([[], []]);
  });

  it("of two versions the first stays, and the console says so", async () => {
    const { page, complaints } = await open({
      html: body(upload("a")),
      before: (page) => page.addInitScript("window.icpPrecheck = { version: '0.0.1' };"),
    });
    expect(complaints).toEqual([
      expect.stringMatching(/version 0\.0\.1 was loaded first and stays; \d+\.\d+\.\d+ does nothing/),
    ]);
    expect(await page.locator(".icp-precheck").count()).toBe(0);
  });

  it("wasm under a wrong type is compiled nevertheless", async () => {
    const { page, complaints } = await open({ html: body(upload("a")), wasmType: "text/plain" });
    await choose(page, "a", file("a.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
    expect(complaints).toEqual([]);
  });

  it.each([
    ["no Worker", {}, "Reflect.deleteProperty(globalThis, 'Worker')"],
    ["a policy without workers", { policy: POLICY.replace("worker-src 'self'", "worker-src 'none'") }, ""],
    ["no SIMD", {}, "WebAssembly.validate = () => false"],
    [
      "no constructed style sheets",
      {},
      "delete Document.prototype.adoptedStyleSheets; delete globalThis.CSSStyleSheet",
    ],
  ] as const)("with %s the photos are checked as well", async (_what, site, script) => {
    const { page, errors, asked } = await open({
      html: body(upload("a")),
      ...site,
      before: (page) => page.addInitScript(script),
    });
    await choose(page, "a", file("a.jpg", photos.blurred));
    await finding(page, "a", "photo.blurred").waitFor();
    expect(errors).toEqual([]);
    expect(asked.some((one) => one.includes(script.includes("validate") ? "baseline" : "simd"))).toBe(true);
  });

  it("under Trusted Types the photos are checked in a worker, without a complaint", async () => {
    const trusted = "; require-trusted-types-for 'script'; trusted-types icp-precheck";
    const { page, errors, complaints, asked } = await open({ html: body(upload("a")), policy: POLICY + trusted });
    await choose(page, "a", file("a.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
    expect(asked).toContain("/worker.js");
    expect([errors, complaints]).toEqual([[], []]);
  });

  it("offline after the first photo, the next ones are checked as before", async () => {
    const { page } = await open({ html: body(upload("a") + upload("b")) });
    await choose(page, "a", file("a.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
    await page.context().setOffline(true);
    await choose(page, "b", file("b.jpg", photos.blurred));
    await finding(page, "b", "photo.blurred").waitFor();
  });

  it("offline from the start, size and name are looked at, and a later choice finds the way back", async () => {
    const { page } = await open({ html: body(`<form>${upload("a")}<button type="submit">x</button></form>`) });
    await page.context().setOffline(true);
    await choose(page, "a", file("a.jpg", photos.good));
    await output(page, "a").getByText("The content was not checked").waitFor();
    await page.context().setOffline(false);
    await choose(page, "a", file("b.jpg", photos.good));
    await summary(page, "a").getByText("No problem found").waitFor();
  });
});

it("a form is sent while its photo is still being checked, as it would be without us", async () => {
  const { page } = await open({
    before: (page) => page.route("**/*.wasm", (route) => setTimeout(() => route.continue(), 1500)),
  });
  await choose(page, "id-front", file("a.jpg", pdf));
  expect(await submit(page)).toContain("id-front: a.jpg");
});
