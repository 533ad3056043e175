/** Whether the set is ready, and what is left to do: always in sight. */
import type { Checklist, Locale, SubmissionReport } from "icp-precheck";
import { h, icon, refill } from "./dom";
import type { Interview } from "./interview";
import { WORDS } from "./words";

/** One thing to do, and the element where it is done. */
export interface Todo {
  message: string;
  target: string;
  /** `fail`: the filing would come back without it, or that is not known yet. */
  tone: "fail" | "review";
}

/** In order of effect, as the report has them; the questions that are open come last. */
export function todosOf({ todo, checklist }: SubmissionReport, interview: Interview, locale: Locale): Todo[] {
  const items = new Map(checklist.items.map((item) => [item.material, item]));
  const words = WORDS[locale];
  // Papers that hang on open questions are one thing to do, not one each: answering.
  const hangs = ({ finding, slot }: SubmissionReport["todo"][number]) =>
    finding === "submission.missing-material" && items.get(slot?.split("/")[0] ?? "")?.status === "conditional";
  const todos = todo.flatMap((one): Todo[] => {
    if (hangs(one)) return [];
    const { message, slot, severity } = one;
    const [material = "", side = ""] = slot?.split("/") ?? [];
    const name = items.get(material)?.name;
    const where = side === "front" || side === "back" ? words[side] : "";
    const entry: Todo = {
      message: name && !message.includes(name) ? words.todoAt(name, where, message) : message,
      target: name ? `material-${material}` : "attention-title",
      tone: severity === "blocking" ? "fail" : "review",
    };
    return [entry];
  });
  const open = interview.remaining > 0 ? words.summaryOpen(interview.remaining) : todo.find(hangs)?.message;
  // While an answer may still ask for a paper that is not there, nobody can call the set ready.
  const tone = todo.some(hangs) ? "fail" : "review";
  if (open !== undefined) todos.push({ message: open, target: "situation-title", tone });
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

  /** `report`: `null` while it is being made. */
  render(list: Checklist | null, report: SubmissionReport | null, todos: Todo[], papers: string, locale: Locale): void {
    const words = WORDS[locale];
    this.element.setAttribute("aria-label", words.summary);
    const fails = todos.filter(({ tone }) => tone === "fail").length;
    const state = !list || !report ? "none" : fails > 0 ? "fail" : todos.length > 0 ? "review" : "pass";
    const text = {
      none: list ? words.checking : words.summaryNone,
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
