/** Host pages of the drop-in or the element under a strict policy, in Chromium. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { drawPhoto } from "./drawing";
import { launch } from "./launch";

const TYPES: Record<string, string> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  wasm: "application/wasm",
};

export interface Host {
  /** In place of the example. */
  html?: string;
  policy?: string;
  missing?: RegExp;
  context?: BrowserContextOptions;
  before?: (page: Page) => Promise<unknown>;
  /** Content type under which the wasm files are sent. */
  wasmType?: string;
}

interface Settings {
  /** Folder in `www` whose `host` is the example. */
  folder: string;
  /** The policy where a test has none of its own. */
  policy: string;
  /** Which errors in the console are complaints. */
  isComplaint?: (text: string) => boolean;
}

/** One browser for all tests of a file; what a test has opened is closed after it. */
export function hostPages({ folder, policy: usual, isComplaint = () => true }: Settings) {
  let browser: Browser;
  /** Photos that nothing is wrong with, and one that is blurred. */
  const photos = {} as Record<"good" | "square" | "blurred", Uint8Array>;
  const servers: Server[] = [];

  beforeAll(async () => {
    browser = await launch();
    const page = await browser.newPage();
    photos.good = await drawPhoto(page);
    photos.square = await drawPhoto(page, 1000, 1000);
    photos.blurred = await drawPhoto(page, 1600, 1000, { blur: 8 });
  }, 60_000);

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  afterAll(() => browser.close());

  async function open(
    { html, policy = usual, missing, context: options = {}, before, wasmType }: Host = {},
    within: Pick<Browser, "newContext"> = browser,
  ) {
    const asked: string[] = [];
    const server = createServer(({ url = "" }, response) => {
      asked.push(url);
      const name = url === "/" ? "index.html" : url.slice(1);
      const from = /^(index\.html|host\.)/.test(name) ? `../../www/${folder}/host/` : "../../dist/";
      let body: Buffer | null = null;
      try {
        if (name === "index.html" && html) body = Buffer.from(html);
        else if (!missing?.test(name)) body = readFileSync(new URL(from + name, import.meta.url));
      } catch {
        // Answered as not found.
      }
      const type = (/\.wasm$/.test(name) && wasmType) || (TYPES[/\w+$/.exec(name)?.[0] ?? ""] ?? "text/plain");
      response.writeHead(body ? 200 : 404, { "Content-Type": type, "Content-Security-Policy": policy });
      response.end(body);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const context = await within.newContext(options);
    const wanted: string[] = [];
    context.on("request", (request) => wanted.push(`${request.method()} ${request.url()}`));
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" && isComplaint(message.text())) complaints.push(message.text());
    });
    await before?.(page);
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await page.goto(origin);
    return { page, asked, wanted, errors, complaints, origin };
  }

  return { photos, open };
}
