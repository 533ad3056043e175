import type { DropinConfig, Remedy } from "../lib/dropin";
import type { Finding, Fix, Locale } from "../lib/types.gen";
import { announce } from "../ui/events";
import { complain } from "../ui/log";
import { WORDS } from "../ui/words";
import { type Checked, element } from "./render";

interface Place {
  input: HTMLInputElement;
  remedies: DropinConfig["remedies"];
  locale: Locale;
}

/** A button that mends the file, where the page has brought a way to do it. */
export function mendButton(finding: Finding, { file, report }: Checked, place: Place): HTMLElement | null {
  const { fix } = finding;
  const remedy = fix && place.remedies?.[fix];
  if (!fix || !remedy || !report) return null;
  const { input } = place;
  const words = WORDS[place.locale];
  const made = element("span", "mend");
  // Told when it fails, at the place where it was asked for.
  const said = element("span", "mend-said");
  said.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icp-precheck__button";
  button.dataset.fix = fix;
  button.textContent = words.remedies[fix];
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy || !announce(input, "icp-precheck:remedy", { file, finding, fix })) return;
    busy = true;
    button.setAttribute("aria-disabled", "true");
    said.textContent = words.mending;
    const mended = await attempt(fix, remedy, file, { finding, report, input });
    busy = false;
    // Chosen anew meanwhile, or taken out of the page.
    if (![...(input.files ?? [])].includes(file)) return;
    const had = document.activeElement === button;
    if (mended && replaceFile(input, file, mended)) {
      if (had) input.focus();
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

/** Says so with the events of a choice by hand, so that the host and we both hear of it. */
function replaceFile(input: HTMLInputElement, file: File, mended: File): boolean {
  try {
    const data = new DataTransfer();
    for (const one of input.files ?? []) data.items.add(one === file ? mended : one);
    input.files = data.files;
  } catch (error) {
    complain("the browser does not let the file be replaced", error);
    return false;
  }
  input.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}
