const said = new Set<string>();

/** Tells the developer of the page, once per text, so that a page with fifty inputs stays readable in the console. */
export function complain(text: string, cause?: unknown): void {
  if (said.has(text)) return;
  said.add(text);
  if (cause === undefined) console.error(`icp-precheck: ${text}`);
  else console.error(`icp-precheck: ${text}`, cause);
}
