/**
 * The custom element `<icp-photo-check>`: a place for one photo, with preview and findings, for forms without a face of
 * their own. `import { define } from "icp-precheck/element"`.
 *
 * Importing does nothing, on a server neither; `define()` makes the element known.
 *
 * @packageDocumentation
 */
import type { Remedies } from "./events.js";
import type { Locale, PhotoReport } from "./types.gen.js";
import type { PrecheckOptions } from "./types.js";

export type * from "./events.js";

/** What holds for every element of the page. */
export interface ElementConfig
  extends Pick<PrecheckOptions, "upload" | "base" | "wasm" | "worker" | "workers" | "rules"> {
  /** Province of the filing, for elements without `province`. */
  province?: string | undefined;
  /** Which findings keep the form from being sent, for elements without `block`. Default: `"blocking"`. */
  block?: "blocking" | "advisory" | "never" | undefined;
  /** Ways to mend a photo. A finding whose `fix` has one gets a button. */
  remedies?: Remedies | undefined;
}

/** Makes the element known, under its own name or another; again under the same name does nothing. */
export declare function define(name?: string): typeof IcpPhotoCheck;

/** Settings of the page; to be made before the first photo is chosen. All elements share one engine per language. */
export declare function configure(config: ElementConfig): void;

/**
 * `<icp-photo-check material="leader-identity-document" side="front" name="id-front" required>`.
 *
 * It takes part in its form like an input: the file is its value, and a photo that is sure to be refused makes it invalid.
 * Properties of the same names reflect the attributes `name`, `required`, `disabled`, `material`, `side`, `document`,
 * `province`, `group`, `block`, `accept` and `locale`.
 */
export declare class IcpPhotoCheck extends HTMLElement {
  static readonly formAssociated: true;
  /** The photo; setting it checks it, without `input` and `change`. */
  file: File | null;
  /** What was found; `null` while there is no photo, and until it was looked at. */
  readonly report: PhotoReport | null;
  /** Looks at the photo again; `null` when there is none, or that did not come to an end. */
  check(): Promise<PhotoReport | null>;
  /** Takes the photo away, without `input` and `change`. */
  clear(): void;
  name: string;
  required: boolean;
  disabled: boolean;
  /** Which material of the checklist the photo is for. */
  material: string;
  /** `front` or `back`. */
  side: string;
  /** Which document it shows. */
  document: string;
  province: string;
  /** Tells pairs of front and back apart where material and form do not. */
  group: string;
  /** `blocking`, `advisory` or `never`. */
  block: string;
  /** Types that the file dialog offers. */
  accept: string;
  /** `zh-CN` or `en`; default: the closest `lang`. */
  locale: Locale | "";
  readonly type: string;
  readonly form: HTMLFormElement | null;
  readonly labels: NodeList;
  readonly validity: ValidityState;
  readonly validationMessage: string;
  readonly willValidate: boolean;
  checkValidity(): boolean;
  reportValidity(): boolean;
  /** A text of the page's own, which counts beside ours. */
  setCustomValidity(text: string): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "icp-photo-check": IcpPhotoCheck;
  }
}
