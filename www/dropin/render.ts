import { isBlocking } from "../lib/blocking";
import type { Finding, Locale, PhotoReport, Verdict } from "../lib/types.gen";
import { counted, labelOf, toneOf, worthSaying } from "../ui/findings";
import { icon, type Tone } from "../ui/icon";
import { WORDS, type Words } from "../ui/words";

/** One chosen file and its report; `null` when it could not be checked. */
export interface Checked {
  file: File;
  report: PhotoReport | null;
}

export type State = Verdict | "checking" | "skipped";

/** What is said under an input: one sentence, which is read out, and what it sums up. */
export interface Said {
  summary: Node[];
  details: Node[];
}

/** A button that mends the file of a finding, where there is one. */
export type Mend = (finding: Finding, checked: Checked) => HTMLElement | null;

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
export function renderReports(checked: Checked[], pair: Finding[], locale: Locale, mend: Mend): Said {
  const words = WORDS[locale];
  const told = worthSaying(pair);
  const single = checked.length === 1;
  const files = checked.map((one) => ({ one, findings: one.report ? worthSaying(one.report.findings) : [] }));
  const all = [...files.flatMap(({ findings }) => findings), ...told];
  const fine = files.filter(({ one, findings }) => one.report && findings.length === 0).length;
  const unchecked = files.filter(({ one }) => !one.report).length;
  const [first] = files;
  // One thing to say is its own summary.
  if (single && all.length === 1 && told.length === 0 && first) {
    return { summary: [list(first.findings, words, first.one, mend)], details: [] };
  }
  const details = files.flatMap(({ one, findings }) => {
    if (one.report && findings.length === 0) return [];
    const name = single ? [] : [element("span", "file", one.file.name)];
    return [...name, one.report ? list(findings, words, one, mend) : line("muted", words.notChecked)];
  });
  if (told.length > 0) details.push(element("span", "file", words.pair), list(told, words));
  if (single && fine === 1 && told.length === 0) return { summary: [line("pass", words.fine)], details };
  if (single && unchecked === 1 && all.length === 0) return { summary: details, details: [] };
  const texts: string[] = [];
  if (!single && fine > 0) {
    texts.push(fine === checked.length ? words.allFine(fine) : words.someFine(fine, checked.length));
  }
  if (all.length > 0) texts.push(counted(all, words));
  if (unchecked > 0) texts.push(words.count(words.notChecked, unchecked));
  const tone = all.length > 0 ? toneOf(all) : unchecked > 0 ? "muted" : "pass";
  return { summary: [line(tone, texts.join(words.comma))], details };
}

export function line(tone: Tone, text: string): HTMLElement {
  const made = element("span", `line icp-precheck__line--${tone}`);
  made.append(icon(tone, "icp-precheck__icon"), element("span", "text", text));
  return made;
}

function list(findings: Finding[], words: Words, checked?: Checked, mend?: Mend): HTMLElement {
  const made = element("ul", "list");
  // Safari forgets that a list without bullets is a list.
  made.setAttribute("role", "list");
  for (const finding of findings) made.append(item(finding, words, checked && mend?.(finding, checked)));
  return made;
}

function item(finding: Finding, words: Words, button?: HTMLElement | null): HTMLElement {
  const [tone, label] = labelOf(finding, words);
  const made = element("li", `finding icp-precheck__finding--${tone}`);
  made.dataset.code = finding.code;
  const text = element("span", "text");
  // Spaces between the parts, for a description is read out as one run of text.
  text.append(element("strong", "label", label), " ", element("span", "message", finding.message));
  if (finding.remedy) text.append(" ", element("span", "remedy", finding.remedy));
  if (button) text.append(button);
  made.append(icon(tone, "icp-precheck__icon"), text);
  return made;
}

// Text only ever enters as text, never as markup: file names come from strangers.
function element(tag: string, part: string, text?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = `icp-precheck__${part}`;
  if (text !== undefined) made.textContent = text;
  return made;
}
