// What did a run become, in words? What it is, `src/measure/outcome.rs` decides; its numbers are written out here, for the page, the
// lab and the stored runs alike.

import { counted, grouped, measured } from "./format.js";

/** @typedef {wasm_bindgen.Outcome} Outcome */

const SMALL = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const POLYGONS = ["", "point", "line", "triangle", "square", "pentagon", "hexagon", "heptagon", "octagon", "nonagon", "decagon"];

/** A count in words if it is small or round. @param {number} count */
const words = (count) => SMALL[count] ?? (count < 100 && count % 10 === 0 ? TENS[count / 10] : grouped(count));

/** @param {number} corners */
const polygonName = (corners) => `regular ${POLYGONS[corners] ?? `polygon of ${corners} corners`}`;

/** @param {number} examples @param {string} [noun] */
const all = (examples, noun = " examples") => (examples === 1 ? "its one example" : examples === 2 ? "both examples" : `all ${words(examples)}${noun}`);

/** @param {number} times */
const harmful = (times) => `its loss is ${grouped(Number(times.toPrecision(2)))} times that of a model that outputs zero`;

/** One plain sentence. @param {Outcome} outcome */
export function sentence(outcome) {
  switch (outcome.kind) {
    case "diverged":
      return `It diverged at step ${grouped(outcome.step)}.`;
    case "nothing":
      return "It has learned nothing.";
    case "harmed":
      return `It has learned nothing, and on new examples ${harmful(outcome.harm)}.`;
    case "memorised":
      return `It has memorised ${all(outcome.examples, "")}.`;
    case "all-but":
      return `It has memorised all but ${words(outcome.missing)} of the ${words(outcome.examples)}.`;
    case "partly":
      return `It has memorised about ${words(outcome.memorised)} of the ${words(outcome.examples)}.`;
    case "features":
      return `It has learned ${outcome.count === null ? "features" : outcome.count === 1 ? "one feature" : `${words(outcome.count)} features`}.`;
    case "between":
      return "It is confused: neither examples nor features.";
  }
}

/**
 * When a run is judged. `held` is the share of the examples whose D* is at least half of an even share.
 * @typedef {{step: number, finished: boolean, past: boolean, held: number | undefined}} When
 */

/**
 * The verdict on a run, as it is or as it was, with the numbers behind it.
 * @param {Outcome} outcome @param {wasm_bindgen.Measures} measures @param {wasm_bindgen.Config} config @param {When} when
 */
export function inFull(outcome, measures, config, { step, finished, past, held }) {
  if (outcome.kind === "diverged") {
    return `Diverged at step ${grouped(outcome.step)}: a weight is no longer a finite number. Try a lower learning rate or the init seed after this.`;
  }
  const soFar = past ? `At step ${grouped(step)}: ` : finished ? "" : "So far: ";
  // What may still come about has not failed.
  const failure = finished && outcome.kind === "all-but" ? "Optimisation failure: " : "";
  const harm = outcome.harm === null || outcome.kind === "harmed" ? "" : ` On new examples ${harmful(outcome.harm)}.`;
  const told = `Train loss ${measured(measures.train_loss)}, test loss ${measured(measures.test_loss)}.`;
  const shares = held === undefined ? "" : ` By D*, ${Math.round(100 * held)}% of the examples have at least half of what an even split would give them.`;
  return `${soFar}${failure}${finding(outcome, measures.polygon, config, finished)}.${harm} ${told}${shares}`;
}

/** A ring that can be one of memorised examples: of a model with a closed form. @param {wasm_bindgen.Polygon | null} ring */
const proper = (ring) => (ring === null || ring.closed_form_radius === null ? null : ring);

/** @param {Exclude<Outcome, {kind: "diverged"}>} outcome @param {wasm_bindgen.Polygon | null} ring @param {wasm_bindgen.Config} config @param {boolean} finished */
function finding(outcome, ring, { m }, finished) {
  switch (outcome.kind) {
    case "nothing":
      return "Nothing learned: on the training examples it is no better than a model that outputs the same for all";
    case "harmed":
      return `Nothing learned: on the training examples it is no better than a model that outputs the same for all, and on new ones ${harmful(outcome.harm)}`;
    case "memorised":
      return `Memorising: ${memory(outcome, ring)}`;
    case "all-but":
      return left(outcome, proper(ring), finished);
    case "partly":
      return some(outcome, proper(ring));
    case "features": {
      const { count, largest, least, next } = outcome;
      if (count === null || least === null) return `Generalising: features stand out, the largest with a D of ${measured(largest)}`;
      const range = count === 1 ? `a D of ${measured(largest)}` : `D from ${measured(least)} to ${measured(largest)}`;
      const rest = next === null ? "" : `; the next has ${measured(next)}`;
      return `Generalising: ${count} ${count === 1 ? "feature stands" : "features stand"} out${count === 5 && m === 2 ? ", a pentagon" : ""}, with ${range}${rest}`;
    }
    case "between": {
      const { memorised, standing, largest } = outcome;
      const gone = memorised === null ? "" : `the examples are not memorised (what training took off their loss is worth ${grouped(memorised)} of them), and `;
      if (standing === 0) return `Neither: ${gone}no feature stands out (largest D ${measured(largest)})`;
      const features = standing === null ? "what features stand out" : counted(standing, "feature stands out but does", "features stand out but do");
      return `Neither: ${gone}${features}${standing === null ? " do" : ""} not help on new examples (largest D ${measured(largest)})`;
    }
  }
}

/** @param {wasm_bindgen.Polygon} ring */
const circle = ({ on_ring, radius }) => `${on_ring} ${on_ring === 1 ? "is" : "are"} on one circle of radius ${measured(radius)}`;

/** @param {Extract<Outcome, {kind: "memorised"}>} outcome @param {wasm_bindgen.Polygon | null} ring */
function memory({ examples, exact, form }, ring) {
  const exactly = exact ? "exactly" : "not quite exactly";
  if (!ring || !form) return `${all(examples)}, ${exactly}`;
  const { on_ring, radius, closed_form_radius, angular_error_degrees } = ring;
  switch (form) {
    case "polygon":
      return `${on_ring} of ${examples} examples on one circle, a ${polygonName(on_ring)}, radius ${measured(radius)}${closed_form_radius === null ? "" : ` (${measured(closed_form_radius)} would do)`}`;
    case "circle":
      return `${all(examples)}, ${exactly}, on one circle of radius ${measured(radius)}, unevenly spaced, up to ${measured(angular_error_degrees)}° off`;
    case "two-circles":
      return `${all(examples)}, ${exactly}, on two circles; ${on_ring} on the main one, of radius ${measured(radius)}`;
    case "uneven":
      return `${all(examples)}, ${exactly}, on more than one circle; ${on_ring} on the main one, of radius ${measured(radius)}`;
  }
}

/** @param {Extract<Outcome, {kind: "partly"}>} outcome @param {wasm_bindgen.Polygon | null} ring */
function some({ examples, memorised }, ring) {
  const some = `Memorising in part: about ${grouped(memorised)} of ${grouped(examples)} examples`;
  return ring ? `${some}; ${circle(ring)}${ring.unlearned ? `, ${ring.unlearned} at the origin, unlearned` : ""}` : some;
}

/** @param {Extract<Outcome, {kind: "all-but"}>} outcome @param {wasm_bindgen.Polygon | null} ring @param {boolean} finished */
function left({ examples, missing }, ring, finished) {
  const memorised = `all but ${missing} of the ${examples} examples are memorised`;
  if (!ring) return memorised;
  const { on_ring, unlearned, radius, closed_form_radius, regular } = ring;
  const stayed = finished ? "stayed at the origin, unlearned" : unlearned === 1 ? "is still at the origin" : "are still at the origin";
  if (!regular || unlearned === 0) return `${memorised}; ${circle(ring)}${unlearned ? `, and ${unlearned} ${stayed}` : ""}`;
  return `${on_ring} of ${examples} examples form a ${polygonName(on_ring)} of radius ${measured(radius)} (${measured(closed_form_radius)} would do), but ${unlearned} ${stayed}`;
}

/** Might another init end better? @param {Outcome} outcome */
export const mayEndBetter = (outcome) =>
  ["diverged", "all-but"].includes(outcome.kind) || (outcome.kind === "memorised" && ["two-circles", "uneven"].includes(outcome.form ?? ""));
