import { describe, expect, it } from "vitest";
import { compareChecklists } from "../../www/lib/compare.js";
import type { Checklist } from "../../www/lib/types.gen.js";

const list = (items: Record<string, string>, constraints: Record<string, string>) =>
  ({
    items: Object.entries(items).map(([material, status]) => ({ material, name: `the ${material}`, status })),
    constraints: Object.entries(constraints).map(([id, status]) => ({ id, message: `about ${id}`, status })),
  }) as unknown as Checklist;

describe("compareChecklists", () => {
  it("names what changed, what came and what went", () => {
    const before = list({ permit: "required", licence: "maybe" }, { age: "met", phone: "unknown" });
    const after = list({ permit: "not-required", licence: "maybe" }, { age: "violated", name: "notice" });
    expect(compareChecklists(before, after)).toEqual({
      items: [{ material: "permit", name: "the permit", before: "required", after: "not-required" }],
      constraints: [
        { id: "age", message: "about age", before: "met", after: "violated" },
        { id: "name", message: "about name", before: null, after: "notice" },
        { id: "phone", message: "about phone", before: "unknown", after: null },
      ],
    });
  });

  it("finds nothing between equal lists", () => {
    const same = list({ permit: "required" }, { age: "met" });
    expect(compareChecklists(same, same)).toEqual({ items: [], constraints: [] });
  });
});
