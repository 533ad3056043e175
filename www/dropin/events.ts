import type { PairReport, PhotoReport } from "../lib/types.gen";

/**
 * Before anything is looked at. `preventDefault()` skips the check.
 * @event icp-precheck:start
 */
export interface StartDetail {
  files: File[];
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

interface Details {
  "icp-precheck:start": StartDetail;
  "icp-precheck:report": ReportDetail;
  "icp-precheck:pair": PairDetail;
}

declare global {
  interface HTMLElementEventMap {
    "icp-precheck:start": CustomEvent<StartDetail>;
    "icp-precheck:report": CustomEvent<ReportDetail>;
    "icp-precheck:pair": CustomEvent<PairDetail>;
  }
}

/** Returns whether the page let it pass. */
export function announce<Name extends keyof Details>(
  input: HTMLInputElement,
  name: Name,
  detail: Details[Name],
): boolean {
  return input.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
}
