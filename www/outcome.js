// What did a run become, in one plain sentence? What it is, `src/measure/outcome.rs` decides; here are the words.

import { grouped, measured } from "./format.js";

/** @typedef {wasm_bindgen.Outcome} Outcome */

const SMALL = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/** A count in words if it is small or round. @param {number} count */
export const words = (count) => SMALL[count] ?? (count < 100 && count % 10 === 0 ? TENS[count / 10] : grouped(count));

/** @param {Outcome} outcome */
export function sentence(outcome) {
  switch (outcome.kind) {
    case "diverged":
      return `It diverged at step ${grouped(outcome.step)}.`;
    case "nothing":
      return "It has learned nothing.";
    case "harmed":
      return `It has learned nothing, and does harm: on new examples ${harm(outcome)}.`;
    case "memorised":
      if (outcome.examples === 1) return "It has memorised its one example.";
      return outcome.examples === 2 ? "It has memorised both examples." : `It has memorised all ${words(outcome.examples)}.`;
    case "all-but":
      return `It has memorised all but ${words(outcome.missing)} of the ${words(outcome.examples)}.`;
    case "partly":
      return `It has memorised about ${words(outcome.memorised)} of the ${words(outcome.examples)}.`;
    case "features":
      if (outcome.count === null) return "It has learned features.";
      return `It has learned ${words(outcome.count)} ${outcome.count === 1 ? "feature" : "features"}.`;
    case "between":
      return "It is confused: neither examples nor features.";
  }
}

/** How bad it is on new examples, as the end of a sentence; empty if it does no harm. @param {Outcome} outcome */
export const harm = ({ harm }) => (harm === null ? "" : `its loss is ${measured(harm)} times that of a model that outputs zero`);
