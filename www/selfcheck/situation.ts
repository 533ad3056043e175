/** The situation: province and provider, then what was answered, then the next questions. */
import type { Checklist, Constraint, Locale } from "icp-precheck";
import { h, icon } from "./dom";
import type { Interview } from "./interview";
import { answerText, type Change, factField, factLabel, provinceField, uploadField, uploadName } from "./questions";
import type { Answers } from "./state";
import { WORDS } from "./words";

/** A question shows the first of its warnings; the list has all of them. */
const WARNINGS_SHOWN = 2;

export interface SituationHost {
  change: Change;
  switchUpload(upload: string): void;
  startOver(): void;
}

export function renderSituation(
  answers: Answers,
  interview: Interview,
  list: Checklist | null,
  host: SituationHost,
): (Node | false)[] {
  const { locale } = answers;
  const words = WORDS[locale];
  const warnings = list ? interview.warnings(list) : new Map<string, Constraint[]>();
  const open = list?.questions.length ?? 0;
  const field = (fact: string) => factField(fact, answers.get(fact), answers.skipped(fact), locale, host.change);
  const asked = interview.order.map((fact) => {
    const value = answers.get(fact);
    const skipped = answers.skipped(fact);
    return h(
      "div",
      { class: "asked", "data-fact": fact },
      value === undefined && !skipped
        ? field(fact)
        : fold(
            fact,
            factLabel(fact, locale),
            value === undefined ? words.skipped : answerText(fact, value, locale),
            field(fact),
            interview,
            locale,
          ),
      warned(warnings.get(fact) ?? [], locale),
    );
  });
  const upload = fold(
    "upload",
    words.provider,
    uploadName(answers.upload, locale),
    uploadField(answers.upload, locale, host.switchUpload),
    interview,
    locale,
  );
  return [
    h("h2", { id: "situation-title" }, words.situation),
    h(
      "div",
      { class: "asked", "data-fact": "province" },
      provinceField(answers.province, locale, host.change),
      answers.province &&
        h("p", { class: "print-only" }, h("strong", {}, answerText("province", answers.province, locale))),
      warned(warnings.get("province") ?? [], locale),
    ),
    h("div", { class: "asked", "data-fact": "upload" }, upload),
    ...asked,
    later(interview, field, locale),
    !answers.province && h("p", { class: "hint" }, words.questionsFirst),
    list !== null && open === 0 && h("p", { class: "verdict verdict--pass" }, icon("pass"), words.allAnswered),
    h(
      "div",
      { class: "situation-foot" },
      h("p", { class: "hint kept" }, answers.stored ? words.answersKept : words.answersNotKept),
      h(
        "button",
        { type: "button", class: "button button--quiet", id: "start-over", onclick: host.startOver },
        words.startOver,
      ),
    ),
  ];
}

/** An answer in one line, that unfolds to its question. */
function fold(
  fact: string,
  label: string,
  answer: string,
  field: HTMLElement | null,
  interview: Interview,
  locale: Locale,
): HTMLElement {
  const details = h(
    "details",
    { class: "answered", id: `asked-${fact}`, open: interview.unfolded === fact },
    h(
      "summary",
      { id: `asked-${fact}-summary` },
      h("span", { class: "answered-label" }, label),
      h("strong", { class: "answered-value" }, answer),
      h("span", { class: "answered-edit" }, WORDS[locale].edit),
    ),
    field,
  );
  details.addEventListener("toggle", () => {
    if (details.open) interview.unfolded = fact;
    else if (interview.unfolded === fact) interview.unfolded = null;
  });
  return details;
}

function later(interview: Interview, field: (fact: string) => HTMLElement | null, locale: Locale): Node | false {
  const words = WORDS[locale];
  const count = interview.later.length;
  if (count === 0) return false;
  return h(
    "details",
    { class: "fold later", id: "later" },
    h(
      "summary",
      { id: "later-summary" },
      h("span", { class: "hint" }, interview.full ? words.lesserQuestions : words.laterQuestions),
      h("span", { class: "count" }, String(count)),
    ),
    h("div", { class: "later-body" }, ...interview.later.map(field)),
  );
}

function warned(warnings: Constraint[], locale: Locale): Node | false {
  if (warnings.length === 0) return false;
  const words = WORDS[locale];
  const more = warnings.length - WARNINGS_SHOWN;
  return h(
    "div",
    { class: "warned" },
    ...warnings
      .slice(0, WARNINGS_SHOWN)
      .map((one) =>
        h(
          "p",
          { class: `warning warning--${one.status}`, "data-rule": one.id },
          icon(one.status === "violated" ? "fail" : "review"),
          h("span", {}, one.message, one.remedy && h("span", { class: "remedy" }, ` ${one.remedy}`)),
        ),
      ),
    more > 0 && h("a", { class: "hint", href: "#attention-title" }, words.moreWarnings(more)),
  );
}
