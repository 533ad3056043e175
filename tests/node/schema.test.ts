/** The published schema of a rule set, held against the built-in rules and against the engine itself. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { createPrecheck } from "icp-precheck";
import { describe, expect, it } from "vitest";

const published = (name: string) => fileURLToPath(import.meta.resolve(`icp-precheck/${name}.json`));
const json = (name: string) => JSON.parse(readFileSync(published(name), "utf8"));

// biome-ignore lint/suspicious/noExplicitAny: sets that no type allows are the point.
type Loose = any;

const schema = json("schema");
const problems: string[] = [];
const note = (...words: unknown[]) => problems.push(words.join(" "));
const ajv = new Ajv({ allErrors: true, logger: { log: note, warn: note, error: note } });
const validate = ajv.compile(schema);
const complaints = (set: unknown) => (validate(set) ? [] : (validate.errors ?? []));

/** The built-in rules with one change. */
function changed(change: (set: Loose) => void): Loose {
  const set = json("rules");
  change(set);
  return set;
}

describe("the schema of a rule set", () => {
  it("is one that a strict validator takes without a word", () => {
    expect(schema).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      $id: "icp-precheck/schema.json",
      title: expect.any(String),
      description: expect.any(String),
      additionalProperties: false,
    });
    expect(problems).toEqual([]);
  });

  it("fits the built-in rules", () => {
    expect(complaints(json("rules"))).toEqual([]);
  });

  it("leaves nothing open: objects are closed, or say what their entries are; numbers are whole", () => {
    const open: string[] = [];
    const visit = (value: Loose, path: string) => {
      if (typeof value !== "object" || value === null) return;
      const entries = value.additionalProperties;
      if (value.type === "object" && entries !== false && !(entries?.$ref || entries?.type)) open.push(path);
      if (value.type === "number") open.push(path);
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}/${key}`);
    };
    visit(schema, "#");
    expect(open).toEqual([]);
  });
});

describe("what the schema refuses, the engine refuses", () => {
  it.each<[string, (set: Loose) => void, string, string | RegExp]>([
    ["a version that is a number", (set) => Object.assign(set, { version: 5 }), "/version", "expected a string"],
    ["an unknown key", (set) => Object.assign(set, { colour: "red" }), "", "unknown field `colour`"],
    ["no words", (set) => delete set.words, "", "missing field `words`"],
    [
      "rules that are no list",
      (set) => Object.assign(set, { rules: {} }),
      "/rules",
      "rules: invalid type: map, expected a sequence",
    ],
    ["a rule without a grade", (set) => delete set.rules[0].grade, "/rules/0", /rules\[0\].*`grade`/],
    ["a rule without a text", (set) => delete set.rules[0].text, "/rules/0", "rules[0].text"],
    ["an unknown key in a rule", (set) => Object.assign(set.rules[7], { x: 1 }), "/rules/7", /rules\[7\].*`x`/],
    ["an unknown grade", (set) => Object.assign(set.rules[0], { grade: "sure" }), "/rules/0/grade", /rules\[0\].*sure/],
    ["a text in one language", (set) => delete set.rules[0].text.en, "/rules/0/text", /rules\[0\].*`en`/],
    ["a condition that is a list", (set) => Object.assign(set.rules[0], { when: [] }), "/rules/0/when", "rules[0]"],
    [
      "an unknown range",
      (set) => Object.assign(set.rules[0], { when: { not: { domainCount: { over: 5 } } } }),
      "/rules/0/when/not/domainCount",
      /rules\[0\].*domainCount/,
    ],
    [
      "an unknown shape of texts",
      (set) => Object.assign(set.rules[0], { when: { textIs: { facts: ["websiteName"], shape: "odd" } } }),
      "/rules/0/when/textIs/shape",
      /rules\[0\].*odd/,
    ],
    ["a label in words alone", (set) => Object.assign(set.facts[3], { label: "x" }), "/facts/3/label", "facts[3]"],
    [
      "an unknown slot",
      (set) => set.materials[2].slots.unshift("left"),
      "/materials/2/slots/0",
      /materials\[2\].*left/,
    ],
    [
      "a size in words",
      (set) => Object.assign(set.uploads[0], { maxBytes: "5 MB" }),
      "/uploads/0/maxBytes",
      "uploads[0]",
    ],
    [
      "half a byte",
      (set) => Object.assign(set.uploads[0], { nearLimitBytes: 1.5 }),
      "/uploads/0/nearLimitBytes",
      "uploads[0]",
    ],
  ])("%s", async (_, change, path, message) => {
    const set = changed(change);
    const places = complaints(set).map(({ instancePath }) => instancePath);
    expect(places).toContain(path);
    expect(places.filter((place) => !place.startsWith(path))).toEqual([]);
    await expect(createPrecheck({ rules: set })).rejects.toMatchObject({
      name: "PrecheckError",
      code: "invalid-rules",
      message: expect.stringMatching(typeof message === "string" ? literally(message) : message),
    });
  });

  it("the set without a change is taken", async () => {
    const precheck = await createPrecheck({ rules: changed(() => {}) });
    expect(precheck.rulesVersion).toBe(json("rules").version);
    precheck.close();
  });
});

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}
