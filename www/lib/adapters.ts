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
import type { Finding, PairReport, PhotoReport, Profile, SubmissionReport } from "./types.gen.js";
import type { CheckOptions, Precheck, SubmissionOptions } from "./types.js";

/** The checker, now, later, or once the first file comes. Fields that belong together share an {@link UploadSet} instead. */
export type PrecheckSource<Needed extends keyof Precheck = "checkPhoto"> =
  | Pick<Precheck, Needed>
  | Promise<Pick<Precheck, Needed>>
  | (() => Pick<Precheck, Needed> | Promise<Pick<Precheck, Needed>>);

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
  /** Where the reason lies in both sides together: what is true of them. Else `null`. */
  pair: PairReport | null;
}

/** For widgets that are not here: asks about a file; `null`: it may be uploaded. */
export function uploadGate(source: PrecheckSource, options: GateOptions = {}): (file: Blob) => Promise<Refusal | null> {
  const checker = once(source);
  const set = isSet(source) ? source : null;
  return async (file) => {
    const { block = "blocking", onReport, ...known } = options;
    try {
      const report = await (set ?? (await checker())).checkPhoto(file, known);
      onReport?.(report, file);
      const reason = refusal(report.findings, block);
      if (reason) return { ...reason, report, pair: null };
      const pair = await set?.add(file, known);
      const reasonOfPair = pair ? refusal(pair.findings, block) : null;
      if (!pair || !reasonOfPair) return null;
      set?.remove(placeOf(known));
      return { ...reasonOfPair, report, pair };
    } catch (error) {
      console.error("icp-precheck: a file was not checked", error);
      return null;
    }
  };
}

function refusal(findings: readonly Finding[], block: "blocking" | "advisory") {
  const finding = findings.find((one) => keepsBack(one, block));
  return finding ? { message: finding.message, remedy: finding.remedy, text: inOneLine(finding) } : null;
}

/** Asks for the checker once; again only after that has failed, since the next file may find the network again. */
function once<Needed extends keyof Precheck>(source: PrecheckSource<Needed>): () => Promise<Pick<Precheck, Needed>> {
  let started: Promise<Pick<Precheck, Needed>> | null = null;
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

/**
 * The fields of one page that belong together: both sides of a document, or all papers of a filing. It goes to the adapters
 * in place of the checker, and holds what they let through, one file in each place.
 */
export interface UploadSet extends Pick<Precheck, "checkPhoto"> {
  /** By place, such as `leader-identity-document/front`; `/single` where a field has no side. */
  readonly files: ReadonlyMap<string, Blob>;
  /**
   * What the adapters do with a file that may be uploaded, for widgets that are not here. A later file takes the place of an
   * earlier one. With both sides there, resolves to what is true of them together; else to `null`.
   */
  add(file: Blob, about: Omit<CheckOptions, "signal">): Promise<PairReport | null>;
  /** Takes a file out, or what is in a place: for the moment when the widget removes one. What is not there is no error. */
  remove(fileOrPlace: Blob | string): void;
  /** Everything at once: what is missing, what is there twice, what to do first. */
  checkSubmission(profile: Profile, options?: SubmissionOptions): Promise<SubmissionReport>;
}

/** What is true of both sides of a document together. */
export interface PairAnswer {
  material: string;
  /** What had better be mended or looked at, each with its remedy as one text. */
  messages: string[];
  /** `null`: one of both is gone or has been replaced. */
  report: PairReport | null;
}

/** Options of {@link uploadSet}. */
export interface UploadSetOptions {
  /** Hears about both sides of a document, once both are there, and again when that no longer holds. */
  onPair?: ((pair: PairAnswer) => void) | undefined;
}

/**
 * Makes what several fields share: `const set = uploadSet(() => createPrecheck())`, then `beforeUpload(set, { material, side:
 * "front" })` and `beforeUpload(set, { material, side: "back" })`. Both sides are compared once both are there; what of that
 * is sure to be refused keeps the later file from being uploaded.
 */
export function uploadSet(
  source: PrecheckSource<"checkPhoto" | "checkPair" | "checkSubmission">,
  { onPair }: UploadSetOptions = {},
): UploadSet {
  const checker = once(source);
  const files = new Map<string, Blob>();
  /** Files that are being looked at: whether they are still wanted. */
  const looking = new WeakMap<object, boolean>();
  /** Materials of whose pair something was said. */
  const told = new Set<string>();
  const takeBack = (material: string) => {
    if (told.delete(material)) onPair?.({ material, messages: [], report: null });
  };
  return {
    files,
    async checkPhoto(file, options) {
      looking.set(file, true);
      return (await checker()).checkPhoto(file, options);
    },
    async add(file, { side, ...about }) {
      const { material } = about;
      const isWanted = looking.get(file) ?? true;
      looking.delete(file);
      if (!material || !isWanted) return null;
      takeBack(material);
      files.set(placeOf({ material, side }), file);
      const sides = () => [files.get(`${material}/front`), files.get(`${material}/back`)] as const;
      const [front, back] = sides();
      if (!side || !front || !back) return null;
      const report = await (await checker()).checkPair(front, back, about);
      const [frontNow, backNow] = sides();
      // Whoever replaced one of them compares anew.
      if (frontNow !== front || backNow !== back) return null;
      told.add(material);
      const worthSaying = report.findings.filter(({ outcome }) => outcome === "fail" || outcome === "unsure");
      onPair?.({ material, messages: worthSaying.map(inOneLine), report });
      return report;
    },
    remove(fileOrPlace) {
      if (typeof fileOrPlace !== "string" && looking.has(fileOrPlace)) looking.set(fileOrPlace, false);
      for (const [place, file] of files) {
        if (file !== fileOrPlace && place !== fileOrPlace) continue;
        files.delete(place);
        takeBack(place.slice(0, place.lastIndexOf("/")));
      }
    },
    async checkSubmission(profile, options) {
      return (await checker()).checkSubmission({ profile, files: Object.fromEntries(files) }, options);
    },
  };
}

const isSet = (source: object): source is UploadSet => "add" in source;
const placeOf = ({ material, side }: CheckOptions) => `${material}/${side ?? "single"}`;

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
 * `icpDocument`, `icpProvince` as options, or as `data-icp-material` and so on; else `options` say it for all. With an
 * {@link UploadSet}, `onremovefile: (_error, { file }) => set.remove(file)`.
 */
export function filePondPrecheck(source: PrecheckSource, options: GateOptions = {}): (tools: FilePondTools) => object {
  const checker = isSet(source) ? source : once(source);
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
  on(name: "file-added" | "file-removed", listener: (file: UppyFileLike) => void): unknown;
  off(name: "file-added" | "file-removed", listener: (file: UppyFileLike) => void): unknown;
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
 * is refused is taken off the list with a message, and no upload begins before its files were looked at. A file that is
 * removed leaves its {@link UploadSet}, too.
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

    private readonly onRemoved = ({ data }: UppyFileLike): void => {
      if (isSet(source) && data instanceof Blob) source.remove(data);
    };

    private readonly wait = async (): Promise<void> => {
      await Promise.all(this.looking);
    };

    install(): void {
      this.uppy.on("file-added", this.onAdded);
      this.uppy.on("file-removed", this.onRemoved);
      this.uppy.addPreProcessor(this.wait);
    }

    uninstall(): void {
      this.uppy.off("file-added", this.onAdded);
      this.uppy.off("file-removed", this.onRemoved);
      this.uppy.removePreProcessor(this.wait);
    }
  };
}
