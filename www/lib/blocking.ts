import type { Finding } from "./types.gen.js";

/** A message with its remedy as one text; Chinese sentences follow each other without a space. */
export function inOneLine({ message, remedy }: Pick<Finding, "message" | "remedy">): string {
  if (!remedy) return message;
  return /[\u3000-\u303f\uff00-\uffef]$/.test(message) ? message + remedy : `${message} ${remedy}`;
}

/** Whether the upload is sure to be refused for this. */
export function isBlocking({ outcome, severity }: Finding): boolean {
  return outcome === "fail" && severity === "blocking";
}

/** Whether this keeps a file or its form back, where `block` says what does. What is in doubt never does. */
export function keepsBack(finding: Finding, block: "blocking" | "advisory" | "never"): boolean {
  if (block === "never") return false;
  return isBlocking(finding) || (block === "advisory" && finding.outcome === "fail");
}

/**
 * The first reason for which the upload is sure to be refused, with its remedy, as one text; `null` when there is none.
 * For upload widgets that show one line and ask whether to go on.
 */
export function blockingMessage({ findings }: { readonly findings: readonly Finding[] }): string | null {
  const first = findings.find(isBlocking);
  return first ? inOneLine(first) : null;
}
