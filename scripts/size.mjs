// npm run size: how large the package's files are to download, into docs/size.md. What each use may cost at most stands here.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { root } from "./tools.mjs";

/** Most bytes that a use may make a visitor download, as Brotli. */
export const CEILINGS = [
  {
    use: { zh: "引擎（支持 SIMD）", en: "the engine, with SIMD" },
    files: ["icp_precheck_simd.wasm"],
    maxBytes: 400_000,
  },
  {
    use: { zh: "引擎（不支持 SIMD 的浏览器）", en: "the engine, for browsers without SIMD" },
    files: ["icp_precheck_baseline.wasm"],
    maxBytes: 400_000,
  },
  { use: { zh: "接口", en: "the API" }, files: ["browser.js", "worker.js"], maxBytes: 15_000 },
  {
    use: { zh: "接口，自带引擎文件", en: "the API, engine brought along" },
    files: ["slim.js", "worker.js"],
    maxBytes: 15_000,
  },
  { use: { zh: "即插脚本", en: "the drop-in" }, files: ["dropin.js", "worker.js"], maxBytes: 25_000 },
  {
    use: { zh: "照片元素", en: "the photo element" },
    files: ["element.js", "element-define.js", "browser.js", "worker.js"],
    maxBytes: 25_000,
  },
];

const PAGE = "docs/size.md";
const number = (bytes) => bytes.toLocaleString("en");

const known = new Map();

/** What a file in dist/ takes: as it is, and as a server sends it. Seconds for the engine, so it is found out once. */
export function sizeOf(name) {
  const size = known.get(name) ?? measure(readFileSync(join(root, "dist", name)));
  known.set(name, size);
  return size;
}

function measure(bytes) {
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
}

/** Each use with what it takes now. */
export function uses() {
  return CEILINGS.map((one) => ({ ...one, bytes: one.files.reduce((sum, name) => sum + sizeOf(name).brotli, 0) }));
}

/** Files that are loaded by somebody; types are not. */
export function shipped() {
  return readdirSync(join(root, "dist"))
    .filter((name) => /\.(?:js|wasm|json)$/.test(name) && name !== "sri.json")
    .sort();
}

/** The page as text. */
export function page() {
  const files = shipped().map((name) => {
    const { raw, gzip, brotli } = sizeOf(name);
    return `| \`${name}\` | ${number(raw)} | ${number(gzip)} | ${number(brotli)} |`;
  });
  const rows = uses().map(({ use, files, bytes, maxBytes }) => {
    const names = files.map((name) => `\`${name}\``).join(" + ");
    return `| ${use.zh} · ${use.en} | ${names} | ${number(bytes)} | ${number(maxBytes)} |`;
  });
  return `# 下载大小 · Download sizes

由 \`npm run size\` 写成，单位为字节；测试会在超过上限、或与这里相差 5 % 以上时失败。

Written by \`npm run size\`, in bytes; a test fails above a ceiling, or when a file differs from this page by more than 5 %.

## 上限 · Ceilings

| 用途 · use | | Brotli | 上限 · ceiling |
|---|---|---:|---:|
${rows.join("\n")}

两个引擎文件只会下载一个。 One of the two engine files is downloaded.

## 每个文件 · Every file

| | 原大小 · raw | gzip 9 | Brotli 11 |
|---|---:|---:|---:|
${files.join("\n")}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(join(root, PAGE), page());
  const over = uses().filter(({ bytes, maxBytes }) => bytes > maxBytes);
  for (const { use, bytes, maxBytes } of over)
    console.error(`${use.en}: ${number(bytes)} bytes, above ${number(maxBytes)}`);
  console.log(`${PAGE}: ${shipped().length} files`);
  process.exitCode = over.length > 0 ? 1 : 0;
}
