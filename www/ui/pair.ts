/** One side of a document, as a page says it. */
export interface OneSide {
  /** Empty or undefined where it is none. */
  readonly side: "front" | "back" | "" | undefined;
  readonly material: string;
  /** Empty where the page names none. */
  readonly group: string;
  readonly form: HTMLFormElement | null;
}

/** Whether two are front and back of one document: of one group, else of one material in one form. */
function areSides(one: OneSide, other: OneSide): boolean {
  if (one === other || !one.side || !other.side || one.side === other.side) return false;
  if (one.group !== other.group) return false;
  return one.group !== "" || (one.form === other.form && one.material === other.material);
}

/** The other side of one; "several" where that, or whose other side it is, cannot be told. */
export function otherSide<T extends OneSide>(one: T, all: Iterable<T>): T | "several" | undefined {
  const everyone = [...all];
  const others = everyone.filter((other) => areSides(one, other));
  const rivals = everyone.filter((rival) => others.some((other) => areSides(other, rival)));
  return others.length > 1 || rivals.length > 1 ? "several" : others[0];
}
