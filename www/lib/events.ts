/** What the drop-in script and the custom element have in common: their events, and ways to mend a file. */
import type { Finding, Fix, PairReport, PhotoReport } from "./types.gen.js";

/**
 * Before anything is looked at. `preventDefault()` skips the check.
 * @event icp-precheck:start
 */
export interface StartDetail {
  files: File[];
}

/**
 * After each file that was looked at, in the order in which they are done. Nothing comes of `preventDefault()`.
 * @event icp-precheck:progress
 */
export interface ProgressDetail {
  file: File;
  /** `null` for a file that could not be checked. */
  report: PhotoReport | null;
  /** How many of `total` are done, this one included. */
  done: number;
  total: number;
}

/**
 * Once per file, when all chosen files are done. `preventDefault()` on any of them keeps the form free to submit from
 * then on, whatever the findings.
 * @event icp-precheck:report
 */
export interface ReportDetail {
  file: File;
  report: PhotoReport;
  /** All files of the input, in the order of the choice; `null` for a file that could not be checked. */
  reports: (PhotoReport | null)[];
}

/**
 * On the input of the back, when front and back have been compared. `preventDefault()` as above.
 * @event icp-precheck:pair
 */
export interface PairDetail {
  front: File;
  back: File;
  report: PairReport;
}

/**
 * A button to mend a file was pressed. `preventDefault()`: the page does it, and nothing else happens.
 * @event icp-precheck:remedy
 */
export interface RemedyDetail {
  file: File;
  finding: Finding;
  fix: Fix;
}

/** Ways to mend a file. A finding whose `fix` has one gets a button; the page brings the way, and the rest is ours. */
export type Remedies = { readonly [Kind in Fix]?: Remedy };

/**
 * Mends a file. The new one takes its place in the input or element, which says so with `input` and `change` as for a choice by hand;
 * `null` or a rejection: this one cannot be mended.
 */
export type Remedy = (file: File, about: RemedyContext) => File | null | Promise<File | null>;

/** What a remedy is for. */
export interface RemedyContext {
  finding: Finding;
  report: PhotoReport;
  /** The input or the element that holds the file. */
  target: HTMLElement;
}

/** The events by name; they bubble, also out of shadow roots, and are dispatched on the input or element. */
export interface PrecheckEventMap {
  "icp-precheck:start": CustomEvent<StartDetail>;
  "icp-precheck:progress": CustomEvent<ProgressDetail>;
  "icp-precheck:report": CustomEvent<ReportDetail>;
  "icp-precheck:pair": CustomEvent<PairDetail>;
  "icp-precheck:remedy": CustomEvent<RemedyDetail>;
}

declare global {
  interface HTMLElementEventMap extends PrecheckEventMap {}
  interface DocumentEventMap extends PrecheckEventMap {}
}
