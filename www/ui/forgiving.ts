import type { CheckOptions } from "../lib/types";
import { complain } from "./log";

/** A value that the engine does not know is reported and left out, so that a slip of the page costs one limit, not all. */
export async function forgiving<Options extends CheckOptions, Result>(
  options: Options,
  ask: (options: Options) => Promise<Result>,
): Promise<Result> {
  try {
    return await ask(options);
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (code === "unknown-material" && options.material) {
      complain(`the material "${options.material}" is not known; the file is checked without it`, error);
      return forgiving({ ...options, material: undefined }, ask);
    }
    if (code === "unknown-province" && options.province) {
      complain(`the province "${options.province}" is not known; the file is checked without it`, error);
      return forgiving({ ...options, province: undefined }, ask);
    }
    // Documents have no code of their own.
    if (code === "invalid-argument" && options.document) {
      complain(`the document "${options.document}" is not known; the file is checked without it`, error);
      return forgiving({ ...options, document: undefined }, ask);
    }
    throw error;
  }
}
