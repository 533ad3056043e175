/** The built package as Node sees it. */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createPrecheck, type PhotoReport, type Precheck, PrecheckError } from "icp-precheck";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gif, jpeg, png } from "./pictures.js";

const dist = (name: string) => new URL(`../../dist/${name}`, import.meta.url);

let precheck: Precheck;
beforeAll(async () => {
  precheck = await createPrecheck({ locale: "en" });
});
afterAll(() => precheck.close());

const outcome = (report: PhotoReport, code: string) => report.findings.find((one) => one.code === code)?.outcome;

describe("inspectFile", () => {
  it.each([
    ["png", png(40, 30), { format: "png", mimeType: "image/png", widthPx: 40, heightPx: 30, colorModel: "rgb" }],
    ["jpeg", jpeg(24, 16), { format: "jpeg", mimeType: "image/jpeg", widthPx: 24, heightPx: 16, colorModel: "ycbcr" }],
    ["gif", gif(), { format: "gif", mimeType: "image/gif", widthPx: 1, heightPx: 1, frames: 1, colorModel: "indexed" }],
  ])("a whole %s passes", async (_, bytes, facts) => {
    const report = await precheck.inspectFile(bytes);
    expect(report.file).toMatchObject({ ...facts, sizeBytes: bytes.length, complete: true, exif: null });
    expect(report.findings.filter((one) => one.severity === "blocking" && one.outcome === "fail")).toEqual([]);
    expect(report.document).toBeNull();
  });

  it.each([
    ["png", png(40, 30)],
    ["jpeg", jpeg(24, 16)],
    ["gif", gif()],
  ])("half a %s fails", async (_, bytes) => {
    const report = await precheck.inspectFile(bytes.subarray(0, bytes.length - 12));
    expect(outcome(report, "file.truncated")).toBe("fail");
    expect(report).toMatchObject({ verdict: "fail", file: { complete: false } });
  });

  it("a moving picture is noticed", async () => {
    const report = await precheck.inspectFile(gif(3));
    expect(report.file.frames).toBe(3);
    expect(outcome(report, "file.animated")).toBe("fail");
  });

  it("an empty file fails", async () => {
    const report = await precheck.inspectFile(new Uint8Array());
    expect(outcome(report, "file.empty")).toBe("fail");
    expect(report.verdict).toBe("fail");
  });

  it("a Buffer from a pool is read at its place", async () => {
    const buffer = Buffer.from(png(40, 30));
    expect(buffer.buffer.byteLength).toBeGreaterThan(buffer.length);
    expect((await precheck.inspectFile(buffer)).file).toMatchObject({ format: "png", widthPx: 40 });
  });

  it("a File brings the name that its content contradicts", async () => {
    const report = await precheck.inspectFile(new File([png(4, 4)], "card.jpg", { type: "image/jpeg" }));
    expect(outcome(report, "file.type-mismatch")).toBe("fail");
    const renamed = await precheck.inspectFile(new File([png(4, 4)], "card.jpg"), { fileName: "card.png" });
    expect(outcome(renamed, "file.type-mismatch")).toBe("pass");
  });

  it("of a file beyond every limit the size is told, and the head tells the type", async () => {
    const huge = new Blob([png(40, 30), new Uint8Array(70_000_000)]);
    const report = await precheck.inspectFile(huge);
    expect(report.file).toMatchObject({ format: "png", widthPx: 40, sizeBytes: huge.size });
    expect(outcome(report, "file.too-large")).toBe("fail");
  });

  it("the day asked for is in the report, else today", async () => {
    expect((await precheck.inspectFile(gif(), { on: "2027-01-31" })).engine.on).toBe("2027-01-31");
    const { engine } = await precheck.inspectFile(gif());
    const days = [new Date(), new Date(Date.now() - 60_000)].map((day) => day.toLocaleDateString("sv"));
    expect(days).toContain(engine.on);
    expect(engine).toMatchObject({ version: precheck.version, rulesVersion: precheck.rulesVersion });
  });

  it("words come in the language asked for, Chinese by default", async () => {
    const chinese = await createPrecheck();
    const [zh, en] = await Promise.all([chinese, precheck].map((one) => one.inspectFile(new Uint8Array())));
    expect(zh?.findings[0]?.message).toMatch(/\p{Script=Han}/u);
    expect(en?.findings[0]?.message).toMatch(/^The file is empty/);
    chinese.close();
  });
});

describe("checkPhoto", () => {
  it.each([
    ["png", png(40, 30)],
    ["jpeg", jpeg(24, 16)],
    ["gif", gif()],
  ])("a whole %s is decoded, and says of its file what inspectFile says", async (_, bytes) => {
    const [photo, file] = await Promise.all([precheck.checkPhoto(bytes), precheck.inspectFile(bytes)]);
    expect(photo.measures.decodedShare).toBe(1);
    expect(outcome(photo, "photo.not-decoded")).toBe("pass");
    expect(photo.file).toEqual(file.file);
    for (const { code, outcome: before } of file.findings) expect(outcome(photo, code)).toBe(before);
  });

  it.each([
    ["png", png(40, 300)],
    ["jpeg", jpeg(240, 160)],
  ])("of half a %s the first rows are decoded", async (_, bytes) => {
    const report = await precheck.checkPhoto(bytes.subarray(0, bytes.length * 0.75));
    expect(outcome(report, "file.truncated")).toBe("fail");
    expect(report.measures.decodedShare ?? 0).toBeLessThan(1);
  });

  it("damage that only decoding shows is damage", async () => {
    const bytes = jpeg(24, 16);
    // No code begins with a one.
    bytes[bytes.length - 4] = 0xf0;
    expect((await precheck.inspectFile(bytes)).file.complete).toBe(true);
    const report = await precheck.checkPhoto(bytes);
    expect(outcome(report, "file.corrupt")).toBe("fail");
    expect(report.file.complete).toBe(false);
  });

  it("what is no picture has no measures", async () => {
    const report = await precheck.checkPhoto(new TextEncoder().encode("%PDF-1.7"));
    expect(report).toMatchObject({ verdict: "fail", measures: {}, document: null });
    expect(outcome(report, "photo.not-decoded")).toBe("not-applicable");
  });
});

describe("checkPair", () => {
  it("the same photo twice is noticed", async () => {
    const report = await precheck.checkPair(png(40, 30), png(40, 30));
    expect(report.findings.find((one) => one.code === "pair.same-photo")?.outcome).toBe("fail");
    expect(report.front.file.format).toBe("png");
  });

  it("different frames are noticed, and each photo has its own report", async () => {
    const report = await precheck.checkPair(png(40, 30), jpeg(24, 16));
    expect(report.findings.find((one) => one.code === "pair.frame-differs")?.outcome).toBe("fail");
    expect([report.front.file.widthPx, report.back.file.widthPx]).toEqual([40, 24]);
  });
});

describe("checkSubmission", () => {
  const profile = { province: "310000", entityType: "individual", leaderIdentity: "mainland" } as const;
  const codes = (found: { code: string; outcome: string }[], outcome: string) =>
    found.filter((one) => one.outcome === outcome).map(({ code }) => code);

  it("says what is missing and what to do first", async () => {
    const report = await precheck.checkSubmission({ profile }, { on: "2026-11-24" });
    expect(report).toMatchObject({ verdict: "fail", slots: [], pairs: [], engine: { on: "2026-11-24" } });
    expect(codes(report.findings, "fail")).toContain("submission.missing-material");
    expect(report.todo[0]).toMatchObject({
      finding: "submission.missing-material",
      slot: "leader-identity-document/front",
      severity: "blocking",
    });
  });

  it("knows every picture, the pair, and one photo in two places", async () => {
    const report = await precheck.checkSubmission({
      profile,
      files: {
        "leader-identity-document/front": jpeg(24, 16),
        "leader-identity-document/back": jpeg(24, 16),
        "domain-name-certificate": jpeg(24, 16),
      },
    });
    expect(report.slots.map(({ slot }) => slot)).toEqual([
      "leader-identity-document/front",
      "leader-identity-document/back",
      "domain-name-certificate/single",
    ]);
    expect(report.pairs).toMatchObject([{ material: "leader-identity-document", verdict: "fail" }]);
    expect(codes(report.pairs[0]?.findings ?? [], "fail")).toContain("pair.same-photo");
    expect(codes(report.findings, "fail")).toContain("submission.duplicate-photo");
    expect(report.findings.filter(({ code }) => code === "submission.missing-material")).not.toContainEqual(
      expect.objectContaining({ slot: "leader-identity-document/front" }),
    );
  });

  it.each([
    [{ "no-such-material": jpeg(8, 8) }, "unknown-material"],
    [{ "domain-name-certificate/front": jpeg(8, 8) }, "invalid-argument"],
  ])("a place that does not exist is refused: %o", async (files, code) => {
    await expect(precheck.checkSubmission({ profile, files })).rejects.toMatchObject({ code });
  });
});

describe("splice", () => {
  it("makes one file of several, below the limit, and checks it", async () => {
    const spliced = await precheck.splice([jpeg(24, 16), png(24, 40)], { maxBytes: 100_000 });
    expect(spliced).toMatchObject({ refusal: null, before: { file: { format: "jpeg" } } });
    expect(spliced.after?.file).toMatchObject({ format: "jpeg", widthPx: 24, complete: true });
    expect(spliced.changes[0]).toMatchObject({ kind: "spliced", value: 2 });
    const again = await precheck.inspectFile(spliced.file as Uint8Array);
    expect(again.file).toMatchObject({ format: "jpeg", sizeBytes: (spliced.file as Uint8Array).length });
  });

  it("refuses what cannot be opened, and says which", async () => {
    const spliced = await precheck.splice([jpeg(24, 16), new TextEncoder().encode("text")]);
    expect(spliced).toMatchObject({ file: null, after: null, refusal: { code: "fix.not-possible", outcome: "fail" } });
    expect(spliced.refusal?.message).toContain("2");
  });
});

describe("checklist", () => {
  it("everybody shows an identity document, and who asks for it is said", async () => {
    const list = await precheck.checklist({ province: "350000", entityType: "individual" }, { on: "2026-10-01" });
    const item = list.items.find((one) => one.material === "leader-identity-document");
    expect(item?.status).toBe("required");
    expect(item?.basis[0]?.publisher).toBeTruthy();
    expect(list.engine.on).toBe("2026-10-01");
  });

  it.each(["999999", "35", "福建"])("the province %s does not exist", async (province) => {
    await expect(precheck.checklist({ province })).rejects.toMatchObject({ code: "unknown-province" });
  });
});

describe("misuse", () => {
  it.each([
    [{ material: "driving-licence" }, "unknown-material"],
    [{ province: "123456" }, "unknown-province"],
    [{ document: "driving-licence" }, "invalid-argument"],
    [{ side: "left" }, "invalid-argument"],
    [{ colour: "red" }, "invalid-argument"],
    [{ on: "2026-02-30" }, "invalid-date"],
    [{ on: "tomorrow" }, "invalid-date"],
  ])("%o is refused as %s", async (options, code) => {
    const refused = precheck.inspectFile(gif(), options as never);
    await expect(refused).rejects.toBeInstanceOf(PrecheckError);
    await expect(refused).rejects.toMatchObject({ code });
  });

  it.each([
    [{ locale: "fr" }, "invalid-argument"],
    [{ upload: "nowhere" }, "unknown-upload-profile"],
    [{ upload: { id: 5 } }, "invalid-argument"],
    [{ rules: { version: 5 } }, "invalid-rules"],
    [{ verbose: true }, "invalid-argument"],
  ])("%o is refused as %s", async (options, code) => {
    await expect(createPrecheck(options as never)).rejects.toMatchObject({ name: "PrecheckError", code });
  });
});

describe("upload limits", () => {
  it("a profile of the page's own counts", async () => {
    const own = { id: "own", name: { zh: "自有", en: "Own" }, formats: ["png" as const], maxBytes: 100 };
    const strict = await createPrecheck({ upload: own });
    expect(outcome(await strict.inspectFile(gif()), "file.type-unsupported")).toBe("fail");
    expect(outcome(await strict.inspectFile(jpeg(240, 160)), "file.too-large")).toBe("fail");
    strict.close();
  });
});

describe("the engine's file", () => {
  const simd = dist("icp_precheck_simd.wasm");
  it.each([
    ["a URL", () => simd],
    ["a URL as text", () => simd.href],
    ["a path", () => fileURLToPath(simd)],
    ["bytes", () => readFileSync(simd)],
    ["a module", () => WebAssembly.compile(readFileSync(simd))],
    ["a response", () => new Response(readFileSync(simd), { headers: { "content-type": "application/wasm" } })],
  ])("can be given as %s", async (_, wasm) => {
    const one = await createPrecheck({ wasm: wasm() });
    expect((await one.inspectFile(gif())).file.format).toBe("gif");
    one.close();
  });

  it.each([dist("").href, fileURLToPath(dist("")), fileURLToPath(dist("")).replace(/[\\/]$/, "")])(
    "is found in the folder %s",
    async (base) => {
      const one = await createPrecheck({ base });
      expect((await one.inspectFile(gif())).file.format).toBe("gif");
      one.close();
    },
  );

  it.each([
    ["is not there", () => pathToFileURL("/nowhere/at/all.wasm")],
    ["is something else", () => dist("node.js")],
  ])("that %s makes the checker unavailable", async (_, wasm) => {
    const refusal = { name: "PrecheckError", code: "wasm-unavailable", cause: expect.any(Error) };
    await expect(createPrecheck({ wasm: wasm() })).rejects.toMatchObject(refusal);
  });
});

describe("two checkers", () => {
  it("do not share their fate", async () => {
    const [one, other] = await Promise.all([createPrecheck(), createPrecheck()]);
    one.close();
    await expect(one.inspectFile(gif())).rejects.toMatchObject({ code: "closed" });
    expect((await other.inspectFile(gif())).file.format).toBe("gif");
    other.close();
  });

  it("with and without SIMD give the same answers", async () => {
    const [simd, baseline] = ["icp_precheck_simd.wasm", "icp_precheck_baseline.wasm"].map(dist) as [URL, URL];
    // The same file twice would agree, too.
    expect(readFileSync(simd).equals(readFileSync(baseline))).toBe(false);
    const [one, other] = await Promise.all([createPrecheck({ wasm: simd }), createPrecheck({ wasm: baseline })]);
    const files = [png(40, 30), png(200, 100).subarray(0, 80), jpeg(24, 16), jpeg(800, 600), gif(3), new Uint8Array(9)];
    const on = { on: "2026-10-01" };
    for (const file of files) expect(await one.inspectFile(file, on)).toEqual(await other.inspectFile(file, on));
    const pair = [png(40, 30), jpeg(24, 16)] as const;
    expect(await one.checkPair(...pair, on)).toEqual(await other.checkPair(...pair, on));
    const profile = { province: "350000" };
    expect(await one.checklist(profile, on)).toEqual(await other.checklist(profile, on));
    one.close();
    other.close();
  });
});
