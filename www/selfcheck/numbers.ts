/** Numbers that are typed to be checked: they live in their fields only, never in storage, links or prints. */
import type { Locale, NumberFinding, Precheck } from "icp-precheck";
import { h, refill } from "./dom";
import { renderFindings, verdictLine } from "./report";
import { WORDS } from "./words";

const FIELDS = ["idCard", "creditCode", "passport", "hkMacaoTravelPermit", "taiwanTravelPermit"] as const;
/** Twice the longest number, with room for blanks. */
const MAX_LENGTH = 40;

export class NumbersView {
  readonly element = h("section", { class: "card numbers", "aria-labelledby": "numbers-title" });

  constructor(private readonly host: { readonly locale: Locale; engine(): Promise<Precheck | null> }) {}

  render(): void {
    const words = WORDS[this.host.locale];
    const typed = new Map([...this.element.querySelectorAll("input")].map(({ id, value }) => [id, value]));
    refill(
      this.element,
      h(
        "details",
        { class: "fold", open: [...typed.values()].some(Boolean) },
        h("summary", {}, h("h2", { id: "numbers-title" }, words.numbers)),
        h("p", { class: "hint" }, words.numbersHelp),
        ...FIELDS.map((field) => {
          const id = `number-${field}`;
          const said = h("div", { id: `${id}-said`, role: "status" });
          const input = h("input", {
            id,
            type: "text",
            autocomplete: "off",
            spellcheck: "false",
            maxlength: MAX_LENGTH,
            "aria-describedby": said.id,
            onchange: () => void this.check(field, input, said),
          });
          input.value = typed.get(id) ?? "";
          if (input.value) void this.check(field, input, said);
          return h(
            "div",
            { class: "question" },
            h("label", { class: "question-text", for: id }, words.numberFields[field]),
            input,
            said,
          );
        }),
      ),
    );
  }

  private async check(field: (typeof FIELDS)[number], input: HTMLInputElement, said: HTMLElement): Promise<void> {
    const { value } = input;
    const found: NumberFinding[] = [];
    if (value.trim()) {
      const engine = await this.host.engine();
      if (!engine) return;
      const report = await engine.checkNumbers({ [field]: value });
      found.push(...report.findings);
    }
    // Typed on while the engine was asked.
    if (input.value !== value || !said.isConnected) return;
    const passed = found.find(({ outcome }) => outcome === "pass");
    input.setAttribute("aria-invalid", String(found.some(({ outcome }) => outcome === "fail")));
    const { locale } = this.host;
    refill(
      said,
      ...renderFindings(found, locale),
      passed && h("div", {}, verdictLine("pass", WORDS[locale]), h("p", { class: "hint" }, passed.message)),
    );
  }
}
