import { expect, it } from "vitest";
import { type OneSide, otherSide } from "../../www/ui/pair";

const one = (side: OneSide["side"], group = "", material = "m"): OneSide => ({ side, material, group, form: null });

it("front and back of one material find each other, and only where they are two", () => {
  const [front, back, second] = [one("front"), one("back"), one("front")];
  expect(otherSide(front, [front, back])).toBe(back);
  expect(otherSide(back, [front, back])).toBe(front);
  // Whichever of the three is asked for.
  for (const side of [front, back, second]) expect(otherSide(side, [front, back, second])).toBe("several");
});

it("a group parts what its material would join, and joins what it would part", () => {
  const [front, back, other] = [one("front", "a"), one("back", "a", "n"), one("front")];
  expect(otherSide(back, [front, back, other])).toBe(front);
  expect(otherSide(other, [front, back, other])).toBeUndefined();
});

it("what is no side, and two of one side, have none", () => {
  const [whole, front, second] = [one(""), one("front"), one("front")];
  for (const side of [whole, front, second]) expect(otherSide(side, [whole, front, second])).toBeUndefined();
});
