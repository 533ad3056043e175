import type {
  Checklist,
  ConstraintStatus,
  DocumentKind,
  DocumentReport,
  FixReport,
  ItemStatus,
  Layout,
  Locale,
  Numbers,
  NumbersReport,
  PairReport,
  PhotoReport,
  Profile,
  RuleSet,
  SubmissionReport,
  UploadProfile,
} from "./types.gen.js";

/**
 * A picture. A `File` brings its name and type along; bytes are copied, so that the caller may reuse or transfer them
 * as soon as the call has returned its promise.
 */
export type FileInput = Blob | ArrayBuffer | Uint8Array;

/** Four corners in pixels of the displayed picture, in the order in which they follow each other around. */
export type Quad = DocumentReport["quad"];

/** Where the compiled engine comes from. A string is a URL (in Node also a path); relative ones start at the page. */
export type WasmSource = URL | string | BufferSource | WebAssembly.Module | Response;

/** Options of {@link createPrecheck}. `undefined` and `null` count as not given; an unknown name is refused. */
export interface PrecheckOptions {
  /** Language of messages. Default: the page's language (`<html lang>`) where it is one of the two, else Chinese. */
  locale?: Locale | undefined;
  /** The engine. Default: found beside the package's own files, with or without SIMD as the runtime can do. */
  wasm?: WasmSource | Promise<WasmSource> | undefined;
  /**
   * Whether the work is done in workers, away from the page's own thread. Default: `true` in browsers, `false` in Node,
   * where they are threads of `node:worker_threads`. Where none can be started, the work is done in the calling thread; see
   * {@link Precheck.mode}.
   */
  worker?: boolean | undefined;
  /**
   * How many workers may run side by side, 1 to 16; each is started when the others are busy and ended when idle.
   * Default: one per processor core, at most 4, fewer where the device has little memory.
   */
  workers?: number | undefined;
  /** Replaces the built-in rules; the shape is that of `icp-precheck/rules.json`. */
  rules?: RuleSet | undefined;
  /** Limits of the upload page: the id of a profile in the rules, or a profile. Default: `"alibaba-cloud"`. */
  upload?: string | UploadProfile | undefined;
  /**
   * Folder with `worker.js` and the two wasm files, for pages that serve them elsewhere than beside the package's own
   * script. A browser only starts a worker from the page's own origin.
   */
  base?: URL | string | undefined;
}

/** What is known about a file, and for when. `undefined` and `null` count as not given; an unknown name is refused. */
export interface CheckOptions {
  /** Which material of the checklist the file is for; brings that material's own limits. */
  material?: string | undefined;
  /** Which side of the document it shows. {@link Precheck.checkPair} knows by itself. */
  side?: "front" | "back" | undefined;
  /** Which document it shows: a kind by shape, or an identity document from a checklist's `accepts`. */
  document?: DocumentKind | (string & Record<never, never>) | undefined;
  /** Province of the filing, as a GB/T 2260 code: `"350000"`. */
  province?: string | undefined;
  /** File name with extension. Default: the name of the `File`. */
  fileName?: string | undefined;
  /** MIME type as declared. Default: the type of the `Blob`. */
  mimeType?: string | undefined;
  /** The day that the answer is to hold for, `YYYY-MM-DD`. Default: today, in local time. */
  on?: string | undefined;
  /** Rejects the call with the signal's reason; the work is dropped. */
  signal?: AbortSignal | undefined;
}

/** Options of {@link Precheck.checklist}. */
export interface ChecklistOptions {
  /** The day that the answer is to hold for, `YYYY-MM-DD`. Default: today, in local time. */
  on?: string | undefined;
  /** Whether to say, per item and constraint, which single answers would change it. Default: `false`. */
  changes?: boolean | undefined;
  /** Rejects the call with the signal's reason; the work is dropped. */
  signal?: AbortSignal | undefined;
}

/** One picture of a submission. */
export interface SubmissionFile {
  /** Which material of the checklist it is for. */
  material: string;
  /** Which picture of it. Default: `"single"`. */
  slot?: "single" | "front" | "back" | undefined;
  /** The picture. */
  file: FileInput;
  /** Materials that were spliced into it. */
  includes?: readonly string[] | undefined;
  /** Which document it shows. */
  document?: CheckOptions["document"];
  /** File name with extension. Default: the name of the `File`. */
  fileName?: string | undefined;
  /** MIME type as declared. Default: the type of the `Blob`. */
  mimeType?: string | undefined;
}

/** Everything that is to be submitted. */
export interface Submission {
  /** The answers. */
  profile: Profile;
  /**
   * The pictures, at most one in each place: a list, or an object by place, such as
   * `{ "leader-identity-document/front": file, "organization-certificate": file }`; places without a file may be `null`.
   */
  files?: readonly SubmissionFile[] | Readonly<Record<string, FileInput | null | undefined>> | undefined;
}

/** Options of {@link Precheck.checkSubmission}. */
export interface SubmissionOptions extends ChecklistOptions {
  /** Called after each file that was looked at. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Options of {@link Precheck.splice}. */
export interface SpliceOptions {
  /** How the pictures are put together. Default: `"vertical"`. */
  layout?: Layout | undefined;
  /** The new file has fewer bytes than this. Default: what the upload profile is sure to accept. */
  maxBytes?: number | undefined;
  /** Which material the new file is for; brings that material's own limits. */
  material?: string | undefined;
  /** The day that the answer is to hold for, `YYYY-MM-DD`. Default: today, in local time. */
  on?: string | undefined;
  /** Rejects the call with the signal's reason; the work is dropped. */
  signal?: AbortSignal | undefined;
}

/** What came of a remedy. */
export interface FixResult extends FixReport {
  /** The new file: a `File` where one was given, else bytes; `null` when the remedy was refused. */
  file: File | Uint8Array<ArrayBuffer> | null;
}

/** What differs between two checklists. `null`: not in that list. */
export interface ChecklistDifference {
  items: { material: string; name: string; before: ItemStatus | null; after: ItemStatus | null }[];
  constraints: {
    id: string;
    message: string;
    before: ConstraintStatus | null;
    after: ConstraintStatus | null;
  }[];
}

/** A picture as displayed, for {@link Precheck.describeDocument}; what a report says of its file will do. */
export interface PictureSize {
  widthPx: number;
  heightPx: number;
  /** Focal length in pixels of the picture; `null` and not given mean that it is not known. */
  focalLengthPx?: number | null | undefined;
}

/** Options of {@link Precheck.checkNumbers}. */
export type NumbersOptions = Omit<ChecklistOptions, "changes">;

/**
 * The checker. Calls may overlap; each is answered by itself.
 *
 * Every method rejects with a {@link PrecheckError} when an argument is wrong, and with the reason of the signal when
 * aborted. Whatever is wrong with a picture is in the report: a file that cannot be read is `file.unreadable`, and
 * should the engine itself fail on a file, the report says `file.not-checked` with the outcome `"broken"`.
 */
export interface Precheck {
  /** Checks one file by its bytes alone: type, structure, size, frames, colours, metadata. Nothing is decoded. */
  inspectFile(file: FileInput, options?: CheckOptions): Promise<PhotoReport>;
  /**
   * Checks one photo by its bytes and its pixels; the report has everything that {@link Precheck.inspectFile} says, and
   * `measures`. The picture is decoded in the engine, at reduced scale where it is very large, and kept nowhere. What was
   * seen of a `Blob` is remembered while the page holds it: another question about it, or a pair with it, decodes nothing.
   */
  checkPhoto(file: FileInput, options?: CheckOptions): Promise<PhotoReport>;
  /**
   * Checks both sides of a document and whether they fit together. The options hold for both files; the side is known
   * from the place.
   */
  checkPair(front: FileInput, back: FileInput, options?: CheckOptions): Promise<PairReport>;
  /**
   * Checks a whole set: every picture, every pair of front and back, what is missing, twice there or not spliced, with one
   * verdict and the shortest list of things to do. It may be half filled. What was seen of a `Blob` is remembered while the
   * page holds it, so that a call with one new file looks at one file.
   */
  checkSubmission(submission: Submission, options?: SubmissionOptions): Promise<SubmissionReport>;
  /**
   * Puts several pictures into one JPEG below the limit, documents at one scale where they were found, and checks it
   * again. `file` is `null` with a `refusal` when a picture cannot be opened or the print would not be legible.
   */
  splice(files: readonly FileInput[], options?: SpliceOptions): Promise<FixResult>;
  /**
   * Which papers a filing needs and why, with the questions that can still change the answer. Rejects with
   * `"wasm-unavailable"` should the engine itself fail.
   */
  checklist(profile: Profile, options?: ChecklistOptions): Promise<Checklist>;
  /**
   * What four corners say about their document, for corners that a person has drawn or moved: kind, true proportions,
   * tilt. `null` when no document can have them. `size` is that of the picture as displayed; with the focal length of its
   * report (`file.focalLengthPx`) the proportions of a tilted document are more exact.
   */
  describeDocument(quad: Quad, size: PictureSize): Promise<DocumentReport | null>;
  /**
   * Checks numbers and days that were typed: ID number, credit code, passport, permits, expiry. Nothing of them is kept,
   * and the report repeats none.
   */
  checkNumbers(numbers: Numbers, options?: NumbersOptions): Promise<NumbersReport>;
  /** Version of the program. */
  readonly version: string;
  /** Version of the rules in use. */
  readonly rulesVersion: string;
  /** Fingerprint of the rules in use: tells sets of the same version apart. */
  readonly rulesHash: string;
  /** Where the work is done at present. */
  readonly mode: "worker" | "local";
  /** Frees the engine. Pending and later calls reject with `"closed"`. */
  close(): void;
}
