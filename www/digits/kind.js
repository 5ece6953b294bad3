// The sorted curve of D* as a figure: of stored runs and of the live one.

import { strings } from "./strings.js";

/**
 * Ranks count from 0, the lowest D*.
 * @typedef {object} Picture
 * @property {number} count
 * @property {Float64Array} ranks some, ascending
 * @property {Float64Array} dStar D* there
 * @property {number} mean
 * @property {number} lowest D* that must fit
 * @property {number} highest
 * @property {number} [from] ends of the brush
 * @property {number} [to]
 * @property {Float64Array} shown ranks of examples that are shown and classified right
 * @property {Float64Array} wrong of those that are shown and misclassified
 * @property {string} caption
 * @property {string} file
 *
 * @typedef {{rank?: number}} Selection
 */

const text = strings.figure;

/** The ranks of the examples that are classified right, and of the others. @param {import("./tiles.js").Tile[]} tiles */
export function ranksOf(tiles) {
  const ranks = (/** @type {boolean} */ right) =>
    Float64Array.from(
      tiles.filter(({ prediction, label }) => (prediction === label) === right),
      ({ rank }) => rank,
    );
  return { shown: ranks(true), wrong: ranks(false) };
}

/** @param {boolean} live @returns {import("../figure.js").Kind<Picture, Selection>} */
export const rankedKind = (live) => ({
  name: live ? "digits-live" : "digits",
  shape: "wide",
  title: text.title(live),
  reading: text.reading,
  legend: text.legend,
  rule: text.rule,
  make: (/** @type {import("../sweeps/module.js").Module} */ module, picture, { rank }) => module.rankedFigure({ ...picture, selected: rank }),
  source: () => text.source(live),
  caption: ({ caption }) => caption,
  file: ({ file }) => file,
  marked: (_, { rank }) => (rank === undefined ? [] : [rank]),
  selected: (rank) => ({ rank }),
});
