/** Many files at once: a queue, a progress bar, a row per file. */
import { h, icon, refill } from "./dom";
import { check, type FileResult } from "./engine";
import { canShow, renderResult, verdictOf } from "./report";
import { acceptDrops, filePicker, type SlotHost } from "./slot";
import { viewer } from "./viewer";
import { WORDS } from "./words";

/** Reading several keeps the engine busy; reading all would fill the memory. */
const AT_ONCE = 3;
/** A browser decodes each picture that it shows. */
const MAX_THUMBS = 60;

class Row {
  result: FileResult | null = null;
  done = false;
  readonly element = h("li", { class: "row" });
  private picture: string | null = null;

  constructor(
    readonly file: File,
    private readonly host: Pick<SlotHost, "locale" | "upload">,
    private readonly withThumb: boolean,
  ) {
    this.render();
  }

  finish(result: FileResult | null): void {
    this.result = result;
    this.done = true;
    if (result && this.withThumb && !this.picture && canShow(result)) this.picture = URL.createObjectURL(this.file);
    this.render();
  }

  render(): void {
    const words = WORDS[this.host.locale];
    const { result } = this;
    const verdict = result ? verdictOf(result) : null;
    const thumb = h("span", { class: "row-thumb" });
    if (this.picture) thumb.append(h("img", { src: this.picture, alt: "", loading: "lazy", decoding: "async" }));
    else thumb.append(icon("image"));
    const state = verdict
      ? h("span", { class: `tag tag--${verdict}` }, icon(verdict), words[verdict])
      : h("span", { class: "tag tag--muted" }, this.done ? words.unchecked : words.checking);
    const head = h("summary", {}, thumb, h("span", { class: "row-name" }, this.file.name), state);
    const body = h("div", { class: "row-body" });
    const fold = h("details", { class: "row-fold" }, head, body);
    // Five hundred reports would be twenty thousand elements that nobody opens.
    fold.addEventListener("toggle", () => {
      if (fold.open && body.childElementCount === 0 && result) body.append(...this.renderBody(result));
    });
    if (verdict === "fail" && this.withThumb) fold.open = true;
    this.element.replaceChildren(fold);
  }

  private renderBody(result: FileResult): Node[] {
    const { locale } = this.host;
    if (result.kind === "basic" || !canShow(result)) return renderResult(result, locale);
    const enlarge = (mark?: number) => viewer.open(this.file, result.report, this.host, mark);
    return [
      ...renderResult(result, locale, ({ number }) => enlarge(number)),
      h(
        "button",
        { type: "button", class: "button button--quiet row-enlarge", onclick: () => enlarge() },
        WORDS[locale].enlarge(this.file.name),
      ),
    ];
  }

  release(): void {
    if (this.picture) URL.revokeObjectURL(this.picture);
  }
}

export class Tray {
  readonly element = h("section", { class: "card tray", "aria-labelledby": "tray-title" });
  private rows: Row[] = [];
  private waiting: Row[] = [];
  private running = 0;
  private generation = 0;
  private folders: string[] = [];
  private readonly head = h("div");
  private readonly progress = h("div", { class: "progress", role: "status" });
  private readonly list = h("ul", { class: "rows", role: "list" });

  constructor(private readonly host: Pick<SlotHost, "locale" | "upload" | "province">) {
    this.element.append(this.head, this.progress, this.list);
    acceptDrops(
      this.element,
      (files) => this.add(files),
      (folders) => this.refuse(folders),
    );
    this.render();
  }

  add(files: File[]): void {
    for (const file of files) {
      const row = new Row(file, this.host, this.rows.length < MAX_THUMBS);
      this.rows.push(row);
      this.waiting.push(row);
      this.list.append(row.element);
    }
    this.render();
    for (let at = this.running; at < AT_ONCE; at += 1) void this.work();
  }

  refuse(folders: string[]): void {
    this.folders = folders;
    this.render();
  }

  clear(): void {
    this.generation += 1;
    for (const row of this.rows) row.release();
    this.rows = [];
    this.waiting = [];
    this.folders = [];
    this.list.replaceChildren();
    this.render();
  }

  /** After a change of language or province. */
  recheck(): void {
    this.generation += 1;
    for (const row of this.rows) {
      row.done = false;
      row.result = null;
      row.render();
    }
    this.waiting = [...this.rows];
    this.render();
    for (let at = this.running; at < AT_ONCE; at += 1) void this.work();
  }

  private async work(): Promise<void> {
    this.running += 1;
    for (let row = this.waiting.shift(); row; row = this.waiting.shift()) {
      const { generation } = this;
      let result: FileResult | null = null;
      try {
        result = await check(row.file, this.host, { province: this.host.province });
      } catch (error) {
        console.error("icp-precheck: a file was not checked", error);
      }
      if (generation !== this.generation) continue;
      row.finish(result);
      this.renderProgress();
    }
    this.running -= 1;
  }

  render(): void {
    const words = WORDS[this.host.locale];
    refill(
      this.head,
      h("h2", { id: "tray-title" }, words.trayTitle),
      h("p", { class: "hint" }, words.trayLead),
      h(
        "div",
        { class: "slot-controls" },
        filePicker("tray-choose", words.trayChoose, { multiple: true, take: (files) => this.add(files) }),
        this.rows.length > 0
          ? h(
              "button",
              { type: "button", class: "button button--quiet", id: "tray-clear", onclick: () => this.clear() },
              words.trayClear,
            )
          : h("span", { class: "hint drop-hint" }, words.dropHere),
      ),
      ...this.folders.map((name) => h("p", { class: "verdict verdict--review" }, icon("review"), words.folder(name))),
    );
    this.renderProgress();
  }

  private renderProgress(): void {
    const words = WORDS[this.host.locale];
    const all = this.rows.length;
    if (all === 0) {
      this.progress.replaceChildren();
      return;
    }
    const done = this.rows.filter((row) => row.done).length;
    const count = (wanted: string) => this.rows.filter(({ result }) => result && verdictOf(result) === wanted).length;
    this.progress.replaceChildren(
      done < all ? h("progress", { max: all, value: done, "aria-label": words.trayProgress(done, all) }) : "",
      h(
        "p",
        { class: "hint" },
        `${words.trayProgress(done, all)} · ${words.trayCounts(count("pass"), count("review"), count("fail"))}`,
      ),
    );
  }
}
