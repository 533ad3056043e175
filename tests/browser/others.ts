/** Firefox and WebKit, in which a page tests by itself. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, FIREFOX, missingFor, openPage, WEBKIT } from "./open.mjs";

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

export const BROWSERS = [FIREFOX, WEBKIT];

/** What the page that the browser opened has sent home. */
export async function answerOf<Answer>(browser: Browser, site: Site): Promise<Answer> {
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
  const opened = openPage(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  try {
    return await Promise.race([answer, opened.ended]);
  } finally {
    server.closeAllConnections();
    server.close();
    await opened.close();
  }
}

/** Whether it cannot be started here, said aloud. */
export function isMissing(browser: Browser): boolean {
  const missing = missingFor(browser);
  if (missing === null) return false;
  console.warn(
    `\nNOT TESTED in ${browser.name}: there is no ${missing} on this machine, and none could be installed.\n`,
  );
  return true;
}
