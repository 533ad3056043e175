/** The built command line, as a process of its own. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PhotoReport } from "icp-precheck";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gif, jpeg, png } from "./pictures.js";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const pdf = new TextEncoder().encode("%PDF-1.7\n1 0 obj\n");

let folder: string;
const put = (name: string, content: Uint8Array) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "icp-precheck-"));
  put("one.png", png(40, 30));
  put("scan.jpg", pdf);
  put("photos/b.jpg", jpeg(24, 16));
  put("photos/a.gif", gif(3));
  put("photos/.hidden.png", png(4, 4));
  put("photos/Thumbs.db", pdf);
  put("photos/deep/c.png", png(40, 30));
  put("photos/deep/d[1].png", png(40, 30));
  put("huge.png", png(40, 30));
  truncateSync(join(folder, "huge.png"), 200_000_000);
  mkdirSync(join(folder, "empty"));
  symlinkSync("..", join(folder, "photos/deep/up"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number;
  out: string;
  err: string;
}

function run(args: string[], env: Record<string, string> = { LANG: "en_US.UTF-8" }): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env.PATH, ...env }, maxBuffer: 1 << 26 };
    execFile(process.execPath, [program, ...args], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

async function json(...args: string[]): Promise<{ code: number; files: string[]; reports: PhotoReport[] }> {
  const { code, out, err } = await run([...args, "--json"]);
  expect(err).toBe("");
  const answers = JSON.parse(out) as { file: string; report: PhotoReport }[];
  return { code, files: answers.map(({ file }) => file), reports: answers.map(({ report }) => report) };
}

const outcome = (report: PhotoReport | undefined, code: string) =>
  report?.findings.find((one) => one.code === code)?.outcome;

/** A picture that the checks have nothing against, as far as its bytes go. */
const fine = ["photos/b.jpg", "--bytes-only"];

describe("files", () => {
  it("one JSON document tells of every file, in the order asked for", async () => {
    const { code, files, reports } = await json("scan.jpg", "one.png");
    expect(files).toEqual(["scan.jpg", "one.png"]);
    expect(outcome(reports[0], "file.type-unsupported")).toBe("fail");
    expect(reports[1]).toMatchObject({ file: { format: "png", widthPx: 40 }, measures: { decodedShare: 1 } });
    expect(code).toBe(1);
  });

  it("the bytes alone are looked at on request", async () => {
    const { reports } = await json("one.png", "--bytes-only");
    expect(reports[0]?.file.format).toBe("png");
    expect(reports[0]?.measures).toEqual({});
  });

  it("a file that is missing, a dead link and a device are findings, and the others go on", async () => {
    symlinkSync("nowhere", join(folder, "dead.png"));
    const { code, files, reports } = await json("missing.jpg", "one.png", "dead.png", "/dev/null");
    expect(files).toEqual(["missing.jpg", "one.png", "dead.png", "/dev/null"]);
    expect(reports.map((report) => outcome(report, "file.unreadable") === "fail")).toEqual([true, false, true, true]);
    expect(code).toBe(1);
  });

  it("of a huge file the head is read, and its real size told", async () => {
    const { reports } = await json("huge.png");
    expect(reports[0]?.file).toMatchObject({ format: "png", widthPx: 40, sizeBytes: 200_000_000 });
    expect(outcome(reports[0], "file.too-large")).toBe("fail");
  });

  it("a folder is searched all the way down, without what the system hides in it", async () => {
    const { files } = await json("photos", "--bytes-only");
    expect(files).toEqual(["photos/a.gif", "photos/b.jpg", "photos/deep/c.png", "photos/deep/d[1].png"]);
  });

  it.each([
    ["photos/*.jpg", ["photos/b.jpg"]],
    ["photos/*", ["photos/a.gif", "photos/b.jpg", "photos/deep/c.png", "photos/deep/d[1].png"]],
    ["photos/?.{gif,jpg}", ["photos/a.gif", "photos/b.jpg"]],
    ["**/[a-c].*", ["photos/a.gif", "photos/b.jpg", "photos/deep/c.png"]],
    ["photos/deep/[!c]*.png", ["photos/deep/d[1].png"]],
    ["photos/**", ["photos/a.gif", "photos/b.jpg", "photos/deep/c.png", "photos/deep/d[1].png"]],
    ["photos/.h*", ["photos/.hidden.png"]],
    ["photos/deep/d[1].png", ["photos/deep/d[1].png"]],
  ])("the pattern %s finds %o", async (pattern, expected) => {
    expect((await json(pattern, "--bytes-only")).files).toEqual(expected);
  });

  it("a file that is named twice is checked once", async () => {
    expect((await json("one.png", "*.png", "--bytes-only")).files.filter((file) => file === "one.png")).toHaveLength(1);
  });
});

describe("options reach the checks", () => {
  it("day, material and side", async () => {
    const options = ["--on", "2026-10-01", "--material", "leader-identity-document", "--side", "front"];
    const { reports } = await json("one.png", "--province", "350000", ...options);
    expect(reports[0]?.engine.on).toBe("2026-10-01");
  });

  it("limits of the upload channel", async () => {
    const basis = async (...args: string[]) => {
      const { reports } = await json("one.png", "--bytes-only", ...args);
      return reports[0]?.findings.find(({ code }) => code === "file.too-large")?.basis.id;
    };
    expect(await basis()).not.toBe(await basis("--upload", "huawei-cloud"));
  });

  it.each([
    [["--lang", "zh"], { LANG: "en_US.UTF-8" }, "文件"],
    [["--lang=en"], { LANG: "zh_CN.UTF-8" }, "1 file:"],
    [[], { LANG: "zh_CN.UTF-8", LC_ALL: "en_GB.UTF-8" }, "1 file:"],
    [[], { LANG: "en_US.UTF-8", LC_ALL: "C" }, "文件"],
    [[], {}, "文件"],
  ])("with %o and %o it speaks accordingly", async (args, env, words) => {
    expect((await run([...fine, ...args], env)).out).toContain(words);
  });
});

describe("for people", () => {
  it("the worst comes first, with what is wrong and what to do, then the sum", async () => {
    const { code, out, err } = await run(["one.png", "photos/b.jpg", "scan.jpg", "--bytes-only"]);
    expect(err).toBe("");
    expect(out).toMatch(
      /^✗ Needs work {2}scan\.jpg {2}PDF 17 B\n {4}Must fix {2}.*PDF.*file\.type-unsupported\n {6}→ /,
    );
    const places = ["scan.jpg  ", "one.png  ", "3 files: 1 to work on"].map((text) => out.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(out).toContain("not their pixels");
    expect(out).toContain("is not an approval");
    expect(code).toBe(1);
  });

  it("when nothing is wrong, that is the exit code, too", async () => {
    put("good.jpg", jpeg(1600, 1000));
    const { code, out } = await run(["good.jpg", "--bytes-only"]);
    expect(out).toMatch(/^✓ No problem found {2}good\.jpg {2}JPEG 1600×1000 /);
    expect(code).toBe(0);
    expect(await run(["good.jpg", "--bytes-only", "-q"])).toEqual({ code: 0, out: "", err: "" });
  });

  it("quiet leaves what is fine out, and the sum", async () => {
    put("good.jpg", jpeg(1600, 1000));
    const { code, out } = await run(["good.jpg", "scan.jpg", "--bytes-only", "--quiet"]);
    expect(out).toContain("scan.jpg");
    expect(out).not.toMatch(/good\.jpg|2 files/);
    expect(code).toBe(1);
  });

  it("colours are for those who want them", async () => {
    const sequence = "\x1b[";
    expect((await run(fine)).out).not.toContain(sequence);
    expect((await run(fine, { FORCE_COLOR: "1" })).out).toContain(`${sequence}1m`);
    expect((await run(fine, { FORCE_COLOR: "1", NO_COLOR: "1" })).out).not.toContain(sequence);
    expect((await run([...fine, "--json"], { FORCE_COLOR: "1" })).out).not.toContain(sequence);
  });

  it("a name cannot steer the terminal", async () => {
    put("a\x1b[31m\u202egpj.png", png(4, 4));
    const { out } = await run(["a*", "--bytes-only"]);
    expect(out).toContain("a\\u001b[31m\\u202egpj.png");
    expect(out).not.toMatch(/\u202e/);
  });

  it.each([
    [["--help"], /^Usage: icp-precheck/],
    [["-h", "--lang", "zh"], /^用法/],
    [["--version"], /^\d+\.\d+\.\d+\n$/],
  ])("%o answers without a file", async (args, words) => {
    const { code, out, err } = await run(args);
    expect(out).toMatch(words);
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });
});

describe("misuse", () => {
  it.each([
    [["one.png", "--colour"], "There is no option --colour. Known: --province"],
    [["one.png", "-x"], "There is no option -x"],
    [[], "No file to check was given."],
    [["one.png", "--province"], "--province needs a value."],
    [["one.png", "--province", "--json"], "--province needs a value."],
    [["one.png", "--json=yes"], "--json takes no value."],
    [["one.png", "--side", "left"], '--side: there is no "left". Known: front, back.'],
    [["one.png", "--side", "front", "--side", "back"], "--side can be given only once."],
    [["one.png", "--lang", "fr"], '--lang: there is no "fr". Known: zh, en.'],
    [["one.png", "--province", "999999"], '--province: there is no "999999". Known: 110000 Beijing, '],
    [["one.png", "--material", "driving-licence"], "leader-identity-document Identity document of the entity leader"],
    [["one.png", "--upload", "nowhere"], "alibaba-cloud "],
    [["one.png", "--on", "2026-02-30"], '--on: "2026-02-30" is not a day'],
    [["*.webp"], 'No file matches "*.webp".'],
    [["one.png", "*.webp"], 'No file matches "*.webp".'],
    [["empty"], 'There is no file in the folder "empty".'],
  ])("%o is refused: %s", async (args, reason) => {
    const { code, out, err } = await run(args);
    expect(err).toContain(reason);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });

  it("the reason comes in Chinese, too", async () => {
    const { err } = await run(["one.png", "--province", "999999"], {});
    expect(err).toContain("--province：没有“999999”。可用的值：110000 北京市、");
  });
});
