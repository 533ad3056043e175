/** `icp-precheck/element`; what it exports is described in `../lib/element`. */
import { createPrecheck } from "icp-precheck";
import type { ElementConfig, IcpPhotoCheck as Published } from "../lib/element";
import type { Locale, PhotoReport } from "../lib/types.gen";
import { inspectByName } from "../ui/basic";
import { Engines } from "../ui/engines";
import { announce } from "../ui/events";
import { BLOCKS, type Block, complaintOf, counted, toneOf, worthSaying } from "../ui/findings";
import { forgiving } from "../ui/forgiving";
import { localeNear } from "../ui/locale";
import { complain } from "../ui/log";
import { type Mendable, mendButton, usableRemedies } from "../ui/mend";
import { type OneSide, otherSide } from "../ui/pair";
import { WORDS } from "../ui/words";
import { type Said, View } from "./view";
import { ELEMENT_WORDS } from "./words";

const NAME = "icp-photo-check";
/** Lets iPhones hand over a JPEG in place of HEIC; other types can still be dropped, and are named then. */
const ACCEPT = "image/jpeg,image/png,image/gif";
/** A check is usually done sooner, and a word that flashes by disturbs, above all when it is read out. */
const CHECKING_SAID_AFTER_MS = 400;
const CONFIG_KEYS = ["upload", "base", "wasm", "worker", "workers", "rules", "province", "block", "remedies"];
const CHECKED = ["material", "side", "document", "province", "block", "locale"] as const;
const TEXTS = [...CHECKED, "name", "group", "accept"] as const;
const SWITCHES = ["required", "disabled"] as const;
const STATES = ["checking", "pass", "review", "fail", "skipped"] as const;

let config: ElementConfig = {};
let engines = new Engines(createPrecheck, {});
/** Those in a document, for front and back to find each other. */
const present = new Set<PhotoCheck>();

// On a server there are no elements; the module can be imported there nevertheless.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

class PhotoCheck extends Base implements OneSide {
  static readonly formAssociated = true;
  static readonly observedAttributes = [...TEXTS, ...SWITCHES, "aria-label"];

  declare name: string;
  declare required: boolean;
  declare disabled: boolean;
  declare material: string;
  declare side: "front" | "back" | "";
  declare document: string;
  declare province: string;
  declare group: string;
  declare block: string;
  declare accept: string;
  declare locale: Locale | "";

  private readonly internals = this.attachInternals();
  private readonly view = new View(this.attachShadow({ mode: "open", delegatesFocus: true }), {
    take: (files) => this.take(files),
    remove: () => this.take([null]),
    relabel: () => this.render(),
    interest: () => this.isDisabled || engines.prefetch(this.language),
  });
  private chosen: File | null = null;
  private found: PhotoReport | null = null;
  private pair: PhotoReport["findings"] = [];
  private run: AbortController | null = null;
  private pairRun: AbortController | null = null;
  private comparedWith: PhotoCheck | null = null;
  /** What we have against the photo, and what the page has. */
  private complaint = "";
  private ownComplaint = "";
  private tolerated = false;
  private isDisabled = false;
  private isStale = false;
  private note = "";

  constructor() {
    super();
    this.internals.role = "group";
    this.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 || this.isDisabled) return;
      event.preventDefault();
      this.take(files);
    });
  }

  get type(): string {
    return NAME;
  }

  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  get labels(): NodeList {
    return this.internals.labels;
  }

  get validity(): ValidityState {
    return this.internals.validity;
  }

  get validationMessage(): string {
    return this.internals.validationMessage;
  }

  get willValidate(): boolean {
    return this.internals.willValidate;
  }

  get file(): File | null {
    return this.chosen;
  }

  set file(file: File | null) {
    if (file !== null && !(file instanceof File)) throw new TypeError(`${NAME}: file is neither a File nor null`);
    this.note = "";
    this.put(file);
  }

  get report(): PhotoReport | null {
    return this.found;
  }

  checkValidity(): boolean {
    return this.internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.internals.reportValidity();
  }

  setCustomValidity(text: string): void {
    this.ownComplaint = String(text);
    this.updateValidity();
  }

  clear(): void {
    this.file = null;
  }

  connectedCallback(): void {
    // Set on an element that was not defined yet, it would hide the property of the class.
    for (const key of ["file", ...TEXTS, ...SWITCHES] as const) {
      if (!Object.hasOwn(this, key)) continue;
      const value: unknown = this[key];
      Reflect.deleteProperty(this, key);
      Object.assign(this, { [key]: value });
    }
    present.add(this);
    this.reviewAttributes();
    this.render();
    this.updateValidity();
    if (this.chosen && !this.found) {
      this.view.showPicture(this.chosen);
      void this.check();
    }
  }

  disconnectedCallback(): void {
    present.delete(this);
    this.stop();
    this.view.showPicture(null);
    this.found = null;
    this.pair = [];
    for (const other of present) if (other.comparedWith === this) void other.compareWith(this);
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    this.reviewAttributes();
    this.render();
    this.updateValidity();
    if (name === "group") this.comparePair();
    if (!(CHECKED as readonly string[]).includes(name) || this.isStale) return;
    // A framework changes several at once.
    this.isStale = true;
    queueMicrotask(() => {
      this.isStale = false;
      if (this.isConnected && this.chosen) void this.check();
    });
  }

  formDisabledCallback(disabled: boolean): void {
    this.isDisabled = disabled;
    this.render();
  }

  formResetCallback(): void {
    this.clear();
  }

  formStateRestoreCallback(state: unknown): void {
    if (state instanceof File) this.file = state;
  }

  async check(): Promise<PhotoReport | null> {
    this.stop();
    const file = this.chosen;
    const locale = this.language;
    this.found = null;
    this.pair = [];
    this.tolerated = false;
    this.setComplaint("");
    this.view.drawReport(null);
    this.comparePair();
    this.show(file ? "checking" : null, null);
    if (!file || !this.isConnected) return null;
    if (!announce(this, "icp-precheck:start", { files: [file] })) {
      this.show(null, null);
      return null;
    }
    const run = new AbortController();
    this.run = run;
    const { signal } = run;
    const words = WORDS[locale];
    const sayChecking = () => this.show("checking", { tone: "muted", text: words.checking, findings: [], pair: [] });
    const timer = setTimeout(sayChecking, CHECKING_SAID_AFTER_MS);
    try {
      const engine = await engines.get(locale);
      const options = {
        material: this.material || undefined,
        side: this.side || undefined,
        document: this.document || undefined,
        province: (this.province || config.province) ?? undefined,
        signal,
      };
      const report = await forgiving(options, (known) => engine.checkPhoto(file, known));
      if (signal.aborted) return null;
      this.found = report;
      announce(this, "icp-precheck:progress", { file, report, done: 1, total: 1 });
      this.tolerated = !announce(this, "icp-precheck:report", { file, report, reports: [report] });
      if (signal.aborted) return null;
      this.view.drawReport(report);
      this.showReport(report);
      this.comparePair();
      return report;
    } catch (error) {
      if (!signal.aborted) this.giveUp(file, locale, error);
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  private get language(): Locale {
    const { locale } = this;
    return locale === "zh-CN" || locale === "en" ? locale : localeNear(this);
  }

  private get blocks(): Block {
    return BLOCKS.includes(this.block) ? (this.block as Block) : (config.block ?? "blocking");
  }

  /** Chosen by a person, who may also have taken the photo away. */
  private take([file = null, ...more]: (File | null)[]): void {
    if (file === null && this.chosen === null) return;
    this.note = more.length > 0 ? ELEMENT_WORDS[this.language].onlyFirst : "";
    this.put(file);
    if (!file) this.view.choose.focus();
    this.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private put(file: File | null): void {
    this.chosen = file;
    this.internals.setFormValue(file, file);
    if (!this.isConnected) return;
    this.view.showPicture(file);
    this.render();
    void this.check();
    this.updateValidity();
  }

  private stop(): void {
    this.run?.abort();
    this.run = null;
    this.pairRun?.abort();
    this.pairRun = null;
  }

  private showReport(report: PhotoReport): void {
    const words = WORDS[this.language];
    const findings = worthSaying(report.findings);
    const pair = worthSaying(this.pair);
    const all = [...findings, ...pair];
    const said: Said = { tone: "pass", text: words.fine, findings, pair };
    if (all.length > 0) Object.assign(said, { tone: toneOf(all), text: counted(all, words) });
    if (this.note) said.text += words.comma + this.note;
    const isPairBad = report.verdict === "pass" && pair.length > 0;
    this.show(isPairBad ? "review" : report.verdict, said);
    this.setComplaint(this.tolerated ? "" : complaintOf(all, this.blocks));
  }

  /** The engine does not work here: what the browser itself knows of the file is said, and the form goes on. */
  private giveUp(file: File, locale: Locale, error: unknown): void {
    complain("the photo was not checked; the form goes on without", error);
    const words = WORDS[locale];
    const problem = inspectByName(file, config.upload, words);
    const text = problem ? problem.text + (locale === "en" ? " " : "") + words.onlyName : words.onlyName;
    const tone = problem ? (problem.blocking ? "fail" : "review") : "muted";
    this.show(problem?.blocking ? "fail" : "skipped", { tone, text, findings: [], pair: [] });
    this.setComplaint(problem?.blocking && this.blocks !== "never" ? problem.text : "");
  }

  /** Compares front and back wherever one of them is another now; the words stand at the back. */
  private comparePair(): void {
    const other = otherSide<PhotoCheck>(this, present);
    if (other === "several") {
      complain(`several elements could be the other side of "${this.material}"; tell them apart with group`);
      return;
    }
    if (!other) return;
    const [front, back] = this.side === "front" ? [this, other] : [other, this];
    void back.compareWith(front);
  }

  private async compareWith(front: PhotoCheck): Promise<void> {
    this.pairRun?.abort();
    this.comparedWith = front;
    const { found } = this;
    const [frontFile, backFile] = [front.found && front.isConnected ? front.chosen : null, this.chosen];
    if (this.pair.length > 0) {
      this.pair = [];
      if (found) this.showReport(found);
    }
    if (!frontFile || !backFile || !found) return;
    const run = new AbortController();
    this.pairRun = run;
    try {
      const engine = await engines.get(this.language);
      const options = {
        material: this.material || undefined,
        document: this.document || undefined,
        province: (this.province || config.province) ?? undefined,
        signal: run.signal,
      };
      const report = await forgiving(options, (known) => engine.checkPair(frontFile, backFile, known));
      if (run.signal.aborted) return;
      this.pair = report.findings;
      if (!announce(this, "icp-precheck:pair", { front: frontFile, back: backFile, report })) this.tolerated = true;
      if (!run.signal.aborted) this.showReport(found);
    } catch (error) {
      // Both photos have their own answer on screen; that they were not compared is for the developer.
      if (!run.signal.aborted) complain("front and back were not compared", error);
    }
  }

  private render(): void {
    const name = this.getAttribute("aria-label") ?? this.labels[0]?.textContent?.trim() ?? "";
    this.internals.ariaLabel = name || null;
    this.view.render(this.chosen, {
      locale: this.language,
      side: this.side ?? "",
      name: name || (this.querySelector("[slot=label]")?.textContent?.trim() ?? ""),
      required: this.required,
      disabled: this.isDisabled,
      accept: this.accept || ACCEPT,
    });
  }

  private show(state: (typeof STATES)[number] | null, said: Said | null): void {
    const { chosen, found } = this;
    const place = this.mendable();
    this.view.say(said, this.language, (finding) => chosen && mendButton(finding, chosen, found, place));
    try {
      for (const one of STATES) this.internals.states.delete(one);
      if (state && this.chosen) this.internals.states.add(state);
    } catch {
      // Older browsers know no such states, or none without dashes.
    }
  }

  private mendable(): Mendable {
    return {
      ...{ target: this, remedies: config.remedies, locale: this.language },
      holds: (file) => this.chosen === file,
      replace: (_, mended) => {
        this.take([mended]);
        return true;
      },
      dress(part, name) {
        part.className = name;
        part.setAttribute("part", name === "button" ? "button mend-button" : name);
      },
    };
  }

  private setComplaint(text: string): void {
    this.complaint = text;
    this.updateValidity();
  }

  private updateValidity(): void {
    const valueMissing = this.required && this.chosen === null;
    const custom = this.ownComplaint || this.complaint;
    const text = this.ownComplaint || (valueMissing ? ELEMENT_WORDS[this.language].missing : this.complaint);
    if (!valueMissing && !custom) this.internals.setValidity({});
    else this.internals.setValidity({ valueMissing, customError: custom !== "" }, text, this.view.choose);
  }

  private reviewAttributes(): void {
    const among = (name: string, known: readonly string[]) => {
      const value = this.getAttribute(name);
      if (value && !known.includes(value)) {
        complain(`${name} is ${known.map((one) => `"${one}"`).join(" or ")}, not "${value}"`);
      }
    };
    among("side", ["front", "back"]);
    among("locale", ["zh-CN", "en"]);
    among("block", BLOCKS);
  }
}

// An accessor per attribute; a side that is none counts as not given.
for (const name of TEXTS) {
  Object.defineProperty(PhotoCheck.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: PhotoCheck) {
      const value = this.getAttribute(name) ?? "";
      return name !== "side" || value === "front" || value === "back" ? value : "";
    },
    set(this: PhotoCheck, value: unknown) {
      this.setAttribute(name, String(value));
    },
  });
}
for (const name of SWITCHES) {
  Object.defineProperty(PhotoCheck.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: PhotoCheck) {
      return this.hasAttribute(name);
    },
    set(this: PhotoCheck, value: unknown) {
      this.toggleAttribute(name, Boolean(value));
    },
  });
}

export const IcpPhotoCheck = PhotoCheck as unknown as typeof Published;

export const define: typeof import("../lib/element").define = (name = NAME) => {
  const known = customElements.get(name);
  if (known) {
    if (known !== PhotoCheck && !(known.prototype instanceof PhotoCheck)) {
      complain(`<${name}> is something else already, perhaps of another version; that stays`);
    }
    return known as typeof Published;
  }
  // A class has one name; another name gets a class of its own.
  const own = name === NAME ? PhotoCheck : class extends PhotoCheck {};
  customElements.define(name, own);
  return own as unknown as typeof Published;
};

export const configure: typeof import("../lib/element").configure = (settings) => {
  for (const key of Object.keys(settings)) if (!CONFIG_KEYS.includes(key)) complain(`configure: there is no "${key}"`);
  const { province, block, remedies, ...options } = settings;
  const isBlock = block === undefined || BLOCKS.includes(block);
  if (!isBlock) complain(`configure: block is none of ${BLOCKS.join(", ")}`);
  config = { ...options, province, block: isBlock ? block : undefined, remedies: usableRemedies(remedies) };
  engines = new Engines(createPrecheck, options);
};
