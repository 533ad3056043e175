// Colours follow the `color-scheme` of the page, text its font; what may be changed from outside has a name of its own.
export const CSS = `
:host {
  --_pass: var(--icp-precheck-pass, #1a7f37);
  --_review: var(--icp-precheck-review, #8a5300);
  --_fail: var(--icp-precheck-fail, #b3261e);
  --_muted: var(--icp-precheck-muted, #5f6368);
  --_accent: var(--icp-precheck-accent, #1f5fbf);
  --_line: var(--icp-precheck-line, #8b929b);
  --_surface: var(--icp-precheck-surface, #fff);
  --_radius: var(--icp-precheck-radius, 10px);
  display: block;
  max-inline-size: var(--icp-precheck-max-width, 26rem);
  line-height: 1.5;
  overflow-wrap: anywhere;
}
@supports (color: light-dark(#000, #fff)) {
  :host {
    --_pass: var(--icp-precheck-pass, light-dark(#1a7f37, #5dca7f));
    --_review: var(--icp-precheck-review, light-dark(#8a5300, #e8b04b));
    --_fail: var(--icp-precheck-fail, light-dark(#b3261e, #ff9a90));
    --_muted: var(--icp-precheck-muted, light-dark(#5f6368, #a8adb4));
    --_accent: var(--icp-precheck-accent, light-dark(#1f5fbf, #8ab8ff));
    --_line: var(--icp-precheck-line, light-dark(#8b929b, #7c8590));
    --_surface: var(--icp-precheck-surface, light-dark(#fff, #1b2027));
  }
}
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.box {
  display: grid;
  gap: .75em;
  padding: 1em;
  border: 1.5px dashed var(--_line);
  border-radius: var(--_radius);
  background: var(--_surface);
}
.box.filled { border-style: solid; }
.box.over { border-color: var(--_accent); outline: 2px solid var(--_accent); outline-offset: -1px; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .15em .6em; }
.label { font-weight: 600; }
.required, .hint, .name { color: var(--_muted); font-size: .875em; }
.picture { position: relative; justify-self: center; max-inline-size: 100%; }
.picture img {
  display: block;
  max-inline-size: 100%;
  max-block-size: var(--icp-precheck-picture-height, 16em);
  border-radius: calc(var(--_radius) / 2);
}
.picture svg { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; pointer-events: none; }
.outline { fill: none; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.outline.below { stroke: #0009; stroke-width: 4px; }
.outline.above { stroke: #fff; stroke-width: 2px; }
.outline.document { stroke: #63b3ff; }
.outline.review { stroke: #ffc24a; }
.outline.fail { stroke: #ff6b5e; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: .5em; }
button {
  font: inherit;
  color: inherit;
  min-block-size: 2.5em;
  padding: .3em 1em;
  border: 1px solid var(--_line);
  border-radius: calc(var(--_radius) * .7);
  background: transparent;
  cursor: pointer;
}
button.choose { color: var(--_accent); border-color: var(--_accent); }
button.camera { display: none; }
@media (pointer: coarse) { button.camera { display: inline-block; } .drop { display: none; } }
button:disabled { opacity: .55; cursor: not-allowed; }
button:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px; }
.required:empty, .name:empty, .status:empty, .details:empty { display: none; }
.line, .finding { display: flex; align-items: flex-start; gap: .45em; }
.line { font-weight: 600; }
.icon { flex: none; inline-size: 1.15em; block-size: 1.15em; margin-block-start: .175em; fill: none; stroke: currentColor;
  stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.findings { list-style: none; margin: 0; padding: 0; display: grid; gap: .6em; font-size: .9375em; }
.text { min-inline-size: 0; }
.tag { font-weight: 600; margin-inline-end: .5em; }
.remedy { display: block; color: var(--_muted); }
.mend { display: block; margin-block-start: .35em; }
.mend-said { color: var(--_muted); font-size: .9em; }
.pass { color: var(--_pass); }
.muted { color: var(--_muted); }
.review > .icon, .review .tag { color: var(--_review); }
.fail > .icon, .fail .tag { color: var(--_fail); }
.muted > .text > .message { color: var(--_muted); }
`;

let sheet: CSSStyleSheet | undefined;

/** A constructed sheet passes `style-src 'self'`; browsers without show the same words unstyled. */
export function adoptStyle(root: ShadowRoot): void {
  try {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
    }
    root.adoptedStyleSheets = [sheet];
  } catch {
    // What the browser cannot do is only looks.
  }
}
