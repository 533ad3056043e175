/** The fields of questions, and answers as text. */
import type { Fact, Locale } from "icp-precheck";
import { facts, regions, uploads } from "icp-precheck/rules.json";
import { h } from "./dom";
import type { AnswerValue } from "./state";
import { say, WORDS } from "./words";

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
  );
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
  return String(value);
}

export function factLabel(id: string, locale: Locale): string {
  const fact = facts.find((one) => one.id === id);
  return fact ? say(fact.label, locale) : id === "on" ? WORDS[locale].day : id;
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
  options.push({ value: undefined, label: words.clear });
  const help = helpOf(fact.id, locale);
  return h(
    "fieldset",
    { class: "question", "aria-describedby": help ? `fact-${fact.id}-help` : null },
    h("legend", { class: "question-text" }, say(fact.question, locale)),
    help && h("p", { class: "hint", id: `fact-${fact.id}-help` }, help),
    h(
      "div",
      { class: "options" },
      ...options.map((option) => {
        const input = h("input", {
          type: "radio",
          class: "visually-hidden",
          name: `fact-${fact.id}`,
          id: `fact-${fact.id}-${option.value ?? "open"}`,
          checked: option.value === value && (value !== undefined || skipped),
          onchange: () => change(fact.id, option.value),
        });
        return h(
          "label",
          { class: option.value === undefined ? "option option--open" : "option" },
          input,
          option.label,
        );
      }),
    ),
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
      : h("textarea", { ...shared, rows: fact.id === "businessScope" ? 3 : 1, maxlength: 2000 });
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
    h(
      "button",
      {
        type: "button",
        class: "button button--quiet skip-question",
        id: `${id}-skip`,
        onclick: () => change(fact.id, undefined),
      },
      value === undefined ? WORDS[locale].skipQuestion : WORDS[locale].clearAnswer,
    ),
  );
}
