/**
 * The packed package in Firefox and WebKit, under a strict policy. No driver is needed: the page draws a photo, checks it by
 * itself, and sends home what came of it.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPrecheck, type PhotoReport } from "icp-precheck";
import { describe, expect, it } from "vitest";
import { findFirefox, findWebkit } from "../../scripts/tools.mjs";
import { drawInPage } from "../browser/drawing.js";
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

interface Browser {
  name: string;
  path: string | undefined;
  args(profile: string, address: string): string[];
  needsScreen: boolean;
  env: Record<string, string>;
}

const browsers: Browser[] = [
  {
    name: "Firefox",
    path: findFirefox(),
    args: (profile, address) => ["--headless", "--no-remote", "--profile", profile, address],
    needsScreen: false,
    env: {},
  },
  {
    name: "WebKit",
    path: findWebkit(),
    args: (_, address) => ["--ignore-tls-errors", address],
    needsScreen: true,
    // Its sandbox wants rights that test machines do not give; the only page it sees is ours.
    env: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", GDK_BACKEND: "x11", NO_AT_BRIDGE: "1" },
  },
];

/** Nothing is fetched, asked or shown at the first start of a Firefox. */
const PREFERENCES = `
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("browser.startup.page", 0);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("app.update.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
`;

/** What the page that the browser opened has sent home. */
async function answerOf({ name, path, args, needsScreen, env }: Browser, entry: string): Promise<Answer> {
  const types: Record<string, string> = { js: "text/javascript", wasm: "application/wasm" };
  let arrived: (answer: Answer) => void = () => {};
  const answer = new Promise<Answer>((resolve) => {
    arrived = resolve;
  });
  const server = createServer(async (request, response) => {
    const { url = "/" } = request;
    response.setHeader("Content-Security-Policy", POLICY);
    if (url === "/answer") {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      response.end();
      arrived(JSON.parse(Buffer.concat(parts).toString()) as Answer);
      return;
    }
    const text =
      url === "/"
        ? '<!doctype html><meta charset="utf-8"><title>host</title><script type="module" src="/page.js"></script>'
        : url === "/page.js"
          ? SCRIPT(entry)
          : url.startsWith("/icp/")
            ? readFileSync(join(installed, "dist", url.slice("/icp/".length)))
            : null;
    response.writeHead(text === null ? 404 : 200, {
      "Content-Type": url === "/" ? "text/html" : (types[/\w+$/.exec(url)?.[0] ?? ""] ?? "text/plain"),
    });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const profile = mkdtempSync(join(tmpdir(), "icp-precheck-"));
  writeFileSync(join(profile, "user.js"), PREFERENCES);
  const own = [path ?? "", ...args(profile, address)];
  const [command = "", ...rest] = needsScreen && !process.env.DISPLAY ? ["xvfb-run", "-a", ...own] : own;
  const child = spawn(command, rest, {
    env: { ...process.env, ...env, HOME: profile },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      said += data;
    });
  }
  const ended = new Promise<never>((_, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${name} ended with ${code} before its page did:\n${said}`)));
  });
  try {
    return await Promise.race([answer, ended]);
  } finally {
    ended.catch(() => undefined);
    try {
      // With the screen and the helpers that it started.
      if (child.pid) process.kill(-child.pid);
    } catch {
      // It has ended by itself.
    }
    server.closeAllConnections();
    server.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

describe.each(browsers)("$name", { timeout: 120_000 }, (browser) => {
  it.for(["browser", "inline"])("checks photos with %s.js as Node does", async (entry, { skip }) => {
    const lacksScreen =
      browser.needsScreen && !process.env.DISPLAY && spawnSync("xvfb-run", ["--help"]).error !== undefined;
    if (!browser.path || lacksScreen) {
      const missing = browser.path ? "xvfb-run" : browser.name;
      console.warn(
        `\nNOT TESTED in ${browser.name}: there is no ${missing} on this machine, and none could be installed.\n`,
      );
      return skip();
    }
    const { failed, agent, mode, checks } = await answerOf(browser, entry);
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
