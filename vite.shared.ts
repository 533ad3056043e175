/** What every build of ours resolves alike. */
import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The script that `www/lib/make-glue.mjs` writes; it is part of each bundle, never a file of the package. */
export const glue = { "#glue": here("pkg/glue.js") };
