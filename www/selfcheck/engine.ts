/** The checker in the page's language, or the little that can be said without it. */
import { createPrecheck, type Locale, type PairReport, type PhotoReport, type Precheck } from "icp-precheck";
import { uploads } from "icp-precheck/rules.json";
import { WORDS } from "./words";

/** A report, or only a verdict with its text when the engine could not start. */
export type FileResult =
  | { kind: "report"; report: PhotoReport }
  | { kind: "basic"; verdict: "review" | "fail"; text: string };

export interface FileOptions {
  material?: string;
  side?: "front" | "back";
  province?: string | undefined;
  signal?: AbortSignal;
}

const engines = new Map<Locale, Promise<Precheck | null>>();

/** `null` where wasm is missing or blocked. */
export function engine(locale: Locale): Promise<Precheck | null> {
  let started = engines.get(locale);
  if (!started) {
    started = createPrecheck({ locale }).catch((error: unknown) => {
      console.error("icp-precheck: the engine did not start", error);
      return null;
    });
    engines.set(locale, started);
  }
  return started;
}

export function forgetEngines(): void {
  engines.clear();
}

export async function inspect(file: File, locale: Locale, options: FileOptions): Promise<FileResult> {
  const precheck = await engine(locale);
  if (!precheck) return { kind: "basic", ...inspectByName(file, locale) };
  return { kind: "report", report: await precheck.inspectFile(file, options) };
}

export async function comparePair(
  front: File,
  back: File,
  locale: Locale,
  options: FileOptions,
): Promise<PairReport | null> {
  const precheck = await engine(locale);
  return precheck ? precheck.checkPair(front, back, options) : null;
}

const EXTENSIONS: Record<string, string> = { jpg: "jpeg", jpeg: "jpeg", png: "png", gif: "gif" };

function inspectByName(file: File, locale: Locale): { verdict: "review" | "fail"; text: string } {
  const words = WORDS[locale];
  const [upload] = uploads;
  const extension = /\.([^.\\/]{1,12})$/.exec(file.name)?.[1];
  const format = extension === undefined ? undefined : EXTENSIONS[extension.toLowerCase()];
  if (file.size === 0) return { verdict: "fail", text: words.basicEmpty };
  if (upload?.maxBytes !== undefined && file.size >= upload.maxBytes) {
    return { verdict: "fail", text: words.basicTooLarge(bytes(file.size), bytes(upload.maxBytes)) };
  }
  if (extension === undefined) return { verdict: "review", text: words.basicNoExtension };
  if (!format || !upload?.formats.some((one) => one === format)) {
    return { verdict: "fail", text: words.basicType(extension) };
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
