// What does a link say? A run, the step and the selection that are shown, what it is compared with, and which parts of the
// lab are there, as the query of the page's address. Knows no document.
//
//   v=1                    version of this format
//   t, n, m, sparsity …    settings that differ from the paper's; repeats=4x6.9x2: example 4 six times, example 9 twice;
//                          nudge=10000x0.1: a kick to the biases after 10,000 steps, of size 0.1
//   step=1200              the run is trained to this step, and shown there; to its end if left out
//   example=3, feature=17  what is selected, counted from 1
//   b.reduction=sum …      settings of a second run beside it, where they differ from the first's
//   figures=examples.loss  which figures are there, all if left out
//   without=presets …      which parts of the lab are not
//   present=1              large type
//   sweep, shares, part    a sweep of the reader's own (class/plan.js)
//
// A value that is wrong is replaced by the nearest right one, or left out, and a note says so. All ranges come from Rust.

import { FOREIGN, readQuery } from "../query.js";
import { judge, judgeWord, same } from "./state.js";
import { strings } from "./strings.js";

export const VERSION = 1;
/** Parts that a link may leave out, by their names in the markup. */
export const PARTS = /** @type {const} */ (["presets", "settings", "timeline", "share"]);
/** A longer value is cut in notes. */
const MOST_SHOWN = 40;
/** Settings that don't go together are mended one after the other, at most so often. */
const MOST_REPAIRS = 8;

const words = strings.link;

/** @typedef {import("./kinds.js").Selection} Selection */
/** @typedef {(typeof PARTS)[number]} Part */
/** @typedef {{figures: string[] | null, without: Part[], present: boolean, notes: string[]}} View */
/**
 * @typedef {object} State
 * @property {wasm_bindgen.Config | null} config null if the link names no setting
 * @property {wasm_bindgen.Config | null} other of the run beside it
 * @property {number | null} step
 * @property {Selection} selection
 * @property {string[]} notes
 */

/** What of the wasm a link needs. @typedef {Pick<typeof wasm_bindgen, "settingsTable" | "readNumber" | "checkConfig">} Api */

/** @param {string} text */
const cut = (text) => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);

/** Which parts a link wants; needs no wasm. @param {string} query @param {string[]} allFigures @returns {View} */
export function viewOf(query, allFigures) {
  const { given } = readQuery(query);
  /** @type {string[]} */
  const notes = [];
  /** @template {string} T @param {string} key @param {readonly T[]} options @returns {T[] | null} */
  const list = (key, options) => {
    if (!given.has(key)) return null;
    const named = (given.get(key) ?? "").split(".").filter(Boolean);
    for (const name of named) if (!options.includes(/** @type {T} */ (name))) notes.push(words.ignored(key, cut(name), words.noneOf(options)));
    return options.filter((name) => named.includes(name));
  };
  const figures = list("figures", allFigures);
  const without = list("without", PARTS) ?? [];
  const present = given.has("present") ? judgeWord({ name: "present", kind: "flag" }, given.get("present") ?? "") : { value: false };
  if (present.problem) notes.push(words.clamped("present", strings.problem({ ...present.problem, value: cut(present.problem.value) }), false));
  return { figures: figures?.length ? figures : null, without, present: present.value === true, notes };
}

/** Which run a link wants, and what of it. @param {string} query @param {Api} api @returns {State} */
export function stateOf(query, api) {
  const { given, repeated } = readQuery(query);
  const base = api.checkConfig({});
  const notes = repeated.map((key) => words.repeated(cut(key), cut(given.get(key) ?? "")));
  const version = given.get("v");
  if (version !== null && version !== String(VERSION)) notes.push(words.version(cut(version), VERSION));
  const config = configOf(given, "", base, api, notes);
  const other = configOf(given, "b.", config ?? base, api, notes);
  const run = config ?? base;
  const whole = (/** @type {string} */ key, /** @type {number} */ least, /** @type {number} */ most) => {
    const text = given.get(key);
    if (text === null) return null;
    const { value, problem } = judge({ name: key, kind: "whole", min: least, max: most }, text, api);
    if (!problem) return /** @type {number} */ (value);
    if (problem.why === "number") {
      notes.push(words.ignored(key, cut(text), words.range(least, most)));
      return null;
    }
    notes.push(words.clamped(key, strings.problem({ ...problem, value: cut(problem.value) }), problem.nearest));
    return /** @type {number} */ (problem.nearest);
  };
  const step = whole("step", 0, run.steps);
  const example = whole("example", 1, run.t === "inf" ? run.batch : run.t);
  const feature = whole("feature", 1, run.n);
  if (version !== null) {
    const known = new Set([
      "v",
      "repeats",
      "nudge",
      "step",
      "example",
      "feature",
      "figures",
      "without",
      "present",
      "sweep",
      "shares",
      "part",
      ...api.settingsTable().map(({ name }) => name),
    ]);
    for (const key of new Set(given.keys())) {
      if (!known.has(key.replace(/^b\./, "")) && !FOREIGN.test(key)) notes.push(words.unknown(cut(key)));
    }
  }
  const selection = { ...(example !== null && { example: example - 1 }), ...(feature !== null && { feature: feature - 1 }) };
  return { config, other, step, selection, notes };
}

/**
 * @param {URLSearchParams} given @param {string} prefix of the keys @param {wasm_bindgen.Config} base what is not given
 * @param {Api} api @param {string[]} notes
 * @returns {wasm_bindgen.Config | null}
 */
function configOf(given, prefix, base, api, notes) {
  /** @type {Record<string, any>} */
  const config = { ...base };
  let named = false;
  for (const row of api.settingsTable()) {
    const text = given.get(prefix + row.name);
    if (text === null) continue;
    named = true;
    const { value, problem } = judge(row, text, api);
    config[row.name] = problem ? (problem.nearest ?? config[row.name]) : value;
    if (problem) notes.push(words.clamped(prefix + row.name, strings.problem({ ...problem, value: cut(problem.value) }), config[row.name]));
  }
  const repeats = given.get(`${prefix}repeats`);
  if (repeats !== null) {
    named = true;
    const list = repeats
      .split(".")
      .filter(Boolean)
      .map((part) => /^(\d{1,9})x(\d{1,9})$/.exec(part));
    if (list.every(Boolean)) config.repeats = list.map((match) => ({ example: Number(match?.[1]), times: Number(match?.[2]) }));
    else notes.push(words.ignored(`${prefix}repeats`, cut(repeats), words.repeats));
  }
  const nudge = given.get(`${prefix}nudge`);
  if (nudge !== null) {
    named = true;
    const match = /^(\d{1,9})x(\d{1,9}(?:\.\d{1,20})?(?:e-\d{1,2})?)$/.exec(nudge);
    if (match) config.nudge = { step: Number(match[1]), size: Number(match[2]) };
    else if (nudge === "") delete config.nudge;
    else notes.push(words.ignored(`${prefix}nudge`, cut(nudge), words.nudge));
  }
  return named ? mended(config, base, api, notes) : null;
}

/** Settings that are right one by one and may not go together. @param {Record<string, any>} config @param {wasm_bindgen.Config} base @param {Api} api @param {string[]} notes */
function mended(config, base, api, notes) {
  for (let repairs = 0; repairs < MOST_REPAIRS; repairs += 1) {
    try {
      return api.checkConfig(config);
    } catch (error) {
      const { field, nearest: value, message } = /** @type {any} */ (error);
      if (field === "repeats") {
        config.repeats = [];
        notes.push(words.othersWrong(message));
      } else if (field === "nudge") {
        delete config.nudge;
        notes.push(words.othersWrong(message));
      } else if (field in config) {
        config[field] = value ?? /** @type {any} */ (base)[field];
        notes.push(words.together(message, config[field]));
      } else {
        break;
      }
    }
  }
  return base;
}

/**
 * The query of a link.
 * @param {{config: wasm_bindgen.Config, other?: wasm_bindgen.Config | null, step?: number | null, selection?: Selection, figures?: string[] | null, without?: readonly Part[], present?: boolean}} state
 * @param {wasm_bindgen.Config} base the paper's settings
 */
export function queryOf({ config, other, step, selection = {}, figures, without = [], present = false }, base) {
  const query = new URLSearchParams({ v: String(VERSION) });
  /** @param {string} prefix @param {Record<string, any>} from @param {Record<string, any>} to */
  const put = (prefix, from, to) => {
    for (const name of Object.keys(base)) {
      const value = to[name];
      if (typeof value !== "object" && value !== from[name]) query.set(prefix + name, String(typeof value === "boolean" ? Number(value) : value));
    }
    if (!same(from.repeats, to.repeats)) {
      query.set(`${prefix}repeats`, to.repeats.map((/** @type {any} */ { example, times }) => `${example}x${times}`).join("."));
    }
    if (!same(from.nudge ?? null, to.nudge ?? null)) query.set(`${prefix}nudge`, to.nudge ? `${to.nudge.step}x${to.nudge.size}` : "");
  };
  query.set("t", String(config.t));
  put("", base, config);
  if (other) {
    query.set("b.t", String(other.t));
    put("b.", config, other);
  }
  if (step !== null && step !== undefined) query.set("step", String(step));
  if (selection.example !== undefined) query.set("example", String(selection.example + 1));
  if (selection.feature !== undefined) query.set("feature", String(selection.feature + 1));
  if (figures) query.set("figures", figures.join("."));
  if (without.length) query.set("without", without.join("."));
  if (present) query.set("present", "1");
  return query.toString();
}
