/** The answers, in the order in which they were given, and the language. Pictures and days are never stored. */
import type { FactType, Locale } from "icp-precheck";
import { facts, regions, uploads } from "icp-precheck/rules.json";
import { type AnswerValue, readLink, writeLink } from "./link";

export type { AnswerValue };

/** In place of a day, for what never ends. */
export const LONG_TERM = "long-term";
const DEFAULT_UPLOAD = "alibaba-cloud";
const KEY = "icp-precheck.self-check";

interface Kept {
  locale: unknown;
  upload: unknown;
  answers: unknown[];
  skipped: unknown[];
}

export class Answers {
  private readonly values = new Map<string, AnswerValue>();
  private readonly passed = new Set<string>();
  locale: Locale;
  /** Id of the upload profile. */
  upload: string = DEFAULT_UPLOAD;
  /** Whether the browser lets us store; private windows may not. */
  stored = true;
  /** Whether the answers came with the address; those of before stay stored until one of these changes. */
  linked = false;

  constructor() {
    const kept = this.read();
    const wanted =
      kept?.locale ??
      (/^zh\b/i.test(navigator.language) ? "zh-CN" : /^en\b/i.test(navigator.language) ? "en" : "zh-CN");
    this.locale = wanted === "en" ? "en" : "zh-CN";
    this.load(kept);
    this.follow();
  }

  /** Takes the answers that the page's address holds, if it holds any. */
  follow(): boolean {
    const link = readLink(location.hash);
    const answers = Object.entries(link?.answers ?? {}).filter(([id, value]) => fits(id, value));
    if (!link || answers.length === 0) return false;
    this.values.clear();
    this.passed.clear();
    for (const [id, value] of answers) this.values.set(id, value);
    this.upload = uploads.find(({ id }) => id === link.upload)?.id ?? this.upload;
    this.linked = true;
    return true;
  }

  /** Back from the answers of a link to those of before. */
  unfollow(): void {
    this.values.clear();
    this.passed.clear();
    this.upload = DEFAULT_UPLOAD;
    this.load(this.read());
    this.leaveLink();
  }

  /** The page's address with the answers that may be shared. */
  link(): string {
    return writeLink(location.href, this.upload, [...this.values]);
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

  /** Whether the applicant went on without an answer. */
  skipped(id: string): boolean {
    return this.passed.has(id) && !this.values.has(id);
  }

  /** `undefined`: the applicant does not know. */
  set(id: string, value: AnswerValue | undefined): void {
    if (value === undefined) {
      this.values.delete(id);
      this.passed.add(id);
    } else {
      this.values.set(id, value);
      this.passed.delete(id);
    }
    this.write();
  }

  setUpload(upload: string): void {
    this.upload = upload;
    this.write();
  }

  clear(): void {
    this.upload = DEFAULT_UPLOAD;
    this.values.clear();
    this.passed.clear();
    this.write();
  }

  setLocale(locale: Locale): void {
    this.locale = locale;
    // Reading a shared list in another language does not make its answers the reader's own.
    if (this.linked) this.store({ ...this.read(), locale });
    else this.write();
  }

  /** As the engine takes it. */
  profile(without?: string): Record<string, AnswerValue> {
    return Object.fromEntries([...this.values].filter(([id]) => id !== without));
  }

  private load(kept: Kept | null): void {
    this.upload = uploads.find(({ id }) => id === kept?.upload)?.id ?? DEFAULT_UPLOAD;
    for (const entry of kept?.answers ?? []) {
      if (!Array.isArray(entry)) continue;
      const [id, value] = entry as [unknown, unknown];
      if (typeof id === "string" && fits(id, value)) this.values.set(id, value);
    }
    for (const id of kept?.skipped ?? []) {
      if (facts.some((fact) => fact.id === id)) this.passed.add(String(id));
    }
  }

  private read(): Kept | null {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
      if (typeof kept !== "object" || kept === null) return null;
      const { locale, upload, answers, skipped } = kept as Record<string, unknown>;
      const list = (value: unknown) => (Array.isArray(value) ? value : []);
      return { locale, upload, answers: list(answers), skipped: list(skipped) };
    } catch {
      this.stored = false;
      return null;
    }
  }

  /** The answers are the reader's own now, and a reload must not bring back those of the link. */
  private leaveLink(): void {
    this.linked = false;
    if (location.hash.includes("=")) history.replaceState(null, "", location.pathname + location.search);
  }

  private write(): void {
    this.leaveLink();
    const { locale, upload } = this;
    const answers = [...this.values].filter(([id]) => kindOf(id) !== "date");
    this.store({ locale, upload, answers, skipped: [...this.passed] });
  }

  private store(kept: Partial<Kept>): void {
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
      this.stored = true;
    } catch {
      this.stored = false;
    }
  }
}

function kindOf(id: string): FactType | undefined {
  return facts.find((one) => one.id === id)?.type;
}

/** What was stored by an older version, or by hand, may not fit the rules of today. */
function fits(id: string, value: unknown): value is AnswerValue {
  const fact = facts.find((one) => one.id === id);
  if (!fact) return false;
  const inside = (number: number) => number >= (fact.min ?? number) && number <= (fact.max ?? number);
  switch (fact.type) {
    case "region":
      return regions.some((region) => region.code === value);
    case "boolean":
      return typeof value === "boolean";
    case "text":
      return typeof value === "string" && value.length <= 2000;
    case "enum":
      return (fact.options ?? []).some((option) => option.value === value);
    case "integer":
      return typeof value === "number" && Number.isInteger(value) && inside(value);
    case "date":
      return value === LONG_TERM || (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value));
    default:
      return false;
  }
}
