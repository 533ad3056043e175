/** One place for one picture: choose, photograph, drop or paste, then the verdict. */
import { h, icon, refill } from "./dom";
import { check, type FileOptions, type FileResult, inspect, type Setting } from "./engine";
import { reportOverlay } from "./overlay";
import { canShow, renderResult, verdictOf } from "./report";
import { viewer } from "./viewer";
import { WORDS } from "./words";

/** Lets iPhones hand over a JPEG in place of HEIC; other types can still be dropped, and are named then. */
export const ACCEPT = "image/jpeg,image/png,image/gif";

export type SlotName = "single" | "front" | "back";

export interface SlotHost extends Setting {
  readonly province: string | undefined;
  /** A file or a result is another one now. */
  changed(): void;
  /** More files than the slot can hold. */
  overflow(files: File[]): void;
}

export class SlotView {
  readonly element: HTMLElement;
  file: File | null = null;
  result: FileResult | null = null;
  private run: AbortController | null = null;
  private picture: HTMLImageElement | null = null;
  private failed = false;
  /** For which language, channel and province it was checked by itself. */
  private alone = "";
  private readonly status = h("div", { class: "slot-status", role: "status" });
  private readonly thumb = h("div", { class: "thumb" });
  private readonly controls = h("div", { class: "slot-controls" });
  private readonly label = h("p", { class: "slot-label" });

  constructor(
    readonly material: string,
    readonly name: SlotName,
    private readonly host: SlotHost,
  ) {
    this.element = h(
      "div",
      { class: "slot", "data-material": material, "data-slot": name, role: "group" },
      this.thumb,
      h("div", { class: "slot-body" }, this.label, this.controls),
      this.status,
    );
    acceptDrops(this.element, (files) => this.take(files));
    this.showPicture(null);
    this.render();
  }

  get id(): string {
    return `${this.material}-${this.name}`;
  }

  take(files: File[]): void {
    const [file, ...more] = files;
    if (!file) return;
    if (more.length > 0) this.host.overflow(more);
    this.file = file;
    void this.begin();
  }

  clear(): void {
    this.run?.abort();
    this.file = null;
    this.result = null;
    this.failed = false;
    this.alone = "";
    this.showPicture(null);
    this.render();
    this.host.changed();
  }

  /** What the file is as such is said at once; the whole answer comes with that of the set. */
  private async begin(): Promise<void> {
    const { file } = this;
    if (!file) return;
    this.run?.abort();
    const run = new AbortController();
    this.run = run;
    this.result = null;
    this.failed = false;
    this.alone = "";
    this.showPicture(null);
    this.render();
    this.host.changed();
    try {
      const early = await inspect(file, this.setting(), this.options(run.signal));
      if (run.signal.aborted || this.result) return;
      if (early.kind === "basic") this.settle(file, early);
      else this.preview(early);
    } catch (error) {
      if (!run.signal.aborted && !this.result) this.fail(file, error);
    }
  }

  /** After a change of language, channel or province: what was seen of a picture holds, so that only words are made anew. */
  recheck(): void {
    if (this.result?.kind === "basic") void this.begin();
    else this.render();
  }

  /** Where the set has another file in its place: one into which this was spliced. */
  async checkAlone(): Promise<void> {
    const { file, host } = this;
    const key = `${host.locale} ${host.upload} ${host.province}`;
    if (!file || this.alone === key) return;
    this.alone = key;
    this.run?.abort();
    const run = new AbortController();
    this.run = run;
    try {
      const result = await check(file, this.setting(), this.options(run.signal));
      if (!run.signal.aborted) this.settle(file, result);
    } catch (error) {
      if (!run.signal.aborted) this.fail(file, error);
    }
  }

  /** The answer about a file, which may have been replaced meanwhile. */
  settle(file: File, result: FileResult): void {
    if (this.file !== file) return;
    // The same words again would be read out again, and what is unfolded would fold.
    if (!this.failed && JSON.stringify(result) === JSON.stringify(this.result)) return;
    this.result = result;
    this.failed = false;
    this.showPicture(canShow(result) ? file : null);
    this.render();
  }

  fail(file: File, error: unknown): void {
    if (this.file !== file) return;
    console.error("icp-precheck: a file was not checked", error);
    this.failed = true;
    this.render();
  }

  private setting(): Setting {
    const { locale, upload } = this.host;
    return { locale, upload };
  }

  private options(signal: AbortSignal): FileOptions {
    const side = this.name === "single" ? {} : { side: this.name };
    return { material: this.material, province: this.host.province, signal, ...side };
  }

  /** The picture, and what is wrong with the file, while its pixels are looked at. */
  private preview(early: FileResult): void {
    const { locale } = this.host;
    if (this.file && canShow(early)) this.showPicture(this.file);
    if (verdictOf(early) !== "fail") return;
    this.status.replaceChildren(...renderResult(early, locale), h("p", { class: "hint" }, WORDS[locale].looking));
  }

  render(): void {
    const words = WORDS[this.host.locale];
    this.element.setAttribute("aria-label", words[this.name]);
    this.element.classList.toggle("slot--filled", this.file !== null);
    this.label.textContent = this.file ? `${words[this.name]} · ${this.file.name}` : words[this.name];
    const picker = (kind: "choose" | "camera") =>
      filePicker(`${this.id}-${kind}`, this.file && kind === "choose" ? words.replace : words[kind], {
        label: words[this.name],
        camera: kind === "camera",
        take: (files) => this.take(files),
      });
    refill(
      this.controls,
      picker("choose"),
      picker("camera"),
      this.file
        ? h(
            "button",
            { type: "button", class: "button button--quiet", id: `${this.id}-remove`, onclick: () => this.clear() },
            words.remove,
          )
        : h("span", { class: "hint drop-hint" }, words.dropHere),
    );
    if (this.file === null) this.status.replaceChildren();
    else if (this.failed)
      this.status.replaceChildren(h("p", { class: "verdict verdict--muted" }, icon("muted"), words.failed));
    else if (this.result)
      this.status.replaceChildren(...renderResult(this.result, this.host.locale, ({ number }) => this.enlarge(number)));
    else this.status.replaceChildren(h("p", { class: "hint" }, words.checking));
  }

  private showPicture(file: File | null): void {
    if (!file) {
      if (this.picture) URL.revokeObjectURL(this.picture.src);
      this.picture = null;
      this.thumb.replaceChildren(icon("image"));
      return;
    }
    // The same element again, lest the browser decode it again.
    const image = this.picture ?? h("img", { src: URL.createObjectURL(file), alt: "", decoding: "async" });
    this.picture = image;
    // A picture that only the engine can read keeps its verdict and loses its thumbnail.
    image.onerror = () => this.thumb.replaceChildren(icon("image"));
    const { result } = this;
    if (result?.kind !== "report") {
      this.thumb.replaceChildren(image);
      return;
    }
    const label = WORDS[this.host.locale].enlarge(file.name);
    this.thumb.replaceChildren(
      h(
        "button",
        {
          type: "button",
          class: "thumb-button",
          id: `${this.id}-enlarge`,
          "aria-label": label,
          onclick: () => this.enlarge(),
        },
        image,
        reportOverlay(result.report),
      ),
    );
  }

  private enlarge(mark?: number): void {
    const { file, result } = this;
    if (file && result?.kind === "report" && canShow(result)) viewer.open(file, result.report, this.host, mark);
  }
}

/** A button that is the label of a file input: works with keyboard, screen reader and without a click handler of ours. */
export function filePicker(
  id: string,
  text: string,
  options: { label?: string; camera?: boolean; multiple?: boolean; take: (files: File[]) => void },
): HTMLElement {
  const input = h("input", {
    type: "file",
    id,
    class: "visually-hidden",
    accept: ACCEPT,
    capture: options.camera ? "environment" : null,
    multiple: options.multiple ?? false,
    "aria-label": options.label ? `${options.label}: ${text}` : text,
  });
  input.addEventListener("change", () => {
    options.take([...(input.files ?? [])]);
    // The same file can be chosen again after it was mended.
    input.value = "";
  });
  return h(
    "label",
    { class: options.camera ? "button button--camera" : "button" },
    input,
    icon(options.camera ? "camera" : "image"),
    text,
  );
}

/** The files of a drop, and the names of folders, which browsers hand over as files that cannot be read. */
export function droppedFiles(data: DataTransfer): { files: File[]; folders: string[] } {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of data.items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    if (entry?.isDirectory) folders.push(entry.name);
    else if (file) files.push(file);
  }
  return { files, folders };
}

export function acceptDrops(
  element: HTMLElement,
  take: (files: File[]) => void,
  refuse?: (folders: string[]) => void,
): void {
  // Children enter and leave while the pointer stays inside.
  let depth = 0;
  const mark = (change: number) => {
    depth = Math.max(0, depth + change);
    element.classList.toggle("dragging", depth > 0);
  };
  element.addEventListener("dragenter", () => mark(1));
  element.addEventListener("dragleave", () => mark(-1));
  element.addEventListener("drop", (event) => {
    mark(-depth);
    if (!event.dataTransfer) return;
    event.preventDefault();
    const { files, folders } = droppedFiles(event.dataTransfer);
    // A folder is for whoever lies around us to explain.
    if (folders.length === 0 || refuse) event.stopPropagation();
    if (folders.length > 0) refuse?.(folders);
    if (files.length > 0) take(files);
  });
}
