/** The adapters on the real libraries: the pages of examples/adapters, as they are built, in Chromium. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { drawPhoto } from "../browser/drawing";
import { launch } from "../browser/launch";

const examples = fileURLToPath(new URL("../../examples/adapters", import.meta.url));
const config = { root: examples, configFile: join(examples, "vite.config.js"), logLevel: "error" } as const;
const pdf = new TextEncoder().encode("%PDF-1.7\n1 0 obj\n");

let server: PreviewServer;
let browser: Browser;
let good: Uint8Array;
/** Another document than `good`, in a frame of another shape. */
let upright: Uint8Array;

beforeAll(async () => {
  if (!existsSync(join(examples, "node_modules"))) {
    throw new Error("The libraries are missing: run npm ci in examples/adapters");
  }
  await build({ ...config, build: { reportCompressedSize: false } });
  server = await preview({ ...config, preview: { port: 0, host: "localhost" } });
  browser = await launch();
  good = await drawPhoto(await browser.newPage());
  upright = await drawPhoto(await browser.newPage(), 1000, 1400);
}, 180_000);

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function open(name: string, prepare?: (page: Page) => Promise<unknown>) {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && message.text().startsWith("icp-precheck")) complaints.push(message.text());
  });
  page.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
  await prepare?.(page);
  await page.goto(`${server.resolvedUrls?.local[0]}${name}.html`);
  return { page, errors, complaints, asked };
}

const choose = (page: Page, name: string, content: Uint8Array, side = "front") =>
  page
    .locator(`#${side} input[type=file]`)
    .first()
    .setInputFiles({ name, mimeType: "image/jpeg", buffer: Buffer.from(content) });
const uploaded = (page: Page) => page.locator("#uploaded").innerText();

// Where each library says why, as its own users see it, and how they take a file away again.
const LIBRARIES = [
  ["ant-design", ".ant-message", ".ant-upload-list-item-action"],
  ["element-plus", ".el-message", ".el-icon--close"],
  ["filepond", ".filepond--file-status", ".filepond--action-revert-item-processing"],
  ["react-dropzone", "#app [role=status]", null],
  ["uppy", ".uppy-Informer", ".uppy-Dashboard-Item-action--remove"],
] as const;

describe.each(LIBRARIES)("%s", (name, place, remove) => {
  it("a PDF under another name is not uploaded, and the library says why; a good photo is", async () => {
    const { page, errors, complaints, asked } = await open(name);
    await choose(page, "scan.jpg", pdf);
    await page.locator(place).getByText("PDF").first().waitFor();
    expect(await uploaded(page)).toBe("");
    await choose(page, "card.jpg", good);
    await page.locator("#uploaded").getByText("card.jpg").waitFor();
    expect(await uploaded(page)).toBe("✓ card.jpg");
    expect([errors, complaints]).toEqual([[], []]);
    expect(asked.filter((one) => !one.startsWith("GET "))).toEqual([]);
  });

  it("both sides are compared, and the whole is asked about", async () => {
    const { page, errors, complaints } = await open(name);
    await choose(page, "front.jpg", good);
    await page.locator("#uploaded").getByText("front.jpg").waitFor();
    await choose(page, "copy.jpg", good, "back");
    await page.locator(place).getByText("同一个文件").first().waitFor();
    expect(await uploaded(page)).toBe("✓ front.jpg");
    expect(await page.locator("#pair").innerText()).toBe("");

    await choose(page, "back.jpg", upright, "back");
    await page.locator("#uploaded").getByText("back.jpg").waitFor();
    expect(await uploaded(page)).toBe("✓ front.jpg ✓ back.jpg");
    expect(await page.locator("#pair").innerText()).toContain("形状不同");
    await page.locator("#whole").click();
    await page.locator("#todo").getByText("请把两面拍成同样的横竖方向").waitFor();
    if (remove) {
      // Some show their button only under the pointer.
      await page.locator(`#front ${remove}`).first().dispatchEvent("click");
      await page.waitForFunction(() => document.querySelector("#pair")?.textContent === "");
      await page.locator("#whole").click();
      await page.locator("#todo").getByText("请补拍主体负责人证件的正面").waitFor();
    }
    expect([errors, complaints]).toEqual([[], []]);
  });

  it("without the engine, files are uploaded as before", async () => {
    const { page, errors, complaints } = await open(name, (page) => page.route("**/*.wasm", (route) => route.abort()));
    await choose(page, "scan.jpg", pdf);
    await page.locator("#uploaded").getByText("scan.jpg").waitFor();
    expect(errors).toEqual([]);
    expect(complaints.join()).toContain("a file was not checked");
  });
});

it("the adapters fit the libraries' own types", { timeout: 120_000 }, () => {
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [tsc, "--project", examples], { encoding: "utf8" });
  expect([stdout, status]).toEqual(["", 0]);
});

it("the manual shows what the examples do, word for word", () => {
  const manual = readFileSync(new URL("../../docs/use-adapters.md", import.meta.url), "utf8");
  const shown = [...manual.matchAll(/^## ([\w -]+)\n[\s\S]*?^```jsx?\n([\s\S]*?)^```$/gm)];
  expect(shown.map(([, title]) => title)).toEqual([
    "uploadSet",
    "Ant Design",
    "Element Plus",
    "FilePond",
    "react-dropzone",
    "Uppy",
  ]);
  const sources = ["set.js", "ant-design.jsx", "element-plus.js", "filepond.js", "react-dropzone.jsx", "uppy.js"];
  for (const [at, [, , snippet = ""]] of shown.entries()) {
    const lines = (text: string) => text.split("\n").map((line) => line.trim());
    const source = lines(readFileSync(join(examples, sources[at] ?? ""), "utf8"));
    const missing = lines(snippet).filter((line) => !source.includes(line));
    expect(missing).toEqual([]);
  }
});
