// The JSON schema of a rule set, from its TypeScript types.
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import { root } from "./tools.mjs";

const strings = { type: "array", items: { type: "string" } };
const object = (properties, rest) => ({ type: "object", properties, additionalProperties: false, ...rest });
const each = (names, schema) => Object.fromEntries(names.map((name) => [name, schema]));
const condition = { $ref: "#/definitions/Condition" };
const ahead = { type: "integer", minimum: 0, maximum: 65_535 };

/** The types only say that conditions are objects; `src/rules/condition.rs` says what is in them. */
const conditions = {
  Condition: {
    description: "All entries must hold; an empty condition always does.",
    type: "object",
    properties: {
      any: { type: "array", items: condition, description: "One of the conditions holds." },
      all: { type: "array", items: condition, description: "Every one of the conditions holds." },
      not: { ...condition, description: "The condition does not hold." },
      textContains: object(
        { facts: strings, terms: { type: "string" } },
        { required: ["facts", "terms"], description: "One of the text facts contains a term of the list." },
      ),
      textIs: object(
        {
          facts: strings,
          shape: { enum: ["blank", "latin", "no-han", "few-han", "digits", "domain", "short", "brackets"] },
        },
        { required: ["facts", "shape"], description: "One of the text facts looks like this." },
      ),
    },
    additionalProperties: { $ref: "#/definitions/Test" },
  },
  Test: {
    description: "What is asked of the fact of this name: a value, one of several options or `@group`s, or a range.",
    anyOf: [
      ...[{ type: "boolean" }, { type: "integer" }, { type: "string" }, strings],
      object({
        ...each(["above", "below", "atLeast", "atMost"], { type: "integer" }),
        ...each(["moreThanMonths", "atLeastMonths", "moreThanDays"], ahead),
      }),
    ],
  },
};

/** What the types cannot say: numbers are whole, and a `Record<string, unknown>` is a condition. */
function narrowed(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(narrowed);
  const { description } = schema;
  const isOpen = schema.type === "object" && JSON.stringify(schema.additionalProperties) === "{}";
  if (isOpen) return { ...condition, description };
  const entries = Object.entries(schema).map(([key, value]) => [key, narrowed(value)]);
  return { ...Object.fromEntries(entries), ...(schema.type === "number" && { type: "integer" }) };
}

export function ruleSetSchema() {
  const path = join(root, "www/lib/types.gen.ts");
  const generator = createGenerator({ path, type: "RuleSet", topRef: false, skipTypeCheck: true });
  const { $schema, description, definitions, ...rest } = narrowed(generator.createSchema("RuleSet"));
  const { Rule, ...others } = definitions;
  const title = "Rules of icp-precheck";
  return {
    ...{ $schema, $id: "icp-precheck/schema.json", title, description, ...rest },
    definitions: {
      ...{ ...others, ...conditions },
      Rule: { ...Rule, anyOf: [{ required: ["text"] }, { required: ["like"] }] },
    },
  };
}
