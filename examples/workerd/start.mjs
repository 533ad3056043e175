// Bundles worker.js and serves it with workerd on this machine: node start.mjs [port]
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

const [port = "8787"] = process.argv.slice(2);
const dist = fileURLToPath(new URL("dist/", import.meta.url));

mkdirSync(dist, { recursive: true });
await build({
  ...{ entryPoints: [fileURLToPath(new URL("worker.js", import.meta.url))], outfile: `${dist}worker.js` },
  ...{ bundle: true, format: "esm", target: "es2022", conditions: ["workerd", "worker", "browser"] },
  plugins: [{ name: "wasm-modules", setup: wasmModules }],
});

/** A wasm file stays a module of its own, beside the bundle. */
function wasmModules({ onResolve }) {
  onResolve({ filter: /\.wasm$/ }, ({ path }) => {
    const name = `${path.replace(/\W/g, "_")}.wasm`;
    copyFileSync(fileURLToPath(import.meta.resolve(path)), dist + name);
    return { path: `./${name}`, external: true };
  });
}

const runtime = new Miniflare({
  ...{ modules: true, modulesRoot: dist, scriptPath: `${dist}worker.js`, compatibilityDate: "2026-04-01" },
  modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
  ...{ host: "127.0.0.1", port: Number(port) },
});
console.log(`POST photos to ${await runtime.ready}`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await runtime.dispose();
    process.exit();
  });
}
