/**
 * Firefox and WebKit, without a driver: the page that they open does by itself what is to be tested, and sends home what came
 * of it.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFirefox, findWebkit } from "../../scripts/tools.mjs";

/** What the browser opens. */
export interface Site {
  policy: string;
  /** What stands in the page; its own script is `/page.js`. */
  html: string;
  /** Posts JSON to `/answer`. */
  script: string;
  /** Other files by path; `null` for what is not there. */
  file(path: string): string | Buffer | null;
}

const TYPES: Record<string, string> = { js: "text/javascript", wasm: "application/wasm" };

export interface Browser {
  name: string;
  path: string | undefined;
  args(profile: string, address: string): string[];
  needsScreen: boolean;
  env: Record<string, string>;
}

export const BROWSERS: Browser[] = [
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
export async function answerOf<Answer>({ name, path, args, needsScreen, env }: Browser, site: Site): Promise<Answer> {
  let arrived: (answer: Answer) => void = () => {};
  const answer = new Promise<Answer>((resolve) => {
    arrived = resolve;
  });
  const server = createServer(async (request, response) => {
    const { url = "/" } = request;
    response.setHeader("Content-Security-Policy", site.policy);
    if (url === "/answer") {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      response.end();
      arrived(JSON.parse(Buffer.concat(parts).toString()) as Answer);
      return;
    }
    const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title>${site.html}`;
    const text = url === "/" ? page : url === "/page.js" ? site.script : site.file(url.slice(1));
    const type = url === "/" ? "text/html" : TYPES[/\w+$/.exec(url)?.[0] ?? ""];
    response.writeHead(text === null ? 404 : 200, { "Content-Type": type ?? "text/plain" });
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

/** Whether it cannot be started here, said aloud. */
export function isMissing(browser: Browser): boolean {
  const lacksScreen =
    browser.needsScreen && !process.env.DISPLAY && spawnSync("xvfb-run", ["--help"]).error !== undefined;
  if (browser.path && !lacksScreen) return false;
  const missing = browser.path ? "xvfb-run" : browser.name;
  console.warn(
    `\nNOT TESTED in ${browser.name}: there is no ${missing} on this machine, and none could be installed.\n`,
  );
  return true;
}
