import type { Remedies, Remedy } from "../lib/events";
import type { Finding, Fix, Locale, PhotoReport } from "../lib/types.gen";
import { announce } from "./events";
import { complain } from "./log";
import { WORDS } from "./words";

/** Where the file is that can be mended. */
export interface Mendable {
  /** The input or element that holds it, which the events are dispatched on. */
  target: HTMLElement;
  remedies: Remedies | undefined;
  locale: Locale;
  /** Whether the file is still there: it may have been replaced while it was mended. */
  holds(file: File): boolean;
  /** Puts another file in its place, with the events of a choice by hand; whether that worked. */
  replace(file: File, mended: File): boolean;
  /** Gives a part its look. */
  dress(part: HTMLElement, name: "mend" | "mend-said" | "button"): void;
}

/** A button that mends the file, where the page has brought a way to do it. */
export function mendButton(
  finding: Finding,
  file: File,
  report: PhotoReport | null,
  place: Mendable,
): HTMLElement | null {
  const { fix } = finding;
  const remedy = fix && place.remedies?.[fix];
  if (!fix || !remedy || !report) return null;
  const { target, dress } = place;
  const words = WORDS[place.locale];
  const made = document.createElement("span");
  // Told when it fails, at the place where it was asked for.
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.fix = fix;
  button.textContent = words.remedies[fix];
  dress(made, "mend");
  dress(said, "mend-said");
  dress(button, "button");
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy || !announce(target, "icp-precheck:remedy", { file, finding, fix })) return;
    busy = true;
    button.setAttribute("aria-disabled", "true");
    said.textContent = words.mending;
    const mended = await attempt(fix, remedy, file, { finding, report, target });
    busy = false;
    // Chosen anew meanwhile, or taken out of the page.
    if (!place.holds(file)) return;
    const had = button.matches(":focus");
    if (mended && place.replace(file, mended)) {
      if (had) target.focus();
      return;
    }
    button.removeAttribute("aria-disabled");
    said.textContent = words.notMended;
  });
  made.append(button, " ", said);
  return made;
}

async function attempt(fix: Fix, remedy: Remedy, file: File, about: Parameters<Remedy>[1]): Promise<File | null> {
  try {
    const mended = await remedy(file, about);
    if (mended === null || mended instanceof File) return mended;
    complain(`the remedy "${fix}" gave neither a File nor null`);
  } catch (error) {
    complain(`the remedy "${fix}" failed`, error);
  }
  return null;
}

const FIXES = ["compress", "convert", "rotate", "crop", "match-pair", "splice", "strip-metadata"] satisfies Fix[];

/** Those that can be used; what is wrong with the others is told. */
export function usableRemedies(remedies: unknown): Remedies {
  const usable: [string, unknown][] = [];
  for (const [fix, remedy] of Object.entries(typeof remedies === "object" ? (remedies ?? {}) : {})) {
    if (!(FIXES as string[]).includes(fix)) complain(`there is no remedy "${fix}"; known: ${FIXES.join(", ")}`);
    else if (typeof remedy !== "function") complain(`remedies: "${fix}" is not a function`);
    else usable.push([fix, remedy]);
  }
  return Object.fromEntries(usable) as Remedies;
}
