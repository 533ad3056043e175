import type { Checklist, ConstraintStatus, ItemStatus } from "./types.gen.js";
import type { ChecklistDifference } from "./types.js";

/** What differs between two checklists: of two days, two provinces, two rule sets, before and after an answer. */
export function compareChecklists(before: Checklist, after: Checklist): ChecklistDifference {
  const items = differences<ItemStatus, Checklist["items"][number]>(before.items, after.items, (item) => item.material);
  const constraints = differences<ConstraintStatus, Checklist["constraints"][number]>(
    before.constraints,
    after.constraints,
    (constraint) => constraint.id,
  );
  return {
    items: items.map(({ key, one, ...change }) => ({ material: key, name: one.name, ...change })),
    constraints: constraints.map(({ key, one, ...change }) => ({ id: key, message: one.message, ...change })),
  };
}

function differences<S, T extends { status: S }>(before: readonly T[], after: readonly T[], keyOf: (one: T) => string) {
  const old = new Map(before.map((one) => [keyOf(one), one]));
  const fresh = new Map(after.map((one) => [keyOf(one), one]));
  return [...new Set([...fresh.keys(), ...old.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), fresh.get(key)];
    const one = is ?? was;
    if (!one || was?.status === is?.status) return [];
    return [{ key, one, before: was?.status ?? null, after: is?.status ?? null }];
  });
}
