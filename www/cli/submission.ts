/** A submission on disk: answers, and which file lies where. */
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { Profile } from "icp-precheck";
import type { Words } from "./words.js";

export interface SubmissionOnDisk {
  profile: Profile;
  /** Path of the file for each place, such as `leader-identity-document/front`; relative ones start at the document. */
  files: Record<string, string>;
}

/** Reads the document; or says why it is none. What is in the answers is for the engine to refuse. */
export function readSubmission(path: string, words: Words): SubmissionOnDisk | string {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8").replace(/^\ufeff/, ""));
  } catch (error) {
    return words.badSubmission(path, error instanceof Error ? error.message : String(error));
  }
  if (!isRecord(content) || !isRecord(content.profile)) return words.badSubmission(path, words.noProfile);
  const unknown = Object.keys(content).find((key) => key !== "profile" && key !== "files");
  if (unknown !== undefined) return words.badSubmission(path, words.unknownKey(unknown));
  const { profile, files = {} } = content;
  if (!isRecord(files)) return words.badSubmission(path, words.badFiles);
  const paths: Record<string, string> = {};
  for (const [place, file] of Object.entries(files)) {
    if (file === null) continue;
    if (typeof file !== "string" || file === "") return words.badSubmission(path, words.badFiles);
    paths[place] = isAbsolute(file) ? file : join(dirname(path), file);
  }
  return { profile: profile as unknown as Profile, files: paths };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
