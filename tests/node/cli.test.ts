/** The built command line, as a process of its own. */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PairReport, PhotoReport, SubmissionReport } from "icp-precheck";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { progressLine } from "../../www/cli/progress";
import { WORDS } from "../../www/cli/words";
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

  it.each([[], ["--jobs", "2"], ["--jobs", "3", "--bytes-only"]])(
    "threads (%o) say the same in the same order, whichever file is done first",
    { timeout: 60_000 },
    async (...options) => {
      // The first one takes longest; the head alone is read of the last one.
      put("large.jpg", jpeg(2400, 1600));
      const paths = ["large.jpg", "missing.jpg", "photos", "one.png", "scan.jpg", "/dev/null", "huge.png"];
      const bytesOnly = options.filter((option) => option === "--bytes-only");
      const one = await json(...paths, "--jobs", "1", ...bytesOnly);
      expect(one.files).toHaveLength(10);
      expect(await json(...paths, ...options)).toEqual(one);
    },
  );
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

describe("a pair", () => {
  it("is both sides by themselves and against each other", async () => {
    put("front.jpg", jpeg(1600, 1000));
    put("back.jpg", jpeg(1000, 1000));
    const { code, out, err } = await run(["--front", "front.jpg", "--back", "back.jpg", "--lang", "en"]);
    expect([code, err]).toEqual([1, ""]);
    const places = ["front.jpg", "back.jpg", "Front and back", "2 files: "].map((text) => out.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(out.slice(places[2])).toContain("pair.frame-differs");
    expect(out.slice(0, places[2])).not.toContain("pair.");
  });

  it("as JSON is one entry with the report of the pair", async () => {
    const options = ["--material", "leader-identity-document", "--on", "2026-10-01", "--json"];
    const { code, out } = await run(["--front", "front.jpg", "--back", "front.jpg", ...options]);
    const [entry, ...more] = JSON.parse(out) as { front: string; back: string; report: PairReport }[];
    expect([code, more, entry?.front, entry?.back]).toEqual([1, [], "front.jpg", "front.jpg"]);
    expect(entry?.report.engine.on).toBe("2026-10-01");
    expect(entry?.report.findings.find(({ code }) => code === "pair.same-photo")?.outcome).toBe("fail");
  });

  it("with a side that is missing says so in its report", async () => {
    const { code, out } = await run(["--front", "front.jpg", "--back", "missing.jpg"]);
    expect(out).toContain("file.unreadable");
    expect(code).toBe(1);
  });
});

describe("a submission", () => {
  const place = "leader-identity-document";
  const submission = (name: string, content: unknown) =>
    put(name, new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content)));

  it("is what is left to do, then every file; paths start at its document", async () => {
    put("set/front.jpg", jpeg(1600, 1000));
    put("set/back.jpg", pdf);
    submission("set/profile.json", {
      profile: { province: "350000", entityType: "individual" },
      files: { [`${place}/front`]: "front.jpg", [`${place}/back`]: "back.jpg", "residence-permit": null },
    });
    const { code, out, err } = await run(["--submission", "set/profile.json"]);
    expect([code, err]).toEqual([1, ""]);
    expect(out).toMatch(/^✗ Needs work {2}set\/profile\.json\n {2}To do \(\d+\):\n {4}Must fix {2}/);
    // What hangs on open questions is one thing to do: answering.
    expect(out.match(/submission\.missing-material/g)).toHaveLength(1);
    expect(out).toMatch(/Whether these are wanted is open: .*, .*\n {6}→ Answer in "profile": (?:\w+, )+\w+\./);
    expect(out).toMatch(/✗ Needs work {2}set\/back\.jpg/);
    expect(out).toContain("2 files: ");
  });

  it("as JSON is one entry with the whole report", async () => {
    const { out } = await run(["--submission", "set/profile.json", "--on", "2026-10-01", "--json"]);
    const [entry] = JSON.parse(out) as { submission: string; files: object; report: SubmissionReport }[];
    expect(entry).toMatchObject({
      submission: "set/profile.json",
      files: { [`${place}/front`]: join("set", "front.jpg") },
      report: { verdict: "fail", engine: { on: "2026-10-01" } },
    });
    expect(entry?.report.slots.map(({ slot }) => slot).sort()).toEqual([`${place}/back`, `${place}/front`]);
    expect(entry?.report.checklist.items.some(({ status }) => status === "required")).toBe(true);
  });

  it.each([
    ["not json", /"bad\.json" is no submission: .*JSON/],
    [[], 'there is no "profile"'],
    [{ profile: {}, paths: {} }, 'there is no "paths", only "profile" and "files"'],
    [{ profile: { province: "350000" }, files: ["a.jpg"] }, '"files" has to be { "material/side": "file" }'],
    [{ profile: { province: "350000" }, files: { x: 1 } }, '"files" has to be { "material/side": "file" }'],
    [{ profile: { province: "000000" } }, 'profile.province: there is no "000000". Known: 110000 Beijing'],
    [{ profile: { province: "350000", entityType: "robot" } }, "is no submission: "],
    [{ profile: { province: "350000" }, files: { passport: "a.jpg" } }, 'no material "passport"'],
    [
      { profile: { province: "350000" }, files: { [`${place}/top`]: "a.jpg" } },
      '"leader-identity-document/top" is no place',
    ],
  ] as const)("%j is refused", async (content, reason) => {
    submission("bad.json", content);
    const { code, out, err } = await run(["--submission", "bad.json"]);
    expect(err).toMatch(reason);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});

describe("progress", () => {
  it.each([
    [0, 8, 80, "en", `Checking 0/8 [${"░".repeat(24)}]`],
    [3, 8, 80, "en", `Checking 3/8 [${"█".repeat(9)}${"░".repeat(15)}]`],
    [8, 8, 80, "en", `Checking 8/8 [${"█".repeat(24)}]`],
    [1, 2, 30, "en", `Checking 1/2 [${"█".repeat(7)}${"░".repeat(7)}]`],
    [1, 2, 12, "en", "Checking 1/2"],
    [1, 2, 30, "zh-CN", `正在检查 1/2 [${"█".repeat(7)}${"░".repeat(7)}]`],
  ] as const)("%i of %i in %i places, %s", (done, total, columns, locale, line) => {
    expect(progressLine(done, total, columns, WORDS[locale])).toBe(line);
  });

  it("is seen on a terminal, leaves nothing behind, and stays out of the output", async ({ skip }) => {
    const found = spawnSync("script", ["--version"], { encoding: "utf8" });
    if (found.error || !found.stdout.includes("util-linux")) return skip();
    const command = `'${process.execPath}' '${program}' one.png photos/b.jpg --bytes-only --json --lang en`;
    const seen = (tail: string) =>
      spawnSync("script", ["-qec", command + tail, "/dev/null"], { cwd: folder, encoding: "utf8" }).stdout;
    for (const jobs of ["1", "2"]) {
      const terminal = seen(` --jobs ${jobs} > /dev/null`);
      expect(terminal).toMatch(/Checking 0\/2 \[░+\].*Checking 1\/2 \[█+░+\].*Checking 2\/2 \[█+\]/s);
      expect(terminal.endsWith("\r\x1b[2K")).toBe(true);
    }
    expect(seen(" 2> /dev/null")).not.toContain("Checking");
    expect(seen(" --quiet > /dev/null")).toBe("");
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
    [["one.png", "--colour"], "There is no option --colour. Known: --front"],
    [["one.png", "-x"], "There is no option -x"],
    [[], "No file to check was given."],
    [["one.png", "--province"], "--province needs a value."],
    [["one.png", "--province", "--json"], "--province needs a value."],
    [["one.png", "--json=yes"], "--json takes no value."],
    [["one.png", "--side", "left"], '--side: there is no "left". Known: front, back.'],
    [["one.png", "--side", "front", "--side", "back"], "--side can be given only once."],
    [["one.png", "--jobs", "0"], '--jobs: there is no "0". Known: 1–16.'],
    [["one.png", "--jobs", "17"], '--jobs: there is no "17". Known: 1–16.'],
    [["one.png", "--jobs", "2x"], '--jobs: there is no "2x". Known: 1–16.'],
    [["one.png", "--lang", "fr"], '--lang: there is no "fr". Known: zh, en.'],
    [["one.png", "--province", "999999"], '--province: there is no "999999". Known: 110000 Beijing, '],
    [["one.png", "--material", "driving-licence"], "leader-identity-document Identity document of the entity leader"],
    [["one.png", "--upload", "nowhere"], "alibaba-cloud "],
    [["one.png", "--on", "2026-02-30"], '--on: "2026-02-30" is not a day'],
    [["*.webp"], 'No file matches "*.webp".'],
    [["one.png", "*.webp"], 'No file matches "*.webp".'],
    [["--front", "one.png"], "--front and --back go together."],
    [["--back", "one.png"], "--front and --back go together."],
    [["--front", "one.png", "--back", "one.png", "x.png"], "--front cannot be used together with x.png."],
    [["--front", "one.png", "--back", "one.png", "--side", "back"], "--front cannot be used together with --side."],
    [["--submission", "p.json", "--province", "350000"], "--submission cannot be used together with --province."],
    [["--submission", "p.json", "one.png"], "--submission cannot be used together with one.png."],
    [["--submission", "p.json"], '"p.json" is no submission: '],
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
