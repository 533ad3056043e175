/**
 * The checker in the hands of upload widgets: FilePond, Uppy, react-dropzone, Ant Design, Element Plus, or one of your own.
 * `import { beforeUpload } from "icp-precheck/adapters"`.
 *
 * None of them is imported here, and importing does nothing. What fails in here lets the upload go on as without it, and is
 * told in the console.
 *
 * @packageDocumentation
 */
import { inOneLine, keepsBack } from "./blocking.js";
import type { PhotoReport } from "./types.gen.js";
import type { CheckOptions, Precheck } from "./types.js";

/** The checker, now, later, or once the first file comes. */
export type PrecheckSource = Checker | Promise<Checker> | (() => Checker | Promise<Checker>);
type Checker = Pick<Precheck, "checkPhoto">;

/** What is known about the files of one widget. */
export interface GateOptions extends Omit<CheckOptions, "signal" | "fileName" | "mimeType"> {
  /** What keeps a file from being uploaded: that it is sure to be refused, or also that it had better be mended. */
  block?: "blocking" | "advisory" | undefined;
  /** Hears what was found in every file, also in those that may be uploaded. */
  onReport?: ((report: PhotoReport, file: Blob) => void) | undefined;
}

/** Why a file is not uploaded, and what to do about it. */
export interface Refusal {
  message: string;
  remedy: string | null;
  /** Both as one text. */
  text: string;
  report: PhotoReport;
}

/** For widgets that are not here: asks about a file; `null`: it may be uploaded. */
export function uploadGate(source: PrecheckSource, options: GateOptions = {}): (file: Blob) => Promise<Refusal | null> {
  const checker = once(source);
  return async (file) => {
    const { block = "blocking", onReport, ...known } = options;
    try {
      const report = await (await checker()).checkPhoto(file, known);
      onReport?.(report, file);
      const finding = report.findings.find((one) => keepsBack(one, block));
      return finding ? { message: finding.message, remedy: finding.remedy, text: inOneLine(finding), report } : null;
    } catch (error) {
      console.error("icp-precheck: a file was not checked", error);
      return null;
    }
  };
}

/** Asks for the checker once; again only after that has failed, since the next file may find the network again. */
function once(source: PrecheckSource): () => Promise<Checker> {
  let started: Promise<Checker> | null = null;
  return () => {
    if (started) return started;
    const checker = (async () => (typeof source === "function" ? source() : source))();
    started = checker;
    checker.catch(() => {
      started = null;
    });
    return checker;
  };
}

/** Options of {@link beforeUpload}. */
export interface BeforeUploadOptions<Refused = false> extends GateOptions {
  /** Says why a file is not uploaded. */
  onRefused?: ((text: string, file: Blob) => void) | undefined;
  /** What to answer then; for Ant Design `Upload.LIST_IGNORE` also keeps the file off the list. Default: `false`. */
  refused?: Refused | undefined;
}

/** `beforeUpload` of Ant Design's `Upload`, `before-upload` of Element Plus' `el-upload`. */
export function beforeUpload<Refused = false>(
  source: PrecheckSource,
  { onRefused, refused, ...options }: BeforeUploadOptions<Refused> = {},
): (file: Blob) => Promise<true | Refused> {
  const gate = uploadGate(source, options);
  return async (file) => {
    const refusal = await gate(file);
    if (!refusal) return true;
    onRefused?.(refusal.text, file);
    return refused ?? (false as Refused);
  };
}

/** `validator` of react-dropzone, whose validators may be asynchronous since version 20. */
export function dropzoneValidator(
  source: PrecheckSource,
  options?: GateOptions,
): (file: File) => Promise<{ code: string; message: string } | null> {
  const gate = uploadGate(source, options);
  return async (file) => {
    const refusal = await gate(file);
    return refusal && { code: "icp-precheck", message: refusal.text };
  };
}

/** What is needed of FilePond's plug-in interface. */
interface FilePondTools {
  addFilter(
    name: "LOAD_FILE",
    filter: (file: Blob, about: { query: (name: string) => unknown }) => Promise<Blob>,
  ): void;
  utils: { Type: { STRING: string } };
}

/**
 * A plug-in for `FilePond.registerPlugin`. A pond or its input may say what it is for: `icpMaterial`, `icpSide`,
 * `icpDocument`, `icpProvince` as options, or as `data-icp-material` and so on; else `options` say it for all.
 */
export function filePondPrecheck(source: PrecheckSource, options: GateOptions = {}): (tools: FilePondTools) => object {
  const checker = once(source);
  return ({ addFilter, utils }) => {
    addFilter("LOAD_FILE", async (file, { query }) => {
      const own = (name: string) => query(`GET_ICP_${name}`) as string | undefined;
      const side = own("SIDE");
      const refusal = await uploadGate(checker, {
        ...options,
        material: own("MATERIAL") || options.material,
        side: side === "front" || side === "back" ? side : options.side,
        document: own("DOCUMENT") || options.document,
        province: own("PROVINCE") || options.province,
      })(file);
      if (refusal) throw { status: { main: refusal.message, sub: refusal.remedy ?? "" } };
      return file;
    });
    const text = ["", utils.Type.STRING];
    return { options: { icpMaterial: text, icpSide: text, icpDocument: text, icpProvince: text } };
  };
}

/** What is needed of Uppy. */
interface UppyLike {
  on(name: "file-added", listener: (file: UppyFileLike) => void): unknown;
  off(name: "file-added", listener: (file: UppyFileLike) => void): unknown;
  addPreProcessor(step: () => Promise<void>): void;
  removePreProcessor(step: () => Promise<void>): unknown;
  info(text: { message: string; details: string }, type: "error", durationMs: number): void;
  removeFile(id: string): void;
}
interface UppyFileLike {
  id: string;
  name?: string | undefined;
  data: unknown;
}

/** Long enough to read why. */
const INFO_MS = 10_000;

/**
 * A plug-in for Uppy, made of its own `BasePlugin`: `uppy.use(uppyPrecheck(BasePlugin, precheck, { material }))`. A file that
 * is refused is taken off the list with a message, and no upload begins before its files were looked at.
 */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript asks for it where a class is extended that is an argument.
export function uppyPrecheck<Base extends new (...args: any[]) => object>(
  BasePlugin: Base,
  source: PrecheckSource,
  options?: GateOptions,
): Base {
  const gate = uploadGate(source, options);
  return class IcpPrecheck extends BasePlugin {
    readonly id = "IcpPrecheck";
    readonly type = "modifier";
    declare readonly uppy: UppyLike;
    private readonly looking = new Set<Promise<void>>();

    private readonly onAdded = ({ id, name = "", data }: UppyFileLike): void => {
      // Of a file on somebody else's server there is nothing to look at.
      if (!(data instanceof Blob)) return;
      const looked = gate(data).then((refusal) => {
        this.looking.delete(looked);
        if (!refusal) return;
        this.uppy.info({ message: `${name}: ${refusal.message}`, details: refusal.remedy ?? "" }, "error", INFO_MS);
        this.uppy.removeFile(id);
      });
      this.looking.add(looked);
    };

    private readonly wait = async (): Promise<void> => {
      await Promise.all(this.looking);
    };

    install(): void {
      this.uppy.on("file-added", this.onAdded);
      this.uppy.addPreProcessor(this.wait);
    }

    uninstall(): void {
      this.uppy.off("file-added", this.onAdded);
      this.uppy.removePreProcessor(this.wait);
    }
  };
}
