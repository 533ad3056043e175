/** The wasm engine as the generated glue offers it, and what travels to it. */
import type {
  Checklist,
  DocumentReport,
  FixReport,
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
import type { Quad } from "./types.js";

export interface FileRequest {
  /** Size of the whole file, which may be more than the bytes handed over. */
  sizeBytes: number;
  fileName?: string;
  mimeType?: string;
  material?: string;
  side?: "front" | "back";
  document?: string;
  province?: string;
  on: string;
}

export interface EngineOptions {
  locale: Locale;
  rules?: RuleSet;
  upload?: string | UploadProfile;
}

export interface Engine {
  inspectFile(bytes: Uint8Array, request: FileRequest): PhotoReport;
  /** What looking at a file brings, as JSON text: a {@link Look}. */
  measurePhoto(bytes: Uint8Array, sizeBytes: number): Look;
  judgePhoto(look: Look, request: FileRequest): PhotoReport;
  judgePair(front: Look, frontRequest: FileRequest, back: Look, backRequest: FileRequest): PairReport;
  /** `submission`: answers and looked-at photos as JSON text. */
  judgeSubmission(submission: string): SubmissionReport;
  /** `request`: looked-at photos, layout and limit as JSON text. */
  splice(request: string): Splice;
  finishSplice(splice: Splice): FixReport;
  /** {@link Checklist} as JSON text. */
  checklist(profile: Profile, on: string, changes: boolean): string;
  checkNumbers(numbers: Numbers, on: string): NumbersReport;
  describeDocument(quad: Quad, widthPx: number, heightPx: number, focalLengthPx: number | null): DocumentReport | null;
  unreadable(request: FileRequest): PhotoReport;
  notChecked(request: FileRequest): PhotoReport;
  notCheckedPair(front: FileRequest, back: FileRequest): PairReport;
  readonly version: string;
  readonly rulesVersion: string;
  readonly rulesHash: string;
  free(): void;
}

/** Facts of one photo as JSON text, which only the engine reads; or that there are none. */
export type Look = string;
export const UNREADABLE: Look = '"unreadable"';
export const NOT_MEASURED: Look = '"not-measured"';

/** Pictures on their way into one. */
export interface Splice {
  add(index: number, bytes: Uint8Array): void;
  takeBytes(): Uint8Array<ArrayBuffer>;
  free(): void;
}

/** Of files above `maxReadBytes`, only the first `headBytes` are worth handing over. */
export interface ReadLimits {
  maxReadBytes: number;
  headBytes: number;
}

/** One evaluation of the glue, which holds one wasm instance. `instantiate` comes before anything else. */
export interface Glue {
  instantiate(module: WebAssembly.Module): Promise<void>;
  /** `options`: {@link EngineOptions} as JSON text. */
  Engine: new (
    options: string,
  ) => Engine;
  readLimits(): ReadLimits;
}

export type CreateGlue = () => Glue;

/** A file on its way: a handle that is read where the engine runs, our own copy of the bytes, or `null`: it was not read. */
export interface Picked {
  source: Blob | Uint8Array<ArrayBuffer> | null;
  request: FileRequest;
}

/** A file that was looked at, and what is asked about it. */
export interface LookedAt {
  look: Look;
  request: FileRequest;
}

/** A question to the engine, in a shape that can be posted to a worker. */
export type Call =
  | { method: "inspectFile"; file: Picked }
  /** `judge`: what is asked about the file is to be answered with it, so that no other file comes between. */
  | { method: "measurePhoto"; file: Picked; judge: boolean }
  | { method: "judgePhoto"; photo: LookedAt }
  | { method: "judgePair"; front: LookedAt; back: LookedAt }
  | { method: "judgeSubmission"; submission: string }
  | { method: "splice"; files: Picked[]; request: string }
  | { method: "checklist"; profile: Profile; on: string; changes: boolean }
  | { method: "checkNumbers"; numbers: Numbers; on: string }
  | { method: "describeDocument"; quad: Quad; widthPx: number; heightPx: number; focalLengthPx: number | null }
  | { method: "notMeasured" }
  | { method: "notChecked"; request: FileRequest }
  | { method: "notCheckedPair"; front: FileRequest; back: FileRequest };

/** What a call brings to be read. Such a call takes its time; all others are answered in a blink. */
export function filesOf(call: Call): Picked[] {
  if ("file" in call) return [call.file];
  return "files" in call ? call.files : [];
}

/** A report with the new file, where there is one. */
export interface Fixed {
  report: FixReport;
  bytes: Uint8Array<ArrayBuffer> | null;
}

/** `null` when no document has these corners. */
export interface Described {
  document: DocumentReport | null;
}

/** What looking at a file brought, and the report where one was wanted and could be given. */
export interface Seen {
  look: Look;
  report: PhotoReport | null;
}

export type Answer = PhotoReport | PairReport | Checklist | NumbersReport | Described | Seen | SubmissionReport | Fixed;

/** What a caller of the API wants to know before the first call. */
export interface EngineInfo {
  version: string;
  rulesVersion: string;
  rulesHash: string;
  limits: ReadLimits;
}

/** The question that still has an answer when the engine failed on `call`; `null` when there is none. */
export function afterFailureOn(call: Call): Call | null {
  switch (call.method) {
    case "inspectFile":
      return { method: "notChecked", request: call.file.request };
    case "judgePhoto":
      return { method: "notChecked", request: call.photo.request };
    case "measurePhoto":
      return { method: "notMeasured" };
    case "judgePair":
      return { method: "notCheckedPair", front: call.front.request, back: call.back.request };
    default:
      return null;
  }
}
