/** The packed package in Firefox and WebKit, under a strict policy. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createPrecheck, type PhotoReport } from "icp-precheck";
import { describe, expect, it } from "vitest";
import { drawInPage } from "../browser/drawing.js";
import { answerOf, BROWSERS, isMissing, type Site } from "../browser/others.js";
import { asked, installed, setting } from "./packed.js";

const POLICY = setting("csp").trim();

interface Answer {
  agent: string;
  mode: string;
  checks: { photo: number[]; report: PhotoReport }[];
  failed?: string;
}

const SCRIPT = (entry: string) => `
import { createPrecheck } from "/icp/${entry}.js";
${drawInPage}
async function check() {
  const precheck = await createPrecheck({ locale: "en" });
  const checks = [];
  for (const size of [[1600, 1000], [640, 400]]) {
    const photo = await drawInPage([...size, {}]);
    const file = new File([Uint8Array.from(photo)], "card.jpg", { type: "image/jpeg" });
    checks.push({ photo, report: await precheck.checkPhoto(file, ${JSON.stringify(asked)}) });
  }
  return { agent: navigator.userAgent, mode: precheck.mode, checks };
}
const answer = await check().catch((error) => ({ failed: String(error?.stack ?? error) }));
await fetch("/answer", { method: "POST", body: JSON.stringify(answer) });
`;

const site = (entry: string): Site => ({
  policy: POLICY,
  html: '<script type="module" src="/page.js"></script>',
  script: SCRIPT(entry),
  file(path) {
    const inPackage = join(installed, "dist", path.replace(/^icp\//, ""));
    return path.startsWith("icp/") && existsSync(inPackage) ? readFileSync(inPackage) : null;
  },
});

describe.each(BROWSERS)("$name", { timeout: 120_000 }, (browser) => {
  it.for(["browser", "inline"])("checks photos with %s.js as Node does", async (entry, { skip }) => {
    if (isMissing(browser)) return skip();
    const { failed, agent, mode, checks } = await answerOf<Answer>(browser, site(entry));
    expect(failed).toBeUndefined();
    expect(agent).toContain(browser.name);
    // The policy has no worker from within the script.
    expect(mode).toBe(entry === "inline" ? "local" : "worker");
    const precheck = await createPrecheck({ locale: "en" });
    for (const { photo, report } of checks) {
      const file = new File([Uint8Array.from(photo)], "card.jpg", { type: "image/jpeg" });
      expect(report).toEqual(await precheck.checkPhoto(file, asked));
    }
    expect(checks.map(({ report }) => report.file.widthPx)).toEqual([1600, 640]);
    precheck.close();
  });
});
