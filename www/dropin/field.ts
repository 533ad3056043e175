import type { DropinConfig } from "../lib/dropin";
import type { Finding, Locale, PairReport, PhotoReport } from "../lib/types.gen";
import { inspectByName } from "../ui/basic";
import type { Engines } from "../ui/engines";
import { announce } from "../ui/events";
import { BLOCKS, type Block, complaintOf, worthSaying } from "../ui/findings";
import { forgiving } from "../ui/forgiving";
import { localeNear } from "../ui/locale";
import { complain } from "../ui/log";
import { type Mendable, mendButton } from "../ui/mend";
import type { OneSide } from "../ui/pair";
import { WORDS } from "../ui/words";
import { type Checked, line, renderReports, type Said, type State, worst } from "./render";

/** Reading several files at once keeps the engine busy; reading all of them would fill the memory. */
const FILES_AT_ONCE = 4;
/** A check is usually done sooner, and a word that flashes by disturbs, above all when it is read out. */
const CHECKING_SHOWN_AFTER_MS = 400;

const ATTRIBUTES = ["icpMaterial", "icpSide", "icpGroup", "icpDocument", "icpProvince", "icpBlock"];

let lastId = 0;
const OUR_ID = /^icp-precheck-\d+$/;
const outputs = new WeakSet<Element>();

/** A host that copies an input together with what stands around it copies our words, which are about another file. */
export function dropCopies(node: Document | ShadowRoot | Element): void {
  const isCopy = (one: Element) => OUR_ID.test(one.id) && one.matches(".icp-precheck") && !outputs.has(one);
  const copies = [...node.querySelectorAll(".icp-precheck")].filter(isCopy);
  for (const copy of copies) copy.remove();
  if (node instanceof Element && isCopy(node)) node.remove();
}

/** One enhanced input: its output, its running check, and what it has put on the input. */
export class Field implements OneSide {
  checked: Checked[] = [];
  /** What the input held when the check began. */
  private chosen: File[] = [];
  private pair: Finding[] = [];
  private run: AbortController | null = null;
  private pairRun: AbortController | null = null;
  private readonly output = document.createElement("div");
  // There before it has words, since a live region is only heard when it was known before. One sentence is read out; what
  // it sums up can be read at leisure.
  private readonly summary = document.createElement("div");
  private readonly details = document.createElement("div");
  /** What we set as custom validity; empty when the validity is not ours. */
  private validity = "";
  private tolerated = false;
  private setAccept: string | null = null;

  constructor(
    readonly input: HTMLInputElement,
    private readonly config: DropinConfig,
    private readonly engines: Engines,
    private readonly changed: (field: Field) => void,
  ) {
    lastId += 1;
    this.output.id = `icp-precheck-${lastId}`;
    this.output.className = "icp-precheck";
    this.output.append(this.summary, " ", this.details);
    outputs.add(this.output);
    this.summary.className = "icp-precheck__summary";
    this.summary.setAttribute("role", "status");
    this.details.className = "icp-precheck__details";
    // Left over where the host has copied another input of ours.
    setDescribedBy(
      input,
      describedBy(input).filter((id) => !OUR_ID.test(id)),
    );
    if (config.accept && !input.hasAttribute("accept")) {
      input.accept = config.accept;
      this.setAccept = config.accept;
    }
    input.addEventListener("invalid", this.onInvalid);
    this.place();
    this.reviewAttributes();
  }

  get material(): string {
    return this.input.dataset.icpMaterial ?? "";
  }

  get side(): "front" | "back" | undefined {
    const side = this.input.dataset.icpSide;
    return side === "front" || side === "back" ? side : undefined;
  }

  get group(): string {
    return this.input.dataset.icpGroup ?? "";
  }

  get form(): HTMLFormElement | null {
    return this.input.form;
  }

  get locale(): Locale {
    return this.config.locale ?? localeNear(this.input);
  }

  private get block(): Block {
    const { icpBlock } = this.input.dataset;
    return icpBlock && BLOCKS.includes(icpBlock) ? (icpBlock as Block) : (this.config.block ?? "blocking");
  }

  /** The file that a pair is made of. */
  get singleFile(): File | null {
    const [only, more] = this.checked;
    return only?.report && !more ? only.file : null;
  }

  prefetch(): void {
    if (!this.input.disabled) this.engines.prefetch(this.locale);
  }

  /** Checks what the input holds now; `null` when that did not come to an end. */
  async check(): Promise<(PhotoReport | null)[] | null> {
    this.clear();
    this.reviewAttributes();
    const files = [...(this.input.files ?? [])];
    if (files.length === 0) return [];
    this.chosen = files;
    if (!announce(this.input, "icp-precheck:start", { files })) return null;
    const run = new AbortController();
    this.run = run;
    const locale = this.locale;
    let refused: Checked[] = [];
    let isSlow = false;
    let done = 0;
    const words = WORDS[locale];
    const showProgress = () => {
      if (run.signal.aborted) return;
      const known = renderReports(refused, [], locale, () => null);
      const details = refused.length > 0 ? [...known.summary, ...known.details] : [];
      if (files.length > 1 && done > 0) details.push(line("muted", words.progress(done, files.length)));
      this.show("checking", { summary: [line("muted", words.checking)], details }, locale);
      this.setValidity(this.stillHolds() ? this.complaint(refused, locale) : "");
    };
    const progress = ({ file, report }: Checked) => {
      if (run.signal.aborted) return;
      done += 1;
      announce(this.input, "icp-precheck:progress", { file, report, done, total: files.length });
      if (isSlow && done < files.length) showProgress();
    };
    const timer = setTimeout(() => {
      isSlow = true;
      showProgress();
    }, CHECKING_SHOWN_AFTER_MS);
    try {
      const engine = await this.engines.get(locale);
      const options = this.options(run.signal);
      // A second of waiting for the pixels of twenty photos need not hide that one of them is a PDF.
      const early = await checkAll(files, options, (file, o) => engine.inspectFile(file, o));
      refused = early.filter(({ report }) => report?.verdict === "fail");
      if (isSlow && refused.length > 0) showProgress();
      const checked = await checkAll(files, options, (file, o) => engine.checkPhoto(file, o), progress);
      if (run.signal.aborted) return null;
      this.checked = checked;
      const reports = checked.map(({ report }) => report);
      let tolerated = false;
      for (const { file, report } of checked) {
        if (report && !announce(this.input, "icp-precheck:report", { file, report, reports })) tolerated = true;
      }
      // A listener may have cleared the input or chosen anew.
      if (run.signal.aborted) return null;
      this.tolerated = tolerated;
      this.render(locale);
      this.changed(this);
      return reports;
    } catch (error) {
      if (!run.signal.aborted) this.giveUp(error, locale);
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Compares this input, the back, with its front. */
  async checkPair(front: Field): Promise<void> {
    const frontFile = front.singleFile;
    const backFile = this.singleFile;
    this.forgetPair();
    if (!frontFile || !backFile) return;
    const run = new AbortController();
    this.pairRun = run;
    const locale = this.locale;
    try {
      const engine = await this.engines.get(locale);
      const { side: _, ...options } = this.options(run.signal);
      const report: PairReport = await forgiving(options, (o) => engine.checkPair(frontFile, backFile, o));
      if (run.signal.aborted) return;
      this.pair = report.findings;
      if (!announce(this.input, "icp-precheck:pair", { front: frontFile, back: backFile, report }))
        this.tolerated = true;
      if (!run.signal.aborted) this.render(locale);
    } catch (error) {
      // Both files have their own answer on screen; that they were not compared is for the developer.
      if (!run.signal.aborted) complain("front and back were not compared", error);
    }
  }

  forgetPair(): void {
    this.pairRun?.abort();
    this.pairRun = null;
    if (this.pair.length === 0) return;
    this.pair = [];
    if (this.checked.length > 0) this.render(this.locale);
  }

  /** Ends the check and takes back everything that it said. */
  clear(): void {
    this.run?.abort();
    this.run = null;
    this.pairRun?.abort();
    this.pairRun = null;
    this.pair = [];
    this.tolerated = false;
    this.setValidity("");
    const had = this.checked.length > 0;
    this.checked = [];
    this.chosen = [];
    this.show(null, { summary: [], details: [] }, this.locale);
    if (had) this.changed(this);
  }

  /** After a reset that nobody prevented. */
  clearIfEmptied(): void {
    if (!this.stillHolds()) this.clear();
  }

  /** A page that uploads at once and empties the input keeps our words, but nothing must block an empty input. */
  releaseIfEmptied(): void {
    if (!this.stillHolds()) this.setValidity("");
  }

  /** Puts the output behind the input again, after the page has moved the input. */
  place(): void {
    const { input, output } = this;
    // Inside a label the output would become part of the input's name, and a click on it would open the file dialog.
    const anchor = input.closest("label") ?? input;
    if (output.parentNode !== anchor.parentNode) anchor.after(output);
    const ids = describedBy(input);
    if (!ids.includes(output.id)) setDescribedBy(input, [...ids, output.id]);
  }

  /** Leaves the input as it was found. */
  destroy(): void {
    this.clear();
    this.input.removeEventListener("invalid", this.onInvalid);
    this.output.remove();
    setDescribedBy(
      this.input,
      describedBy(this.input).filter((id) => id !== this.output.id),
    );
    if (this.setAccept !== null && this.input.accept === this.setAccept) this.input.removeAttribute("accept");
  }

  private readonly onInvalid = (): void => {
    this.releaseIfEmptied();
    // The browser cannot point at an input that the page hides behind a button of its own, and would stay mute.
    if (this.validity && this.input.getClientRects().length === 0) this.output.scrollIntoView({ block: "center" });
  };

  private stillHolds(): boolean {
    const files = this.input.files;
    return files?.length === this.chosen.length && this.chosen.every((file, index) => files[index] === file);
  }

  private options(signal: AbortSignal) {
    return {
      material: this.material || undefined,
      side: this.side,
      document: this.input.dataset.icpDocument || undefined,
      province: (this.input.dataset.icpProvince ?? this.config.province) || undefined,
      signal,
    };
  }

  private reviewAttributes(): void {
    const { icpSide, icpBlock } = this.input.dataset;
    if (icpSide && !this.side) complain(`data-icp-side is "front" or "back", not "${icpSide}"`);
    if (icpBlock && !BLOCKS.includes(icpBlock)) {
      complain(`data-icp-block is "blocking", "advisory" or "never", not "${icpBlock}"`);
    }
    for (const key of Object.keys(this.input.dataset)) {
      if (/^icp[A-Z]/.test(key) && !ATTRIBUTES.includes(key)) {
        complain(`there is no data-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
      }
    }
  }

  private render(locale: Locale): void {
    const state = worst(this.checked, this.pair);
    const place = this.mendable(locale);
    const said = renderReports(this.checked, this.pair, locale, (finding, { file, report }) =>
      mendButton(finding, file, report, place),
    );
    this.show(state, said, locale);
    this.setValidity(this.tolerated || !this.stillHolds() ? "" : this.complaint(this.checked, locale));
  }

  private mendable(locale: Locale): Mendable {
    const { input } = this;
    return {
      ...{ target: input, remedies: this.config.remedies, locale },
      holds: (file) => [...(input.files ?? [])].includes(file),
      replace: (file, mended) => replaceFile(input, file, mended),
      dress(part, name) {
        part.className = `icp-precheck__${name}`;
      },
    };
  }

  /** The first thing that makes an upload pointless, as one text. */
  private complaint(checked: Checked[], locale: Locale): string {
    for (const { file, report } of checked) {
      const text = complaintOf(report?.findings ?? [], this.block);
      if (text) return this.chosen.length > 1 ? file.name + WORDS[locale].colon + text : text;
    }
    return complaintOf(worthSaying(this.pair), this.block);
  }

  /** The engine does not work here: what the browser itself knows of the files is said, and the form goes on. */
  private giveUp(error: unknown, locale: Locale): void {
    complain("the files were not checked; the form goes on without", error);
    const words = WORDS[locale];
    const single = this.chosen.length === 1;
    let first = "";
    const lines: HTMLElement[] = [];
    for (const file of this.chosen) {
      const problem = inspectByName(file, this.config.upload, words);
      if (!problem) continue;
      const text = single ? problem.text : file.name + words.colon + problem.text;
      lines.push(line(problem.blocking ? "fail" : "review", text));
      if (problem.blocking && !first) first = text;
    }
    const unseen = line("muted", words.onlyName);
    const [only] = lines;
    const said = single && only ? { summary: [only], details: [unseen] } : { summary: [unseen], details: lines };
    this.show(first ? "fail" : "skipped", said, locale);
    this.setValidity(this.stillHolds() && this.block !== "never" ? first : "");
  }

  private show(state: State | null, { summary, details }: Said, locale: Locale): void {
    const { output } = this;
    this.place();
    output.className = state ? `icp-precheck icp-precheck--${state}` : "icp-precheck";
    output.lang = locale;
    // Hosts empty what they do not know.
    if (this.summary.parentNode !== output) output.replaceChildren(this.summary, " ", this.details);
    // The same words again would be read out again.
    if (!sameNodes(this.summary, summary)) this.summary.replaceChildren(...summary);
    this.details.replaceChildren(...details);
  }

  /** A text that the page has set itself is never replaced or removed. */
  private setValidity(text: string): void {
    const { input } = this;
    const current = input.validity.customError ? input.validationMessage : "";
    // Browsers may tidy or cut the text that they give back, so ours is remembered as the browser returns it.
    if (current !== "" && current !== this.validity) {
      this.validity = "";
      return;
    }
    if (text !== current) input.setCustomValidity(text);
    this.validity = text ? input.validationMessage : "";
  }
}

/** Asks about every file; one that cannot be answered does not keep the others from their answer. */
async function checkAll(
  files: File[],
  options: ReturnType<Field["options"]>,
  ask: (file: File, options: ReturnType<Field["options"]>) => Promise<PhotoReport>,
  progress?: (checked: Checked) => void,
): Promise<Checked[]> {
  const checked: Checked[] = files.map((file) => ({ file, report: null }));
  let next = 0;
  let failure: unknown;
  let done = 0;
  const take = async (): Promise<void> => {
    for (let one = checked[next++]; one; one = checked[next++]) {
      const { file } = one;
      try {
        one.report = await forgiving(options, (o) => ask(file, o));
        done += 1;
      } catch (error) {
        if (options.signal.aborted) throw error;
        failure = error;
      }
      progress?.(one);
    }
  };
  await Promise.all(Array.from({ length: Math.min(FILES_AT_ONCE, files.length) }, take));
  if (done === 0) throw failure;
  if (failure !== undefined) complain("a file was not checked", failure);
  return checked;
}

function sameNodes(parent: Element, nodes: Node[]): boolean {
  // A button that looks the same may be about another file.
  if (parent.querySelector("button")) return false;
  return parent.childNodes.length === nodes.length && nodes.every((one, at) => parent.childNodes[at]?.isEqualNode(one));
}

function describedBy(input: HTMLInputElement): string[] {
  return (input.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean);
}

function setDescribedBy(input: HTMLInputElement, ids: string[]): void {
  if (ids.length > 0) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
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
