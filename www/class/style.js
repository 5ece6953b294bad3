// How does it look? As a sheet of the document's own, so that it comes with the module and works in one file and under any policy.

const css = `
.own { --gap: 1rem; container: own / inline-size; }
.own h4 { font: 600 1.0625rem/1.3 var(--sans); margin: 0; }
.own .bench-row { display: grid; gap: 1.5rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
@container own (min-width: 58rem) { .own .bench-row { grid-template-columns: 19rem minmax(0, 1fr); } }
.own form, .own .group-half { display: grid; gap: 0.75rem; align-content: start; }
.own label { display: grid; gap: 0.15rem; font-size: 0.9375rem; }
.own label.tick { display: flex; gap: 0.5rem; align-items: center; min-height: 2.25rem; cursor: pointer; }
.own label > small, .own .hint { color: var(--faint); font-size: 0.8125rem; line-height: 1.35; margin: 0; text-wrap: pretty; }
.own :is(input:not([type="checkbox"], [type="file"]), select, textarea) { border: 1px solid var(--edge); border-radius: 0.4rem; background: var(--surface); padding: 0.3rem 0.5rem; min-height: 2.25rem; width: 100%; color: inherit; font: inherit; font-variant-numeric: tabular-nums; }
.own [aria-invalid="true"] { border-color: var(--error); }
.own form textarea, .own textarea[data-part], .own label > textarea { font: 0.8125rem/1.4 ui-monospace, monospace; resize: vertical; overflow-wrap: anywhere; }
.own button.primary[aria-disabled="true"] { background: var(--line); border-color: var(--line); color: var(--faint); }
.own[data-state="ready"] progress, .own[data-state="stopped"] progress { visibility: hidden; }
.own .error { margin: 0; color: var(--error); font-size: 0.8125rem; }
.own .error:empty { display: none; }
.own .pairs { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: 0.75rem; align-items: end; }
.own .presets-row { display: flex; flex-wrap: wrap; gap: 0.4rem; align-items: center; }
.own .presets-row button { border-radius: 2rem; }
.own .base { margin: 0; font-size: 0.875rem; color: var(--faint); }
.own .base b { color: var(--ink); font-weight: 600; }
.own .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.own .counts { margin: 0; font-size: 1rem; font-variant-numeric: tabular-nums; text-wrap: pretty; }
.own .status { min-height: 3em; margin: 0; }
.own progress { margin: 0; }
.own .result { display: grid; gap: 0.75rem; align-content: start; min-width: 0; }
.own .result .tall .plot { min-height: 16rem; }
.own .empty { display: grid; place-items: center; min-height: 16rem; margin: 0; padding: 1rem; border: 1px dashed var(--edge); border-radius: 0.5rem; color: var(--faint); text-align: center; }
.own .chosen-run { border: 1px solid var(--edge); border-radius: 0.5rem; padding: 0.75rem 1rem; display: grid; gap: 0.5rem; }
.own .chosen-run p { margin: 0; font-size: 0.9375rem; }
.own .group-box { margin-top: 1.75rem; border-top: 1px solid var(--line); padding-top: 1.25rem; display: grid; gap: 1rem; }
.own .group-box > p { margin: 0; max-width: 38rem; font: 1.0625rem/1.5 var(--serif); }
.own .group-halves { display: grid; gap: 1.5rem 2.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.own .group-half.over { outline: 3px dashed var(--features); outline-offset: 6px; }
.own ul { margin: 0; padding: 0; list-style: none; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
.own ul.names { display: flex; flex-wrap: wrap; gap: 0.35rem; }
.own ul.names li { border: 1px solid var(--line); border-radius: 2rem; padding: 0.1rem 0.65rem; }
.own ul.wrongs { display: grid; gap: 0.5rem; }
.own ul.wrongs li { border-left: 4px solid var(--examples); padding: 0.25rem 0 0.25rem 0.75rem; background: var(--note); display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; overflow-wrap: anywhere; }
.own ul.wrongs span { flex: 1 1 16rem; }
.own .outs { display: grid; gap: 0.5rem; }
.own.large { position: fixed; inset: 0; z-index: 50; overflow: auto; background: var(--surface); padding: 2vh 3vw; font-size: clamp(1.125rem, 2.2vh, 2rem); --figure-scale: 1.6; }
.own.large .bench-row { grid-template-columns: minmax(0, 1fr); }
.own.large :is(form, h4, .outs, .acts > :not([data-part="large"]), [data-part="estimate"], .readout, .measured, .chosen-run, .group-box > p, .group-halves > :first-child, .take-part > :not(label:has(textarea), .buttons)) { display: none; }
.own.large .counts { font-size: 2.25em; font-weight: 650; line-height: 1.15; }
.own.large .status, .own.large .kept { font-size: 1em; min-height: 1.5em; }
.own.large ul { font-size: 1.25em; }
.own.large :is(.hint, label, figcaption) { font-size: 0.8em; }
.own.large [data-part="box"] > [data-part="names"] { order: -2; }
.own.large [data-part="box"] > [role="log"] { order: -1; }
.own.large .take-part { display: flex; align-items: end; }
.own.large .take-part label { flex: 1; }
.own.large .take-part textarea { height: 2.75rem; }
.own.large .acts { position: absolute; top: 2vh; right: 3vw; }
.own.large .counts { padding-right: 12rem; }
.own.large .group-box { border: 0; margin: 0; padding-top: 0.5rem; }
.own.large .figure h3, .own.large details { display: none; }
`;

let there = false;

/** Puts the sheet into the document, once. */
export function dress() {
  if (there) return;
  there = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
