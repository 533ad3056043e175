/** The fields of questions, and answers as text. */
import type { Fact, Locale } from "icp-precheck";
import { facts, regions, uploads } from "icp-precheck/rules.json";
import { h } from "./dom";
import { type AnswerValue, LONG_TERM } from "./state";
import { say, WORDS } from "./words";

/** Of more answers than these, only the first are shown at once: the rules name the usual ones first. */
const MOST_BUTTONS = 10;
const FIRST_BUTTONS = 7;
/** The engine takes as many. */
const MAX_TEXT_CHARS = 2000;
/** Facts whose answer takes several lines. */
const LONG_TEXTS = ["businessScope", "websiteRemarks"];

export type Change = (fact: string, value: AnswerValue | undefined) => void;

export function provinceField(current: string | undefined, locale: Locale, change: Change): HTMLElement {
  const words = WORDS[locale];
  const select = h(
    "select",
    { id: "fact-province", onchange: () => change("province", select.value || undefined) },
    h("option", { value: "" }, words.chooseProvince),
    ...regions.map((region) => h("option", { value: region.code }, say(region.name, locale))),
  );
  select.value = current ?? "";
  const help = helpOf("province", locale);
  return h(
    "div",
    { class: "question" },
    h("label", { class: "question-text", for: "fact-province" }, words.province),
    help && h("p", { class: "hint", id: "fact-province-help" }, help),
    select,
    current !== undefined && h("p", { class: "hint" }, collected(current, locale)),
  );
}

/** How well the rules of a province are known. */
function collected(code: string, locale: Locale): string {
  const words = WORDS[locale];
  const region = regions.find((one) => one.code === code);
  if (!region?.verifiedOn) return words.notCollected;
  const omissions = region.omissions ? say(region.omissions, locale) : "";
  return [words.comparedOn(region.verifiedOn), omissions].filter(Boolean).join(locale === "en" ? " " : "");
}

export function uploadField(current: string, locale: Locale, change: (id: string) => void): HTMLElement {
  const words = WORDS[locale];
  const select = h(
    "select",
    { id: "upload", onchange: () => change(select.value) },
    ...uploads.map(({ id, name }) => h("option", { value: id }, say(name, locale))),
  );
  select.value = current;
  return h(
    "div",
    { class: "question" },
    h("label", { class: "question-text", for: "upload" }, words.upload),
    h("p", { class: "hint" }, words.uploadHelp),
    select,
  );
}

export function uploadName(id: string, locale: Locale): string {
  const upload = uploads.find((one) => one.id === id);
  return upload ? say(upload.name, locale) : id;
}

export function factField(
  id: string,
  value: AnswerValue | undefined,
  skipped: boolean,
  locale: Locale,
  change: Change,
): HTMLElement | null {
  const fact = facts.find((one) => one.id === id);
  if (!fact) return null;
  switch (fact.type) {
    case "boolean":
    case "enum":
      return choice(fact, value, skipped, locale, change);
    case "integer":
    case "text":
      return entry(fact, value, locale, change);
    case "date":
      return day(fact, value, locale, change);
    default:
      return null;
  }
}

/** How an answer reads: the label of an option, yes or no, or what was typed. */
export function answerText(id: string, value: unknown, locale: Locale): string {
  const fact = facts.find((one) => one.id === id);
  if (fact?.type === "region") {
    const region = regions.find((one) => one.code === value);
    if (region) return say(region.name, locale);
  }
  const option = fact?.options?.find((one) => one.value === value);
  if (option) return say(option.label, locale);
  if (typeof value === "boolean") return yesNo(value, locale);
  if (fact?.type === "date" && value === LONG_TERM) return WORDS[locale].longTerm;
  return String(value);
}

export function factLabel(id: string, locale: Locale): string {
  const fact = facts.find((one) => one.id === id);
  return fact ? say(fact.label, locale) : id === "on" ? WORDS[locale].day : id;
}

/** The answers to choose from; none for the province, which is where somebody files and not what they can change. */
export function namedAnswers(id: string): AnswerValue[] {
  const fact = facts.find((one) => one.id === id);
  if (fact?.type === "boolean") return [true, false];
  return fact?.type === "enum" ? (fact.options ?? []).map(({ value }) => value) : [];
}

function yesNo(value: boolean, locale: Locale): string {
  if (locale === "en") return value ? "Yes" : "No";
  return value ? "是" : "否";
}

function helpOf(id: string, locale: Locale): string | null {
  const help = facts.find((one) => one.id === id)?.help;
  return help ? say(help, locale) : null;
}

function choice(
  fact: Fact,
  value: AnswerValue | undefined,
  skipped: boolean,
  locale: Locale,
  change: Change,
): HTMLElement {
  const words = WORDS[locale];
  const options: { value: AnswerValue | undefined; label: string }[] =
    fact.type === "boolean"
      ? [true, false].map((flag) => ({ value: flag, label: yesNo(flag, locale) }))
      : (fact.options ?? []).map((option) => ({ value: option.value, label: say(option.label, locale) }));
  const help = helpOf(fact.id, locale);
  const button = (option: { value: AnswerValue | undefined; label: string }) => {
    const input = h("input", {
      type: "radio",
      class: "visually-hidden",
      name: `fact-${fact.id}`,
      id: `fact-${fact.id}-${option.value ?? "open"}`,
      checked: option.value === value && (value !== undefined || skipped),
      onchange: () => change(fact.id, option.value),
    });
    return h("label", { class: option.value === undefined ? "option option--open" : "option" }, input, option.label);
  };
  const few = options.length > MOST_BUTTONS ? FIRST_BUTTONS : options.length;
  const rest = options.slice(few);
  const unsure = button({ value: undefined, label: words.clear });
  return h(
    "fieldset",
    { class: "question", "aria-describedby": help ? `fact-${fact.id}-help` : null },
    h("legend", { class: "question-text" }, say(fact.question, locale)),
    help && h("p", { class: "hint", id: `fact-${fact.id}-help` }, help),
    h("div", { class: "options" }, ...options.slice(0, few).map(button), rest.length === 0 && unsure),
    rest.length > 0 &&
      h(
        "details",
        { class: "fold rarer", id: `fact-${fact.id}-rarer`, open: rest.some((option) => option.value === value) },
        h("summary", { class: "hint" }, words.rarer(rest.length)),
        h("div", { class: "options" }, ...rest.map(button)),
      ),
    rest.length > 0 && h("div", { class: "options" }, unsure),
  );
}

function entry(fact: Fact, value: AnswerValue | undefined, locale: Locale, change: Change): HTMLElement {
  const id = `fact-${fact.id}`;
  const help = helpOf(fact.id, locale);
  const shared = { id, "aria-describedby": help ? `${id}-help` : null, autocomplete: "off" };
  const input =
    fact.type === "integer"
      ? h("input", {
          ...shared,
          type: "number",
          inputmode: "numeric",
          step: 1,
          min: fact.min,
          max: fact.max,
          value: value ?? "",
        })
      : LONG_TEXTS.includes(fact.id)
        ? h("textarea", { ...shared, rows: 3, maxlength: MAX_TEXT_CHARS })
        : h("input", { ...shared, type: "text", maxlength: MAX_TEXT_CHARS });
  if (fact.type === "text") input.value = String(value ?? "");
  input.addEventListener("change", () => {
    const text = input.value.trim();
    if (text === "") change(fact.id, undefined);
    else if (fact.type === "text") change(fact.id, text);
    else if (input.checkValidity()) change(fact.id, Number(text));
    else input.reportValidity();
  });
  return h(
    "div",
    { class: "question" },
    h("label", { class: "question-text", for: id }, say(fact.question, locale)),
    help && h("p", { class: "hint", id: `${id}-help` }, help),
    input,
    skip(fact, value, locale, change),
  );
}

/** The last day of something, or that it never ends. */
function day(fact: Fact, value: AnswerValue | undefined, locale: Locale, change: Change): HTMLElement {
  const words = WORDS[locale];
  const id = `fact-${fact.id}`;
  const help = helpOf(fact.id, locale);
  const input = h("input", {
    id,
    type: "date",
    min: "1900-01-01",
    max: "2199-12-31",
    value: value === LONG_TERM ? "" : value,
    "aria-describedby": `${id}-help`,
    autocomplete: "off",
  });
  // A keyboard passes through years such as 0002; what is complete counts once the field is left.
  input.addEventListener("blur", () => {
    if (input.value === (value ?? "") || input.validity.badInput) return;
    if (input.checkValidity()) change(fact.id, input.value || undefined);
    else input.reportValidity();
  });
  const endless = h("input", {
    id: `${id}-long-term`,
    type: "checkbox",
    checked: value === LONG_TERM,
    onchange: () => change(fact.id, endless.checked ? LONG_TERM : undefined),
  });
  return h(
    "div",
    { class: "question" },
    h("label", { class: "question-text", for: id }, say(fact.question, locale)),
    h(
      "p",
      { class: "hint", id: `${id}-help` },
      [help, words.dayNotKept].filter(Boolean).join(locale === "en" ? " " : ""),
    ),
    h("div", { class: "day" }, input, h("label", { class: "check" }, endless, words.longTerm)),
    skip(fact, value, locale, change),
  );
}

function skip(fact: Fact, value: AnswerValue | undefined, locale: Locale, change: Change): HTMLElement {
  const words = WORDS[locale];
  return h(
    "button",
    {
      type: "button",
      class: "button button--quiet skip-question",
      id: `fact-${fact.id}-skip`,
      onclick: () => change(fact.id, undefined),
    },
    value === undefined ? words.skipQuestion : words.clearAnswer,
  );
}
