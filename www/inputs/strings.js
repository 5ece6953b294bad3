// The words of the figure of inputs that are not Rust's.

import { plain } from "../format.js";

export const strings = {
  figure: {
    title: "Sparse examples rarely share a feature",
    reading: "Read the features of the examples one by one",
    rule: "by example",
    legend: [
      { key: "dot examples", text: "a stroke for each feature that is not zero" },
      { key: "foot", text: "another example has it as well" },
    ],
  },
  /** @param {number} sparsity */
  sparsity: (sparsity) => `S = ${plain(sparsity)}`,
  source: "Drawn in your browser.",
  /** @param {number} n @param {number} sparsity @param {number | undefined} seed */
  caption: (n, sparsity, seed) => `n = ${plain(n)}, S = ${plain(sparsity)}, data seed ${seed}. Strokes are relative to the highest.`,
};
