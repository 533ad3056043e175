import {
  type Answer,
  afterFailureOn,
  type Call,
  type CreateGlue,
  type EngineInfo,
  type EngineOptions,
} from "./engine.js";
import { EngineCrash, EngineHost, type Loaded, load } from "./host.js";
import { engineFailed, type Runner, type Settle } from "./runner.js";

/** Runs the engine in the calling thread: in Node, and where no worker can be had. */
export class LocalRunner implements Runner {
  readonly mode = "local";
  private host: Promise<EngineHost> | null = null;

  constructor(
    private readonly createGlue: CreateGlue,
    private readonly module: WebAssembly.Module,
    private readonly options: EngineOptions,
  ) {}

  async start(): Promise<EngineInfo> {
    return (await this.ready()).info;
  }

  submit(call: Call, settle: Settle): () => void {
    let dropped = false;
    const run = async () => {
      const loaded = await load(call);
      return dropped ? null : this.answer(loaded, () => dropped);
    };
    run().then(
      (answer) => {
        if (answer && !dropped) settle.resolve(answer);
      },
      (error) => {
        if (!dropped) settle.reject(error);
      },
    );
    return () => {
      dropped = true;
    };
  }

  close(): void {
    this.host?.then((host) => host.free()).catch(() => undefined);
    this.host = null;
  }

  private async answer(loaded: Loaded, isDropped: () => boolean): Promise<Answer | null> {
    const host = await this.ready();
    if (isDropped()) return null;
    // Another call may have brought the engine down while this one waited for it.
    if (host.crashed) return this.answer(loaded, isDropped);
    try {
      return host.answer(loaded);
    } catch (error) {
      if (!(error instanceof EngineCrash)) throw error;
      host.free();
      this.host = null;
      const call = afterFailureOn(loaded.call);
      if (!call) throw engineFailed(error.cause);
      return this.answer({ call, bytes: [] }, isDropped);
    }
  }

  private ready(): Promise<EngineHost> {
    if (this.host) return this.host;
    const host = EngineHost.start(this.createGlue, this.module, this.options);
    this.host = host;
    // Memory that is short now may be there for the next call.
    host.catch(() => {
      if (this.host === host) this.host = null;
    });
    return host;
  }
}
