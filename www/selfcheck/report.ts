/** A result in words: verdict, what to do, the rest folded away. */
import type { DocumentReport, Finding, Locale, PhotoReport, Verdict } from "icp-precheck";
import { h, icon, type Tone } from "./dom";
import { bytes, type FileResult } from "./engine";
import { type Mark, marksOf } from "./overlay";
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

/** `show` brings up the picture at a place. */
export function renderResult(result: FileResult, locale: Locale, show?: Show): Node[] {
  const words = WORDS[locale];
  if (result.kind === "basic") {
    return [verdictLine(result.verdict, words), h("p", { class: "finding-text" }, result.text)];
  }
  const { report } = result;
  return [
    verdictLine(report.verdict, words),
    ...renderFindings(report.findings, locale, show),
    details(report, locale),
  ];
}

export type Show = (mark: Mark) => void;

/** Failures, then doubts; what passed is for the details. */
export function renderFindings(findings: Finding[], locale: Locale, show?: Show): Node[] {
  const told = worthSaying(findings);
  const failures = told.filter(({ outcome }) => outcome === "fail");
  const doubts = told.filter(({ outcome }) => outcome !== "fail");
  const marks = new Map(marksOf(findings).map((mark) => [mark.finding, mark]));
  const list = (some: Finding[]) =>
    h("ul", { class: "findings", role: "list" }, ...some.map((one) => item(one, locale, marks.get(one), show)));
  if (failures.length === 0 || doubts.length === 0) return told.length === 0 ? [] : [list(told)];
  const words = WORDS[locale];
  const title = (text: string, count: number) =>
    h("p", { class: "findings-title" }, text, h("span", { class: "count" }, String(count)));
  return [title(words.failures, failures.length), list(failures), title(words.doubts, doubts.length), list(doubts)];
}

function item(finding: Finding, locale: Locale, mark: Mark | undefined, show: Show | undefined): HTMLElement {
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
      mark &&
        show &&
        h(
          "button",
          { type: "button", class: "link-button", onclick: () => show(mark) },
          h("span", { class: "mark-number", "aria-hidden": "true" }, String(mark.number)),
          words.showWhere,
        ),
      source(finding.basis),
    ),
  );
}

/** Title, publisher and date; a link where there is an address. */
export function source(basis: Finding["basis"]): HTMLElement {
  return h("p", { class: "source" }, cite(basis));
}

/** Each document once, though several rules may cite it. */
export function sources(basis: Finding["basis"][]): HTMLElement {
  const cited = new Map(basis.map((one) => [`${one.publisher} ${one.title}`, one]));
  return h(
    "ul",
    { class: "source sources", role: "list" },
    ...[...cited.values()].map((one) => h("li", {}, cite(one))),
  );
}

function cite({ publisher, title, date, url }: Finding["basis"]): HTMLElement {
  const text = [publisher, title, date].filter(Boolean).join(" · ");
  if (!url) return h("span", {}, text);
  return h("a", { href: url, "data-address": readable(url), target: "_blank", rel: "noopener noreferrer" }, text);
}

/** For paper. */
function readable(url: string): string {
  try {
    return decodeURI(url).replace(/^https?:[/][/]/, "");
  } catch {
    return url;
  }
}

function details(report: PhotoReport, locale: Locale): HTMLElement {
  const words = WORDS[locale];
  const passed = report.findings.filter(({ outcome }) => outcome === "pass");
  return h(
    "details",
    { class: "more" },
    h("summary", {}, words.passedChecks(passed.length)),
    h("ul", { class: "passed", role: "list" }, ...passed.map((one) => h("li", {}, icon("pass"), one.message))),
    facts(fileFacts(report, words)),
  );
}

/** Everything that was measured, in a table of name and value. */
export function measured(report: PhotoReport, locale: Locale): HTMLElement {
  const words = WORDS[locale];
  return h(
    "details",
    { class: "more fold", id: "measured" },
    h("summary", {}, words.measured),
    facts([...fileFacts(report, words), ...measures(report, words)]),
  );
}

type Fact = [name: string, value: string | null];

function fileFacts({ file }: PhotoReport, words: Words): Fact[] {
  const camera = [file.exif?.make, file.exif?.model].filter(Boolean).join(" ");
  return [
    [words.type, file.format === "unknown" ? null : file.format.toUpperCase()],
    [words.size, bytes(file.sizeBytes)],
    [words.pixels, file.widthPx > 0 ? `${file.widthPx} × ${file.heightPx}` : null],
    [words.camera_, camera || null],
    [words.takenAt, file.exif?.takenAt ?? null],
  ];
}

/** What a quad says about its document; `null` for one that cannot be the view of a rectangle. */
export function position(document: DocumentReport | null, byHand: boolean, locale: Locale): Node[] {
  const words = WORDS[locale];
  if (!document) return [h("p", {}, words.placeImpossible)];
  return [
    facts([
      [words.documentKind, words.kinds[document.kind]],
      [words.aspectRatio, `${document.aspectRatio.toFixed(2)} : 1`],
      [words.coverage, percent(document.coverage)],
      [words.rotation, `${document.rotationDeg.toFixed(1)}°`],
      [words.tilt, `${document.tiltDeg.toFixed(0)}°`],
      [words.inFrame, words.frames[document.inFrame]],
      [words.confidence, byHand ? null : percent(document.confidence)],
    ]),
    ...(byHand ? [h("p", { class: "hint" }, words.placeByHand)] : []),
  ];
}

/** A measure that the page has no word for keeps the name that it has in the report. */
function measures({ measures }: PhotoReport, words: Words): Fact[] {
  return Object.entries(measures).map(([name, value]) => [
    words.measures[name] ?? name,
    value === null ? words.notMeasured : quantity(name, value),
  ]);
}

/** With the unit that the name ends in. */
function quantity(name: string, value: number): string {
  const unit = /(Px|Deg|Share|Percent|Bytes|Mm|PxPerMm)$/.exec(name)?.[1];
  const rounded = String(Number(value.toPrecision(3)));
  switch (unit) {
    case "Share":
      return percent(value);
    case "Percent":
      return `${rounded} %`;
    case "Deg":
      return `${rounded}°`;
    case "Bytes":
      return bytes(value);
    case "PxPerMm":
      return `${rounded} px/mm`;
    case "Px":
    case "Mm":
      return `${rounded} ${unit.toLowerCase()}`;
    default:
      return rounded;
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

function facts(rows: Fact[]): HTMLElement {
  return h(
    "dl",
    { class: "facts" },
    ...rows.flatMap(([name, value]) => (value === null ? [] : [h("dt", {}, name), h("dd", {}, value)])),
  );
}
