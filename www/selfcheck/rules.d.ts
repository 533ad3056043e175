declare module "icp-precheck/rules.json" {
  import type { RuleSet } from "icp-precheck";
  export const regions: RuleSet["regions"];
  export const facts: RuleSet["facts"];
  export const documents: RuleSet["documents"];
  export const uploads: NonNullable<RuleSet["uploads"]>;
}
