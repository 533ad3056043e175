// Text keeps the host's own colour and font, so that it can be read on any background; only accents are ours, and they
// follow the `color-scheme` that the host page uses, not the device's wish, which the host may not honour.
const CSS = `
.icp-precheck {
  --_pass: var(--icp-precheck-pass, #1a7f37);
  --_review: var(--icp-precheck-review, #8a5300);
  --_fail: var(--icp-precheck-fail, #b3261e);
  --_muted: var(--icp-precheck-muted, #5f6368);
  display: block;
  box-sizing: border-box;
  inline-size: 100%;
  max-inline-size: var(--icp-precheck-max-width, 40em);
  margin: 0;
  font: inherit;
  font-size: var(--icp-precheck-font-size, .875em);
  font-weight: 400;
  line-height: 1.5;
  text-align: start;
  overflow-wrap: anywhere;
}
@supports (color: light-dark(#000, #fff)) {
  .icp-precheck {
    --_pass: var(--icp-precheck-pass, light-dark(#1a7f37, #5dca7f));
    --_review: var(--icp-precheck-review, light-dark(#8a5300, #e8b04b));
    --_fail: var(--icp-precheck-fail, light-dark(#b3261e, #ff9a90));
    --_muted: var(--icp-precheck-muted, light-dark(#5f6368, #a8adb4));
  }
}
.icp-precheck[class*="icp-precheck--"] { margin-block: var(--icp-precheck-margin, .5em); }
.icp-precheck__line, .icp-precheck__finding { display: flex; align-items: flex-start; gap: .45em; }
.icp-precheck__file { display: block; margin-block-start: .5em; font-weight: 600; }
.icp-precheck__list { list-style: none; margin: 0; padding: 0; }
.icp-precheck__finding { margin: 0; padding: 0; }
.icp-precheck__finding + .icp-precheck__finding, .icp-precheck__list + .icp-precheck__line,
.icp-precheck__summary:not(:empty) + .icp-precheck__details:not(:empty) { margin-block-start: .4em; }
.icp-precheck__summary > .icp-precheck__line { font-weight: 600; }
.icp-precheck__mend { display: block; margin-block-start: .35em; }
.icp-precheck__button { font: inherit; }
.icp-precheck__button[aria-disabled] { opacity: .6; }
.icp-precheck__icon { flex: none; inline-size: 1.15em; block-size: 1.15em; margin-block-start: .175em; fill: none; stroke: currentColor;
  stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.icp-precheck__text { min-inline-size: 0; }
.icp-precheck__label { font-weight: 600; margin-inline-end: .5em; }
.icp-precheck__remedy { display: block; color: var(--icp-precheck-remedy, inherit); }
.icp-precheck__line--pass { color: var(--_pass); }
.icp-precheck__line--muted { color: var(--_muted); }
.icp-precheck__line--fail > .icp-precheck__icon { color: var(--_fail); }
.icp-precheck__line--review > .icp-precheck__icon { color: var(--_review); }
.icp-precheck__finding--fail > .icp-precheck__icon, .icp-precheck__finding--fail .icp-precheck__label { color: var(--_fail); }
.icp-precheck__finding--review > .icp-precheck__icon, .icp-precheck__finding--review .icp-precheck__label { color: var(--_review); }
.icp-precheck__finding--muted > .icp-precheck__icon, .icp-precheck__finding--muted .icp-precheck__label { color: var(--_muted); }
`;

let sheet: CSSStyleSheet | undefined;

/** A constructed sheet is the one way to bring styles along that `style-src 'self'` lets pass. */
export function adoptStyle(root: Document | ShadowRoot): void {
  try {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
    }
    // Assigned rather than pushed: the list is frozen in older browsers.
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    // Browsers without constructed sheets show the same words in the host's own style.
  }
}

export function dropStyle(root: Document | ShadowRoot): void {
  if (sheet && root.adoptedStyleSheets?.includes(sheet)) {
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet);
  }
}
