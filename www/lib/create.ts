import type {
  Answer,
  Call,
  CreateGlue,
  Described,
  EngineInfo,
  EngineOptions,
  Fixed,
  Look,
  LookedAt,
  Picked,
  Seen,
} from "./engine.js";
import { PrecheckError } from "./error.js";
import { given, invalid, pick, signalOf, snapshot, today } from "./input.js";
import { loadWasm, type SharedModules, type WasmFiles } from "./load-wasm.js";
import { LocalRunner } from "./local-runner.js";
import { PoolRunner } from "./pool-runner.js";
import type { Runner } from "./runner.js";
import { placedFiles } from "./submission.js";
import type {
  Checklist,
  DocumentReport,
  Layout,
  Locale,
  Numbers,
  NumbersReport,
  PairReport,
  PhotoReport,
  Profile,
  SubmissionReport,
} from "./types.gen.js";
import type {
  ChecklistOptions,
  CheckOptions,
  FileInput,
  FixResult,
  NumbersOptions,
  PictureSize,
  Precheck,
  PrecheckOptions,
  Quad,
  SpliceOptions,
  Submission,
  SubmissionOptions,
} from "./types.js";
import { type WorkerLike, WorkerRunner } from "./worker-runner.js";

const OPTION_KEYS = [
  "locale",
  "wasm",
  "worker",
  "workers",
  "rules",
  "upload",
  "base",
] as const satisfies (keyof PrecheckOptions)[];

/** What differs between a browser and Node. */
export interface Platform {
  createGlue: CreateGlue;
  /** Files of the package: in the folder `base`, or beside the package's own script. */
  wasmFiles(base: URL | string | undefined): WasmFiles;
  createWorker(base: URL | string | undefined): WorkerLike;
  /** Whether workers do the work where the caller does not say. */
  worker: boolean;
  locale(): Locale;
  /** How many workers are worth having here. */
  workers(): number;
}

/** Most engines side by side; each may need tens of megabytes. */
const MAX_WORKERS = 16;

/** Somebody who takes photos one after the other has a worker that is ready. */
const IDLE_MS = 60_000;
/** The others keep tens of megabytes each, and a start takes a blink. */
const IDLE_OTHERS_MS = 10_000;

const modules: SharedModules = new Map();

/** A spliced file's name, as a browser would offer it. */
const SPLICED_NAME = "spliced.jpg";

export async function create(platform: Platform, options: PrecheckOptions | undefined): Promise<Precheck> {
  const {
    locale,
    wasm,
    worker = platform.worker,
    workers = platform.workers(),
    rules,
    upload,
    base,
  } = given("options", options, OPTION_KEYS);
  if (typeof worker !== "boolean") throw invalid("options: worker is not a boolean");
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS) {
    throw invalid(`options: workers is not a whole number from 1 to ${MAX_WORKERS}`);
  }
  const engineOptions: EngineOptions = { locale: locale ?? platform.locale() };
  if (rules !== undefined) engineOptions.rules = snapshot("rules", rules);
  if (upload !== undefined) engineOptions.upload = snapshot("upload", upload);
  const module = await loadWasm(wasm, platform.wasmFiles(base), modules);
  const { createGlue, createWorker } = platform;
  const createLocal = () => new LocalRunner(createGlue, module, engineOptions);
  const createWorkerRunner = (idleMs: number) =>
    new WorkerRunner(() => createWorker(base), createLocal, module, engineOptions, idleMs);
  const runner = worker
    ? new PoolRunner(createWorkerRunner(IDLE_MS), () => createWorkerRunner(IDLE_OTHERS_MS), workers)
    : createLocal();
  try {
    return new RunningPrecheck(runner, await runner.start());
  } catch (error) {
    runner.close();
    throw error;
  }
}

const looksByVersion = new Map<string, WeakMap<object, Promise<Look>>>();

/** Neither language nor rules nor limits change what is seen, so that all checkers of one version share it. */
function looksOf(version: string): WeakMap<object, Promise<Look>> {
  const looks = looksByVersion.get(version) ?? new WeakMap<object, Promise<Look>>();
  looksByVersion.set(version, looks);
  return looks;
}

/** The API over a runner: arguments, abort and close are dealt with here, the same for every runner. */
export class RunningPrecheck implements Precheck {
  readonly version: string;
  readonly rulesVersion: string;
  readonly rulesHash: string;
  private closed = false;
  private readonly pending = new Set<(reason: unknown) => void>();
  /** What was seen of a file, for as long as the page holds it: a submission with one new file measures one file. */
  private readonly looks: WeakMap<object, Promise<Look>>;

  constructor(
    private readonly runner: Runner,
    private readonly info: EngineInfo,
  ) {
    this.version = info.version;
    this.rulesVersion = info.rulesVersion;
    this.rulesHash = info.rulesHash;
    this.looks = looksOf(info.version);
  }

  get mode(): "worker" | "local" {
    return this.runner.mode;
  }

  inspectFile(file: FileInput, options?: CheckOptions): Promise<PhotoReport> {
    return this.ask(options, () => ({ method: "inspectFile", file: this.pick(file, options) }));
  }

  async checkPhoto(file: FileInput, options?: CheckOptions): Promise<PhotoReport> {
    const picked = this.pick(file, options);
    const { look, report } = await this.seen(file, picked, signalOf(options), true);
    const { request } = picked;
    return report ?? this.ask(options, () => ({ method: "judgePhoto", photo: { look, request } }));
  }

  async checkPair(front: FileInput, back: FileInput, options?: CheckOptions): Promise<PairReport> {
    // Both are picked before anything is awaited, so that the report is about the files as they were handed over.
    const frontPicked = this.pick(front, { ...options, side: "front" });
    const backPicked = this.pick(back, { ...options, side: "back" });
    const [frontLook, backLook] = await Promise.all([
      this.lookedAt(front, frontPicked, options),
      this.lookedAt(back, backPicked, options),
    ]);
    return this.ask(options, () => ({ method: "judgePair", front: frontLook, back: backLook }));
  }

  checklist(profile: Profile, options?: ChecklistOptions): Promise<Checklist> {
    return this.ask(options, () => {
      const keys = ["on", "changes", "signal"] satisfies (keyof ChecklistOptions)[];
      const { on = today(), changes = false } = given("options", options, keys);
      if (typeof on !== "string") throw invalid("options: on is not a string");
      if (typeof changes !== "boolean") throw invalid("options: changes is not a boolean");
      return { method: "checklist", profile: snapshot("profile", profile), on, changes };
    });
  }

  checkNumbers(numbers: Numbers, options?: NumbersOptions): Promise<NumbersReport> {
    return this.ask(options, () => {
      const { on = today() } = given("options", options, ["on", "signal"] satisfies (keyof NumbersOptions)[]);
      if (typeof on !== "string") throw invalid("options: on is not a string");
      return { method: "checkNumbers", numbers: snapshot("numbers", numbers), on };
    });
  }

  async describeDocument(quad: Quad, size: PictureSize): Promise<DocumentReport | null> {
    const { document } = await this.ask<Described>(undefined, () => {
      const known = ["widthPx", "heightPx", "focalLengthPx"] satisfies (keyof PictureSize)[];
      const { widthPx, heightPx, focalLengthPx = null } = given("size", size, known);
      const isSide = (px: unknown): px is number => Number.isInteger(px) && Number(px) > 0 && Number(px) < 2 ** 32;
      if (!isSide(widthPx) || !isSide(heightPx)) throw invalid("size: widthPx and heightPx are whole numbers above 0");
      if (focalLengthPx !== null && !(typeof focalLengthPx === "number" && focalLengthPx > 0)) {
        throw invalid("size: focalLengthPx is a number above 0, or null");
      }
      return { method: "describeDocument", quad: snapshot("quad", quad), widthPx, heightPx, focalLengthPx };
    });
    return document;
  }

  async checkSubmission(submission: Submission, options?: SubmissionOptions): Promise<SubmissionReport> {
    const known = ["on", "signal", "onProgress"] satisfies (keyof SubmissionOptions)[];
    const { on = today(), signal, onProgress } = given("options", options, known);
    if (typeof on !== "string") throw invalid("options: on is not a string");
    const { profile, files } = placedFiles(submission);
    const answers = snapshot("profile", profile);
    // Everything is picked before anything is awaited, so that the report is about the files as they were handed over.
    const picked = files.map((file) => ({ ...file, picked: this.pick(file.file, { ...file.options, on }) }));
    let done = 0;
    const looks = await Promise.all(
      picked.map(async ({ file, picked }) => {
        const look = await this.look(file, picked, signal);
        done += 1;
        onProgress?.(done, files.length);
        return look;
      }),
    );
    const photos = picked.map(({ material, slot, includes, picked }, index) =>
      withLook({ material, slot, includes, request: picked.request }, looks[index] as Look),
    );
    const text = `{"profile":${JSON.stringify(answers)},"on":${JSON.stringify(on)},"photos":[${photos.join(",")}]}`;
    return this.ask({ signal }, () => ({ method: "judgeSubmission", submission: text }));
  }

  async splice(files: readonly FileInput[], options?: SpliceOptions): Promise<FixResult> {
    const known = ["layout", "maxBytes", "material", "on", "signal"] satisfies (keyof SpliceOptions)[];
    const { layout = "vertical", maxBytes, material, on = today(), signal } = given("options", options, known);
    if (!Array.isArray(files) || files.length === 0) throw invalid("files: expected an array with at least one file");
    if (!(["vertical", "horizontal", "grid"] satisfies Layout[]).includes(layout)) {
      throw invalid('options: layout is none of "vertical", "horizontal", "grid"');
    }
    if (maxBytes !== undefined && !(Number.isInteger(maxBytes) && maxBytes > 0)) {
      throw invalid("options: maxBytes is not a whole number above 0");
    }
    const picked = files.map((file) => this.pick(file, { material, on }));
    const looks = await Promise.all(picked.map((one, index) => this.look(files[index] as FileInput, one, signal)));
    const photos = picked.map(({ request }, index) => withLook({ request }, looks[index] as Look));
    const request = { sizeBytes: 0, fileName: SPLICED_NAME, mimeType: "image/jpeg", on, ...(material && { material }) };
    const limit = maxBytes === undefined ? "" : `,"maxBytes":${maxBytes}`;
    const text = `{"photos":[${photos.join(",")}],"layout":"${layout}"${limit},"request":${JSON.stringify(request)}}`;
    const fixed = await this.ask<Fixed>({ signal }, () => ({ method: "splice", files: picked, request: text }));
    const { bytes, report } = fixed;
    const isBlob = files.some((file) => typeof Blob !== "undefined" && file instanceof Blob);
    const file = bytes === null ? null : isBlob ? new File([bytes], SPLICED_NAME, { type: "image/jpeg" }) : bytes;
    return { file, ...report };
  }

  private async lookedAt(file: FileInput, picked: Picked, options: CheckOptions | undefined): Promise<LookedAt> {
    return { look: await this.look(file, picked, signalOf(options)), request: picked.request };
  }

  private async look(file: FileInput, picked: Picked, signal: AbortSignal | undefined): Promise<Look> {
    return (await this.seen(file, picked, signal, false)).look;
  }

  /**
   * Measures a file, once for as long as the page holds it. Bytes may change between two calls, a `Blob` cannot. `judge`: the
   * report is wanted with it; it is not there when the file has been looked at before.
   */
  private seen(file: FileInput, picked: Picked, signal: AbortSignal | undefined, judge: boolean): Promise<Seen> {
    const measure = (options?: { signal: AbortSignal | undefined }) =>
      this.ask<Seen>(options, () => ({ method: "measurePhoto", file: picked, judge }));
    if (typeof Blob === "undefined" || !(file instanceof Blob)) return measure({ signal });
    const known = this.looks.get(file);
    // Whoever leaves must not take the work away from the others that wait for it.
    if (known) {
      const own = known.catch((error: unknown) => {
        // The checker that was at it has been closed, and this one has not.
        const isAbandoned = error instanceof PrecheckError && error.code === "closed" && !this.closed;
        return isAbandoned ? this.look(file, picked, undefined) : Promise.reject(error);
      });
      return orAborted(
        own.then((look) => ({ look, report: null })),
        signal,
      );
    }
    const seen = measure();
    const look = seen.then(({ look }) => look);
    this.looks.set(file, look);
    const forget = () => this.looks.delete(file);
    // What failed may succeed the next time: a file on a drive that was away, memory that was short.
    look.then((text) => text.startsWith('"') && forget(), forget);
    return orAborted(seen, signal);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.runner.close();
    for (const drop of this.pending) drop(closedError());
  }

  private pick(file: FileInput, options: CheckOptions | undefined) {
    return pick(file, options, this.info.limits);
  }

  private ask<T extends Answer>(
    options: { signal?: AbortSignal | undefined } | undefined,
    prepare: () => Call,
  ): Promise<T> {
    return new Promise<Answer>((resolve, reject) => {
      if (this.closed) throw closedError();
      const signal = signalOf(options);
      const call = prepare();
      if (signal?.aborted) throw reasonOf(signal);
      let cancel = () => {};
      const leave = () => {
        this.pending.delete(drop);
        signal?.removeEventListener("abort", onAbort);
      };
      const drop = (reason: unknown) => {
        leave();
        cancel();
        reject(reason);
      };
      const onAbort = () => drop(reasonOf(signal as AbortSignal));
      this.pending.add(drop);
      signal?.addEventListener("abort", onAbort);
      cancel = this.runner.submit(call, {
        resolve(answer) {
          leave();
          resolve(answer);
        },
        reject(error) {
          leave();
          reject(error);
        },
      });
    }) as Promise<T>;
  }
}

/** The promise, or the reason of the signal if that comes first. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const leave = () => reject(reasonOf(signal));
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

/** Facts are JSON text already, and travel as they are. */
function withLook(photo: object, look: Look): string {
  return `${JSON.stringify(photo).slice(0, -1)},"look":${look}}`;
}

function closedError(): PrecheckError {
  return new PrecheckError("closed", "The checker has been closed.");
}

/** Browsers older than `signal.reason` abort with this error. */
function reasonOf(signal: AbortSignal): unknown {
  return signal.reason === undefined ? new DOMException("The operation was aborted.", "AbortError") : signal.reason;
}
