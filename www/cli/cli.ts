#!/usr/bin/env node
/**
 * `npx icp-precheck <files, folders or globs…>`: the reports of `checkPhoto` in a terminal, or as JSON.
 *
 * Files are read and checked one after the other, so that a folder of any size fits into memory.
 */
import { readFileSync } from "node:fs";
import { type CheckOptions, createPrecheck, type Precheck, type RuleSet, type Verdict } from "icp-precheck";
import { type Arguments, readArguments } from "./arguments.js";
import { DiskFile } from "./disk-file.js";
import { find } from "./find.js";
import { coloured, fileLines, harmless, plain } from "./print.js";
import { WORDS } from "./words.js";

declare const __VERSION__: string;

const { stdout, stderr, env } = process;
const MISUSE = 2;

async function main(args: string[]): Promise<number> {
  const asked = readArguments(args, env);
  const { locale, flags } = asked;
  const words = WORDS[locale];
  if (flags.has("help")) {
    await write(`${words.help}\n`);
    return 0;
  }
  if (flags.has("version")) {
    await write(`${__VERSION__}\n`);
    return 0;
  }
  if (asked.misuse) return refuse(asked.misuse, words.seeHelp);
  const { files, unmatched, emptyFolder } = find(asked.paths);
  if (unmatched !== null) return refuse(words.nothingMatches(unmatched));
  if (emptyFolder !== null) return refuse(words.emptyFolder(emptyFolder));
  let precheck: Precheck;
  const options = checkOptions(asked);
  try {
    precheck = await createPrecheck({ locale, worker: false, upload: asked.values.upload });
    // Asked about nothing first, so that a wrong option is one complaint before the first file.
    await precheck.inspectFile(new Uint8Array(), options);
  } catch (error) {
    return refuse(explain(error, asked));
  }
  const worst = await check(precheck, files, options, asked);
  precheck.close();
  return worst === "pass" ? 0 : 1;
}

/** Writes the report of every file and returns the worst verdict. */
async function check(precheck: Precheck, files: string[], options: CheckOptions, asked: Arguments): Promise<Verdict> {
  const { locale, flags } = asked;
  const words = WORDS[locale];
  const method = flags.has("bytes-only") ? "inspectFile" : "checkPhoto";
  const paint = wantsColour() ? coloured : plain;
  const showsProgress = files.length > 1 && stderr.isTTY && !flags.has("quiet");
  const json = flags.has("json");
  const lines: Record<Verdict, string[]> = { fail: [], review: [], pass: [] };
  const counts: Record<Verdict, number> = { fail: 0, review: 0, pass: 0 };
  for (const [index, file] of files.entries()) {
    if (showsProgress) stderr.write(`\r\x1b[2K${words.progress(index, files.length)}`);
    const report = await precheck[method](new DiskFile(file), options);
    counts[report.verdict] += 1;
    if (json) await write(`${index === 0 ? "[" : ","}\n${JSON.stringify({ file, report })}`);
    else if (report.verdict !== "pass" || !flags.has("quiet")) {
      lines[report.verdict].push(...fileLines(file, report, locale, paint));
    }
  }
  if (showsProgress) stderr.write("\r\x1b[2K");
  if (json) await write("\n]\n");
  else {
    const all = [...lines.fail, ...lines.review, ...lines.pass];
    if (!flags.has("quiet")) {
      all.push("", paint("bold", words.summary(counts)));
      if (flags.has("bytes-only")) all.push(words.bytesOnly);
      all.push(paint("dim", words.noApproval));
    }
    if (all.length > 0) await write(`${all.join("\n")}\n`);
  }
  return counts.fail > 0 ? "fail" : counts.review > 0 ? "review" : "pass";
}

function checkOptions({ values: { material, side, province, on } }: Arguments): CheckOptions {
  return { material, side: side as CheckOptions["side"], province, on };
}

/** A wrong value is answered with the right ones. */
function explain(error: unknown, { values, locale }: Arguments): string {
  const words = WORDS[locale];
  const { province = "", material = "", upload = "", on = "" } = values;
  const named = (id: string, name: { zh: string; en: string }) => `${id} ${locale === "en" ? name.en : name.zh}`;
  const among = (option: string, value: string, known: string[]) =>
    words.notOneOf(option, value, known.join(locale === "en" ? ", " : "、"));
  switch ((error as { code?: unknown } | null)?.code) {
    case "unknown-province":
      return among(
        "--province",
        province,
        rules().regions.map(({ code, name }) => named(code, name)),
      );
    case "unknown-material":
      return among(
        "--material",
        material,
        rules().materials.map(({ id, name }) => named(id, name)),
      );
    case "unknown-upload-profile":
      return among(
        "--upload",
        upload,
        (rules().uploads ?? []).map(({ id, name }) => named(id, name)),
      );
    case "invalid-date":
      return words.badDate("--on", on);
    default:
      return words.failed(error instanceof Error ? error.message : String(error));
  }
}

function rules(): RuleSet {
  return JSON.parse(readFileSync(new URL(/* @vite-ignore */ "./rules.json", import.meta.url), "utf8"));
}

function refuse(...lines: string[]): number {
  stderr.write(`${lines.map((line) => harmless(`icp-precheck: ${line}`)).join("\n")}\n`);
  return MISUSE;
}

function wantsColour(): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return stdout.isTTY && env.TERM !== "dumb";
}

/** Waits until the text is taken, so that a slow reader does not make a long list pile up. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => stdout.write(text, (error) => (error ? reject(error) : resolve())));
}

// The write itself reports the error; without a listener it would end the program a second time.
stdout.on("error", () => undefined);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = MISUSE;
  // The reader had enough, as `head` does.
  if ((error as NodeJS.ErrnoException).code !== "EPIPE") stderr.write(`icp-precheck: ${String(error)}\n`);
}
