// npm run bench:checklist: how long a checklist takes in wasm, how long the engine takes to start, and what the built-in
// rules weigh in the wasm file. Node, the SIMD build, the call into wasm itself without the package around it.
//
// It reports and never judges. BENCH_ROUNDS sets how often each profile is evaluated.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "../../scripts/tools.mjs";
import { ENTERPRISE, ONLY_PROVINCE } from "./profiles.mjs";
import { quantile, row } from "./report.mjs";
import { brotliBytes, packedRules } from "./rules-size.mjs";

const rounds = Number(process.env.BENCH_ROUNDS) || 500;
const freshProcesses = 9;
const on = "2026-11-24";

const file = join(root, "pkg/simd/icp_precheck_bg.wasm");
const glue = await import(pathToFileURL(join(root, "pkg/simd/icp_precheck.js")).href);

const timed = (action) => {
  const start = performance.now();
  const result = action();
  return [performance.now() - start, result];
};

/** Compiled beforehand, as a page compiles while it downloads. */
function start() {
  const module = new WebAssembly.Module(readFileSync(file));
  glue.initSync({ module });
  return timed(() => new glue.Engine('{"locale":"zh-CN"}'));
}

if (process.argv[2] === "fresh") {
  const [engineMs, engine] = start();
  const [checklistMs] = timed(() => engine.checklist({ province: "440000" }, on, false));
  console.log(JSON.stringify({ engineMs, checklistMs }));
  process.exit();
}

const [, engine] = start();
const ask = (profile) => JSON.parse(engine.checklist(profile, on, false));

/** Answers each question that is asked, so that as much as possible is known. */
function answerAll(profile) {
  const full = { ...profile };
  for (let question = ask(full).questions[0]; question; question = ask(full).questions[0]) {
    const { id, type, options, min } = question;
    full[id] = options
      ? options[0].value
      : type === "integer"
        ? Math.max(min ?? 0, 20)
        : type === "date"
          ? "2030-01-01"
          : "某某机械";
  }
  return full;
}

const profiles = {
  "only the province": ONLY_PROVINCE,
  "an enterprise, 15 answers": ENTERPRISE,
  "an enterprise, every question answered": answerAll({ province: "440000", entityType: "enterprise" }),
  "an individual, every question answered": answerAll({ province: "350000", entityType: "individual" }),
};

const ms = (time) => time.toFixed(2);
const spread = (times) => [quantile(times, 0.5), quantile(times, 0.1), quantile(times, 0.9)].map(ms);

console.log(`\nNode ${process.version}, ${rounds} rounds.\n`);
row("checklist", "answers", "bytes", "median ms", "p10", "p90", "and JSON.parse: median ms");
row("---", "---:", "---:", "---:", "---:", "---:", "---:");
const times = Object.fromEntries(Object.keys(profiles).map((name) => [name, { call: [], both: [], bytes: 0 }]));
// Turn by turn, so that a noisy moment falls on all alike; the first rounds wait for the optimizing compiler.
for (let round = -100; round < rounds; round++) {
  for (const [name, profile] of Object.entries(profiles)) {
    const begin = performance.now();
    const text = engine.checklist(profile, on, false);
    const called = performance.now();
    JSON.parse(text);
    const parsed = performance.now();
    if (round < 0) continue;
    times[name].call.push(called - begin);
    times[name].both.push(parsed - begin);
    times[name].bytes = Buffer.byteLength(text);
  }
}
for (const [name, { call, both, bytes }] of Object.entries(times)) {
  row(name, Object.keys(profiles[name]).length, bytes, ...spread(call), ms(quantile(both, 0.5)));
}

const firsts = Array.from({ length: freshProcesses }, () =>
  JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), "fresh"], { encoding: "utf8" })),
);
console.log("");
row(`first calls (${freshProcesses} processes)`, "median ms", "p10", "p90");
row("---", "---:", "---:", "---:");
row("new Engine", ...spread(firsts.map(({ engineMs }) => engineMs)));
row("first checklist", ...spread(firsts.map(({ checklistMs }) => checklistMs)));

const packed = packedRules(readFileSync(file));
console.log(`\nrules in the wasm file: ${packed.length} bytes, ${brotliBytes(packed)} with Brotli 11`);
