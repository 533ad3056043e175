/** Compiled, never run: the whole API as a strict program uses it. */
import {
  type Checklist,
  type ChecklistOptions,
  type CheckOptions,
  type Code,
  createPrecheck,
  type FileInput,
  type Finding,
  type MisuseCode,
  type PairReport,
  type PhotoReport,
  type Precheck,
  PrecheckError,
  type PrecheckErrorCode,
  type PrecheckOptions,
  type Profile,
  type RuleSet,
  type UploadProfile,
  type WasmSource,
} from "icp-precheck";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <_T extends true>() => {};

declare const rules: RuleSet;
declare const upload: UploadProfile;
declare const signal: AbortSignal;
declare const file: File;

const sources: WasmSource[] = [
  new URL("https://example.org"),
  "a.wasm",
  new ArrayBuffer(1),
  new Uint8Array(1),
  new Response(),
];
const inputs: FileInput[] = [
  file,
  new Blob(),
  new ArrayBuffer(1),
  new Uint8Array(1),
  new Uint8Array(new SharedArrayBuffer(1)),
];
const options: PrecheckOptions[] = [
  {},
  { locale: "en", worker: false, rules, upload: "alibaba-cloud", base: "/icp/" },
  {
    locale: undefined,
    worker: undefined,
    rules: undefined,
    upload,
    wasm: Promise.resolve(new Response()),
    base: new URL("https://example.org"),
  },
  ...sources.map((wasm) => ({ wasm })),
];

export async function use(): Promise<void> {
  const precheck: Precheck = await createPrecheck(options[0]);
  yes<Same<ReturnType<typeof createPrecheck>, Promise<Precheck>>>();

  const all: CheckOptions = {
    material: "leader-identity-document",
    side: "front",
    document: "id-1-card",
    province: "350000",
    fileName: "a.jpg",
    mimeType: "image/jpeg",
    on: "2026-01-01",
    signal,
  };
  const identityDocument: CheckOptions = { document: "passport", side: undefined, signal: undefined };
  const photo = await precheck.inspectFile(file, all);
  yes<Same<typeof photo, PhotoReport>>();
  yes<Same<Precheck["checkPhoto"], Precheck["inspectFile"]>>();
  const pair = await precheck.checkPair(inputs[0] ?? file, new Blob(), identityDocument);
  yes<Same<typeof pair, PairReport>>();
  const day: ChecklistOptions = { on: "2026-01-01", signal };
  const profile: Profile = { province: "350000", domainCount: 2 };
  const list = await precheck.checklist(profile, day);
  yes<Same<typeof list, Checklist>>();

  const finding: Finding | undefined = photo.findings[0];
  const code: Code | undefined = finding?.code;
  const limit: number | string | null | undefined = finding?.evidence.limit;
  const corner: [number, number] | undefined = finding?.evidence.region?.[3];
  const width: number = pair.back.file.widthPx;
  const verdict: "pass" | "review" | "fail" = pair.verdict;
  const measured: number | null | undefined = photo.measures.anything;
  const versions: string = precheck.version + precheck.rulesVersion + photo.engine.on;
  yes<Same<Precheck["mode"], "worker" | "local">>();
  yes<Same<PrecheckErrorCode, MisuseCode | "wasm-unavailable" | "closed">>();
  precheck.close();

  const error: Error = new PrecheckError("closed", "message", {
    cause: [code, limit, corner, width, verdict, measured, versions],
  });
  if (error instanceof PrecheckError) yes<Same<typeof error.code, PrecheckErrorCode>>();

  // @ts-expect-error: no such language
  await createPrecheck({ locale: "fr" });
  // @ts-expect-error: no such option
  await createPrecheck({ verbose: true });
  // @ts-expect-error: no such side
  await precheck.inspectFile(file, { side: "left" });
  // @ts-expect-error: not a file
  await precheck.inspectFile("a.jpg");
  // @ts-expect-error: not a file
  await precheck.checkPhoto(["a.jpg"]);
  // @ts-expect-error: a profile names its province
  await precheck.checklist({});
  // @ts-expect-error: the versions are not for writing
  precheck.version = "";
}
