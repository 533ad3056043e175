import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readApi, writeApi } from "../../scripts/api.mjs";
import { shared } from "./packed.js";

it("docs/api is what the published types say; else: npm run api", { timeout: 120_000 }, () => {
  const written = readApi(fileURLToPath(new URL("../../docs/api", import.meta.url)));
  const now = writeApi(join(shared, "api", "pages"));
  expect(Object.keys(now)).toEqual(Object.keys(written));
  expect(Object.keys(now).filter((name) => now[name] !== written[name])).toEqual([]);
  expect(now["index.md"]).toContain("### createPrecheck()");
});
