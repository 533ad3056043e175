import type { Finding } from "./types.gen.js";

/** A message with its remedy as one text; Chinese sentences follow each other without a space. */
export function inOneLine({ message, remedy }: Pick<Finding, "message" | "remedy">): string {
  if (!remedy) return message;
  return /[\u3000-\u303f\uff00-\uffef]$/.test(message) ? message + remedy : `${message} ${remedy}`;
}

/**
 * The first reason for which the upload is sure to be refused, with its remedy, as one text; `null` when there is none.
 * For upload widgets that show one line and ask whether to go on.
 */
export function blockingMessage({ findings }: { readonly findings: readonly Finding[] }): string | null {
  const first = findings.find(({ outcome, severity }) => outcome === "fail" && severity === "blocking");
  return first ? inOneLine(first) : null;
}
