/** Papers without an upload button go into one picture with another paper: in an order and a layout to choose. */
import type { Checklist, FixResult, Layout, Locale } from "icp-precheck";
import { h, icon, refill } from "./dom";
import { bytes, spliceFiles } from "./engine";
import { renderFindings, verdictLine } from "./report";
import type { SlotHost, SlotView } from "./slot";
import { WORDS } from "./words";

/** A picture to splice, with its name in the list. */
interface Part {
  title: string;
  material: string;
  file: File;
}

const LAYOUTS: Layout[] = ["vertical", "horizontal", "grid"];

export class SpliceView {
  readonly element = h("section", { class: "splice", hidden: true });
  private parts: Part[] = [];
  private layout: Layout = "vertical";
  private result: FixResult | null = null;
  private address: string | null = null;
  private failed = false;
  private round = 0;

  constructor(
    /** The material that the others are spliced with. */
    private readonly material: string,
    private readonly host: SlotHost,
  ) {}

  /** The spliced picture and what is in it, as long as it is made of the pictures of now. */
  get made(): { file: File; includes: string[] } | null {
    const file = this.result?.file;
    if (!(file instanceof File)) return null;
    const others = this.parts.map(({ material }) => material).filter((one) => one !== this.material);
    return { file, includes: [...new Set(others)] };
  }

  /** Takes the pictures of now; the order that was chosen stays. */
  update(list: Checklist, slotsOf: (material: string) => SlotView[]): void {
    const { locale } = this.host;
    const words = WORDS[locale];
    const wanted = list.items.filter(
      ({ material, upload, status }) =>
        material === this.material || (upload.spliceWith === this.material && status !== "not-required"),
    );
    const fresh = wanted.flatMap(({ material, name }) =>
      slotsOf(material).flatMap(({ file, name: side }): Part[] =>
        file ? [{ title: side === "single" ? name : `${name} · ${words[side]}`, material, file }] : [],
      ),
    );
    const place = ({ file }: Part) => this.parts.findIndex((one) => one.file === file);
    const known = fresh.filter((part) => place(part) >= 0).sort((one, other) => place(one) - place(other));
    const changed = known.length !== fresh.length || known.length !== this.parts.length;
    this.parts = [...known, ...fresh.filter((part) => place(part) < 0)];
    if (changed) this.forget();
    this.render();
  }

  private forget(): void {
    this.round += 1;
    this.result = null;
    this.failed = false;
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = null;
  }

  private move(from: number, to: number): void {
    const [part] = this.parts.splice(from, 1);
    if (part) this.parts.splice(to, 0, part);
    this.forget();
    this.render();
    this.host.changed();
  }

  private async run(): Promise<void> {
    this.forget();
    const mine = this.round;
    this.render(true);
    const files = this.parts.map(({ file }) => file);
    try {
      const result = await spliceFiles(files, this.host, { layout: this.layout, material: this.material });
      if (mine !== this.round) return;
      this.result = result;
      if (result?.file instanceof File) this.address = URL.createObjectURL(result.file);
      this.failed = result === null;
    } catch (error) {
      console.error("icp-precheck: pictures were not spliced", error);
      if (mine !== this.round) return;
      this.failed = true;
    }
    this.render();
    this.host.changed();
  }

  private render(busy = false): void {
    const { locale } = this.host;
    const words = WORDS[locale];
    const others = this.parts.some(({ material }) => material !== this.material);
    this.element.hidden = !others || this.parts.length < 2;
    if (this.element.hidden) {
      this.element.replaceChildren();
      return;
    }
    const id = `splice-${this.material}`;
    const arrow = (at: number, by: number, name: "up" | "down") =>
      h(
        "button",
        {
          type: "button",
          class: "button button--quiet",
          id: `${id}-${at}-${name}`,
          "aria-label": `${words[name]}: ${this.parts[at]?.title ?? ""}`,
          "aria-disabled": String(at + by < 0 || at + by >= this.parts.length),
          onclick: () => at + by >= 0 && at + by < this.parts.length && this.move(at, at + by),
        },
        icon(name),
      );
    const select = h(
      "select",
      {
        id: `${id}-layout`,
        onchange: () => {
          this.layout = LAYOUTS.find((one) => one === select.value) ?? "vertical";
          this.forget();
          this.render();
          this.host.changed();
        },
      },
      ...LAYOUTS.map((one) => h("option", { value: one }, words.layouts[one])),
    );
    select.value = this.layout;
    refill(
      this.element,
      h("h5", {}, words.spliceTitle),
      h(
        "ol",
        { class: "splice-parts", role: "list" },
        ...this.parts.map(({ title }, at) =>
          h("li", {}, h("span", {}, `${at + 1}. ${title}`), arrow(at, -1, "up"), arrow(at, 1, "down")),
        ),
      ),
      h(
        "div",
        { class: "splice-do" },
        h("label", { for: `${id}-layout` }, words.layout),
        select,
        h(
          "button",
          { type: "button", class: "button", id: `${id}-run`, onclick: () => void this.run() },
          busy ? words.splicing : words.spliceRun,
        ),
      ),
      h("div", { class: "slot-status", role: "status" }, ...this.outcome(locale)),
    );
  }

  private outcome(locale: Locale): (Node | string)[] {
    const words = WORDS[locale];
    const { result } = this;
    if (this.failed) return [h("p", { class: "verdict verdict--muted" }, icon("muted"), words.failed)];
    if (!result) return [];
    if (result.refusal) return [h("p", {}, result.refusal.message), h("p", {}, result.refusal.remedy ?? "")];
    const { after, file } = result;
    return [
      ...(after ? [verdictLine(after.verdict, words), ...renderFindings(after.findings, locale)] : []),
      ...result.losses.map(({ message }) => h("p", { class: "hint" }, message)),
      this.address && file instanceof File
        ? h(
            "a",
            { class: "button", href: this.address, download: file.name },
            `${words.spliceSave}（${bytes(file.size)}）`,
          )
        : "",
    ];
  }
}
