/** The self-check page: answers to checklist, files to verdicts; everything on this device. */
import type { Checklist, ChecklistItem, Precheck, Profile, SubmissionReport } from "icp-precheck";
import { h, icon, refill } from "./dom";
import { engine, forgetEngines } from "./engine";
import { Interview } from "./interview";
import { renderChecklist, Slots, type Turn } from "./materials";
import { NumbersView } from "./numbers";
import { keepForOffline } from "./offline";
import { namedAnswers } from "./questions";
import { Ready, todosOf } from "./ready";
import { renderShare } from "./share";
import { renderSituation } from "./situation";
import { droppedFiles, type SlotView } from "./slot";
import { Answers, type AnswerValue } from "./state";
import { Tray } from "./tray";
import { viewer } from "./viewer";
import { WORDS } from "./words";

const answers = new Answers();
const interview = new Interview();
let list: Checklist | null = null;
let precheck: Precheck | null = null;
let starting = true;
let round = 0;
let sharing = false;
let renewed = false;
let submission: SubmissionReport | null = null;
let judgement = 0;
let hovered: SlotView | null = null;

const host = {
  get locale() {
    return answers.locale;
  },
  get upload() {
    return answers.upload;
  },
  get province() {
    return answers.province;
  },
  changed: () => void judge(),
  overflow: (files: File[]) => tray.add(files),
};
const slots = new Slots(host);
const tray = new Tray(host);
const numbers = new NumbersView({
  get locale() {
    return answers.locale;
  },
  engine: () => engine(answers),
});

const header = h("header", { class: "top" });
const alert = h("div", { role: "alert" });
const situation = h("section", { class: "card situation", "aria-labelledby": "situation-title" });
const materials = h("section", {
  class: "materials",
  id: "materials",
  "aria-labelledby": "materials-title",
  tabindex: -1,
});
const ready = new Ready();
const footer = h("footer", { class: "foot" });

function change(fact: string, value: AnswerValue | undefined): void {
  const before = answers.province;
  answers.set(fact, value);
  interview.unfolded = fact;
  // The limits of a file may be those of the province.
  if (answers.province !== before) recheckFiles();
  void refresh();
}

/** Asks the engine anew; an answer that comes late, for answers of before, is dropped. */
async function refresh(): Promise<void> {
  round += 1;
  const mine = round;
  const started = await engine(answers);
  if (mine !== round) return;
  precheck = started;
  starting = false;
  let next: Checklist | null = null;
  let relevant: string[] = [];
  if (started && answers.province) {
    try {
      [next, relevant] = await Promise.all([started.checklist(profile()), relevantAnswers(started)]);
    } catch (error) {
      console.error("icp-precheck: there is no checklist", error);
    }
  }
  if (mine !== round) return;
  list = next;
  interview.update(next?.questions ?? [], relevant, (fact) => answers.skipped(fact));
  steadily(render);
  void judge();
}

/** Looks at everything together; what was seen of a picture is remembered, so that this looks at new ones only. */
async function judge(): Promise<void> {
  judgement += 1;
  const mine = judgement;
  if (!list) submission = null;
  renderSummary();
  const { items } = list ?? { items: [] };
  const places = items.flatMap(({ material, slots: names }) => names.map((name) => slots.get(material, name)));
  if (list) slots.updateSplices(list);
  const spliced = new Map(
    items.flatMap(({ material, slots: names }) => {
      const made = names.length === 1 ? slots.splice(material).made : null;
      return made ? [[material, made] as const] : [];
    }),
  );
  const included = new Set([...spliced.values()].flatMap(({ includes }) => includes));
  const inPlace = new Map<string, { view: SlotView; file: File }>();
  const files = places.flatMap((view) => {
    const { material, name, file } = view;
    if (!file) return [];
    const made = spliced.get(material);
    if (made || included.has(material)) void view.checkAlone();
    else inPlace.set(name === "single" ? material : `${material}/${name}`, { view, file });
    return included.has(material) ? [] : [{ material, slot: name, file, ...made }];
  });
  const started = precheck;
  if (!started || !list) return;
  try {
    const report = await started.checkSubmission({ profile: profile(), files });
    // Late, it may still be the first to know a picture; not so when it speaks another language.
    if (started === precheck) showReports(report, inPlace);
    if (mine !== judgement) return;
    submission = report;
    renderSummary();
  } catch (error) {
    console.error("icp-precheck: the set was not judged", error);
    if (mine === judgement) for (const { view, file } of inPlace.values()) view.fail(file, error);
  }
}

/** Each place gets its report, each pair of places what is true of both. */
function showReports(report: SubmissionReport, inPlace: Map<string, { view: SlotView; file: File }>): void {
  for (const { slot, report: photo } of report.slots) {
    const place = inPlace.get(slot.replace(/\/single$/, ""));
    place?.view.settle(place.file, { kind: "report", report: photo });
  }
  for (const pair of report.pairs) {
    const sides = [inPlace.get(`${pair.material}/front`), inPlace.get(`${pair.material}/back`)];
    if (sides.every((side) => side && side.view.file === side.file)) {
      slots.pair(pair.material).settle(pair, answers.locale);
    }
  }
}

/** Everything that was found, for a colleague or a program. Pictures are not in it. */
function saveReport(): void {
  if (!submission) return;
  const text = JSON.stringify(submission, null, 2);
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href: address, download: `icp-precheck-${submission.engine.on}.json` }).click();
  // The browser has taken the address when the click returns; the file is read a moment later.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function profile(without?: string): Profile {
  return answers.profile(without) as Profile;
}

/** An answer stays on the page while its question would be asked if it were open. */
async function relevantAnswers(started: Precheck): Promise<string[]> {
  const asked = await Promise.all(
    answers.answered().map(async (fact) => {
      const { questions } = await started.checklist(profile(fact));
      return questions.some(({ id }) => id === fact) ? [fact] : [];
    }),
  );
  return asked.flat();
}

/** Tries every answer to these questions that has a name; numbers, texts and days have too many. */
async function whatIf(item: ChecklistItem, asked: string[]): Promise<Turn[]> {
  const started = precheck;
  if (!started) return [];
  const trials = asked.flatMap((fact) =>
    namedAnswers(fact).flatMap((value) => (value === answers.get(fact) ? [] : [{ fact, value }])),
  );
  const turns = await Promise.all(
    trials.map(async ({ fact, value }) => {
      const { items } = await started.checklist({ ...profile(), [fact]: value });
      const status = items.find(({ material }) => material === item.material)?.status;
      return status === undefined || status === item.status ? [] : [{ fact, value, status }];
    }),
  );
  return turns.flat();
}

/** What has the focus stays where it is on the screen, though answers above it fold up. */
function steadily(draw: () => void): void {
  const place = () => document.activeElement?.getBoundingClientRect().top ?? 0;
  const before = { id: document.activeElement?.id, top: place() };
  draw();
  if (!before.id || document.activeElement?.id !== before.id || !situation.contains(document.activeElement)) return;
  document.documentElement.scrollTop += place() - before.top;
}

function recheckFiles(): void {
  slots.recheck();
  tray.recheck();
}

function switchLanguage(): void {
  answers.setLocale(answers.locale === "en" ? "zh-CN" : "en");
  tray.render();
  numbers.render();
  recheckFiles();
  void refresh();
}

function switchUpload(upload: string): void {
  answers.setUpload(upload);
  recheckFiles();
  void refresh();
}

function startOver(): void {
  if (!window.confirm(WORDS[answers.locale].startOverAsk)) return;
  answers.clear();
  slots.clear();
  tray.clear();
  void refresh();
}

function render(): void {
  const { locale } = answers;
  const words = WORDS[locale];
  document.documentElement.lang = locale;
  document.title = words.title;
  refill(
    header,
    h("a", { class: "skip", href: "#materials" }, words.skip),
    h(
      "div",
      { class: "top-line" },
      h("h1", {}, words.title),
      h(
        "button",
        {
          type: "button",
          class: "button button--quiet",
          id: "language",
          lang: locale === "en" ? "zh-CN" : "en",
          onclick: switchLanguage,
        },
        words.otherLanguage,
      ),
    ),
    h("p", { class: "lead" }, words.lead),
    h("p", { class: "privacy" }, icon("lock"), words.privacy),
  );
  renderAlert();
  refill(situation, ...renderSituation(answers, interview, list, { change, switchUpload, startOver }));
  renderMaterials();
  tray.render();
  renderSummary();
  renderFooter();
}

function renderFooter(): void {
  const words = WORDS[answers.locale];
  refill(
    footer,
    h("p", {}, words.passIsNotApproval),
    list && h("p", {}, words.asOf(list.engine.on, list.engine.rulesVersion)),
    renewed && h("p", { role: "status" }, words.renewed),
  );
}

function renderAlert(): void {
  const words = WORDS[answers.locale];
  if (precheck || starting) {
    refill(alert, answers.linked && linkBar());
    return;
  }
  const retry = () => {
    forgetEngines();
    recheckFiles();
    void refresh();
  };
  refill(
    alert,
    h(
      "div",
      { class: "card notice-bar" },
      icon("review"),
      h("div", {}, h("p", {}, h("strong", {}, words.engineMissing)), h("p", {}, words.engineMissingDo)),
      h("button", { type: "button", class: "button", id: "retry", onclick: retry }, words.retry),
    ),
  );
}

function linkBar(): HTMLElement {
  const words = WORDS[answers.locale];
  const back = () => {
    answers.unfollow();
    recheckFiles();
    void refresh();
  };
  return h(
    "div",
    { class: "card notice-bar" },
    icon("link"),
    h("div", {}, h("p", {}, words.linked)),
    h("button", { type: "button", class: "button", id: "unlink", onclick: back }, words.unlink),
  );
}

function renderMaterials(): void {
  const words = WORDS[answers.locale];
  refill(
    materials,
    h(
      "div",
      { class: "top-line" },
      h("h2", { id: "materials-title" }, words.materials),
      list &&
        h(
          "button",
          {
            type: "button",
            class: "button button--quiet",
            id: "share",
            "aria-expanded": String(sharing),
            onclick: toggleShare,
          },
          words.share,
        ),
    ),
    list && sharing && renderShare(answers.link(), saveReport, answers.locale),
    h("p", { class: "hint only" }, words.onlyBytes),
    ...(list
      ? renderChecklist(list, { slots, whatIf }, answers.locale)
      : [h("p", { class: "card empty" }, words.materialsFirst)]),
  );
}

function toggleShare(): void {
  sharing = !sharing;
  renderMaterials();
}

function renderSummary(): void {
  const { locale } = answers;
  const words = WORDS[locale];
  const wanted = list?.items.filter(({ status }) => status === "required") ?? [];
  const filled = new Set(slots.filled().map(({ material }) => material));
  const done = wanted.filter(({ material }) => filled.has(material)).length;
  const todos = submission ? todosOf(submission, interview, locale) : [];
  ready.render(list, submission, todos, wanted.length > 0 ? words.summaryPapers(wanted.length, done) : "", locale);
}

/** Files that miss every slot land in the list for many; without this, the browser would leave the page to show them. */
function catchDrops(): void {
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer || !carriesFiles(event)) return;
    event.preventDefault();
    const { files, folders } = droppedFiles(event.dataTransfer);
    if (files.length > 0 && !(event.target instanceof Element && event.target.closest(".slot"))) tray.add(files);
    if (folders.length > 0) tray.refuse(folders);
    tray.element.scrollIntoView({ block: "nearest" });
  });
}

function catchPaste(): void {
  const slotOf = (node: EventTarget | null) => {
    const element = node instanceof Element ? node.closest<HTMLElement>(".slot") : null;
    const { material, slot } = element?.dataset ?? {};
    return material && (slot === "single" || slot === "front" || slot === "back") ? slots.get(material, slot) : null;
  };
  document.addEventListener("pointerover", (event) => {
    hovered = slotOf(event.target);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    const slot = slotOf(document.activeElement) ?? hovered;
    if (slot) slot.take(files);
    else tray.add(files);
  });
}

/** On paper nothing can be unfolded. Answers stay folded: their lines say it all. */
function openForPrint(): void {
  let opened: Element[] = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open], .answered)")];
    for (const fold of opened) fold.setAttribute("open", "");
  });
  window.addEventListener("afterprint", () => {
    for (const fold of opened) fold.removeAttribute("open");
  });
}

document
  .getElementById("app")
  ?.replaceChildren(
    header,
    alert,
    h(
      "main",
      { class: "columns" },
      situation,
      h("div", { class: "main-column" }, materials, tray.element, numbers.element),
    ),
    footer,
    ready.element,
    viewer.element,
  );
new ResizeObserver(() => situation.style.setProperty("--height", `${situation.offsetHeight}px`)).observe(situation);
window.addEventListener("hashchange", () => {
  if (!answers.follow()) return;
  recheckFiles();
  void refresh();
});
catchDrops();
catchPaste();
openForPrint();
numbers.render();
render();
void refresh().then(() =>
  keepForOffline(() => {
    renewed = true;
    renderFooter();
  }),
);
