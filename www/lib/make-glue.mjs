// Turns the script that wasm-bindgen generates into a factory: pkg/glue.js.
//
// The generated script keeps its one wasm instance in module variables, and a module is evaluated once. After a trap that
// instance is unusable and could not be replaced, and two checkers on one page would share one fate. As a function body,
// the same code can be run once per instance. Its own loader goes: it looks for a wasm file under a name that the package
// does not use, and bundlers would try to find that file.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseSync } from "vite";

const LOADER = ["__wbg_load", "initSync", "__wbg_init_promise", "__wbg_init", "__wbg_init_once"];
const WANTED = ["Engine", "readLimits", "__wbg_get_imports", "__wbg_finalize_init"];

/** The factory's source text. Throws when the generated script is not built as expected. */
export function makeGlue(source) {
  const { program, errors } = parseSync("icp_precheck.js", source);
  if (errors.length > 0) throw new Error(errors[0].message);
  const names = new Set();
  const body = [];
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") throw new Error("the generated script imports another one");
    const statement = node.type === "ExportNamedDeclaration" ? node.declaration : node;
    if (statement === null) continue;
    const declared = statement.declarations?.map(({ id }) => id.name) ?? (statement.id ? [statement.id.name] : []);
    for (const name of declared) names.add(name);
    if (!declared.some((name) => LOADER.includes(name))) body.push(source.slice(statement.start, statement.end));
  }
  const missing = WANTED.filter((name) => !names.has(name));
  if (missing.length > 0) throw new Error(`the generated script has no ${missing.join(", ")}`);
  return `export function createGlue() {
${body.join("\n")}
return {
  Engine,
  readLimits,
  async instantiate(module) {
    __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
  },
};
}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const pkg = new URL("../../pkg/", import.meta.url);
  writeFileSync(new URL("glue.js", pkg), makeGlue(readFileSync(new URL("baseline/icp_precheck.js", pkg), "utf8")));
}
