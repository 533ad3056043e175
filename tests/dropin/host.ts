/** A host page of the drop-in script under a strict policy, in Chromium. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { drawPhoto } from "../browser/drawing";

export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'";
const TYPES: Record<string, string> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  wasm: "application/wasm",
};

let browser: Browser;
/** Photos that nothing is wrong with, and one that is blurred. */
export const photos = {} as Record<"good" | "square" | "blurred", Uint8Array>;
const servers: Server[] = [];

beforeAll(async () => {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", ...quiet],
  });
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

export interface Host {
  /** In place of the example. */
  html?: string;
  policy?: string;
  missing?: RegExp;
  before?: (page: Page) => Promise<unknown>;
  bypassCSP?: boolean;
  /** Content type under which the wasm files are sent. */
  wasmType?: string;
}

export async function open({ html, policy = POLICY, missing, before, bypassCSP = false, wasmType }: Host = {}) {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const name = url === "/" ? "index.html" : url.slice(1);
    const folder = /^(index\.html|host\.)/.test(name) ? "../../www/dropin/host/" : "../../dist/";
    let body: Buffer | null = null;
    try {
      if (name === "index.html" && html) body = Buffer.from(html);
      else if (!missing?.test(name)) body = readFileSync(new URL(folder + name, import.meta.url));
    } catch {
      // Answered as not found.
    }
    const type = (/\.wasm$/.test(name) && wasmType) || (TYPES[/\w+$/.exec(name)?.[0] ?? ""] ?? "text/plain");
    response.writeHead(body ? 200 : 404, { "Content-Type": type, "Content-Security-Policy": policy });
    response.end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext({ bypassCSP });
  const wanted: string[] = [];
  context.on("request", (request) => wanted.push(`${request.method()} ${request.url()}`));
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && message.text().startsWith("icp-precheck: ")) complaints.push(message.text());
  });
  await before?.(page);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await page.goto(origin);
  return { page, asked, wanted, errors, complaints, origin };
}

type Content = Uint8Array;
export const file = (name: string, content: Content, mimeType = "image/jpeg") => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
});
export const pdf = new TextEncoder().encode("%PDF-1.7\n1 0 obj\n");
export const choose = (page: Page, input: string, ...files: ReturnType<typeof file>[]) =>
  page.setInputFiles(`#${input}`, files);
/** The words under an input, by the id that the input is described by. */
export const output = (page: Page, input: string) => page.locator(`#${input} ~ .icp-precheck`).first();
export const isValid = (page: Page, input: string) =>
  page.locator(`#${input}`).evaluate((element) => (element as HTMLInputElement).checkValidity());

export async function submit(page: Page): Promise<string> {
  await page.click("button[type=submit]");
  return page.locator("#sent").innerText();
}
