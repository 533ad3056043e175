/** A submission as callers may write it, brought into one shape. */
import { given, invalid } from "./input.js";
import type { CheckOptions, FileInput, Submission, SubmissionFile } from "./types.js";

export type SlotName = "single" | "front" | "back";

export interface PlacedFile {
  material: string;
  slot: SlotName;
  includes: string[];
  file: FileInput;
  options: CheckOptions;
}

const SLOTS: readonly string[] = ["single", "front", "back"] satisfies SlotName[];

export function placedFiles(submission: Submission): { profile: Submission["profile"]; files: PlacedFile[] } {
  const { profile, files } = given("submission", submission, ["profile", "files"] satisfies (keyof Submission)[]);
  if (typeof profile !== "object") throw invalid("submission: profile is not an object");
  if (files === undefined) return { profile, files: [] };
  if (Array.isArray(files)) return { profile, files: files.map((file, index) => fromItem(file, `files[${index}]`)) };
  if (typeof files !== "object") throw invalid("submission: files is neither an array nor an object");
  const entries = Object.entries(files as Record<string, FileInput | null | undefined>);
  return {
    profile,
    files: entries.flatMap(([place, file]) => (file === null || file === undefined ? [] : [fromPlace(place, file)])),
  };
}

/** `leader-identity-document/front`; a material with a single picture may leave the second part out. */
function fromPlace(place: string, file: FileInput): PlacedFile {
  const [material = "", slot = "single", ...rest] = place.split("/");
  if (rest.length > 0 || !SLOTS.includes(slot)) {
    throw invalid(`files: "${place}" is no place; expected "material/front", "material/back" or "material"`);
  }
  const side = slot === "front" || slot === "back" ? { side: slot } : {};
  return { material, slot: slot as SlotName, includes: [], file, options: { material, ...side } as CheckOptions };
}

function fromItem(item: SubmissionFile, where: string): PlacedFile {
  const known = ["material", "slot", "file", "includes", "document", "fileName", "mimeType"] as const;
  const {
    material,
    slot = "single",
    file,
    includes = [],
    ...told
  } = given(where, item, known satisfies readonly (keyof SubmissionFile)[]);
  if (typeof material !== "string") throw invalid(`${where}: material is not a string`);
  if (!SLOTS.includes(slot)) throw invalid(`${where}: slot is none of "single", "front", "back"`);
  if (!Array.isArray(includes) || includes.some((one) => typeof one !== "string")) {
    throw invalid(`${where}: includes is not an array of strings`);
  }
  if (file === undefined) throw invalid(`${where}: file is missing`);
  const options: CheckOptions = { ...told, material };
  if (slot !== "single") options.side = slot;
  return { material, slot, includes: [...includes], file, options };
}
