/** Which questions stand on the page, and in which order: the most decisive first, and none moves once it is there. */
import type { Checklist, Constraint, Question } from "icp-precheck";

/** More open questions at once look like a form, and forms are put off. */
const OPEN_AT_ONCE = 3;
/** What comes after these, and what the rules call a detail, changes little; it waits in a fold. */
const MOST = 12;

export class Interview {
  /** Facts that are answered, skipped or open, in the order in which they came. */
  order: string[] = [];
  /** Facts that can still change something and have not come yet. */
  later: string[] = [];
  /** The fact that was answered last stays unfolded: the keyboard may still be on its way through the answers. */
  unfolded: string | null = null;
  /** Of the questions that come by themselves, how many are still open. */
  remaining = 0;
  /** Whether no further question comes by itself. */
  full = false;

  update(questions: Question[], answered: string[], skipped: (fact: string) => boolean): void {
    const asked = questions.map(({ id }) => id);
    const stays = new Set([...asked, ...answered]);
    const order = new Set(this.order.filter((fact) => stays.has(fact)));
    for (const fact of [...answered, ...asked.filter(skipped)]) order.add(fact);
    const isOpen = (fact: string) => asked.includes(fact) && !skipped(fact);
    const next = questions.filter(({ id, detail }) => !detail && isOpen(id) && !order.has(id));
    for (const { id } of next) {
      if ([...order].filter(isOpen).length >= OPEN_AT_ONCE || order.size >= MOST) break;
      order.add(id);
    }
    this.order = [...order];
    this.later = asked.filter((fact) => !order.has(fact));
    const toCome = next.filter(({ id }) => !order.has(id)).length;
    this.remaining = this.order.filter(isOpen).length + Math.min(toCome, Math.max(0, MOST - order.size));
    this.full = toCome === 0 || order.size >= MOST;
  }

  /** What is wrong with the answers, by the fact whose answer completed it. */
  warnings({ constraints }: Checklist): Map<string, Constraint[]> {
    const found = new Map<string, Constraint[]>();
    const latestFirst = [...this.order].reverse();
    for (const one of constraints.filter(unfulfilled)) {
      // What nobody has answered wrongly is for the list.
      if (one.status !== "violated" && one.remedy === null) continue;
      const facts = new Set(one.because.map(({ fact }) => fact));
      const fact = latestFirst.find((fact) => facts.has(fact)) ?? "province";
      found.set(fact, [...(found.get(fact) ?? []), one]);
    }
    return found;
  }
}

/** Not fulfilled, or nothing that could be asked would show that it is. */
export function unfulfilled({ status, dependsOn }: Constraint): boolean {
  return status === "violated" || (status === "unknown" && dependsOn.length === 0);
}
