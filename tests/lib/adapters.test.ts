import type { CheckOptions, PairReport, PhotoReport, SubmissionReport } from "icp-precheck";
import { describe, expect, it, vi } from "vitest";
import {
  beforeUpload,
  dropzoneValidator,
  filePondPrecheck,
  type GateOptions,
  type PrecheckSource,
  uploadGate,
  uploadSet,
  uppyPrecheck,
} from "../../www/lib/adapters";
import { blockingMessage } from "../../www/lib/blocking";

const finding = (outcome: string, severity: string, message: string, remedy: string | null = null) => ({
  ...{ code: "file.empty", outcome, severity, message, remedy },
});
const report = (...findings: object[]) => ({ findings }) as unknown as PhotoReport;
const blocking = finding("fail", "blocking", "太大。", "换一张。");
const advisory = finding("fail", "advisory", "Blurred.", "Again.");
const checker = (answer: PhotoReport) => ({
  checkPhoto: vi.fn(async (_file: unknown, _options?: CheckOptions) => answer),
});
const photo = new File(["x"], "a.jpg");

describe("blockingMessage", () => {
  it.each([
    [[blocking], "太大。换一张。"],
    [[advisory, finding("fail", "blocking", "Too large.", "Smaller.")], "Too large. Smaller."],
    [[finding("fail", "blocking", "Too large.")], "Too large."],
    [[advisory, finding("unsure", "blocking", "?"), finding("pass", "blocking", "ok")], null],
  ])("%j: %s", (findings, message) => expect(blockingMessage(report(...findings))).toBe(message));
});

describe("uploadGate", () => {
  it("asks with what is known, tells every report, and refuses what is blocking", async () => {
    const source = checker(report(blocking));
    const onReport = vi.fn();
    const gate = uploadGate(source, { material: "residence-permit", side: "front", onReport });
    expect(await gate(photo)).toMatchObject({ message: "太大。", remedy: "换一张。", text: "太大。换一张。" });
    expect(source.checkPhoto).toHaveBeenCalledWith(photo, { material: "residence-permit", side: "front" });
    expect(onReport).toHaveBeenCalledWith(report(blocking), photo);
  });

  it.each([
    [undefined, advisory, null],
    ["advisory", advisory, "Blurred. Again."],
    ["advisory", finding("unsure", "advisory", "?"), null],
    ["advisory", finding("broken", "advisory", "?"), null],
  ] as const)("block %s on %j: %s", async (block, one, text) => {
    expect((await uploadGate(checker(report(one)), { block })(photo))?.text ?? null).toBe(text);
  });

  it("a checker that is made late is made once, and again only after a failure", async () => {
    const said = vi.spyOn(console, "error").mockReturnValue();
    const make = vi.fn<() => Promise<ReturnType<typeof checker>>>().mockRejectedValueOnce(new Error("offline"));
    make.mockImplementation(async () => checker(report(blocking)));
    const gate = uploadGate(make as PrecheckSource);
    expect(await gate(photo)).toBe(null);
    expect(said).toHaveBeenCalledOnce();
    expect(make).toHaveBeenCalledOnce();
    expect(await Promise.all([gate(photo), gate(photo)])).not.toContain(null);
    expect(make).toHaveBeenCalledTimes(2);
  });
});

it("beforeUpload answers true, false or what is wanted instead", async () => {
  const said: string[] = [];
  const onRefused = (text: string) => void said.push(text);
  expect(await beforeUpload(checker(report()), { onRefused })(photo)).toBe(true);
  expect(await beforeUpload(checker(report(blocking)), { onRefused })(photo)).toBe(false);
  expect(await beforeUpload(checker(report(blocking)), { refused: "ignore" })(photo)).toBe("ignore");
  expect(said).toEqual(["太大。换一张。"]);
});

it("dropzoneValidator answers null or an error", async () => {
  expect(await dropzoneValidator(checker(report()))(photo)).toBe(null);
  expect(await dropzoneValidator(checker(report(blocking)))(photo)).toEqual({
    code: "icp-precheck",
    message: "太大。换一张。",
  });
});

it("FilePond: what the pond says comes before what the plug-in was told", async () => {
  const source = checker(report());
  type Filter = (file: Blob, about: { query: (name: string) => unknown }) => Promise<Blob>;
  const filters: Filter[] = [];
  const tools = {
    addFilter: (_: string, filter: Filter) => filters.push(filter),
    utils: { Type: { STRING: "string" } },
  };
  const { options } = filePondPrecheck(() => source, { material: "residence-permit", province: "350000" })(
    tools as Parameters<ReturnType<typeof filePondPrecheck>>[0],
  ) as { options: object };
  expect(Object.keys(options)).toEqual(["icpMaterial", "icpSide", "icpDocument", "icpProvince"]);
  const pond: Record<string, string> = { GET_ICP_MATERIAL: "power-of-attorney", GET_ICP_SIDE: "top" };
  expect(await filters[0]?.(photo, { query: (name) => pond[name] ?? "" })).toBe(photo);
  expect(source.checkPhoto.mock.calls[0]?.[1]).toEqual({ material: "power-of-attorney", province: "350000" });
});

it("Uppy: waits before an upload, leaves files of other servers alone, and can be taken out", async () => {
  const steps: unknown[] = [];
  const listeners: unknown[] = [];
  const uppy = {
    on: (_: string, listener: unknown) => listeners.push(listener),
    off: (_: string, listener: unknown) => listeners.splice(listeners.indexOf(listener), 1),
    addPreProcessor: (step: unknown) => steps.push(step),
    removePreProcessor: (step: unknown) => steps.splice(steps.indexOf(step), 1),
    info: vi.fn(),
    removeFile: vi.fn(),
  };
  class BasePlugin {
    constructor(readonly uppy: unknown) {}
  }
  const plugin = new (uppyPrecheck(BasePlugin, checker(report(blocking))))(uppy) as unknown as {
    id: string;
    type: string;
    install(): void;
    uninstall(): void;
  };
  plugin.install();
  const [added] = listeners as ((file: object) => void)[];
  const [wait] = steps as (() => Promise<void>)[];
  added?.({ id: "1", data: { size: 3 }, name: "far.jpg" });
  added?.({ id: "2", data: photo, name: "a.jpg" });
  expect(uppy.removeFile).not.toHaveBeenCalled();
  await wait?.();
  expect(uppy.removeFile.mock.calls).toEqual([["2"]]);
  expect(uppy.info).toHaveBeenCalledWith({ message: "a.jpg: 太大。", details: "换一张。" }, "error", 10_000);
  plugin.uninstall();
  expect([plugin.id, plugin.type, steps, listeners]).toEqual(["IcpPrecheck", "modifier", [], []]);
});

describe("uploadSet", () => {
  const front = new File(["f"], "front.jpg");
  const back = new File(["b"], "back.jpg");
  const material = "leader-identity-document";
  const samePhoto = finding("fail", "blocking", "同一张照片。", "换一张。");
  const scale = finding("fail", "advisory", "大小不同。", "重拍。");

  function setUp(...findings: object[]) {
    const told: [string[], boolean][] = [];
    const source = {
      ...checker(report()),
      checkPair: vi.fn(async () => report(...findings) as unknown as PairReport),
      checkSubmission: vi.fn(async () => ({ verdict: "review" }) as SubmissionReport),
    };
    const set = uploadSet(source, { onPair: ({ messages, report }) => told.push([messages, report !== null]) });
    const field = (side: "front" | "back", options: GateOptions = {}) =>
      beforeUpload(set, { material, side, province: "350000", ...options });
    return { source, set, told, field };
  }

  it("compares both sides once both are there, and lets what is advice go on", async () => {
    const { source, set, told, field } = setUp(
      scale,
      finding("unsure", "advisory", "?"),
      finding("pass", "blocking", ""),
    );
    expect(await field("back")(back)).toBe(true);
    expect(told).toEqual([]);
    expect(await field("front")(front)).toBe(true);
    expect(source.checkPair.mock.calls).toEqual([[front, back, { material, province: "350000" }]]);
    expect(told).toEqual([[["大小不同。重拍。", "?"], true]]);
    expect([...set.files]).toEqual([
      [`${material}/back`, back],
      [`${material}/front`, front],
    ]);
  });

  it.each([
    [samePhoto, {}, "同一张照片。换一张。"],
    [scale, { block: "advisory" }, "大小不同。重拍。"],
  ] as const)("a pair that fails keeps the later file back: %j, %j", async (one, options, text) => {
    const { set, told, field } = setUp(one);
    const said: string[] = [];
    await field("front")(front);
    expect(await field("back", { ...options, onRefused: (text: string) => said.push(text) } as GateOptions)(back)).toBe(
      false,
    );
    expect(said).toEqual([text]);
    expect([...set.files.values()]).toEqual([front]);
    expect(told.map(([, there]) => there)).toEqual([true, false]);
    const gate = uploadGate(set, { material, side: "back", ...options });
    expect(await gate(back)).toMatchObject({ text, pair: { findings: [one] }, report: { findings: [] } });
  });

  it("forgets what is removed, by file or by place, and takes back what it said", async () => {
    const { source, set, told, field } = setUp(scale);
    await field("front")(front);
    await field("back")(back);
    set.remove(front);
    set.remove("nowhere");
    expect(told.map(([, there]) => there)).toEqual([true, false]);
    await field("front")(front);
    set.remove(`${material}/back`);
    expect(told.map(([, there]) => there)).toEqual([true, false, true, false]);
    expect([...set.files.values()]).toEqual([front]);
    expect(source.checkPair).toHaveBeenCalledTimes(2);
  });

  it("a file that was removed or replaced while it was looked at says nothing", async () => {
    const { source, set, told, field } = setUp(scale);
    const late = field("front")(front);
    set.remove(front);
    await late;
    expect(set.files.size).toBe(0);

    let answer: (report: PairReport) => void = () => undefined;
    source.checkPair.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    await field("front")(front);
    const first = field("back")(back);
    await vi.waitFor(() => expect(source.checkPair).toHaveBeenCalledOnce());
    const better = new File(["x"], "better.jpg");
    expect(await field("front")(better)).toBe(true);
    answer(report(samePhoto) as unknown as PairReport);
    expect(await first).toBe(true);
    expect(told).toEqual([[["大小不同。重拍。"], true]]);
    expect(source.checkPair.mock.calls.at(-1)).toEqual([better, back, { material, province: "350000" }]);
  });

  it("a pair that cannot be compared lets the file go on", async () => {
    const said = vi.spyOn(console, "error").mockReturnValue();
    const { source, field } = setUp();
    source.checkPair.mockRejectedValue(new Error("gone"));
    await field("front")(front);
    expect(await field("back")(back)).toBe(true);
    expect(said).toHaveBeenCalledOnce();
  });

  it("asks about the whole with what the fields let through; a field without material is not part of it", async () => {
    const { source, set, field } = setUp();
    await field("front")(front);
    await beforeUpload(set, { material: "residence-permit" })(photo);
    await beforeUpload(set)(back);
    const profile = { province: "350000" };
    expect(await set.checkSubmission(profile, { on: "2026-10-01" })).toEqual({ verdict: "review" });
    const files = { [`${material}/front`]: front, "residence-permit/single": photo };
    expect(source.checkSubmission).toHaveBeenCalledWith({ profile, files }, { on: "2026-10-01" });
  });

  it("is shared by ponds, and Uppy takes out of it what it removes", async () => {
    const { source, set } = setUp(scale);
    type Filter = (file: Blob, about: { query: (name: string) => unknown }) => Promise<Blob>;
    let filter: Filter = async (file) => file;
    filePondPrecheck(set)({
      addFilter: (_: string, own: Filter) => (filter = own),
      utils: { Type: { STRING: "string" } },
    } as Parameters<ReturnType<typeof filePondPrecheck>>[0]);
    for (const [side, file] of Object.entries({ front, back })) {
      const pond: Record<string, string> = { GET_ICP_MATERIAL: material, GET_ICP_SIDE: side };
      await filter(file, { query: (name) => pond[name] ?? "" });
    }
    expect(source.checkPair).toHaveBeenCalledOnce();

    const listeners: Record<string, (file: object) => void> = {};
    class BasePlugin {
      uppy = { on: (name: string, own: () => void) => (listeners[name] = own), addPreProcessor: () => undefined };
    }
    const plugin = new (uppyPrecheck(BasePlugin, set))() as unknown as { install(): void };
    plugin.install();
    listeners["file-removed"]?.({ id: "1", data: front });
    expect([...set.files.values()]).toEqual([back]);
  });
});
