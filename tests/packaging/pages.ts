/** Opens built pages in Chromium, chooses a photo, and reads what the page says about it. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createPrecheck, type PhotoReport } from "icp-precheck";
import type { Browser, Page } from "playwright-core";
import { drawPhoto } from "../browser/drawing.js";
import { launch } from "../browser/launch.js";
import { asked, installed } from "./packed.js";

const TYPES: Record<string, string> = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  css: "text/css",
  json: "application/json",
  wasm: "application/wasm",
};

export interface Answer {
  mode?: "worker" | "local";
  report?: PhotoReport;
  error?: string;
}

export interface Checked extends Answer {
  /** Names in dist/ of the wasm files that were loaded, whatever a bundler calls them. */
  loaded: string[];
  /** What the page complained about. */
  complaints: string[];
}

export interface Site {
  /** Folders and what they are called on the site; the first that has a file serves it. */
  folders?: Record<string, string>;
  /** Files by path. */
  files?: Record<string, string>;
  headers?: (path: string) => Record<string, string>;
  /** Paths that are not found. */
  missing?: RegExp;
}

/** What Node says of a photo, which every page has to say, too. */
export async function saidByNode(photo: Uint8Array): Promise<PhotoReport> {
  const precheck = await createPrecheck({ locale: "en" });
  try {
    return await precheck.checkPhoto(new File([photo as BlobPart], "card.jpg", { type: "image/jpeg" }), asked);
  } finally {
    precheck.close();
  }
}

export class Pages {
  private readonly servers: Server[] = [];

  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<Pages> {
    return new Pages(await launch());
  }

  /** A photo that nothing is wrong with, and one that is blurred. */
  async photos(): Promise<{ good: Uint8Array; blurred: Uint8Array }> {
    const page = await this.browser.newPage();
    const photos = { good: await drawPhoto(page), blurred: await drawPhoto(page, 1600, 1000, { blur: 8 }) };
    await page.close();
    return photos;
  }

  async serve({ folders = {}, files = {}, headers, missing }: Site): Promise<string> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "", "http://host");
      const path = pathname === "/" ? "/index.html" : pathname;
      const body = missing?.test(path) ? null : (files[path] ?? find(folders, path));
      response.writeHead(body === null ? 404 : 200, {
        "Content-Type": TYPES[/\w+$/.exec(path)?.[0] ?? ""] ?? "text/plain",
        ...headers?.(path),
      });
      response.end(body);
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  /** Opens a page of `app`, chooses the photo, and waits for the answer. */
  async check(address: string, photo: Uint8Array, before?: (page: Page) => Promise<unknown>): Promise<Checked> {
    return this.open(address, before, async (page) => {
      await page.waitForSelector("input:enabled");
      await page.setInputFiles("input", { name: "card.jpg", mimeType: "image/jpeg", buffer: Buffer.from(photo) });
      await page.waitForFunction(() => document.querySelector("output")?.textContent);
      return JSON.parse((await page.textContent("output")) ?? "") as Answer;
    });
  }

  /** Opens a page with the drop-in, chooses the photo, and waits for the findings under the input. */
  async dropin(address: string, photo: Uint8Array, before?: (page: Page) => Promise<unknown>) {
    return this.open(address, before, async (page) => {
      await page.setInputFiles("input", { name: "card.jpg", mimeType: "image/jpeg", buffer: Buffer.from(photo) });
      const finding = page.locator("[data-code^='photo.']");
      await finding.first().waitFor();
      const codes = await finding.evaluateAll((all) => all.map((one) => one.getAttribute("data-code")));
      return { codes, workers: page.workers().length };
    });
  }

  private async open<T extends object>(
    address: string,
    before: ((page: Page) => Promise<unknown>) | undefined,
    use: (page: Page) => Promise<T>,
  ): Promise<T & { loaded: string[]; complaints: string[] }> {
    const context = await this.browser.newContext();
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const loading: Promise<string | undefined>[] = [];
      const complaints: string[] = [];
      context.on("response", (response) => {
        const { pathname } = new URL(response.url());
        if (!pathname.endsWith(".wasm") || !response.ok()) return;
        loading.push(
          response.body().then(
            (body) => nameOf(body, pathname),
            () => undefined,
          ),
        );
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        const { url } = message.location();
        // A page without an icon is asked for one.
        const isOurs = !url.endsWith("/favicon.ico");
        if (["error", "warning"].includes(message.type()) && isOurs) complaints.push(message.text());
      });
      await before?.(page);
      await page.goto(address);
      const answer = await use(page);
      const loaded = (await Promise.all(loading)).filter((name) => name !== undefined);
      return { ...answer, loaded: loaded.sort(), complaints };
    } finally {
      await context.close();
    }
  }

  async close(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    await this.browser.close();
  }
}

function find(folders: Record<string, string>, path: string): Buffer | null {
  for (const [prefix, folder] of Object.entries(folders)) {
    if (!path.startsWith(prefix)) continue;
    const file = join(folder, path.slice(prefix.length));
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) return readFileSync(file);
  }
  return null;
}

const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const FILES = ["icp_precheck_simd.wasm", "icp_precheck_baseline.wasm"];
const names = new Map(FILES.map((name) => [hash(readFileSync(join(installed, "dist", name))), name]));

/** What is sent as text does not reach us byte by byte; such a file has kept its name. */
const nameOf = (body: Buffer, pathname: string) =>
  names.get(hash(body)) ?? FILES.find((name) => pathname.endsWith(`/${name}`));
