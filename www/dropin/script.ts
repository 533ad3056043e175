const script = document.currentScript;

/** Read at once, for it is only known while the script runs for the first time; `null` in a bundle. */
export const scriptElement = script instanceof HTMLScriptElement ? script : null;
