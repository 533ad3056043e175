/** A result in words: verdict, what to do, the rest folded away. */
import type { Finding, Locale, PhotoReport, Verdict } from "icp-precheck";
import { h, icon, type Tone } from "./dom";
import { bytes, type FileResult } from "./engine";
import { WORDS, type Words } from "./words";

/** A picture with more pixels is not shown: the browser would have to decode it whole. */
const MAX_SHOWN_PIXELS = 60_000_000;
const SHOWN = ["jpeg", "png", "gif", "webp"];

export function verdictOf(result: FileResult): Verdict {
  return result.kind === "report" ? result.report.verdict : result.verdict;
}

export function canShow(result: FileResult): boolean {
  if (result.kind === "basic") return false;
  const { format, widthPx, heightPx } = result.report.file;
  return SHOWN.includes(format) && widthPx > 0 && widthPx * heightPx <= MAX_SHOWN_PIXELS;
}

export function worthSaying(findings: Finding[]): Finding[] {
  return findings.filter(({ outcome }) => outcome === "fail" || outcome === "unsure" || outcome === "broken");
}

export function verdictLine(verdict: Verdict, words: Words): HTMLElement {
  return h("p", { class: `verdict verdict--${verdict}` }, icon(verdict), words[verdict]);
}

export function renderResult(result: FileResult, locale: Locale): Node[] {
  const words = WORDS[locale];
  if (result.kind === "basic") {
    return [verdictLine(result.verdict, words), h("p", { class: "finding-text" }, result.text)];
  }
  const { report } = result;
  return [verdictLine(report.verdict, words), ...renderFindings(report.findings, locale), details(report, locale)];
}

export function renderFindings(findings: Finding[], locale: Locale): Node[] {
  const told = worthSaying(findings);
  return told.length === 0
    ? []
    : [h("ul", { class: "findings", role: "list" }, ...told.map((one) => item(one, locale)))];
}

function item(finding: Finding, locale: Locale): HTMLElement {
  const words = WORDS[locale];
  const [tone, label]: [Tone, string] =
    finding.outcome === "fail"
      ? finding.severity === "blocking"
        ? ["fail", words.blocking]
        : ["review", words.advisory]
      : finding.outcome === "unsure"
        ? ["review", words.unsure]
        : ["muted", words.broken];
  return h(
    "li",
    { class: `finding finding--${tone}`, "data-code": finding.code },
    icon(tone),
    h(
      "div",
      {},
      h("p", {}, h("strong", {}, label), " ", finding.message),
      finding.remedy && h("p", { class: "remedy" }, finding.remedy),
      source(finding.basis),
    ),
  );
}

/** Title, publisher and date; a link where there is an address. */
export function source(basis: Finding["basis"]): HTMLElement {
  const text = [basis.publisher, basis.title, basis.date].filter(Boolean).join(" · ");
  return h(
    "p",
    { class: "source" },
    basis.url ? h("a", { href: basis.url, target: "_blank", rel: "noopener noreferrer" }, text) : text,
  );
}

function details(report: PhotoReport, locale: Locale): HTMLElement {
  const words = WORDS[locale];
  const { file, findings } = report;
  const passed = findings.filter(({ outcome }) => outcome === "pass");
  const camera = [file.exif?.make, file.exif?.model].filter(Boolean).join(" ");
  const facts: [string, string | null][] = [
    [words.type, file.format === "unknown" ? null : file.format.toUpperCase()],
    [words.size, bytes(file.sizeBytes)],
    [words.pixels, file.widthPx > 0 ? `${file.widthPx} × ${file.heightPx}` : null],
    [words.camera_, camera || null],
    [words.takenAt, file.exif?.takenAt ?? null],
  ];
  return h(
    "details",
    { class: "more" },
    h("summary", {}, words.passedChecks(passed.length)),
    h("ul", { class: "passed", role: "list" }, ...passed.map((one) => h("li", {}, icon("pass"), one.message))),
    h(
      "dl",
      { class: "facts" },
      ...facts.flatMap(([name, value]) => (value === null ? [] : [h("dt", {}, name), h("dd", {}, value)])),
    ),
  );
}
