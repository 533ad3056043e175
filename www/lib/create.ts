import type { Answer, Call, CreateGlue, Described, EngineInfo, EngineOptions } from "./engine.js";
import { PrecheckError } from "./error.js";
import { given, invalid, pick, signalOf, snapshot, today } from "./input.js";
import { LocalRunner } from "./local-runner.js";
import type { Runner } from "./runner.js";
import type { Checklist, DocumentReport, Locale, PairReport, PhotoReport, Profile } from "./types.gen.js";
import type { ChecklistOptions, CheckOptions, FileInput, Precheck, PrecheckOptions, Quad } from "./types.js";
import { loadWasm, type WasmFiles } from "./wasm.js";
import { type WorkerLike, WorkerRunner } from "./worker-runner.js";

const OPTION_KEYS = [
  "locale",
  "wasm",
  "worker",
  "rules",
  "upload",
  "base",
] as const satisfies (keyof PrecheckOptions)[];

/** What differs between a browser and Node. */
export interface Platform {
  createGlue: CreateGlue;
  /** Files of the package: in the folder `base`, or beside the package's own script. */
  wasmFiles(base: URL | string | undefined): WasmFiles;
  /** `null` where the platform has no workers that could run the engine. */
  createWorker: ((base: URL | string | undefined) => WorkerLike) | null;
  locale(): Locale;
}

export async function create(platform: Platform, options: PrecheckOptions | undefined): Promise<Precheck> {
  const { locale, wasm, worker = true, rules, upload, base } = given("options", options, OPTION_KEYS);
  if (typeof worker !== "boolean") throw invalid("options: worker is not a boolean");
  const engineOptions: EngineOptions = { locale: locale ?? platform.locale() };
  if (rules !== undefined) engineOptions.rules = snapshot("rules", rules);
  if (upload !== undefined) engineOptions.upload = snapshot("upload", upload);
  const module = await loadWasm(wasm, platform.wasmFiles(base));
  const { createGlue, createWorker } = platform;
  const createLocal = () => new LocalRunner(createGlue, module, engineOptions);
  const runner =
    worker && createWorker
      ? new WorkerRunner(() => createWorker(base), createLocal, module, engineOptions)
      : createLocal();
  try {
    return new RunningPrecheck(runner, await runner.start());
  } catch (error) {
    runner.close();
    throw error;
  }
}

/** The API over a runner: arguments, abort and close are dealt with here, the same for every runner. */
export class RunningPrecheck implements Precheck {
  readonly version: string;
  readonly rulesVersion: string;
  private closed = false;
  private readonly pending = new Set<(reason: unknown) => void>();

  constructor(
    private readonly runner: Runner,
    private readonly info: EngineInfo,
  ) {
    this.version = info.version;
    this.rulesVersion = info.rulesVersion;
  }

  get mode(): "worker" | "local" {
    return this.runner.mode;
  }

  inspectFile(file: FileInput, options?: CheckOptions): Promise<PhotoReport> {
    return this.ask(options, () => ({ method: "inspectFile", file: this.pick(file, options) }));
  }

  checkPhoto(file: FileInput, options?: CheckOptions): Promise<PhotoReport> {
    return this.ask(options, () => ({ method: "checkPhoto", file: this.pick(file, options) }));
  }

  checkPair(front: FileInput, back: FileInput, options?: CheckOptions): Promise<PairReport> {
    return this.ask(options, () => ({
      method: "checkPair",
      front: this.pick(front, { ...options, side: "front" }),
      back: this.pick(back, { ...options, side: "back" }),
    }));
  }

  checklist(profile: Profile, options?: ChecklistOptions): Promise<Checklist> {
    return this.ask(options, () => {
      const { on = today() } = given("options", options, ["on", "signal"] satisfies (keyof ChecklistOptions)[]);
      if (typeof on !== "string") throw invalid("options: on is not a string");
      return { method: "checklist", profile: snapshot("profile", profile), on };
    });
  }

  async describeDocument(quad: Quad, size: { widthPx: number; heightPx: number }): Promise<DocumentReport | null> {
    const { document } = await this.ask<Described>(undefined, () => {
      const { widthPx, heightPx } = given("size", size, ["widthPx", "heightPx"]);
      const isSide = (px: unknown): px is number => Number.isInteger(px) && Number(px) > 0 && Number(px) < 2 ** 32;
      if (!isSide(widthPx) || !isSide(heightPx)) throw invalid("size: widthPx and heightPx are whole numbers above 0");
      return { method: "describeDocument", quad: snapshot("quad", quad), widthPx, heightPx };
    });
    return document;
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

function closedError(): PrecheckError {
  return new PrecheckError("closed", "The checker has been closed.");
}

/** Browsers older than `signal.reason` abort with this error. */
function reasonOf(signal: AbortSignal): unknown {
  return signal.reason === undefined ? new DOMException("The operation was aborted.", "AbortError") : signal.reason;
}
