import type { DropinConfig } from "../lib/dropin";
import type { Engines } from "../ui/engines";
import { complain } from "../ui/log";
import { otherSide } from "../ui/pair";
import { dropCopies, Field } from "./field";
import { adoptStyle, dropStyle } from "./style";

const WANTED = "[data-icp-material]";

/** All inputs below one root, those that come later too. */
export class Attachment {
  private readonly fields = new Map<HTMLInputElement, Field>();
  private readonly home: Document | ShadowRoot;
  private readonly observer = new MutationObserver((records) => this.onMutations(records));

  constructor(
    private readonly root: Document | ShadowRoot | Element,
    private readonly config: DropinConfig,
    private readonly engines: Engines,
  ) {
    const home = root.getRootNode();
    this.home = home instanceof ShadowRoot ? home : document;
    adoptStyle(this.home);
    // Captured, so that a page that stops events or empties the input in its own listener does not keep files from us.
    root.addEventListener("change", this.onChange, true);
    root.addEventListener("focusin", this.onInterest, true);
    root.addEventListener("pointerover", this.onInterest, true);
    // A form may lie around the root, and a submit button anywhere.
    this.home.addEventListener("reset", this.onReset, true);
    this.home.addEventListener("click", this.onClick, true);
    this.observer.observe(root, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["data-icp-material", "type"],
    });
    this.adopt(root);
  }

  find(input: HTMLInputElement): Field | undefined {
    return this.fields.get(input);
  }

  detach(): void {
    this.observer.disconnect();
    this.root.removeEventListener("change", this.onChange, true);
    this.root.removeEventListener("focusin", this.onInterest, true);
    this.root.removeEventListener("pointerover", this.onInterest, true);
    this.home.removeEventListener("reset", this.onReset, true);
    this.home.removeEventListener("click", this.onClick, true);
    for (const field of this.fields.values()) field.destroy();
    this.fields.clear();
    dropStyle(this.home);
  }

  private adopt(node: Document | ShadowRoot | Element): void {
    dropCopies(node);
    if (node instanceof Element && node.matches(WANTED)) this.enhance(node);
    for (const one of node.querySelectorAll(WANTED)) this.enhance(one);
  }

  private enhance(element: Element): void {
    if (!(element instanceof HTMLInputElement) || element.type !== "file") {
      complain("data-icp-material belongs on an <input type=file>", element);
      return;
    }
    if (this.fields.has(element)) return;
    const field = new Field(element, this.config, this.engines, (changed) => this.comparePair(changed));
    this.fields.set(element, field);
    // Chosen before this script ran, or brought back by the browser after a reload.
    if (element.files?.length) void field.check();
  }

  private onMutations(records: MutationRecord[]): void {
    for (const [input, field] of this.fields) {
      if (this.root.contains(input) && input.matches(WANTED) && input.type === "file") continue;
      this.fields.delete(input);
      field.destroy();
    }
    for (const record of records) {
      if (record.type === "attributes") {
        if ((record.target as Element).matches(WANTED)) this.enhance(record.target as Element);
        continue;
      }
      for (const node of record.addedNodes) {
        if (!(node instanceof Element) || !this.root.contains(node)) continue;
        this.adopt(node);
        for (const [input, field] of this.fields) if (node.contains(input)) field.place();
      }
    }
  }

  private readonly onChange = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) void this.fields.get(event.target)?.check();
  };

  private readonly onInterest = (event: Event): void => {
    const { target } = event;
    // Pages hide the input and dress up its label.
    const label = target instanceof Element ? target.closest("label") : null;
    const input = target instanceof HTMLInputElement ? target : label?.control;
    if (input instanceof HTMLInputElement) this.fields.get(input)?.prefetch();
  };

  private readonly onReset = (event: Event): void => {
    // The fields are emptied after the event, and only if nobody prevents it.
    setTimeout(() => {
      for (const field of this.fields.values()) if (field.input.form === event.target) field.clearIfEmptied();
    });
  };

  private readonly onClick = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest("button, input") : null;
    const form = button instanceof HTMLButtonElement || button instanceof HTMLInputElement ? button.form : null;
    if (!form) return;
    for (const field of this.fields.values()) if (field.input.form === form) field.releaseIfEmptied();
  };

  private comparePair(changed: Field): void {
    const other = otherSide(changed, this.fields.values());
    if (other === "several") {
      complain(`several inputs could be the other side of "${changed.material}"; tell them apart with data-icp-group`);
      return;
    }
    if (!other) return;
    const [front, back] = changed.side === "front" ? [changed, other] : [other, changed];
    void back.checkPair(front);
  }
}
