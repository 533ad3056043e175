/** Reports as lines for a terminal. */
import type { Finding, Locale, PhotoReport, Verdict } from "icp-precheck";
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
  const words = WORDS[locale];
  const [mark, style] = MARKS[report.verdict];
  const head = [paint(style, `${mark} ${words.verdicts[report.verdict]}`), paint("bold", harmless(file))];
  const facts = factsOf(report);
  if (facts) head.push(paint("dim", facts));
  const findings = report.findings.filter((one) => weight(one) > 0).sort((one, other) => weight(other) - weight(one));
  return [head.join("  "), ...findings.flatMap((finding) => findingLines(finding, locale, paint))];
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
