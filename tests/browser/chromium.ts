/** The built package on a page of a strict site, in Chromium. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launch } from "./launch";

declare global {
  /** The package's entry, as the page's own script imported it. */
  var icp: typeof import("icp-precheck");
  /** What the page's policy has refused. */
  var violations: string[];
}

export const STRICT_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

export interface Site {
  /** The page's Content-Security-Policy. */
  policy?: string;
  /** Paths that are not found. */
  missing?: string[];
  /** The page's language. */
  lang?: string;
  /** Content type under which the wasm files are sent. */
  wasmType?: string;
  /** Folder from which the worker and the wasm files are served; the script stays at the root. */
  folder?: string;
}

export interface OpenPage {
  page: Page;
  /** Paths that the site was asked for, in order. */
  asked: string[];
  /** Every address that the page or its worker wanted, on this site or elsewhere. */
  wanted: string[];
  origin: string;
}

// A script of the site itself, since its policy allows no other; functions of a test could not import by address, because
// the test runner rewrites imports.
const PAGE_SCRIPT = `
globalThis.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
globalThis.icp = await import("/browser.js");
`;

const types: Record<string, string> = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };

function content(path: string, { lang = "", folder = "/" }: Site): string | Buffer | null {
  if (path === "/") return `<!doctype html><html lang="${lang}"><script type="module" src="/page.js"></script>`;
  if (path === "/page.js") return PAGE_SCRIPT;
  const dist = (name: string) => readFileSync(new URL(`../../dist/${name}`, import.meta.url));
  if (path === "/browser.js") return dist("browser.js");
  const name = path.startsWith(folder) ? path.slice(folder.length) : "";
  return ["worker.js", "icp_precheck_simd.wasm", "icp_precheck_baseline.wasm"].includes(name) ? dist(name) : null;
}

export class Chromium {
  private readonly servers: Server[] = [];
  private readonly contexts: BrowserContext[] = [];

  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<Chromium> {
    const browser = await launch();
    return new Chromium(browser);
  }

  async open(site: Site = {}): Promise<OpenPage> {
    const { policy = STRICT_POLICY, missing = [], wasmType = types.wasm } = site;
    const asked: string[] = [];
    const server = createServer(({ url = "" }, response) => {
      asked.push(url);
      const body = missing.includes(url) ? null : content(url, site);
      const type = url.endsWith(".wasm") ? wasmType : types[/\w+$/.exec(url)?.[0] ?? "html"];
      response.writeHead(body === null ? 404 : 200, {
        "Content-Security-Policy": policy,
        ...(type ? { "Content-Type": type } : {}),
      });
      response.end(body);
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const context = await this.browser.newContext();
    this.contexts.push(context);
    const wanted: string[] = [];
    context.on("request", (request) => wanted.push(request.url()));
    const page = await context.newPage();
    await page.goto(origin);
    await page.waitForFunction(() => globalThis.icp !== undefined);
    return { page, asked, wanted, origin };
  }

  async closePages(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
    for (const server of this.servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  }

  async close(): Promise<void> {
    await this.closePages();
    await this.browser.close();
  }
}
