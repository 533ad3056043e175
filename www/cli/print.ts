/** Reports as lines for a terminal. */
import type { Finding, Locale, PairReport, PhotoReport, SubmissionReport, Verdict } from "icp-precheck";
import { WORDS } from "./words.js";

type Style = "bold" | "dim" | "red" | "green" | "yellow";
const SEQUENCES: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};
const MARKS: Record<Verdict, [string, Style]> = { fail: ["✗", "red"], review: ["!", "yellow"], pass: ["✓", "green"] };

export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_, text) => text;
export const coloured: Paint = (style, text) => `\x1b[${SEQUENCES[style][0]}m${text}\x1b[${SEQUENCES[style][1]}m`;

/** Names of files come from strangers: what steers a terminal or turns the direction of writing is shown, not sent. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** One file: its verdict, then what an applicant has to hear about, the worst first. */
export function fileLines(file: string, report: PhotoReport, locale: Locale, paint: Paint): string[] {
  const head = headLine(report.verdict, harmless(file), locale, paint);
  const facts = factsOf(report);
  return [facts ? `${head}  ${paint("dim", facts)}` : head, ...allFindings(report.findings, locale, paint)];
}

/** What is only true of both sides together; its verdict is not that of the sides. */
export function pairLines({ findings }: Pick<PairReport, "findings">, locale: Locale, paint: Paint): string[] {
  const worst = Math.max(0, ...findings.map(weight));
  const verdict = worst === 4 ? "fail" : worst > 0 ? "review" : "pass";
  return [headLine(verdict, WORDS[locale].pair, locale, paint), ...allFindings(findings, locale, paint)];
}

/** The verdict of a submission and what is left to do, in the order of the report. */
export function todoLines(path: string, report: SubmissionReport, locale: Locale, paint: Paint): string[] {
  const words = WORDS[locale];
  const items = new Map(report.checklist.items.map((item) => [item.material, item]));
  // Papers that hang on open questions are one thing to do, not one each: answering.
  const open = new Set<string>();
  const lines = report.todo.flatMap(({ message, finding, slot, severity }) => {
    const [material = "", side = ""] = slot?.split("/") ?? [];
    const item = items.get(material);
    if (finding === "submission.missing-material" && item?.status === "conditional") {
      open.add(material);
      return [];
    }
    const where = side === "front" || side === "back" ? words.sides[side] : "";
    const place = item ? [item.name, where].filter(Boolean).join(" ") : "";
    const label = severity === "blocking" ? paint("red", words.blocking) : paint("yellow", words.advisory);
    const said = place && !message.includes(item?.name ?? "") ? words.at(place, message) : message;
    return [`    ${label}  ${harmless(said)}  ${paint("dim", finding)}`];
  });
  if (open.size > 0) {
    const hanging = [...open].flatMap((material) => items.get(material) ?? []);
    const decide = new Set(hanging.flatMap(({ dependsOn }) => dependsOn));
    const facts = report.checklist.questions.map(({ id }) => id).filter((id) => decide.has(id));
    const [said, remedy] = words.undecided(
      hanging.map(({ name }) => name),
      facts,
    );
    const label = paint("yellow", words.unsure);
    lines.push(`    ${label}  ${harmless(said)}  ${paint("dim", "submission.missing-material")}`, `      → ${remedy}`);
  }
  const count = lines.filter((line) => !line.startsWith("      ")).length;
  return [headLine(report.verdict, harmless(path), locale, paint), `  ${words.todo(count)}`, ...lines];
}

function headLine(verdict: Verdict, name: string, locale: Locale, paint: Paint): string {
  const [mark, style] = MARKS[verdict];
  return `${paint(style, `${mark} ${WORDS[locale].verdicts[verdict]}`)}  ${paint("bold", name)}`;
}

function allFindings(findings: Finding[], locale: Locale, paint: Paint): string[] {
  return findings
    .filter((one) => weight(one) > 0)
    .sort((one, other) => weight(other) - weight(one))
    .flatMap((finding) => findingLines(finding, locale, paint));
}

function findingLines(finding: Finding, locale: Locale, paint: Paint): string[] {
  const { message, remedy, code } = finding;
  const words = WORDS[locale];
  const labels: Record<number, [string, Style]> = {
    4: [words.blocking, "red"],
    3: [words.advisory, "yellow"],
    2: [words.unsure, "yellow"],
    1: [words.notChecked, "dim"],
  };
  const [label, style] = labels[weight(finding)] ?? ["", "dim"];
  const lines = [`    ${paint(style, label)}  ${harmless(message)}  ${paint("dim", code)}`];
  if (remedy) lines.push(`      → ${harmless(remedy)}`);
  return lines;
}

/** How much a finding matters; nothing where there is nothing to say. */
function weight({ outcome, severity }: Finding): 0 | 1 | 2 | 3 | 4 {
  switch (outcome) {
    case "fail":
      return severity === "blocking" ? 4 : 3;
    case "unsure":
      return 2;
    case "broken":
      return 1;
    default:
      return 0;
  }
}

function factsOf({ file }: PhotoReport): string {
  const facts: string[] = [];
  if (file.format !== "unknown") facts.push(file.format.toUpperCase());
  if (file.widthPx > 0 && file.heightPx > 0) facts.push(`${file.widthPx}×${file.heightPx}`);
  if (file.sizeBytes > 0) facts.push(sizeText(file.sizeBytes));
  return facts.join(" ");
}

/** 1 MB = 1,048,576 bytes, as the limits are counted; rounded down, so that no file looks as large as a limit it is below. */
function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [unit, name] = bytes < 1_048_576 ? [1024, "KB"] : [1_048_576, "MB"];
  const hundredths = Math.floor((bytes / unit) * 100);
  return `${(name === "KB" ? Math.floor(hundredths / 100) : hundredths / 100).toString()} ${name}`;
}
