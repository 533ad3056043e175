import {
  type Answer,
  type Call,
  type CreateGlue,
  type Engine,
  type EngineInfo,
  type EngineOptions,
  type FileRequest,
  type Fixed,
  filesOf,
  type Look,
  NOT_MEASURED,
  type Picked,
  UNREADABLE,
} from "./engine.js";
import { PrecheckError, type PrecheckErrorCode } from "./error.js";
import type { Checklist, PhotoReport } from "./types.gen.js";

/** The engine failed, and its instance must not be asked again. */
export class EngineCrash extends Error {}

/** What the engine says about a wrong argument carries a code; whatever else it throws is a trap or follows from one. */
function understand(thrown: unknown): Error {
  const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === "string") return new PrecheckError(code as PrecheckErrorCode, String(message));
  return new EngineCrash(String(message ?? thrown), { cause: thrown });
}

/** A call whose files are in memory; `null` for a file that could not be read. */
export interface Loaded {
  call: Call;
  bytes: (Uint8Array | null)[];
}

/** Reads the files of a call. Never rejects on account of a file. */
export async function load(call: Call): Promise<Loaded> {
  return { call, bytes: await Promise.all(filesOf(call).map(({ source }) => read(source))) };
}

/** Never rejects. */
export async function read(source: Picked["source"]): Promise<Uint8Array<ArrayBuffer> | null> {
  if (source === null || source instanceof Uint8Array) return source;
  try {
    return new Uint8Array(await source.arrayBuffer());
  } catch {
    // Moved, deleted, changed since it was chosen, or a folder: the browser does not say which.
    return null;
  }
}

/** One engine in one wasm instance. */
export class EngineHost {
  readonly info: EngineInfo;
  /** Whether the engine has failed; it must not be asked again. */
  crashed = false;

  private constructor(
    private readonly engine: Engine,
    limits: EngineInfo["limits"],
  ) {
    this.info = { version: engine.version, rulesVersion: engine.rulesVersion, rulesHash: engine.rulesHash, limits };
  }

  /** @throws `PrecheckError` with the code of a misuse, or `"wasm-unavailable"`. */
  static async start(createGlue: CreateGlue, module: WebAssembly.Module, options: EngineOptions): Promise<EngineHost> {
    try {
      const glue = createGlue();
      await glue.instantiate(module);
      return new EngineHost(new glue.Engine(JSON.stringify(options)), glue.readLimits());
    } catch (thrown) {
      const error = understand(thrown);
      if (error instanceof PrecheckError) throw error;
      throw new PrecheckError("wasm-unavailable", `The engine did not start: ${error.message}`, { cause: thrown });
    }
  }

  /** @throws `PrecheckError` with the code of a misuse; `EngineCrash`, after which this host is of no more use. */
  answer({ call, bytes }: Loaded): Answer {
    try {
      return this.ask(call, bytes);
    } catch (thrown) {
      const error = understand(thrown);
      this.crashed = error instanceof EngineCrash;
      throw error;
    }
  }

  free(): void {
    try {
      this.engine.free();
    } catch {
      // After a trap the engine still counts as borrowed and refuses. The attempt keeps the garbage collector, whose errors
      // nobody could catch, from making its own.
    }
  }

  private ask(call: Call, bytes: (Uint8Array | null)[]): Answer {
    const { engine } = this;
    const [first] = bytes;
    switch (call.method) {
      case "inspectFile":
        return first ? engine.inspectFile(first, call.file.request) : engine.unreadable(call.file.request);
      case "measurePhoto": {
        const { request } = call.file;
        const look = first ? engine.measurePhoto(first, request.sizeBytes) : UNREADABLE;
        return { look, report: call.judge ? this.judge(look, request) : null };
      }
      case "judgePhoto":
        return engine.judgePhoto(call.photo.look, call.photo.request);
      case "judgePair":
        return engine.judgePair(call.front.look, call.front.request, call.back.look, call.back.request);
      case "judgeSubmission":
        return engine.judgeSubmission(call.submission);
      case "splice":
        return this.splice(call.request, bytes);
      case "notMeasured":
        return { look: NOT_MEASURED, report: null };
      case "checklist":
        return JSON.parse(engine.checklist(call.profile, call.on, call.changes)) as Checklist;
      case "checkNumbers":
        return engine.checkNumbers(call.numbers, call.on);
      case "describeDocument":
        return { document: engine.describeDocument(call.quad, call.widthPx, call.heightPx, call.focalLengthPx) };
      case "notChecked":
        return engine.notChecked(call.request);
      case "notCheckedPair":
        return engine.notCheckedPair(call.front, call.back);
    }
  }

  /** A wrong question says so when it is asked by itself; what was seen is worth keeping. */
  private judge(look: Look, request: FileRequest): PhotoReport | null {
    try {
      return this.engine.judgePhoto(look, request);
    } catch (thrown) {
      if (understand(thrown) instanceof EngineCrash) throw thrown;
      return null;
    }
  }

  private splice(request: string, files: (Uint8Array | null)[]): Fixed {
    const splice = this.engine.splice(request);
    try {
      files.forEach((bytes, index) => {
        splice.add(index, bytes ?? new Uint8Array());
      });
      const report = this.engine.finishSplice(splice);
      const bytes = splice.takeBytes();
      return { report, bytes: bytes.length > 0 ? bytes : null };
    } finally {
      splice.free();
    }
  }
}
