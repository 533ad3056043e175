/** The checklist: what is wanted and why, with a place for each picture. */
import type { Checklist, ChecklistItem, Constraint, Locale, PairReport, Reason } from "icp-precheck";
import { documents } from "icp-precheck/rules.json";
import { h, icon } from "./dom";
import { comparePair } from "./engine";
import { answerText, factLabel } from "./questions";
import { renderFindings, source, worthSaying } from "./report";
import { type SlotHost, type SlotName, SlotView } from "./slot";
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
      pair = new PairView(material, file, this.host);
      this.pairs.set(material, pair);
    }
    return pair;
  }

  filled(): SlotView[] {
    return [...this.slots.values()].filter((slot) => slot.file !== null);
  }

  /** Pairs with something to say. */
  troubledPairs(): number {
    const troubled = ({ report }: PairView) => report !== null && worthSaying(report.findings).length > 0;
    return [...this.pairs.values()].filter(troubled).length;
  }

  recheck(): void {
    for (const slot of this.slots.values()) void slot.check();
    for (const pair of this.pairs.values()) void pair.update();
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
        void this.pair(material).update();
        host.changed();
      },
      overflow: (files) => host.overflow(files),
    };
  }
}

export class PairView {
  readonly element = h("div", { class: "pair", role: "status" });
  report: PairReport | null = null;
  private run: AbortController | null = null;

  constructor(
    private readonly material: string,
    private readonly file: (name: SlotName) => File | null,
    private readonly host: SlotHost,
  ) {}

  async update(): Promise<void> {
    this.run?.abort();
    const [front, back] = [this.file("front"), this.file("back")];
    this.report = null;
    if (!front || !back) {
      this.element.replaceChildren();
      return;
    }
    const run = new AbortController();
    this.run = run;
    try {
      const { locale, province } = this.host;
      const options = { material: this.material, province, signal: run.signal };
      const report = await comparePair(front, back, this.host, options);
      if (run.signal.aborted || !report) return;
      this.report = report;
      this.host.changed();
      const words = WORDS[locale];
      const told = renderFindings(report.findings, locale);
      const title = h("h4", {}, words.pair);
      const known = report.findings.some(({ outcome }) => outcome === "pass");
      if (told.length > 0) this.element.replaceChildren(title, ...told);
      else if (known)
        this.element.replaceChildren(title, h("p", { class: "verdict verdict--pass" }, icon("pass"), words.pairFine));
      else this.element.replaceChildren();
    } catch (error) {
      if (!run.signal.aborted) console.error("icp-precheck: a pair was not compared", error);
    }
  }
}

export function renderChecklist(list: Checklist, slots: Slots, locale: Locale): Node[] {
  const words = WORDS[locale];
  const nodes: Node[] = [];
  const urgent = list.constraints.filter(({ status }) => status === "violated" || status === "unknown");
  if (urgent.length > 0) {
    nodes.push(
      h(
        "section",
        { class: "card attention", "aria-labelledby": "attention-title" },
        h("h3", { id: "attention-title" }, words.attention),
        h("ul", { class: "findings", role: "list" }, ...urgent.map((one) => constraint(one, locale))),
      ),
    );
  }
  for (const status of GROUPS) {
    const items = list.items.filter((item) => item.status === status);
    if (items.length === 0) continue;
    nodes.push(status === "not-required" ? unwanted(items, locale) : group(status, items, list, slots, locale));
  }
  const rest = list.constraints.filter(({ status }) => status === "notice" || status === "met");
  nodes.push(
    h(
      "details",
      { class: "card fold", id: "notices" },
      h("summary", {}, h("h3", {}, words.toKnow), h("span", { class: "count" }, String(rest.length))),
      h("ul", { class: "findings", role: "list" }, ...rest.map((one) => constraint(one, locale))),
    ),
  );
  return nodes;
}

function group(
  status: "required" | "conditional" | "maybe",
  items: ChecklistItem[],
  list: Checklist,
  slots: Slots,
  locale: Locale,
): HTMLElement {
  const words = WORDS[locale];
  const hint = { required: "", conditional: words.conditionalHint, maybe: words.maybeHint }[status];
  return h(
    "section",
    { class: `group group--${status}`, "aria-labelledby": `group-${status}` },
    h("h3", { id: `group-${status}` }, words[status], h("span", { class: "count" }, String(items.length))),
    hint && h("p", { class: "hint" }, hint),
    ...items.map((item) => card(item, list, slots, locale)),
  );
}

function card(item: ChecklistItem, list: Checklist, slots: Slots, locale: Locale): HTMLElement {
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
    why(item, locale),
    h(
      "p",
      { class: item.upload.ownButton ? "hint upload-hint upload-hint--plain" : "hint upload-hint" },
      item.upload.ownButton ? words.ownButton : spliceName ? words.spliceWith(spliceName) : words.spliceUnknown,
    ),
    item.template !== null && h("p", { class: "hint" }, `${words.template}${colon}${item.template}`),
  ];
  const look = `card material material--${item.status}`;
  if (item.status === "required") {
    return h(
      "article",
      { class: look, id, "aria-labelledby": `${id}-name` },
      h("header", { class: "material-head" }, name, tag),
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
      tag,
    ),
    h("div", { class: "material-body" }, ...body),
  );
}

function why(item: ChecklistItem, locale: Locale): HTMLElement {
  const words = WORDS[locale];
  return h(
    "details",
    { class: "more why" },
    h("summary", {}, `${words.because} · ${words.sources}`),
    reasons(item.because, locale),
    ...item.notes.map((note) => h("p", {}, note)),
    ...sources(item.basis),
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

/** Each document once, though several rules may cite it. */
function sources(basis: ChecklistItem["basis"]): HTMLElement[] {
  const seen = new Set<string>();
  return basis.flatMap((one) => {
    const key = `${one.publisher} ${one.title}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [source(one)];
  });
}

function unwanted(items: ChecklistItem[], locale: Locale): HTMLElement {
  const words = WORDS[locale];
  return h(
    "details",
    { class: "card fold", id: "group-not-required" },
    h("summary", {}, h("h3", {}, words.notRequired), h("span", { class: "count" }, String(items.length))),
    ...items.map((item) => h("div", { class: "unwanted" }, h("h4", {}, item.name), why(item, locale))),
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
      h("p", {}, one.message),
      one.remedy !== null && h("p", { class: "remedy" }, one.remedy),
      dependsOn !== "" && h("p", { class: "hint" }, `${words.dependsOn}${locale === "en" ? ": " : "："}${dependsOn}`),
      ...sources(one.basis),
    ),
  );
}
