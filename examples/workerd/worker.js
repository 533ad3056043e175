// Checks an upload once more, on a runtime that scales out (workerd: Cloudflare Workers and its like).
//
//   POST /?material=leader-identity-document&side=front     the photo as the body
//   → the report as JSON; status 422 when a photo cannot be accepted
//
// Such runtimes compile no WebAssembly while they run: the engine is a module of the program, and icp-precheck/slim takes it.

import { createPrecheck, PrecheckError } from "icp-precheck/slim";
import engine from "icp-precheck/wasm/simd.wasm";

/** Photos above this are refused before they are read. */
const MAX_BYTES = 8 * 1024 * 1024;

let starting;

/** One checker for all requests of this instance, started by the first. */
function checker() {
  starting ??= createPrecheck({ wasm: engine, worker: false, locale: "zh-CN" });
  // A start that failed shall not be the answer to every later request.
  starting.catch(() => {
    starting = undefined;
  });
  return starting;
}

export default {
  async fetch(request) {
    if (request.method !== "POST") return new Response("POST a photo", { status: 405, headers: { Allow: "POST" } });
    if (Number(request.headers.get("Content-Length") ?? Infinity) > MAX_BYTES) {
      return new Response("too large", { status: 413 });
    }
    const { searchParams } = new URL(request.url);
    const given = Object.fromEntries(
      ["material", "side", "province", "on"].map((name) => [name, searchParams.get(name)]),
    );
    try {
      const precheck = await checker();
      const report = await precheck.checkPhoto(await request.arrayBuffer(), {
        ...given,
        fileName: searchParams.get("name"),
        mimeType: request.headers.get("Content-Type"),
      });
      return Response.json(report, { status: report.verdict === "fail" ? 422 : 200 });
    } catch (error) {
      if (error instanceof PrecheckError && error.code !== "wasm-unavailable") {
        return Response.json({ code: error.code, message: error.message }, { status: 400 });
      }
      throw error;
    }
  },
};
