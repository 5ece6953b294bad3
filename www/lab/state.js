// How are settings shown in a form, and read from it? Which there are, what they may be and how numbers are read is Rust's
// (`settingsTable`, `readNumber`).

/** @typedef {Pick<wasm_bindgen.Setting, "name" | "kind"> & Partial<wasm_bindgen.Setting>} Row */
/** @typedef {{field: string, kind: Row["kind"], value: string, why: "number" | "integer" | "range" | "choice", min?: number, max?: number, options?: string[], write?: string, nearest?: any}} Problem
 * `write`: how what was meant is written; `nearest`: what is allowed instead */
/** @typedef {Pick<typeof wasm_bindgen, "readNumber">} Reader */

const YES = /^(1|yes|true|on)$/i;
const FLAG = /^(1|yes|true|on|0|no|false|off)$/i;

/** @param {number} value @param {boolean} grouped thousands with a comma between */
export function writeNumber(value, grouped) {
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) return value.toExponential();
  const [whole, fraction] = String(value).split(".");
  const written = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return fraction === undefined ? written : `${written}.${fraction}`;
}

/**
 * The inputs of a form, by field.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {HTMLInputElement | HTMLSelectElement}
 */
export function input(form, name) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (form.elements.namedItem(name));
}

/** Shows settings in the form. @param {HTMLFormElement} form @param {Row[]} rows @param {Record<string, any>} config */
export function write(form, rows, config) {
  for (const { name, kind } of rows) {
    const control = input(form, name);
    const value = config[name];
    if (kind === "flag") /** @type {HTMLInputElement} */ (control).checked = value;
    else if (typeof value === "number")
      control.value = writeNumber(value, kind !== "seed"); // a seed is a name
    else control.value = value === "inf" ? "∞" : value; // what is no number stays as it is, to be told
  }
}

/**
 * What a text says for a flag or one of some words, and what is wrong with that.
 * @param {Row} row @param {string} text @returns {{value: any, problem?: Problem}}
 */
export function judgeWord({ name, kind, options = [] }, text) {
  const value = text.trim();
  if (kind === "flag" && FLAG.test(value)) return { value: YES.test(value) };
  if (kind === "choice" && options.includes(value)) return { value };
  return { value, problem: { field: name, kind, value, why: "choice", options: kind === "flag" ? ["yes", "no"] : options } };
}

/**
 * What a text says for a setting, and what is wrong with that. The value is NaN, or not among the options, if the text says none.
 * @param {Row} row @param {string} text @param {Reader} api @returns {{value: any, problem?: Problem}}
 */
export function judge(row, text, api) {
  const { name: field, kind, min = -Infinity, max = Infinity } = row;
  if (kind === "flag" || kind === "choice") return judgeWord(row, text);
  const { value, why, ...more } = api.readNumber(text, kind, min, max);
  return why ? { value, problem: { field, kind, value: text.trim(), why, min, max, ...more } } : { value };
}

/**
 * The form's config and what is wrong with it. What the form doesn't show is taken from `base`.
 * @param {HTMLFormElement} form @param {Row[]} rows @param {Reader} api @param {wasm_bindgen.Config} base
 * @returns {{config: wasm_bindgen.Config, problems: Problem[]}}
 */
export function read(form, rows, api, base) {
  /** @type {Record<string, any>} */
  const config = { ...base };
  /** @type {Problem[]} */
  const problems = [];
  for (const row of rows) {
    const control = input(form, row.name);
    if (row.kind === "flag") {
      config[row.name] = /** @type {HTMLInputElement} */ (control).checked;
      continue;
    }
    const { value, problem } = judge(row, control.value, api);
    if (problem) problems.push(problem);
    config[row.name] = value;
  }
  return { config: /** @type {wasm_bindgen.Config} */ (config), problems };
}

/** Whether two configs are of the same run. @param {Record<string, any> | null} a @param {Record<string, any> | null} b */
export function same(a, b) {
  if (!a || !b) return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));
}

/** Examples that a step goes through. @param {wasm_bindgen.Config} config */
const seen = ({ t, batch }) => (t === "inf" ? batch : t);

/** Seconds that one step may take before any has been timed: (example, feature) pairs. @param {wasm_bindgen.Config} config */
export function roughStepSeconds(config) {
  const { n, m } = config;
  return seen(config) * n * Math.max(1, m / 2) * 0.7e-9;
}
