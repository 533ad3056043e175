// What the benchmarks have in common: a site for the half that runs in a page, and tables.
import { createServer } from "node:http";
import { join } from "node:path";
import sirv from "sirv";
import { root } from "../../scripts/tools.mjs";

/**
 * Serves `dist/`, this folder and `more` (folders by address) with an isolated page at every other address, which runs
 * `script`. `answer` may take a request for itself by answering `true`.
 */
export async function serve(more = {}, { script = "", answer = () => false } = {}) {
  const folders = { "/dist/": join(root, "dist"), "/bench/": join(root, "tests/bench"), ...more };
  const handlers = Object.entries(folders).map(([prefix, folder]) => [prefix, sirv(folder, { dev: true })]);
  const server = createServer((request, response) => {
    // Without isolation the page's clock ticks in tenths of a millisecond, which is all that a checklist takes.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    if (answer(request, response)) return;
    const found = handlers.find(([prefix]) => request.url.startsWith(prefix));
    if (!found) {
      response.setHeader("Content-Type", "text/html");
      response.end(`<!doctype html><title>benchmark</title><script type="module">${script}</script>`);
      return;
    }
    const [prefix, handle] = found;
    request.url = request.url.slice(prefix.length - 1);
    handle(request, response, () => response.writeHead(404).end());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export const quantile = (times, part) => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at % 1);
};
export const ms = (time) => (time < 10 ? time.toFixed(2) : time.toFixed(1));
export const spread = (times) => `${ms(quantile(times, 0.1))}–${ms(quantile(times, 0.9))}`;
export const whole = (number) => Math.round(number).toLocaleString("en");
export const row = (...cells) => console.log(`| ${cells.join(" | ")} |`);
export function table(title, ...columns) {
  console.log(`\n### ${title}\n`);
  row(...columns);
  row(...columns.map((_, i) => (i === 0 ? "---" : "---:")));
}
