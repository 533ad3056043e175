/** The element and the drop-in in Firefox and WebKit, under a strict policy. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { drawInPage } from "../browser/drawing";
import { answerOf, BROWSERS, isMissing } from "../browser/others";

interface Answer {
  failed?: string;
  agent: string;
  good: { said: string; valid: boolean; outlines: number; picture: boolean; flex: string; state: boolean };
  bad: { said: string; valid: boolean; message: string; sent: string[] };
  dropin: { said: string; valid: boolean; flex: string };
}

const HTML = `
<script src="/dropin.js" defer></script>
<script type="module" src="/element-define.js"></script>
<form>
  <icp-photo-check id="good" name="good" material="leader-identity-document" side="front" required></icp-photo-check>
  <icp-photo-check id="bad" name="bad" material="leader-identity-document" side="back"></icp-photo-check>
</form>
<input type="file" id="input" data-icp-material="organization-certificate">
<script type="module" src="/page.js"></script>`;

const SCRIPT = `
${drawInPage}
const pdf = (name) => new File(["%PDF-1.7\\n1 0 obj\\n"], name, { type: "image/jpeg" });
const reported = (target) =>
  new Promise((resolve) => target.addEventListener("icp-precheck:report", () => setTimeout(resolve, 50), { once: true }));
async function check() {
  const [good, bad, input] = ["good", "bad", "input"].map((id) => document.getElementById(id));
  const photo = new File([Uint8Array.from(await drawInPage([1600, 1000, {}]))], "card.jpg", { type: "image/jpeg" });
  const wasMissing = good.validity.valueMissing;
  const done = [good, bad, input].map(reported);
  good.file = photo;
  bad.file = pdf("scan.jpg");
  const data = new DataTransfer();
  data.items.add(pdf("scan.jpg"));
  input.files = data.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await Promise.all(done);
  const within = (one, selector) => one.shadowRoot.querySelector(selector);
  const image = within(good, "img");
  await image.decode();
  let state = false;
  try {
    state = good.matches(":state(pass)");
  } catch {}
  const output = input.nextElementSibling;
  return {
    agent: navigator.userAgent,
    good: {
      said: within(good, "[role=status]").textContent,
      valid: wasMissing && good.validity.valid,
      outlines: good.shadowRoot.querySelectorAll("polygon").length,
      picture: image.naturalWidth === 1600 && image.getClientRects().length === 1,
      flex: getComputedStyle(within(good, ".line")).display,
      state,
    },
    bad: {
      said: within(bad, "[role=status]").textContent,
      valid: bad.checkValidity(),
      message: bad.validationMessage,
      sent: [...new FormData(document.forms[0])].map(([name, file]) => name + " " + file.name),
    },
    dropin: {
      said: output.textContent,
      valid: input.checkValidity(),
      flex: getComputedStyle(output.querySelector(".icp-precheck__line, .icp-precheck__finding")).display,
    },
  };
}
const answer = await check().catch((error) => ({ failed: String(error?.stack ?? error) }));
await fetch("/answer", { method: "POST", body: JSON.stringify(answer) });
`;

describe.each(BROWSERS)("$name", { timeout: 120_000 }, (browser) => {
  it("a good photo passes and is drawn upon, a PDF blocks its form, and the drop-in says the same", async ({
    skip,
  }) => {
    if (isMissing(browser)) return skip();
    const answer = await answerOf<Answer>(browser, {
      policy:
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src blob:",
      html: HTML,
      script: SCRIPT,
      file(path) {
        const file = fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
        return /^[\w.-]+$/.test(path) && existsSync(file) ? readFileSync(file) : null;
      },
    });
    expect(answer.failed).toBeUndefined();
    expect(answer.agent).toContain(browser.name);
    expect(answer.good).toEqual({
      ...{ said: "No problem found", valid: true, outlines: 2, picture: true, flex: "flex" },
      // Known to the engines of this year; older ones go without.
      state: expect.any(Boolean),
    });
    expect(answer.bad).toMatchObject({ valid: false, sent: ["good card.jpg", "bad scan.jpg"] });
    expect(answer.bad.said).toMatch(/^Must fix: \d/);
    expect(answer.bad.message).toContain("PDF");
    expect(answer.dropin).toMatchObject({ valid: false, flex: "flex" });
    expect(answer.dropin.said).toContain("PDF");
  });
});
