/** The checklist: what is wanted and why, with a place for each picture. */
import type { Checklist, ChecklistItem, Constraint, Grade, Locale, Reason } from "icp-precheck";
import { documents } from "icp-precheck/rules.json";
import { h, icon } from "./dom";
import { unfulfilled } from "./interview";
import { PairView } from "./pair";
import { answerText, factLabel } from "./questions";
import { sources } from "./report";
import { type SlotHost, type SlotName, SlotView } from "./slot";
import { SpliceView } from "./splice";
import type { AnswerValue } from "./state";
import { say, WORDS } from "./words";

const TITLES = {
  required: "required",
  conditional: "conditional",
  maybe: "maybe",
  "not-required": "notRequired",
} as const;
const GROUPS = ["required", "conditional", "maybe", "not-required"] as const;

/** Slots by material and name; they outlive the checklist, so that an answer never loses a picture. */
export class Slots {
  private readonly slots = new Map<string, SlotView>();
  private readonly pairs = new Map<string, PairView>();
  private readonly splices = new Map<string, SpliceView>();

  constructor(private readonly host: SlotHost) {}

  get(material: string, name: SlotName): SlotView {
    const key = `${material}/${name}`;
    let slot = this.slots.get(key);
    if (!slot) {
      slot = new SlotView(material, name, this.hostOf(material));
      this.slots.set(key, slot);
    }
    return slot;
  }

  pair(material: string): PairView {
    let pair = this.pairs.get(material);
    if (!pair) {
      const file = (name: SlotName) => this.slots.get(`${material}/${name}`)?.file ?? null;
      pair = new PairView(file);
      this.pairs.set(material, pair);
    }
    return pair;
  }

  splice(material: string): SpliceView {
    let splice = this.splices.get(material);
    if (!splice) {
      splice = new SpliceView(material, this.host);
      this.splices.set(material, splice);
    }
    return splice;
  }

  /** What can be spliced follows the pictures and the checklist. */
  updateSplices(list: Checklist): void {
    const places = new Map(list.items.map(({ material, slots }) => [material, slots]));
    const slotsOf = (material: string) => (places.get(material) ?? []).map((name) => this.get(material, name));
    for (const splice of this.splices.values()) splice.update(list, slotsOf);
  }

  filled(): SlotView[] {
    return [...this.slots.values()].filter((slot) => slot.file !== null);
  }

  recheck(): void {
    for (const slot of this.slots.values()) slot.recheck();
  }

  clear(): void {
    for (const slot of this.filled()) slot.clear();
  }

  /** With getters, for language and province change under the slots. */
  private hostOf(material: string): SlotHost {
    const { host } = this;
    return {
      get locale() {
        return host.locale;
      },
      get upload() {
        return host.upload;
      },
      get province() {
        return host.province;
      },
      changed: () => {
        this.pair(material).forget();
        host.changed();
      },
      overflow: (files) => host.overflow(files),
    };
  }
}

/** An answer that would change the status of a material. */
export interface Turn {
  fact: string;
  value: AnswerValue;
  status: ChecklistItem["status"];
}

/** What the list takes from the page. */
export interface ListHost {
  slots: Slots;
  /** The single answers to these questions that would change the status of a material. */
  whatIf(item: ChecklistItem, facts: string[]): Promise<Turn[]>;
}

export function renderChecklist(list: Checklist, host: ListHost, locale: Locale): Node[] {
  const words = WORDS[locale];
  const nodes: Node[] = [];
  const urgent = list.constraints.filter(unfulfilled);
  if (urgent.length > 0) {
    nodes.push(
      h(
        "section",
        { class: "card attention", "aria-labelledby": "attention-title" },
        h("h3", { id: "attention-title" }, words.attention, h("span", { class: "count" }, String(urgent.length))),
        ...constraints(urgent, locale),
      ),
    );
  }
  for (const status of GROUPS) {
    const items = list.items.filter((item) => item.status === status);
    if (items.length === 0) continue;
    nodes.push(status === "not-required" ? unwanted(items, host, locale) : group(status, items, list, host, locale));
  }
  const rest = list.constraints.filter((one) => !unfulfilled(one));
  if (rest.length > 0) nodes.push(toKnow(rest, locale));
  return nodes;
}

/** Everything else that the rules say, by topic: what depends on open answers first, what is fulfilled last. */
function toKnow(rest: Constraint[], locale: Locale): HTMLElement {
  const words = WORDS[locale];
  const topics = new Map<string, Constraint[]>();
  for (const one of rest) {
    const topic = one.topic ?? "general";
    topics.set(topic, [...(topics.get(topic) ?? []), one]);
  }
  const known = Object.entries(words.topics).filter(([topic]) => topics.has(topic));
  const fold = ([topic, title]: [string, string]) => {
    const some = topics.get(topic) ?? [];
    const unsettled = some.filter(({ status }) => status === "unknown").length;
    return h(
      "details",
      { class: "fold topic", id: `topic-${topic}` },
      h(
        "summary",
        {},
        h("h4", {}, title),
        h("span", { class: "count" }, String(some.length)),
        unsettled > 0 && h("span", { class: "tag tag--conditional" }, words.unsettled(unsettled)),
      ),
      ...constraints(some, locale),
    );
  };
  return h(
    "section",
    { class: "card to-know", "aria-labelledby": "to-know-title" },
    h("h3", { id: "to-know-title" }, words.toKnow, h("span", { class: "count" }, String(rest.length))),
    h("p", { class: "hint" }, words.toKnowHint),
    h("div", { class: "topics" }, ...known.map(fold)),
  );
}

const ORDER: Constraint["status"][] = ["violated", "unknown", "notice", "met"];

function constraints(some: Constraint[], locale: Locale): Node[] {
  const sorted = [...some].sort((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status));
  return [h("ul", { class: "findings", role: "list" }, ...sorted.map((one) => constraint(one, locale)))];
}

function group(
  status: "required" | "conditional" | "maybe",
  items: ChecklistItem[],
  list: Checklist,
  host: ListHost,
  locale: Locale,
): HTMLElement {
  const words = WORDS[locale];
  const hint = { required: "", conditional: words.conditionalHint, maybe: words.maybeHint }[status];
  return h(
    "section",
    { class: `group group--${status}`, "aria-labelledby": `group-${status}` },
    h("h3", { id: `group-${status}` }, words[status], h("span", { class: "count" }, String(items.length))),
    hint && h("p", { class: "hint" }, hint),
    ...items.map((item) => card(item, list, host, locale)),
  );
}

function card(item: ChecklistItem, list: Checklist, host: ListHost, locale: Locale): HTMLElement {
  const { slots } = host;
  const words = WORDS[locale];
  const id = `material-${item.material}`;
  const colon = locale === "en" ? ": " : "：";
  const comma = locale === "en" ? ", " : "、";
  const names = item.accepts.flatMap((one) => {
    const document = documents.find(({ id }) => id === one);
    return document ? [say(document.name, locale)] : [];
  });
  const dependsOn = item.dependsOn.map((fact) => factLabel(fact, locale)).join(comma);
  const spliceName = list.items.find(({ material }) => material === item.upload.spliceWith)?.name;
  const places = item.slots.map((slot) => slots.get(item.material, slot));
  const tag = h("span", { class: `tag tag--${item.status}` }, words[TITLES[item.status]]);
  const name = h("h4", { id: `${id}-name` }, item.name);
  const body = [
    h("p", {}, item.description),
    names.length > 0 && h("p", { class: "hint" }, `${words.accepts}${colon}${names.join(comma)}`),
    h("div", { class: "slots" }, ...places.map((slot) => slot.element)),
    places.length > 1 && slots.pair(item.material).element,
    list.items.some(({ upload }) => upload.spliceWith === item.material) && slots.splice(item.material).element,
    outline(item, locale),
    why(item, host, locale),
    h(
      "p",
      { class: item.upload.ownButton ? "hint upload-hint upload-hint--plain" : "hint upload-hint" },
      item.upload.ownButton ? words.ownButton : spliceName ? words.spliceWith(spliceName) : words.spliceUnknown,
    ),
  ];
  const look = `card material material--${item.status}`;
  if (item.status === "required") {
    return h(
      "article",
      { class: look, id, "aria-labelledby": `${id}-name` },
      h("header", { class: "material-head" }, name, h("span", { class: "tags" }, doubt(item.grade, locale), tag)),
      ...body,
    );
  }
  // What is not yet sure takes one line, until the reader wants it.
  return h(
    "details",
    { class: `${look} fold`, id, open: places.some(({ file }) => file !== null) },
    h(
      "summary",
      {},
      h(
        "div",
        { class: "material-line" },
        name,
        dependsOn !== "" && h("span", { class: "hint" }, `${words.dependsOn}${colon}${dependsOn}`),
      ),
      h("span", { class: "tags" }, doubt(item.grade, locale), tag),
    ),
    h("div", { class: "material-body" }, ...body),
  );
}

function why(item: ChecklistItem, host: ListHost, locale: Locale): HTMLElement {
  const words = WORDS[locale];
  const turns = h("div", { class: "turns" });
  const details = h(
    "details",
    { class: "more why" },
    h("summary", {}, `${words.because} · ${words.sources}`),
    reasons(item.because, locale),
    ...item.notes.map((note) => h("p", {}, note)),
    turns,
    certainty(item.grade, locale),
    sources(item.basis),
  );
  // Asked when somebody wants to know.
  details.addEventListener("toggle", () => {
    if (!details.open || turns.childElementCount > 0) return;
    const facts = new Set([...item.because.map(({ fact }) => fact), ...item.dependsOn]);
    void host.whatIf(item, [...facts]).then((found) => turns.replaceChildren(...whatIf(found, locale)));
  });
  return details;
}

/** One line per question and status: the answers that would lead there. */
function whatIf(turns: Turn[], locale: Locale): Node[] {
  const words = WORDS[locale];
  const lines = new Map<string, { fact: string; status: Turn["status"]; answers: string[] }>();
  for (const { fact, value, status } of turns) {
    const key = `${fact} ${status}`;
    const line = lines.get(key) ?? { fact, status, answers: [] };
    line.answers.push(answerText(fact, value, locale));
    lines.set(key, line);
  }
  if (lines.size === 0) return [];
  return [
    h("p", { class: "turns-title" }, words.whatIf),
    h(
      "ul",
      { role: "list" },
      ...[...lines.values()].map(({ fact, status, answers }) =>
        h(
          "li",
          {},
          words.turn(factLabel(fact, locale), answers.join(locale === "en" ? ", " : "、")),
          " ",
          h("span", { class: `tag tag--${status}` }, words[TITLES[status]]),
        ),
      ),
    ),
  ];
}

/** How sure the rules are, in words that need no knowledge of our grades. */
function certainty(grade: Grade, locale: Locale): HTMLElement {
  return h("p", { class: `certainty certainty--${grade}` }, WORDS[locale].grades[grade].sentence);
}

/** A label where the rules are less sure than usual. */
function doubt(grade: Grade, locale: Locale): HTMLElement | false {
  const { label } = WORDS[locale].grades[grade];
  return label !== "" && h("span", { class: "tag tag--doubt" }, label);
}

/** What a paper has to say, who issues it, how long it holds. */
function outline(item: ChecklistItem, locale: Locale): HTMLElement | false {
  const words = WORDS[locale];
  const colon = locale === "en" ? ": " : "：";
  const line = (title: string, text: string | null) => text !== null && h("p", {}, `${title}${colon}${text}`);
  const template = item.template === null ? false : line(words.template, item.template);
  if (item.outline.length === 0 && item.issuer === null && item.validity === null && !template) return false;
  return h(
    "details",
    { class: "more outline" },
    h("summary", {}, words.outline),
    item.outline.length > 0 && h("ol", {}, ...item.outline.map((point) => h("li", {}, point))),
    line(words.issuer, item.issuer),
    line(words.validity, item.validity),
    template,
  );
}

function reasons(because: Reason[], locale: Locale): HTMLElement {
  const said = new Map<string, string>();
  for (const { fact, value } of because) said.set(fact, answerText(fact, value, locale));
  return h(
    "ul",
    { class: "chips", role: "list" },
    ...[...said].map(([fact, answer]) =>
      h("li", { class: "chip" }, `${factLabel(fact, locale)}${locale === "en" ? ": " : "："}${answer}`),
    ),
  );
}

function unwanted(items: ChecklistItem[], host: ListHost, locale: Locale): HTMLElement {
  const words = WORDS[locale];
  return h(
    "details",
    { class: "card fold", id: "group-not-required" },
    h("summary", {}, h("h3", {}, words.notRequired), h("span", { class: "count" }, String(items.length))),
    ...items.map((item) => h("div", { class: "unwanted" }, h("h4", {}, item.name), why(item, host, locale))),
  );
}

const TONES = { violated: "fail", unknown: "review", met: "pass", notice: "muted" } as const;

function constraint(one: Constraint, locale: Locale): HTMLElement {
  const words = WORDS[locale];
  const tone = TONES[one.status];
  const comma = locale === "en" ? ", " : "、";
  const dependsOn = one.dependsOn.map((fact) => factLabel(fact, locale)).join(comma);
  return h(
    "li",
    { class: `finding finding--${tone}`, "data-rule": one.id },
    icon(one.status === "notice" ? "muted" : one.status === "unknown" ? "question" : tone),
    h(
      "div",
      {},
      // What only old texts say, says so itself.
      h("p", {}, one.message, " ", one.grade !== "older" && doubt(one.grade, locale)),
      one.remedy !== null && h("p", { class: "remedy" }, one.remedy),
      dependsOn !== "" && h("p", { class: "hint" }, `${words.dependsOn}${locale === "en" ? ": " : "："}${dependsOn}`),
      sources(one.basis),
    ),
  );
}
