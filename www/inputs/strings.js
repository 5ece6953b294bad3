// The words of the figure of inputs.

import { grouped, measured, plain } from "../format.js";

/** @param {number[]} numbers */
const list = (numbers) => numbers.join(", ").replace(/, ([^,]*)$/, " and $1");

export const strings = {
  figure: {
    title: "Sparse examples rarely share a feature",
    reading: "Read the features of the examples one by one",
    legend: [
      { key: "dot examples", text: "a stroke for each feature that is not zero" },
      { key: "foot", text: "another example has it as well" },
    ],
  },
  /** @param {number} sparsity */
  sparsity: (sparsity) => `S = ${plain(sparsity)}`,
  /** @param {{least: number, most: number, pairs: number, of: number}} found */
  summary: ({ least, most, pairs, of }) =>
    `${least === most ? `Each of the five examples has ${grouped(least)}` : `The five examples have ${grouped(least)} to ${grouped(most)}`} non-zero features${least === most ? "" : " each"}; ${pairs === 0 ? "no two have one" : `${pairs} of the ${of} pairs have at least one`} in common.`,
  source: "Drawn in your browser.",
  /** @param {number} n @param {number} sparsity @param {number | undefined} seed */
  caption: (n, sparsity, seed) => `n = ${plain(n)}, S = ${plain(sparsity)}, data seed ${seed}. Strokes are relative to the highest.`,
  columns: ["example", "feature", "value"],
  rule: "by example",
  /** @param {number} example @param {number} feature @param {number} value @param {number[]} others */
  read: (example, feature, value, others) =>
    `Example ${example}: feature ${grouped(feature)} is ${measured(value)}${others.length ? `; not zero either in ${others.length === 1 ? "example" : "examples"} ${list(others)}` : ""}`,
};
