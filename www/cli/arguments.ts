import { parseArgs } from "node:util";
import type { Locale } from "icp-precheck";
import { WORDS, type Words } from "./words.js";

const OPTIONS = {
  front: { type: "string" },
  back: { type: "string" },
  submission: { type: "string" },
  province: { type: "string" },
  material: { type: "string" },
  side: { type: "string" },
  upload: { type: "string" },
  on: { type: "string" },
  jobs: { type: "string" },
  lang: { type: "string" },
  "bytes-only": { type: "boolean" },
  json: { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/** As many engines as the package allows. */
const MAX_JOBS = 16;

const LOCALES: Record<string, Locale> = { zh: "zh-CN", "zh-CN": "zh-CN", en: "en" };

type Name = keyof typeof OPTIONS;
type Named<Type> = { [Key in Name]: (typeof OPTIONS)[Key]["type"] extends Type ? Key : never }[Name];

/** What was asked for. `misuse`: why it cannot be done; the rest then says nothing. */
export interface Arguments {
  locale: Locale;
  misuse: string | null;
  paths: string[];
  values: Partial<Record<Named<"string">, string>>;
  flags: Set<Named<"boolean">>;
}

/** Reads the arguments behind the program's name. Unlike the parser's own, the complaints speak the user's language. */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Arguments {
  const { tokens } = parseArgs({ args, options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
  const read: Arguments = { locale: localeOf(env), misuse: null, paths: [], values: {}, flags: new Set() };
  for (const token of tokens) {
    if (token.kind === "option" && token.name === "lang") read.locale = LOCALES[token.value ?? ""] ?? read.locale;
  }
  const words = WORDS[read.locale];
  const refuse = (reason: string) => {
    read.misuse ??= reason;
  };
  for (const token of tokens) {
    if (token.kind === "positional") read.paths.push(token.value);
    if (token.kind !== "option") continue;
    const { rawName, value, inlineValue } = token;
    if (!Object.hasOwn(OPTIONS, token.name)) {
      refuse(
        words.unknownOption(
          rawName,
          Object.keys(OPTIONS)
            .map((name) => `--${name}`)
            .join(" "),
        ),
      );
      continue;
    }
    const name = token.name as Name;
    if (isSwitch(name)) {
      if (value !== undefined) refuse(words.unwantedValue(rawName));
      read.flags.add(name);
    } else if (value === undefined || value === "" || (!inlineValue && value.startsWith("-"))) {
      refuse(words.missingValue(rawName));
    } else {
      if (read.values[name] !== undefined) refuse(words.twice(rawName));
      read.values[name] = value;
    }
  }
  const { side, lang, jobs } = read.values;
  if (side && side !== "front" && side !== "back") refuse(words.notOneOf("--side", side, "front, back"));
  if (lang && !Object.hasOwn(LOCALES, lang)) refuse(words.notOneOf("--lang", lang, "zh, en"));
  if (jobs && !(/^\d+$/.test(jobs) && Number(jobs) >= 1 && Number(jobs) <= MAX_JOBS)) {
    refuse(words.notOneOf("--jobs", jobs, `1–${MAX_JOBS}`));
  }
  refuseMixture(read, words, refuse);
  return read;
}

/** Files by themselves, a pair, or a submission: each answers a question of its own. */
function refuseMixture(read: Arguments, words: Words, refuse: (reason: string) => void): void {
  const { values, flags, paths } = read;
  const { front, back, submission } = values;
  const given = (names: Name[]) =>
    names.find((name) => values[name as Named<"string">] !== undefined || flags.has(name as Named<"boolean">));
  if (submission !== undefined) {
    const other = given(["front", "back", "side", "material", "province", "bytes-only"]);
    if (other) refuse(words.notTogether("--submission", `--${other}`));
    if (paths.length > 0) refuse(words.notTogether("--submission", paths[0] ?? ""));
  } else if (front !== undefined || back !== undefined) {
    if (front === undefined || back === undefined) refuse(words.bothSides);
    const other = given(["side", "bytes-only"]);
    if (other) refuse(words.notTogether("--front", `--${other}`));
    if (paths.length > 0) refuse(words.notTogether("--front", paths[0] ?? ""));
  } else if (paths.length === 0) refuse(words.noFileGiven);
}

function isSwitch(name: Name): name is Named<"boolean"> {
  return OPTIONS[name].type === "boolean";
}

/** The first of the variables that is set counts, as everywhere on Unix. */
function localeOf(env: NodeJS.ProcessEnv): Locale {
  return /^en/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || "") ? "en" : "zh-CN";
}
