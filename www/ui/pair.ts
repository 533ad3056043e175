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
export function isOtherSide(one: OneSide, other: OneSide): boolean {
  if (one === other || !one.side || !other.side || one.side === other.side) return false;
  if (one.group !== other.group) return false;
  return one.group !== "" || (one.form === other.form && one.material === other.material);
}
