// The settings of a run, as a table of rows from which the form follows. Their ranges and defaults come from Rust
// (`configFields`), their words from the strings; here is only how a value is written and read.

/** @typedef {{field: string, value: string, why: "number" | "integer" | "range" | "choice", min?: number, max?: number, options?: string[], write?: string}} Problem
 * `write`: how what was meant is written */
/** @typedef {"number" | "whole" | "count" | "flag" | "choice"} Kind a "count" is a whole number that may be infinite */
/** @typedef {{name: string, kind: Kind, group: "data" | "model" | "training" | "others" | "advanced", options?: string[], only?: string, seed?: boolean}} Row
 * `only`: shown for this T alone */

/** @type {Row[]} */
export const rows = [
  { name: "t", kind: "count", group: "data" },
  { name: "n", kind: "whole", group: "data" },
  { name: "sparsity", kind: "number", group: "data" },
  { name: "data_seed", kind: "whole", group: "data", seed: true },
  { name: "m", kind: "whole", group: "model" },
  { name: "init_seed", kind: "whole", group: "model", seed: true },
  { name: "steps", kind: "whole", group: "training" },
  { name: "lr", kind: "number", group: "training" },
  { name: "weight_decay", kind: "number", group: "training" },
  { name: "reduction", kind: "choice", group: "training", options: ["mean", "sum"] },
  { name: "batch", kind: "whole", group: "training", only: "inf" },
  { name: "eps", kind: "number", group: "advanced" },
  { name: "beta1", kind: "number", group: "advanced" },
  { name: "beta2", kind: "number", group: "advanced" },
  { name: "test_examples", kind: "whole", group: "advanced" },
  { name: "untied", kind: "flag", group: "others" },
  { name: "hidden_relu", kind: "flag", group: "others" },
  { name: "loss", kind: "choice", group: "others", options: ["l2", "l1", "l4", "cross-entropy"] },
  { name: "importance", kind: "number", group: "others" },
  { name: "unit_length", kind: "flag", group: "others" },
];

const YES = /^(1|yes|true|on)$/i;
const FLAG = /^(1|yes|true|on|0|no|false|off)$/i;
const INFINITE = /^(∞|inf|infinity)$/i;
/** 1000, 1,000, 1 000, 0.999, 1e-8: a comma only between groups of three, which no zero begins, for 0,001 is a thousandth elsewhere. */
const NUMBER = /^[+-]?([1-9]\d{0,2}([, \u00a0\u202f]\d{3})+|\d*)(\.\d*)?(e[+-]?\d+)?$/i;

/** @param {string} text @returns {number} NaN for what is no number */
export function parseNumber(text) {
  const bare = text.trim();
  if (!NUMBER.test(bare) || !/\d/.test(bare)) return NaN;
  return Number(bare.replace(/[, \u00a0\u202f]/g, ""));
}

/** How a number that is written in another way is written here, 0.001 for 0,001; empty where that is not clear. @param {string} text */
function written(text) {
  const digits = text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (c) => String((c.charCodeAt(0) - (c < "\u0900" ? 0 : 6)) & 15)).replaceAll("\u066b", ".");
  const plain = digits.normalize("NFKC").replace(/[\u2212\u2010-\u2015]/g, "-").replace(/\s|['\u2019\u066c_]/g, "");
  const pointed = plain.includes(".") && plain.includes(",") ? plain.replace(/\.(?=\d{3}\b)/g, "").replace(",", ".") : plain.replace(/,(?=\d+(\D|$))/, ".");
  const power = pointed.replace(/^(?:(.*)[·×*x])?10\^?(-?\d+)$/, (all, by, exponent) => (/^10\d*$/.test(all) ? all : `${by ?? 1}e${exponent}`));
  return Number.isNaN(parseNumber(power)) ? "" : power;
}

/** @param {number} value @param {boolean} grouped thousands with a comma between */
function writeNumber(value, grouped) {
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

/** Shows settings in the form. @param {HTMLFormElement} form @param {Record<string, any>} config */
export function write(form, config) {
  for (const { name, kind, seed } of rows) {
    const control = input(form, name);
    const value = config[name];
    if (kind === "flag") /** @type {HTMLInputElement} */ (control).checked = value;
    else if (kind === "choice") control.value = value;
    else if (typeof value === "string") control.value = value === "inf" ? "∞" : value; // what is no number stays as it is, to be told
    else control.value = writeNumber(value, !seed); // a seed is a name
  }
}

/**
 * What a text says for a setting, and what is wrong with that. The value is NaN, or not among the options, if the text says none.
 * @param {Row} row @param {string} text @param {wasm_bindgen.Field} [field] with the range of a number
 * @returns {{value: any, problem?: Problem}}
 */
export function judge({ name, kind, options = [] }, text, field) {
  const bare = text.trim();
  const problem = { field: name, value: bare, min: field?.min, max: field?.max, options };
  if (kind === "flag") return FLAG.test(bare) ? { value: YES.test(bare) } : { value: NaN, problem: { ...problem, why: "choice", options: ["yes", "no"] } };
  if (kind === "choice") return { value: bare, ...(options.includes(bare) ? {} : { problem: { ...problem, why: "choice" } }) };
  if (kind === "count" && INFINITE.test(bare)) return { value: "inf" };
  const value = parseNumber(bare);
  const { min = -Infinity, max = Infinity, integer } = field ?? {};
  if (Number.isNaN(value)) return { value, problem: { ...problem, why: "number", write: written(bare) } };
  if (value < min || value > max) return { value, problem: { ...problem, why: "range" } };
  if (integer && !Number.isInteger(value)) return { value, problem: { ...problem, why: "integer" } };
  return { value };
}

/**
 * The form's config and what is wrong with it. What the form doesn't show is taken from `base`.
 * @param {HTMLFormElement} form
 * @param {wasm_bindgen.Field[]} fields
 * @param {wasm_bindgen.Config} base
 * @returns {{config: wasm_bindgen.Config, problems: Problem[]}}
 */
export function read(form, fields, base) {
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
    const { value, problem } = judge(row, control.value, fields.find(({ name }) => name === row.name));
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

/** Whether a polygon of the closed form is what the model's minimum is. @param {wasm_bindgen.Config} config */
export const polygonal = ({ untied, hidden_relu, loss, unit_length }) => !untied && !hidden_relu && loss !== "cross-entropy" && unit_length;

/** Examples that a step goes through. @param {wasm_bindgen.Config} config */
const seen = ({ t, batch }) => (t === "inf" ? batch : t);

/** Seconds that one step may take before any has been timed: (example, feature) pairs. @param {wasm_bindgen.Config} config */
export function roughStepSeconds(config) {
  const { n, m } = config;
  return seen(config) * n * Math.max(1, m / 2) * 0.7e-9;
}
