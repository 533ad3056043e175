/** Whether the set is ready, and what is left to do: always in sight. */
import type { Checklist, ChecklistItem, Locale } from "icp-precheck";
import { h, icon, refill } from "./dom";
import { type Interview, unfulfilled } from "./interview";
import type { Slots } from "./materials";
import { verdictOf, worthSaying } from "./report";
import { WORDS } from "./words";

/** One thing to do, and the element where it is done. */
export interface Todo {
  message: string;
  target: string;
  /** `fail`: the filing would come back without it. */
  tone: "fail" | "review";
}

/** In order of effect: what fails first, then what should be looked at. */
export function todosOf(list: Checklist, slots: Slots, interview: Interview, locale: Locale): Todo[] {
  const words = WORDS[locale];
  const todos: Todo[] = [];
  for (const one of list.constraints.filter(unfulfilled)) {
    const message = one.remedy ?? one.message;
    todos.push({ message, target: "attention-title", tone: one.status === "violated" ? "fail" : "review" });
  }
  for (const item of list.items) {
    const target = `material-${item.material}`;
    const places = item.slots.map((name) => slots.get(item.material, name));
    const missing = places.filter(({ file }) => file === null).map(({ name }) => words[name]);
    const begun = missing.length < places.length;
    if (missing.length > 0 && (item.status === "required" || begun)) {
      const which = places.length > 1 && begun ? missing.join(locale === "en" ? ", " : "、") : "";
      todos.push({ message: words.todoMissing(item.name, which), target, tone: "fail" });
    }
    todos.push(...photoTodos(item, slots, locale));
  }
  if (interview.remaining > 0) {
    todos.push({ message: words.summaryOpen(interview.remaining), target: "situation-title", tone: "review" });
  }
  return todos.sort((one, other) => Number(one.tone === "review") - Number(other.tone === "review"));
}

function photoTodos(item: ChecklistItem, slots: Slots, locale: Locale): Todo[] {
  const words = WORDS[locale];
  const target = `material-${item.material}`;
  const todos = item.slots.flatMap((name): Todo[] => {
    const { result } = slots.get(item.material, name);
    const verdict = result && verdictOf(result);
    if (!result || verdict === "pass") return [];
    const [first, ...others] = result.kind === "report" ? worthSaying(result.report.findings) : [];
    const what = result.kind === "basic" ? result.text : (first?.remedy ?? first?.message ?? "");
    const message = words.todoPhoto(item.name, item.slots.length > 1 ? words[name] : "", what, others.length);
    return [{ message, target, tone: verdict === "fail" ? "fail" : "review" }];
  });
  const [first, ...others] = worthSaying(slots.pair(item.material).report?.findings ?? []);
  if (first) {
    const message = words.todoPhoto(item.name, words.pair, first.remedy ?? first.message, others.length);
    todos.push({ message, target, tone: "review" });
  }
  return todos;
}

export class Ready {
  readonly element = h("aside", { class: "summary" });
  private readonly fold = h("details", { class: "ready", id: "ready" });
  private readonly said = h("p", { class: "visually-hidden", role: "status" });

  constructor() {
    this.element.append(this.fold, this.said);
    // A thing to do is done elsewhere on the page.
    this.fold.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("a")) this.fold.open = false;
    });
  }

  render(list: Checklist | null, todos: Todo[], papers: string, locale: Locale): void {
    const words = WORDS[locale];
    this.element.setAttribute("aria-label", words.summary);
    const fails = todos.filter(({ tone }) => tone === "fail").length;
    const state = !list ? "none" : fails > 0 ? "fail" : todos.length > 0 ? "review" : "pass";
    const text = {
      none: words.summaryNone,
      fail: words.notReady(todos.length),
      review: words.nearlyReady(todos.length),
      pass: words.ready,
    }[state];
    if (this.said.textContent !== text) this.said.textContent = text;
    this.fold.className = `ready ready--${state}`;
    const line = [
      state !== "none" && icon(state),
      h("strong", {}, text),
      papers !== "" && h("span", { class: "hint" }, papers),
    ];
    if (todos.length === 0) {
      this.fold.open = false;
      refill(this.fold, h("summary", { id: "ready-summary", tabindex: -1 }, ...line));
      return;
    }
    refill(
      this.fold,
      h("summary", { id: "ready-summary" }, ...line, h("span", { class: "ready-toggle" }, words.todoList)),
      h(
        "ol",
        { class: "todos" },
        ...todos.map(({ message, target, tone }) =>
          h("li", { class: `todo todo--${tone}` }, icon(tone), h("a", { href: `#${target}` }, message)),
        ),
      ),
    );
  }
}
