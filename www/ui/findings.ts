import { inOneLine, isBlocking, keepsBack } from "../lib/blocking";
import type { Finding } from "../lib/types.gen";
import type { Tone } from "./icon";
import type { Words } from "./words";

/** Which findings keep a form from being sent. What is in doubt never does. */
export type Block = "blocking" | "advisory" | "never";

export const BLOCKS: readonly string[] = ["blocking", "advisory", "never"] satisfies Block[];

/** What an applicant has to hear about; the rest passed or did not apply. */
export function worthSaying(findings: Finding[]): Finding[] {
  return findings.filter(({ outcome }) => outcome === "fail" || outcome === "unsure" || outcome === "broken");
}

/** The first finding that keeps the form from being sent, as one text; empty when there is none. */
export function complaintOf(findings: Finding[], block: Block): string {
  const first = findings.find((one) => keepsBack(one, block));
  return first ? inOneLine(first) : "";
}

/** How a finding looks and what it is called. */
export function labelOf(finding: Finding, words: Words): readonly [tone: Tone, label: string] {
  if (isBlocking(finding)) return ["fail", words.blocking];
  if (finding.outcome === "fail") return ["review", words.advisory];
  return finding.outcome === "unsure" ? ["review", words.unsure] : ["muted", words.notChecked];
}

/** How many of each kind there are, in words. */
export function counted(findings: Finding[], words: Words): string {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const [, label] = labelOf(finding, words);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [words.blocking, words.advisory, words.unsure, words.notChecked]
    .flatMap((label) => (counts.has(label) ? [words.count(label, counts.get(label) ?? 0)] : []))
    .join(words.comma);
}

/** The worst of them. */
export function toneOf(findings: Finding[]): Tone {
  if (findings.some(isBlocking)) return "fail";
  return findings.some(({ outcome }) => outcome !== "broken") ? "review" : "muted";
}
