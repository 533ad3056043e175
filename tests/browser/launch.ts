/** Chromium as every test wants it: without a screen, and asking nobody for anything. */
import { type Browser, chromium } from "playwright-core";

/** `more`: arguments of the command line that one test needs. */
export function launch(...more: string[]): Promise<Browser> {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", ...quiet, ...more],
  });
}
