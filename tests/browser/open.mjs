// Opens a page in Chromium, Firefox or WebKit without a driver: the page does by itself what it is for, and sends home what
// came of it.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFirefox, findWebkit } from "../../scripts/tools.mjs";

/**
 * @typedef {object} Browser
 * @property {string} name
 * @property {string | undefined} path
 * @property {(profile: string, address: string) => string[]} args
 * @property {boolean} needsScreen
 * @property {Record<string, string>} env
 */

/** @type {Browser} */
export const FIREFOX = {
  name: "Firefox",
  path: findFirefox(),
  args: (profile, address) => ["--headless", "--no-remote", "--profile", profile, address],
  needsScreen: false,
  env: {},
};

/** @type {Browser} */
export const WEBKIT = {
  name: "WebKit",
  path: findWebkit(),
  args: (_, address) => ["--ignore-tls-errors", address],
  needsScreen: true,
  // Its sandbox wants rights that test machines do not give; the only page it sees is ours.
  env: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", GDK_BACKEND: "x11", NO_AT_BRIDGE: "1" },
};

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

/**
 * What is missing to start it here; `null`: nothing.
 *
 * @param {Browser} browser
 */
export function missingFor({ name, path, needsScreen }) {
  if (!path) return name;
  return needsScreen && !process.env.DISPLAY && spawnSync("xvfb-run", ["--help"]).error ? "xvfb-run" : null;
}

/**
 * `ended` rejects when the browser ends by itself; `close` ends it.
 *
 * @param {Browser} browser
 * @param {string} address
 */
export function openPage({ name, path, args, needsScreen, env }, address) {
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
  /** @type {Promise<never>} */
  const ended = new Promise((_, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${name} ended with ${code} before its page did:\n${said}`)));
  });
  ended.catch(() => undefined);
  return {
    ended,
    async close() {
      try {
        // With the screen and the helpers that it started.
        if (child.pid) process.kill(-child.pid);
      } catch {
        // It has ended by itself.
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
