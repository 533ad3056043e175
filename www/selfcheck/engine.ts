/** The checker in the page's language, or the little that can be said without it. */
import {
  createPrecheck,
  type DocumentReport,
  type FixResult,
  type Layout,
  type Locale,
  type PhotoReport,
  type Precheck,
} from "icp-precheck";
import { uploads } from "icp-precheck/rules.json";
import { WORDS } from "./words";

/** A report, or only a verdict with its text when the engine could not start. */
export type FileResult =
  | { kind: "report"; report: PhotoReport }
  | { kind: "basic"; verdict: "review" | "fail"; text: string };

/** What the answers depend on besides the file: language and upload page. */
export interface Setting {
  readonly locale: Locale;
  readonly upload: string;
}

export interface FileOptions {
  material?: string;
  side?: "front" | "back";
  province?: string | undefined;
  signal?: AbortSignal;
}

const engines = new Map<string, Promise<Precheck | null>>();

/** `null` where wasm is missing or blocked. */
export function engine({ locale, upload }: Setting): Promise<Precheck | null> {
  const key = `${locale} ${upload}`;
  let started = engines.get(key);
  if (!started) {
    started = createPrecheck({ locale, upload }).catch((error: unknown) => {
      console.error("icp-precheck: the engine did not start", error);
      return null;
    });
    engines.set(key, started);
  }
  return started;
}

export function forgetEngines(): void {
  engines.clear();
}

/** What the bytes alone say, which a slow device knows long before it has looked at the picture. */
export async function inspect(file: File, setting: Setting, options: FileOptions): Promise<FileResult> {
  const precheck = await engine(setting);
  if (!precheck) return { kind: "basic", ...inspectByName(file, setting) };
  return { kind: "report", report: await precheck.inspectFile(file, options) };
}

/** Checks one file by itself, pixels included. */
export async function check(file: File, setting: Setting, options: FileOptions): Promise<FileResult> {
  const precheck = await engine(setting);
  if (!precheck) return { kind: "basic", ...inspectByName(file, setting) };
  return { kind: "report", report: await precheck.checkPhoto(file, options) };
}

/** What the corners say that somebody drew. */
export async function describeDocument(
  quad: DocumentReport["quad"],
  { file }: PhotoReport,
  setting: Setting,
): Promise<DocumentReport | null> {
  const precheck = await engine(setting);
  const { widthPx, heightPx, focalLengthPx } = file;
  return precheck ? precheck.describeDocument(quad, { widthPx, heightPx, focalLengthPx }) : null;
}

/** `null` where the engine is missing. */
export async function spliceFiles(
  files: File[],
  setting: Setting,
  options: { layout: Layout; material: string },
): Promise<FixResult | null> {
  const precheck = await engine(setting);
  return precheck ? precheck.splice(files, options) : null;
}

const EXTENSIONS: Record<string, string> = { jpg: "jpeg", jpeg: "jpeg", png: "png", gif: "gif" };

function inspectByName(file: File, setting: Setting): { verdict: "review" | "fail"; text: string } {
  const words = WORDS[setting.locale];
  const upload = uploads.find(({ id }) => id === setting.upload);
  const extension = /\.([^.\\/]{1,12})$/.exec(file.name)?.[1];
  const format = extension === undefined ? undefined : EXTENSIONS[extension.toLowerCase()];
  if (file.size === 0) return { verdict: "fail", text: words.basicEmpty };
  if (upload?.maxBytes !== undefined && file.size >= upload.maxBytes) {
    return { verdict: "fail", text: words.basicTooLarge(bytes(file.size), bytes(upload.maxBytes)) };
  }
  if (upload?.minBytes !== undefined && file.size < upload.minBytes) {
    return { verdict: "fail", text: words.basicTooSmall(bytes(file.size), bytes(upload.minBytes)) };
  }
  if (extension === undefined) return { verdict: "review", text: words.basicNoExtension };
  if (!format || !upload?.formats.some((one) => one === format)) {
    return { verdict: "fail", text: words.basicType(extension, upload?.formats.join(", ").toUpperCase() ?? "") };
  }
  if (upload.nearLimitBytes !== undefined && file.size >= upload.nearLimitBytes) {
    return { verdict: "review", text: words.basicNear(bytes(file.size)) };
  }
  return { verdict: "review", text: words.basicFine };
}

/** Sizes as the limits are counted: 1 MB = 1,048,576 bytes. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${(size / 1024).toFixed(size < 10 * 1024 ? 1 : 0)} KB`;
  return `${(size / 1024 / 1024).toFixed(2)} MB`;
}
