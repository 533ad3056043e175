/** The entries beside the main one, and the engine on threads of Node. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createPrecheck } from "icp-precheck";
import { createPrecheck as createInline } from "icp-precheck/inline";
import { createPrecheck as createSlim, PrecheckError as SlimError } from "icp-precheck/slim";
import { hasSimd, wasmUrl } from "icp-precheck/wasm";
import { describe, expect, it, vi } from "vitest";
import { gif, jpeg, png } from "./pictures.js";

const on = { on: "2026-10-01" };
const files = [png(40, 30), jpeg(24, 16), gif(2), new Uint8Array()];

/** What the main entry says in the calling thread. */
async function expected() {
  const precheck = await createPrecheck();
  const answers = await Promise.all(files.map((file) => precheck.checkPhoto(file, on)));
  precheck.close();
  return answers;
}

describe("icp-precheck/slim", () => {
  it.each([true, false])("answers like the main entry with the build that it is given, SIMD %s", async (simd) => {
    const precheck = await createSlim({ wasm: readFileSync(wasmUrl(simd)), worker: false });
    expect(await Promise.all(files.map((file) => precheck.checkPhoto(file, on)))).toEqual(await expected());
    precheck.close();
  });

  it("says what is missing without an engine", async () => {
    const refused = await createSlim({} as Parameters<typeof createSlim>[0]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SlimError);
    expect(refused).toMatchObject({ code: "invalid-argument", message: expect.stringMatching(/icp-precheck\/wasm/) });
  });

  it("names no wasm file, so that no bundler takes one along", () => {
    expect(readFileSync(fileURLToPath(import.meta.resolve("icp-precheck/slim")), "utf8")).not.toMatch(
      /new URL\([^)]*\.wasm/,
    );
  });
});

describe("icp-precheck/inline", () => {
  it("answers like the main entry, from one file", async () => {
    const precheck = await createInline({ locale: "zh-CN", worker: false });
    expect(await Promise.all(files.map((file) => precheck.checkPhoto(file, on)))).toEqual(await expected());
    precheck.close();
  });

  it("names no other file", () => {
    const script = readFileSync(fileURLToPath(import.meta.resolve("icp-precheck/inline")), "utf8");
    expect(script).not.toMatch(/import\.meta|\bimport\(|^import\b/m);
  });
});

describe("icp-precheck/wasm", () => {
  it("gives the build for this runtime, or the one asked for", () => {
    expect(hasSimd()).toBe(true);
    expect(wasmUrl().pathname).toMatch(/\/dist\/icp_precheck_simd\.wasm$/);
    expect(wasmUrl(false).pathname).toMatch(/\/dist\/icp_precheck_baseline\.wasm$/);
  });

  it.each(["simd", "baseline"])("the file itself has an address with and without its ending: %s", (name) => {
    const addresses = ["", ".wasm"].map((ending) => import.meta.resolve(`icp-precheck/wasm/${name}${ending}`));
    expect(new Set(addresses)).toEqual(new Set([wasmUrl(name === "simd").href]));
  });
});

describe("threads of Node", () => {
  it("answer like the calling thread", async () => {
    const precheck = await createPrecheck({ worker: true, workers: 2 });
    expect(precheck.mode).toBe("worker");
    const blobs = files.map((file) => new Blob([file]));
    const answers = await Promise.all([...files, ...blobs].map((file) => precheck.checkPhoto(file, on)));
    expect(answers).toEqual([...(await expected()), ...(await expected())]);
    precheck.close();
  });

  it("get the bytes of a file that only its own class can read", async () => {
    class Kept extends Blob {
      override get size() {
        return 40;
      }
      override arrayBuffer = async () => gif().slice().buffer as ArrayBuffer;
    }
    class Lost extends Kept {
      override arrayBuffer = () => Promise.reject(new Error("gone"));
    }
    const precheck = await createPrecheck({ worker: true });
    expect(precheck.mode).toBe("worker");
    expect((await precheck.checkPhoto(new Kept(), on)).file.format).toBe("gif");
    const { findings } = await precheck.checkPhoto(new Lost(), on);
    expect(findings.map(({ code }) => code)).toContain("file.unreadable");
    precheck.close();
  });

  it("that cannot be started leave the work to the calling thread", async () => {
    const wasm = readFileSync(wasmUrl());
    const precheck = await createPrecheck({ worker: true, wasm, base: "/nowhere" });
    expect(precheck.mode).toBe("local");
    expect((await precheck.inspectFile(gif(), on)).file.format).toBe("gif");
    precheck.close();
  });

  /** A program of its own, which must end by itself. */
  function program(code: string) {
    const started = Date.now();
    const source = `import { createPrecheck } from "icp-precheck"; ${code}`;
    const cwd = fileURLToPath(new URL("../..", import.meta.url));
    const args = ["--input-type=module", "-e", source];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd, encoding: "utf8", timeout: 20_000 });
    return { said: stdout.trim(), stderr, status, tookMs: Date.now() - started };
  }

  it("do not keep a program from ending, though it never closes them, and are waited for while they work", () => {
    const { tookMs, ...rest } = program(`
      const precheck = await createPrecheck({ worker: true, workers: 2 });
      precheck.inspectFile(new Uint8Array()).then(({ verdict }) => console.log(verdict, precheck.mode));
    `);
    expect(rest).toEqual({ said: "fail worker", stderr: "", status: 0 });
    // An idle thread is ended after a minute.
    expect(tookMs).toBeLessThan(9_000);
  });

  it("run side by side while the calling thread stays free", { timeout: 60_000 }, () => {
    const { said, stderr } = program(`
      const precheck = await createPrecheck({ worker: true, workers: 3 });
      const file = new Blob([new Uint8Array(30_000_000)]);
      let ticks = 0;
      const timer = setInterval(() => { ticks += 1; }, 1);
      const reports = await Promise.all(Array.from({ length: 12 }, () => precheck.inspectFile(file)));
      clearInterval(timer);
      console.log(reports.length, precheck.mode, ticks > 3);
      precheck.close();
    `);
    expect({ said, stderr }).toEqual({ said: "12 worker true", stderr: "" });
  });
});

it("a server's bundler that moved the files away is told what to set", async () => {
  // What webpack puts in the place of `new URL` where it is set to relative addresses, as Next.js does.
  const moved = {
    protocol: "",
    href: "/_next/static/media/engine.wasm",
    toString: () => "/_next/static/media/engine.wasm",
  };
  vi.stubGlobal("URL", function RelativeUrl() {
    return moved;
  });
  const refused = await createPrecheck().catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "wasm-unavailable", message: expect.stringMatching(/serverExternalPackages/) });
});
