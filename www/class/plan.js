// Which runs does a sweep have? What the form says as lists and ranges, and what a link says, as a plan that Rust crosses and checks.
// Knows no document.
//
//   sweep=t-3x5x10.eps-1e-8x1e-6.n-1000.seeds-2x1   values of T, and of one setting more; what all runs have; data seeds 1 and 2, one
//                                                   init seed each
//   shares=30&part=7                                the runs are dealt out in 30 shares, of which this is the seventh

import { VERSION, queryOf, stateOf } from "../lab/link.js";
import { writeNumber } from "../lab/state.js";
import { strings } from "./strings.js";

/** @typedef {import("../pkg/sweeps.js").SweepPlan} Plan */

/** What can vary besides T, and whether its values are whole. @type {Record<string, boolean>} */
export const VARIES = { m: true, weight_decay: false, lr: false, eps: false, sparsity: false, steps: true, reduction: false, times: true };
/** More values of one setting are more than a figure shows. */
const MOST_VALUES = 60;

const words = strings.plan;
const INFINITE = /^(∞|inf|infinity)$/i;
const RANGE = /^(.+?)\s*(?:\bto\b|–|\.{2,3}|…)\s*(.+?)(?:\s+in\s+(\d+)(?:\s+steps?)?)?$/i;
/** As many values as a range has unless told. */
const IN_A_RANGE = 10;

const CLASSROOM = { n: 1000, sparsity: 0.99, steps: 5000 };

/** @type {Record<string, Plan>} */
export const presets = {
  curve: { base: CLASSROOM, t: [3, 5, 8, 10, 15, 30, 50, 100, 200, 500, 1000, 2000], data_seeds: 2, init_seeds: 1 },
  map: { base: CLASSROOM, t: [10, 50, 200, 500, 1000, 2000], vary: { setting: "m", values: [1, 2, 3, 4, 8, 16] }, data_seeds: 1, init_seeds: 1 },
  decay: { base: CLASSROOM, t: [10, 50, 200, 500, 1000, 2000], vary: { setting: "weight_decay", values: [0.001, 0.01, 0.1, 1] }, data_seeds: 1, init_seeds: 1 },
  eps: {
    base: { ...CLASSROOM, reduction: "sum" },
    t: [10, 50, 200, 500, 1000, 2000],
    vary: { setting: "eps", values: [1e-8, 1e-6, 1e-5, 1e-4] },
    data_seeds: 1,
    init_seeds: 1,
  },
};

/** @type {Pick<typeof wasm_bindgen, "readNumber">} */
let reader;
/** Numbers are read by Rust, as everywhere on the page. @param {typeof wasm_bindgen} api */
export const readWith = (api) => void (reader = api);

/** @param {string} text @returns {number} NaN for what is no number */
export function parseNumber(text) {
  const { value, why } = /** @type {any} */ (reader.readNumber(text.trim(), "real", -Infinity, Infinity));
  return why ? NaN : Number(value);
}

/** What is wrong with a text, as a sentence. */
export class Wrong extends Error {}

/** @param {unknown} error what was thrown, as Rust throws it */
export const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

/** @param {string} text @param {boolean} infinite whether there may be ∞ @returns {number | "inf"} */
function number(text, infinite) {
  if (INFINITE.test(text)) {
    if (infinite) return "inf";
    throw new Wrong(words.noInfinity);
  }
  const value = parseNumber(text);
  if (!Number.isFinite(value)) throw new Wrong(words.noNumber(text));
  return value;
}

/** Values at even ratios, rounded so that they can be written. (Links carry the values, so engines need not agree on a tie.) @param {string} from @param {string} to @param {string | undefined} count @param {boolean} whole */
function range(from, to, count, whole) {
  const ends = [from, to].map((text) => number(text.trim(), true));
  if (ends.includes("inf")) throw new Wrong(words.infiniteRange);
  const [first, last] = ends.map(Number);
  const many = count === undefined ? IN_A_RANGE : Number(count);
  if (first > last) throw new Wrong(words.reversed(from.trim(), to.trim()));
  if (first <= 0) throw new Wrong(words.fromZero(from.trim()));
  if (many < 2 || many > MOST_VALUES) throw new Wrong(words.countOfRange(many, MOST_VALUES));
  const value = (/** @type {number} */ k) => first * (last / first) ** (k / (many - 1));
  return Array.from({ length: many }, (_, k) => (whole ? Math.round(value(k)) : Number(value(k).toPrecision(3))));
}

/** A list as it is typed: "3, 5, 10", "3 to 2,000 in 12", or both. @param {string} text @param {boolean} whole @param {boolean} infinite @returns {(number | "inf")[]} */
export function readList(text, whole, infinite) {
  // A comma before three digits groups thousands, unless others without a space stand between values.
  if (/,(?=\d{3}(?!\d))/.test(text) && /,(?!\s|\d{3}(?!\d))/.test(text)) throw new Wrong(words.twoWays(text.trim()));
  const pieces = text
    .split(/[;\n]|,(?!\d{3}(?!\d))/)
    .map((piece) => piece.trim())
    .filter(Boolean);
  const values = pieces.flatMap((piece) => {
    const match = RANGE.exec(piece);
    return match ? range(match[1], match[2], match[3], whole) : piece.split(/\s+/).map((each) => number(each, infinite));
  });
  if (!values.length) throw new Wrong(words.empty);
  const unique = [...new Set(values)];
  if (unique.length > MOST_VALUES) throw new Wrong(words.tooMany(unique.length, MOST_VALUES));
  return unique;
}

/** The same of words. @param {string} text @param {string[]} options */
export function readWords(text, options) {
  const values = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean);
  const wrong = values.find((value) => !options.includes(value));
  if (wrong !== undefined) throw new Wrong(words.noWord(wrong, options));
  if (!values.length) throw new Wrong(words.empty);
  return [...new Set(values)];
}

/** @param {(number | string)[]} values */
export const writeList = (values) => values.map((value) => (value === "inf" ? "∞" : typeof value === "number" ? writeNumber(value, true) : value)).join(", ");

/** What differs from the paper's settings, and is not said by the plan itself. @param {Record<string, any>} config @param {Record<string, any>} paper */
export function baseOf(config, paper) {
  const own = Object.entries(config).filter(
    ([name, value]) => !["t", "data_seed", "init_seed"].includes(name) && JSON.stringify(value) !== JSON.stringify(paper[name]),
  );
  return Object.fromEntries(own);
}

/** A plan as a link says it. @param {Plan} plan @param {wasm_bindgen.Config} paper */
export function sweepText({ base, t, vary, data_seeds, init_seeds }, paper) {
  const query = new URLSearchParams(queryOf({ config: { ...paper, ...base } }, paper));
  // Of what varies the link has the list alone.
  const fixed = [...query].filter(([name]) => !["v", "t", vary?.setting].includes(name));
  const lists = [["t", ...t], ...(vary ? [[vary.setting, ...vary.values]] : []), ...fixed, ["seeds", data_seeds, init_seeds]];
  return lists.map(([name, ...values]) => `${name}-${values.join("x")}`).join(".");
}

/**
 * A plan from a link. What can't be read is thrown; what was mended is noted.
 * @param {string} text @param {typeof wasm_bindgen} api @returns {{plan: Plan, notes: string[]}}
 */
export function readSweep(text, api) {
  /** @type {Plan} */
  const plan = { base: {}, t: [], data_seeds: 1, init_seeds: 1 };
  const fixed = new URLSearchParams({ v: String(VERSION) });
  // Between the digits of a number a point may stand, before a name it ends a list.
  for (const piece of text.split(/\.(?=[a-z])/i)) {
    const at = piece.indexOf("-");
    const [name, list] = [piece.slice(0, at).toLowerCase(), piece.slice(at + 1)];
    const values = list.toLowerCase().split("x").filter(Boolean);
    const numbers = () => values.map((value) => number(value, name === "t"));
    if (at < 0 || !values.length) throw new Wrong(words.badLink(piece));
    if (name === "t") plan.t = numbers();
    else if (name === "seeds") [plan.data_seeds, plan.init_seeds = 1] = numbers().map(Number);
    else if (!(name in VARIES) || (values.length < 2 && name !== "times")) fixed.set(name, list);
    else if (plan.vary) throw new Wrong(words.oneMore(plan.vary.setting, name));
    else plan.vary = { setting: name, values: name === "reduction" ? readWords(values.join(" "), ["mean", "sum"]) : numbers().map(Number) };
  }
  if (!plan.t.length) throw new Wrong(words.noT);
  const paper = api.checkConfig({});
  const { config, notes } = stateOf(fixed.toString(), api);
  return { plan: { ...plan, base: baseOf(config ?? paper, paper) }, notes };
}
