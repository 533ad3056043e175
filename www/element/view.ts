/** What stands in the shadow root. It shows and hears; what to show is for the element to say. */
import type { Finding, Locale, PhotoReport } from "../lib/types.gen";
import { labelOf } from "../ui/findings";
import { icon, type Tone } from "../ui/icon";
import { drawOutlines } from "../ui/outline";
import { WORDS } from "../ui/words";
import { adoptStyle } from "./style";
import { ELEMENT_WORDS } from "./words";

export interface Actions {
  take(files: File[]): void;
  remove(): void;
  relabel(): void;
  interest(): void;
}

/** One sentence, which is read out, and the findings that it sums up. */
export interface Said {
  tone: Tone;
  text: string;
  findings: Finding[];
  pair: Finding[];
}

export class View {
  private readonly label = made("span", "label", "label");
  private readonly required = made("span", "required", "required");
  private readonly picture = made("div", "picture", "picture");
  private readonly name = made("span", "name", "name");
  private readonly drop = made("span", "hint drop", "hint");
  private readonly status = made("div", "status", "summary");
  private readonly findings = made("div", "details", "findings");
  private readonly box = made("div", "box", "box");
  readonly choose = button("choose");
  private readonly camera = button("camera");
  private readonly remove = button("remove");
  private readonly dialogs: [HTMLInputElement, HTMLInputElement];
  private readonly sideText = document.createTextNode("");
  private readonly image = document.createElement("img");
  private address: string | null = null;

  constructor(
    root: ShadowRoot,
    private readonly actions: Actions,
  ) {
    adoptStyle(root);
    this.dialogs = [this.dialog(this.choose), this.dialog(this.camera)];
    this.dialogs[1].setAttribute("capture", "environment");
    const label = slot("label", this.sideText);
    label.addEventListener("slotchange", () => actions.relabel());
    this.label.append(label);
    // There before it has words, since a live region is only heard when it was known before.
    this.status.setAttribute("role", "status");
    this.remove.addEventListener("click", () => actions.remove());
    this.image.decoding = "async";
    this.picture.hidden = true;
    // A picture that only the engine can open keeps its findings and has no preview; so has one that the policy forbids.
    this.image.addEventListener("error", () => {
      this.picture.hidden = true;
    });
    const head = made("div", "head");
    head.append(this.label, this.required, this.name);
    const controls = made("div", "controls", "controls");
    controls.append(this.choose, this.camera, this.remove, this.drop, slot("controls"));
    this.box.append(head, this.picture, controls, this.status, this.findings, slot("hint"), ...this.dialogs);
    root.append(this.box);
    this.box.addEventListener("pointerover", () => actions.interest());
    this.box.addEventListener("focusin", () => actions.interest());
    this.acceptDrops();
  }

  render(
    file: File | null,
    look: { locale: Locale; side: string; name: string; required: boolean; disabled: boolean; accept: string },
  ): void {
    const words = ELEMENT_WORDS[look.locale];
    this.box.lang = look.locale;
    this.sideText.data = look.side === "front" || look.side === "back" ? words.sides[look.side] : words.photo;
    this.required.textContent = look.required ? words.required : "";
    this.name.textContent = file?.name ?? "";
    this.box.classList.toggle("filled", file !== null);
    this.choose.textContent = file ? words.replace : words.choose;
    this.camera.textContent = words.camera;
    this.remove.textContent = words.remove;
    this.remove.hidden = file === null;
    this.drop.textContent = words.drop;
    this.drop.hidden = file !== null;
    // Several places on a page would have buttons of the same name.
    const named = look.name || this.sideText.data;
    for (const one of [this.choose, this.camera, this.remove]) {
      one.disabled = look.disabled;
      one.setAttribute("aria-label", `${named}: ${one.textContent}`);
    }
    for (const dialog of this.dialogs) dialog.accept = look.accept;
    this.image.alt = file ? words.preview(file.name) : "";
  }

  /** The same file keeps its picture, lest the browser decode it again. */
  showPicture(file: File | null): void {
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = file ? URL.createObjectURL(file) : null;
    this.picture.hidden = file === null;
    if (this.address) this.image.src = this.address;
    else this.image.removeAttribute("src");
    this.picture.replaceChildren(this.image);
  }

  drawReport(report: PhotoReport | null): void {
    if (report && report.file.widthPx > 0) this.picture.replaceChildren(this.image, drawOutlines(report));
    else this.picture.replaceChildren(this.image);
  }

  /** `mend`: a button that mends the photo of a finding, where there is one. */
  say(said: Said | null, locale: Locale, mend?: (finding: Finding) => HTMLElement | null): void {
    if (!said) {
      this.status.replaceChildren();
      this.findings.replaceChildren();
      return;
    }
    this.status.replaceChildren(line(said.tone, said.text));
    const parts: Node[] = [];
    if (said.findings.length > 0) parts.push(list(said.findings, locale, mend));
    if (said.pair.length > 0) {
      const title = made("p", "label", "pair-title");
      title.textContent = WORDS[locale].pair;
      parts.push(title, list(said.pair, locale));
    }
    this.findings.replaceChildren(...parts);
  }

  private dialog(opener: HTMLButtonElement): HTMLInputElement {
    const input = document.createElement("input");
    input.type = "file";
    input.hidden = true;
    input.addEventListener("change", (event) => {
      // The element speaks for itself.
      event.stopPropagation();
      const files = [...(input.files ?? [])];
      // The same file can be chosen again after it was mended.
      input.value = "";
      this.actions.take(files);
    });
    input.addEventListener("input", (event) => event.stopPropagation());
    opener.addEventListener("click", () => input.click());
    return input;
  }

  private acceptDrops(): void {
    const { box } = this;
    // Children enter and leave while the pointer stays inside.
    let depth = 0;
    const mark = (change: number) => {
      depth = Math.max(0, depth + change);
      box.classList.toggle("over", depth > 0);
    };
    const brings = (event: DragEvent) => !this.choose.disabled && event.dataTransfer?.types.includes("Files");
    box.addEventListener("dragenter", (event) => brings(event) && mark(1));
    box.addEventListener("dragleave", (event) => brings(event) && mark(-1));
    box.addEventListener("dragover", (event) => brings(event) && event.preventDefault());
    box.addEventListener("drop", (event) => {
      if (!brings(event)) return;
      mark(-depth);
      event.preventDefault();
      event.stopPropagation();
      this.actions.take([...(event.dataTransfer?.files ?? [])]);
    });
  }
}

function line(tone: Tone, text: string): HTMLElement {
  const one = made("span", `line ${tone}`, "verdict");
  const words = made("span", "text");
  words.textContent = text;
  one.append(icon(tone, "icon"), words);
  return one;
}

function list(findings: Finding[], locale: Locale, mend?: (finding: Finding) => HTMLElement | null): HTMLElement {
  const all = made("ul", "findings");
  // Safari forgets that a list without bullets is a list.
  all.setAttribute("role", "list");
  for (const finding of findings) {
    const [tone, tag] = labelOf(finding, WORDS[locale]);
    const one = made("li", `finding ${tone}`, `finding finding-${tone}`);
    one.dataset.code = finding.code;
    const text = made("span", "text");
    const parts = [made("strong", "tag", "tag"), made("span", "message", "message"), made("span", "remedy", "remedy")];
    for (const [at, words] of [tag, finding.message, finding.remedy ?? ""].entries()) {
      const part = parts[at];
      if (!part || !words) continue;
      part.textContent = words;
      text.append(part, " ");
    }
    const button = mend?.(finding);
    if (button) text.append(button);
    one.append(icon(tone, "icon"), text);
    all.append(one);
  }
  return all;
}

function button(name: string): HTMLButtonElement {
  const one = made("button", name, `button ${name}`) as HTMLButtonElement;
  one.type = "button";
  return one;
}

function slot(name: string, ...fallback: Node[]): HTMLSlotElement {
  const one = document.createElement("slot");
  one.name = name;
  one.append(...fallback);
  return one;
}

// Text only ever enters as text, never as markup: file names come from strangers.
function made(tag: string, className: string, part?: string): HTMLElement {
  const one = document.createElement(tag);
  one.className = className;
  if (part) one.setAttribute("part", part);
  return one;
}
