/** A host page of the drop-in script under a strict policy, in Chromium. */
import type { Page } from "playwright-core";
import { hostPages } from "../browser/host-pages";

export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'";

export const { photos, open } = hostPages({
  folder: "dropin",
  policy: POLICY,
  isComplaint: (text) => text.startsWith("icp-precheck: "),
});

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
