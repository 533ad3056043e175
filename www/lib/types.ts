import type {
  Checklist,
  DocumentKind,
  DocumentReport,
  Locale,
  PairReport,
  PhotoReport,
  Profile,
  RuleSet,
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
   * Whether the work is done in a worker, away from the page's own. Default: `true` in browsers, `false` in Node, which
   * has no such worker. Where none can be started, the work is done in the calling thread; see {@link Precheck.mode}.
   */
  worker?: boolean | undefined;
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
  /** Rejects the call with the signal's reason; the work is dropped. */
  signal?: AbortSignal | undefined;
}

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
   * `measures`. The picture is decoded in the engine, at reduced scale where it is very large, and kept nowhere.
   */
  checkPhoto(file: FileInput, options?: CheckOptions): Promise<PhotoReport>;
  /**
   * Checks both sides of a document and whether they fit together. The options hold for both files; the side is known
   * from the place.
   */
  checkPair(front: FileInput, back: FileInput, options?: CheckOptions): Promise<PairReport>;
  /**
   * Which papers a filing needs and why, with the questions that can still change the answer. Rejects with
   * `"wasm-unavailable"` should the engine itself fail.
   */
  checklist(profile: Profile, options?: ChecklistOptions): Promise<Checklist>;
  /**
   * What four corners say about their document, for corners that a person has drawn or moved: kind, true proportions,
   * tilt. `null` when no document can have them. `size` is that of the picture as displayed.
   */
  describeDocument(quad: Quad, size: { widthPx: number; heightPx: number }): Promise<DocumentReport | null>;
  /** Version of the program. */
  readonly version: string;
  /** Version of the rules in use. */
  readonly rulesVersion: string;
  /** Where the work is done at present. */
  readonly mode: "worker" | "local";
  /** Frees the engine. Pending and later calls reject with `"closed"`. */
  close(): void;
}
