/** Stand-ins for the wasm engine and for a worker, so that each failure can be had on demand. */
import type { Call, Engine, EngineOptions, FileRequest, Glue, ReadLimits, Splice } from "../../www/lib/engine.js";
import type { FromWorker, ToWorker } from "../../www/lib/messages.js";
import { serve } from "../../www/lib/serve.js";
import type {
  DocumentReport,
  FixReport,
  NumbersReport,
  PairReport,
  PhotoReport,
  SubmissionReport,
} from "../../www/lib/types.gen.js";
import type { Quad } from "../../www/lib/types.js";
import type { WorkerLike } from "../../www/lib/worker-runner.js";

// (func (export "t") unreachable)
const TRAP = new WebAssembly.Module(
  Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00],
    ...[0x07, 0x05, 0x01, 0x01, 0x74, 0x00, 0x00, 0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b],
  ),
);

/** The smallest module. */
export const EMPTY_MODULE = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));

/** Throws what a real trap throws. */
export function trap(): never {
  (new WebAssembly.Instance(TRAP).exports.t as () => void)();
  throw new Error("the trap did not trap");
}

/** A file that starts with this byte brings the engine down. */
export const DEADLY = 0xee;
export const LIMITS: ReadLimits = { maxReadBytes: 100, headBytes: 10 };

export interface FakeReport {
  said: string;
  bytes?: number[] | null;
  request?: FileRequest;
  engine: number;
}

/** What a fake engine was asked, as seen from outside. */
export interface Log {
  engines: number;
  freed: number;
  measured: number;
  options: EngineOptions[];
}

function refuseUnheardOf({ material }: FileRequest): void {
  if (material === "unheard-of") throw Object.assign(new Error("no such material"), { code: "unknown-material" });
}

export function fakeGlue(log: Log = newLog(), broken: { start?: "misuse" | "trap"; notChecked?: boolean } = {}) {
  return (): Glue => {
    let dead = false;
    let number = 0;
    const say = <T>(report: Omit<FakeReport, "engine">): T => {
      if (dead) throw new Error("a dead engine was asked");
      return { ...report, engine: number } as T;
    };
    const list = (bytes: Uint8Array | undefined) => {
      if (bytes?.[0] === DEADLY) {
        dead = true;
        trap();
      }
      return bytes ? [...bytes] : null;
    };
    const seen = (look: string) =>
      list(
        look.startsWith('"')
          ? undefined
          : Uint8Array.from((JSON.parse(look) as { measured: { bytes: number[] } }).measured.bytes),
      );
    class FakeEngine implements Engine {
      readonly version = "1.2.3";
      readonly rulesVersion = "2026.1";
      readonly rulesHash = "0123456789abcdef";
      constructor(options: string) {
        if (broken.start === "misuse") throw Object.assign(new Error("bad rules"), { code: "invalid-rules" });
        if (broken.start === "trap") trap();
        log.options.push(JSON.parse(options) as EngineOptions);
        log.engines += 1;
        number = log.engines;
      }
      inspectFile(bytes: Uint8Array, request: FileRequest) {
        refuseUnheardOf(request);
        return say<PhotoReport>({ said: "inspected", bytes: list(bytes), request });
      }
      judgePhoto(look: string, request: FileRequest) {
        refuseUnheardOf(request);
        if (look === '"unreadable"') return this.unreadable(request);
        if (look === '"not-measured"') return this.notChecked(request);
        return say<PhotoReport>({ said: "checked", bytes: seen(look), request });
      }
      judgePair(a: string, _a: FileRequest, b: string, request: FileRequest) {
        return say<PairReport>({ said: `pair ${seen(a)}|${seen(b)}`, request });
      }
      checklist(profile: { province: string }, on: string) {
        if (profile.province === "deadly") list(Uint8Array.of(DEADLY));
        return JSON.stringify({ said: `checklist ${profile.province} ${on}` });
      }
      checkNumbers(numbers: { idCard?: string }, on: string) {
        return say<NumbersReport>({ said: `numbers ${Object.keys(numbers)} ${on}` });
      }
      describeDocument(quad: Quad, widthPx: number, heightPx: number, focalLengthPx: number | null) {
        const size = `${widthPx}x${heightPx} ${focalLengthPx}`;
        return quad[0][0] < 0 ? null : say<DocumentReport>({ said: `described ${JSON.stringify(quad)} ${size}` });
      }
      measurePhoto(bytes: Uint8Array, sizeBytes: number) {
        log.measured += 1;
        return JSON.stringify({ measured: say<object>({ said: `${sizeBytes} bytes`, bytes: list(bytes) }) });
      }
      judgeSubmission(submission: string) {
        return say<SubmissionReport>({ said: submission });
      }
      splice(request: string) {
        const added: unknown[] = [];
        return {
          request,
          added,
          add: (_: number, bytes: Uint8Array) => added.push(list(bytes)),
          takeBytes: () => (added.length > 1 ? Uint8Array.of(1, 2, 3) : new Uint8Array()),
          free() {
            log.freed += 1;
          },
        };
      }
      finishSplice(splice: Splice & { request?: string; added?: unknown[] }) {
        return say<FixReport>({ said: `${splice.request} ${JSON.stringify(splice.added)}` });
      }
      unreadable(request: FileRequest) {
        return say<PhotoReport>({ said: "unreadable", request });
      }
      notChecked(request: FileRequest) {
        if (broken.notChecked) {
          dead = true;
          trap();
        }
        return say<PhotoReport>({ said: "not checked", request });
      }
      notCheckedPair(request: FileRequest) {
        return say<PairReport>({ said: "pair not checked", request });
      }
      free() {
        log.freed += 1;
      }
    }
    return { instantiate: async () => {}, Engine: FakeEngine, readLimits: () => LIMITS };
  };
}

export function newLog(): Log {
  return { engines: 0, freed: 0, measured: 0, options: [] };
}

/** A worker in the same thread: messages are cloned and arrive later, after `terminate` none does. */
export class FakeWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  onmessageerror: WorkerLike["onmessageerror"] = null;
  terminated = false;
  /** Calls that it was given, in order. */
  readonly calls: { id: number; call: Call }[] = [];
  /** While set, calls are taken and not worked on. */
  frozen = false;
  private readonly receive: (message: ToWorker) => void;

  constructor(createGlue: () => Glue) {
    this.receive = serve(createGlue, (message) => this.send(message));
  }

  send(message: FromWorker): void {
    queueMicrotask(() => {
      if (!this.terminated) this.onmessage?.({ data: structuredClone(message) });
    });
  }

  postMessage(message: ToWorker): void {
    const received = "call" in message ? posted(message) : message;
    if ("call" in received) this.calls.push(received);
    queueMicrotask(() => {
      if (!this.terminated && !(this.frozen && "call" in received)) this.receive(received);
    });
  }

  terminate(): void {
    this.terminated = true;
  }
}

/** What a page's worker would receive. Handles stay handles; Node cannot clone those of files on disk. */
function posted<T>(value: T): T {
  if (value instanceof Blob) return value;
  if (Array.isArray(value)) return value.map(posted) as T;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, posted(member)])) as T;
}

/** A file that was there when it was chosen and is gone now. */
export function vanished(name = "NotFoundError"): Blob {
  const blob = new Blob(["gone"]);
  blob.arrayBuffer = () => Promise.reject(new DOMException("A requested file could not be found", name));
  return blob;
}
