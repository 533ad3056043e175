/**
 * Answers as a link, after the `#`, which browsers keep to themselves.
 *
 * Only choices and numbers travel. Texts, days and ages stay here: they may tell who somebody is.
 */
import { facts } from "icp-precheck/rules.json";

export type AnswerValue = string | number | boolean;

/** No link of ours is longer. */
const MAX_CHARS = 8192;

/** Numbers that say something about a person. */
const PERSONAL = ["leaderAge", "administratorAge"];

export function shareable(id: string): boolean {
  if (PERSONAL.includes(id)) return false;
  const fact = facts.find((one) => one.id === id);
  switch (fact?.type) {
    case "region":
    case "enum":
    case "boolean":
    case "integer":
      return true;
    default:
      return false;
  }
}

export function writeLink(page: string, upload: string, answers: [string, AnswerValue][]): string {
  const held = new URLSearchParams({ upload });
  for (const [id, value] of answers) if (shareable(id)) held.set(id, String(value));
  const link = new URL(page);
  link.hash = held.toString();
  return link.href;
}

/** What a link says, not yet checked against the rules; `null` when it holds no answers. */
export function readLink(hash: string): { upload: string | undefined; answers: Record<string, AnswerValue> } | null {
  if (!hash.includes("=") || hash.length > MAX_CHARS) return null;
  const held = new URLSearchParams(hash.slice(1));
  const answers: Record<string, AnswerValue> = {};
  for (const [id, text] of held) {
    const fact = facts.find((one) => one.id === id);
    if (!fact || !shareable(id)) continue;
    if (fact.type === "boolean") answers[id] = text === "true" ? true : text === "false" ? false : text;
    else if (fact.type === "integer") answers[id] = /^-?\d{1,9}$/.test(text) ? Number(text) : text;
    else answers[id] = text;
  }
  return { upload: held.get("upload") ?? undefined, answers };
}
