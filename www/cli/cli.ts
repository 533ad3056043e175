#!/usr/bin/env node
/**
 * `npx icp-precheck <files, folders or globs…>`: the reports of `checkPhoto` in a terminal, or as JSON; of `checkPair` with
 * `--front` and `--back`; of `checkSubmission` with `--submission`.
 *
 * Only the files at work are in memory, so that a folder of any size fits in. What is written follows the order of the
 * arguments, whichever file is done first.
 */
import { readFileSync } from "node:fs";
import {
  type CheckOptions,
  createPrecheck,
  type Precheck,
  PrecheckError,
  type PrecheckOptions,
  type RuleSet,
  type SubmissionReport,
  type Verdict,
} from "icp-precheck";
import { type Arguments, readArguments } from "./arguments.js";
import { DiskFile } from "./disk-file.js";
import { find } from "./find.js";
import { coloured, fileLines, harmless, type Paint, pairLines, plain, todoLines } from "./print.js";
import { progressOn } from "./progress.js";
import { readSubmission, type SubmissionOnDisk } from "./submission.js";
import { WORDS } from "./words.js";

declare const __VERSION__: string;

const { stdout, stderr, env } = process;
const MISUSE = 2;
/** Enough for every thread to have two files, and to go on while a large one in front is being looked at. */
const AHEAD = 64;

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
  const { submission, front, back, upload } = asked.values;
  const set = submission === undefined ? null : readSubmission(submission, words);
  if (typeof set === "string") return refuse(set);
  const { files, unmatched, emptyFolder } = find(asked.paths);
  if (unmatched !== null) return refuse(words.nothingMatches(unmatched));
  if (emptyFolder !== null) return refuse(words.emptyFolder(emptyFolder));
  let precheck: Precheck;
  const options = checkOptions(asked);
  try {
    precheck = await createPrecheck({
      locale,
      upload,
      ...workers(asked, set ? Object.keys(set.files).length : files.length),
    });
    // Asked about nothing first, so that a wrong option is one complaint before the first file.
    if (set) await precheck.checklist(set.profile, { on: options.on });
    else await precheck.inspectFile(new Uint8Array(), options);
  } catch (error) {
    return refuse(explain(error, asked, set));
  }
  try {
    const worst =
      submission !== undefined && set
        ? await checkSet(precheck, submission, set, options, asked)
        : front !== undefined && back !== undefined
          ? await checkPair(precheck, front, back, options, asked)
          : await check(precheck, files, options, asked);
    return worst === "pass" ? 0 : 1;
  } catch (error) {
    // Places that no material has, which only the whole shows.
    if (set && error instanceof PrecheckError) return refuse(explain(error, asked, set));
    throw error;
  } finally {
    precheck.close();
  }
}

/** Writes the report of every file and returns the worst verdict. */
async function check(precheck: Precheck, files: string[], options: CheckOptions, asked: Arguments): Promise<Verdict> {
  const { locale, flags } = asked;
  const words = WORDS[locale];
  const method = flags.has("bytes-only") ? "inspectFile" : "checkPhoto";
  const paint = wantsColour() ? coloured : plain;
  const progress = progressOn(stderr, !flags.has("quiet"), words);
  const json = flags.has("json");
  const lines: Record<Verdict, string[]> = { fail: [], review: [], pass: [] };
  const counts: Record<Verdict, number> = { fail: 0, review: 0, pass: 0 };
  let done = 0;
  progress.show(done, files.length);
  const ask = async (file: string) => {
    const report = await precheck[method](new DiskFile(file), options);
    done += 1;
    progress.show(done, files.length);
    return { file, report };
  };
  let separator = "[";
  for await (const { file, report } of inOrder(files, precheck.mode === "local" ? 1 : AHEAD, ask)) {
    counts[report.verdict] += 1;
    if (json) await write(`${separator}\n${JSON.stringify({ file, report })}`);
    else if (report.verdict !== "pass" || !flags.has("quiet")) {
      lines[report.verdict].push(...fileLines(file, report, locale, paint));
    }
    separator = ",";
  }
  progress.end();
  if (json) await write("\n]\n");
  else await writeLines([...lines.fail, ...lines.review, ...lines.pass], counts, asked, paint);
  return worstOf(counts);
}

/** Answers in the order of the questions, of which up to `ahead` are open. */
async function* inOrder<Q, A>(questions: readonly Q[], ahead: number, ask: (question: Q) => Promise<A>) {
  const open: Promise<A>[] = [];
  for (const question of questions) {
    const answer = ask(question);
    // It is heard of when it is its turn, and until then no error that nobody looked at.
    answer.catch(() => undefined);
    open.push(answer);
    if (open.length >= ahead) yield (await open.shift()) as A;
  }
  for (const answer of open) yield await answer;
}

/** Below this, threads take longer to start than they save. */
const WORTH_THREADS = 3;

/** Threads, where they help. */
function workers({ values: { jobs }, flags }: Arguments, files: number): Pick<PrecheckOptions, "worker" | "workers"> {
  // The bytes alone are looked at sooner than a thread starts.
  if (jobs !== undefined) return jobs === "1" ? { worker: false } : { worker: true, workers: Number(jobs) };
  return { worker: files >= WORTH_THREADS && !flags.has("bytes-only") };
}

/** Writes both reports and what is only true of the pair. */
async function checkPair(
  precheck: Precheck,
  front: string,
  back: string,
  options: CheckOptions,
  asked: Arguments,
): Promise<Verdict> {
  const { locale, flags } = asked;
  const report = await precheck.checkPair(new DiskFile(front), new DiskFile(back), options);
  if (flags.has("json")) {
    await write(`[\n${JSON.stringify({ front, back, report })}\n]\n`);
    return report.verdict;
  }
  const paint = wantsColour() ? coloured : plain;
  const sides = [
    [front, report.front],
    [back, report.back],
  ] as const;
  const counts: Record<Verdict, number> = { fail: 0, review: 0, pass: 0 };
  for (const [, side] of sides) counts[side.verdict] += 1;
  const lines = sides.flatMap(([file, side]) =>
    side.verdict === "pass" && flags.has("quiet") ? [] : fileLines(file, side, locale, paint),
  );
  const pair = pairLines(report, locale, paint);
  if (pair.length > 1 || !flags.has("quiet")) lines.push(...pair);
  await writeLines(lines, counts, asked, paint);
  return report.verdict;
}

/** Writes what is left to do, then the report of every file. */
async function checkSet(
  precheck: Precheck,
  submission: string,
  { profile, files }: SubmissionOnDisk,
  { on }: CheckOptions,
  asked: Arguments,
): Promise<Verdict> {
  const { locale, flags } = asked;
  const progress = progressOn(stderr, !flags.has("quiet"), WORDS[locale]);
  const inPlace = Object.fromEntries(Object.entries(files).map(([place, path]) => [place, new DiskFile(path)]));
  progress.show(0, Object.keys(files).length);
  const onProgress = (done: number, total: number) => progress.show(done, total);
  let report: SubmissionReport;
  try {
    report = await precheck.checkSubmission({ profile, files: inPlace }, { on, onProgress });
  } finally {
    progress.end();
  }
  if (flags.has("json")) {
    await write(`[\n${JSON.stringify({ submission, files, report })}\n]\n`);
    return report.verdict;
  }
  const paint = wantsColour() ? coloured : plain;
  const counts: Record<Verdict, number> = { fail: 0, review: 0, pass: 0 };
  const lines = todoLines(submission, report, locale, paint);
  for (const { slot, report: photo } of report.slots) {
    counts[photo.verdict] += 1;
    const path = files[slot] ?? files[slot.replace(/\/single$/, "")] ?? slot;
    if (photo.verdict !== "pass" || !flags.has("quiet")) lines.push(...fileLines(path, photo, locale, paint));
  }
  for (const pair of report.pairs) {
    const said = pairLines(pair, locale, paint);
    if (said.length > 1 || !flags.has("quiet")) lines.push(...said);
  }
  await writeLines(lines, counts, asked, paint);
  return report.verdict;
}

async function writeLines(
  lines: string[],
  counts: Record<Verdict, number>,
  { locale, flags }: Arguments,
  paint: Paint,
): Promise<void> {
  const words = WORDS[locale];
  const all = [...lines];
  if (!flags.has("quiet")) {
    all.push("", paint("bold", words.summary(counts)));
    if (flags.has("bytes-only")) all.push(words.bytesOnly);
    all.push(paint("dim", words.noApproval));
  }
  if (all.length > 0) await write(`${all.join("\n")}\n`);
}

function worstOf(counts: Record<Verdict, number>): Verdict {
  return counts.fail > 0 ? "fail" : counts.review > 0 ? "review" : "pass";
}

function checkOptions({ values: { material, side, province, on } }: Arguments): CheckOptions {
  return { material, side: side as CheckOptions["side"], province, on };
}

/** A wrong value is answered with the right ones. */
function explain(error: unknown, { values, locale }: Arguments, set: SubmissionOnDisk | null): string {
  const words = WORDS[locale];
  const { material = "", upload = "", on = "" } = values;
  const province = set ? String(set.profile.province ?? "") : (values.province ?? "");
  const reason = error instanceof Error ? error.message : String(error);
  const named = (id: string, name: { zh: string; en: string }) => `${id} ${locale === "en" ? name.en : name.zh}`;
  const among = (option: string, value: string, known: string[]) =>
    words.notOneOf(option, value, known.join(locale === "en" ? ", " : "、"));
  switch ((error as { code?: unknown } | null)?.code) {
    case "unknown-province":
      return among(
        set ? "profile.province" : "--province",
        province,
        rules().regions.map(({ code, name }) => named(code, name)),
      );
    case "unknown-material":
      if (set) return words.badSubmission(values.submission ?? "", reason);
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
    case "invalid-argument":
      return set ? words.badSubmission(values.submission ?? "", reason) : words.failed(reason);
    default:
      return words.failed(reason);
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
