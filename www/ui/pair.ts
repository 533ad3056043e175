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
  const othersOf = (side: T) => everyone.filter((candidate) => areSides(side, candidate));
  const [other, another] = othersOf(one);
  if (!other) return undefined;
  return another || othersOf(other).length > 1 ? "several" : other;
}
