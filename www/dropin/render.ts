import type { Finding, Locale, PhotoReport, Verdict } from "../lib/types.gen";
import { WORDS, type Words } from "./words";

/** One chosen file and its report; `null` when it could not be checked. */
export interface Checked {
  file: File;
  report: PhotoReport | null;
}

export type State = Verdict | "checking" | "skipped";
type Tone = "pass" | "review" | "fail" | "muted";

// Each tone has its own outline, since colour alone says nothing to some eyes.
const OUTLINES: Record<Tone, string> = {
  pass: "M14.4 8a6.4 6.4 0 1 1-12.8 0a6.4 6.4 0 1 1 12.8 0M5.2 8.2l2 2l3.6-4.2",
  review: "M8 1.8L14.8 13.8H1.2ZM8 6.4v3.2M8 11.7v.1",
  fail: "M5.3 1.6h5.4l3.7 3.7v5.4l-3.7 3.7H5.3l-3.7-3.7V5.3ZM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2",
  muted: "M14.4 8a6.4 6.4 0 1 1-12.8 0a6.4 6.4 0 1 1 12.8 0M5.4 8h5.2",
};

/** What an applicant has to hear about; the rest passed or did not apply. */
export function worthSaying(findings: Finding[]): Finding[] {
  return findings.filter(({ outcome }) => outcome === "fail" || outcome === "unsure" || outcome === "broken");
}

export function isBlocking({ outcome, severity }: Finding): boolean {
  return outcome === "fail" && severity === "blocking";
}

export function inOneLine({ message, remedy }: Finding, words: Words): string {
  return remedy ? message + words.gap + remedy : message;
}

/** The worst of the verdicts; a file that was not checked has none. */
export function worst(checked: Checked[], pair: Finding[]): State {
  const verdicts = new Set(checked.map(({ report }) => report?.verdict));
  if (verdicts.has("fail") || pair.some(isBlocking)) return "fail";
  if (verdicts.has("review") || worthSaying(pair).length > 0) return "review";
  return verdicts.has("pass") ? "pass" : "skipped";
}

/**
 * Everything under one input: its files, then what is only true of front and back together. The name of a `single` file
 * stands in the input itself.
 */
export function renderReports(
  checked: Checked[],
  pair: Finding[],
  locale: Locale,
  single = checked.length === 1,
): Node[] {
  const words = WORDS[locale];
  const nodes: Node[] = [];
  let fine = 0;
  for (const { file, report } of checked) {
    const findings = report ? worthSaying(report.findings) : [];
    if (report && findings.length === 0) {
      fine += 1;
      continue;
    }
    if (!single) nodes.push(element("span", "file", file.name));
    nodes.push(report ? list(findings, words) : line("muted", words.notChecked));
  }
  const told = worthSaying(pair);
  if (told.length > 0) {
    nodes.push(element("span", "file", words.pair));
    nodes.push(list(told, words));
  }
  if (single && fine === 1 && told.length === 0) nodes.push(line("pass", words.fine));
  if (!single && fine > 0) {
    const all = fine === checked.length;
    nodes.push(line("pass", all ? words.allFine(fine) : words.someFine(fine, checked.length)));
  }
  return nodes;
}

export function line(tone: Tone, text: string): HTMLElement {
  const made = element("span", `line icp-precheck__line--${tone}`);
  made.append(icon(tone), element("span", "text", text));
  return made;
}

function list(findings: Finding[], words: Words): HTMLElement {
  const made = element("ul", "list");
  // Safari forgets that a list without bullets is a list.
  made.setAttribute("role", "list");
  for (const finding of findings) made.append(item(finding, words));
  return made;
}

function item(finding: Finding, words: Words): HTMLElement {
  const [tone, label] = isBlocking(finding)
    ? (["fail", words.blocking] as const)
    : finding.outcome === "fail"
      ? (["review", words.advisory] as const)
      : finding.outcome === "unsure"
        ? (["review", words.unsure] as const)
        : (["muted", words.notChecked] as const);
  const made = element("li", `finding icp-precheck__finding--${tone}`);
  made.dataset.code = finding.code;
  const text = element("span", "text");
  // Spaces between the parts, for a description is read out as one run of text.
  text.append(element("strong", "label", label), " ", element("span", "message", finding.message));
  if (finding.remedy) text.append(" ", element("span", "remedy", finding.remedy));
  made.append(icon(tone), text);
  return made;
}

function icon(tone: Tone): SVGSVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(namespace, "svg");
  made.setAttribute("class", "icp-precheck__icon");
  made.setAttribute("viewBox", "0 0 16 16");
  // Without a style sheet the drawing would take the whole width, filled with black.
  made.setAttribute("width", "16");
  made.setAttribute("height", "16");
  made.setAttribute("fill", "none");
  made.setAttribute("stroke", "currentColor");
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", OUTLINES[tone]);
  made.append(path);
  return made;
}

// Text only ever enters as text, never as markup: file names come from strangers.
function element(tag: string, part: string, text?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = `icp-precheck__${part}`;
  if (text !== undefined) made.textContent = text;
  return made;
}
