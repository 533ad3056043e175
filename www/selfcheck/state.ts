/** The answers, in the order in which they were given, and the language. Pictures are never stored. */
import type { Locale } from "icp-precheck";
import { facts, regions, uploads } from "icp-precheck/rules.json";

export type AnswerValue = string | number | boolean;

const DEFAULT_UPLOAD = "alibaba-cloud";
const KEY = "icp-precheck.self-check";

export class Answers {
  private readonly values = new Map<string, AnswerValue>();
  locale: Locale;
  /** Id of the upload profile. */
  upload: string;
  /** Whether the browser lets us store; private windows may not. */
  stored = true;

  constructor() {
    const kept = this.read();
    const wanted =
      kept?.locale ??
      (/^zh\b/i.test(navigator.language) ? "zh-CN" : /^en\b/i.test(navigator.language) ? "en" : "zh-CN");
    this.locale = wanted === "en" ? "en" : "zh-CN";
    this.upload = uploads.find(({ id }) => id === kept?.upload)?.id ?? DEFAULT_UPLOAD;
    for (const entry of kept?.answers ?? []) {
      if (!Array.isArray(entry)) continue;
      const [id, value] = entry as [unknown, unknown];
      if (typeof id === "string" && fits(id, value)) this.values.set(id, value);
    }
  }

  get province(): string | undefined {
    const code = this.values.get("province");
    return typeof code === "string" ? code : undefined;
  }

  get(id: string): AnswerValue | undefined {
    return this.values.get(id);
  }

  /** Facts that are answered, the province apart, oldest answer first. */
  answered(): string[] {
    return [...this.values.keys()].filter((id) => id !== "province");
  }

  set(id: string, value: AnswerValue | undefined): void {
    if (value === undefined) this.values.delete(id);
    else this.values.set(id, value);
    this.write();
  }

  setUpload(upload: string): void {
    this.upload = upload;
    this.write();
  }

  clear(): void {
    this.upload = DEFAULT_UPLOAD;
    this.values.clear();
    this.write();
  }

  setLocale(locale: Locale): void {
    this.locale = locale;
    this.write();
  }

  /** As the engine takes it. */
  profile(without?: string): Record<string, AnswerValue> {
    return Object.fromEntries([...this.values].filter(([id]) => id !== without));
  }

  private read(): { locale?: unknown; upload?: unknown; answers?: unknown[] } | null {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
      if (typeof kept !== "object" || kept === null) return null;
      const { locale, upload, answers } = kept as { locale?: unknown; upload?: unknown; answers?: unknown };
      return { locale, upload, answers: Array.isArray(answers) ? answers : [] };
    } catch {
      this.stored = false;
      return null;
    }
  }

  private write(): void {
    try {
      localStorage.setItem(
        KEY,
        JSON.stringify({ locale: this.locale, upload: this.upload, answers: [...this.values] }),
      );
      this.stored = true;
    } catch {
      this.stored = false;
    }
  }
}

/** What was stored by an older version, or by hand, may not fit the rules of today. */
function fits(id: string, value: unknown): value is AnswerValue {
  const fact = facts.find((one) => one.id === id);
  if (!fact) return false;
  if (fact.type === "region") return regions.some((region) => region.code === value);
  if (fact.type === "boolean") return typeof value === "boolean";
  if (fact.type === "text") return typeof value === "string" && value.length <= 2000;
  if (fact.type === "enum") return (fact.options ?? []).some((option) => option.value === value);
  const inside = (number: number) => number >= (fact.min ?? number) && number <= (fact.max ?? number);
  return typeof value === "number" && Number.isInteger(value) && inside(value);
}
