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
 * @property {Float64Array} shown ranks of examples that are shown
 * @property {Float64Array} wrong of those of them that are misclassified
 * @property {string} caption
 * @property {string} file
 *
 * @typedef {{rank?: number}} Selection
 */

const text = strings.figure;

/** The rank at a place on the axis of x, where both ends are stretched alike (`stretchedRank` is the way back). @param {number} x @param {number} count */
export const rankAt = (x, count) => Math.min(count - 1, Math.max(0, Math.round(count / (1 + Math.exp(-x)) - 0.5)));

/** D* at a rank, between the knots. @param {Picture} picture @param {number} rank */
export function dAt({ ranks, dStar }, rank) {
  const after = ranks.findIndex((knot) => knot >= rank);
  if (after <= 0 || ranks[after] === rank) return dStar[after < 0 ? dStar.length - 1 : after];
  const share = (rank - ranks[after - 1]) / (ranks[after] - ranks[after - 1]);
  return dStar[after - 1] + share * (dStar[after] - dStar[after - 1]);
}

/** @param {boolean} live @returns {import("../figure.js").Kind<Picture, Selection>} */
export const rankedKind = (live) => ({
  name: live ? "digits-live" : "digits",
  shape: "wide",
  title: text.title(live),
  reading: text.reading,
  legend: text.legend,
  draw: (api, ctx, size, data) => api.drawRanked(ctx, size, data),
  svg: (api, size, data) => api.svgRanked(size, data),
  data: (picture, { rank }) => ({ ...picture, selected: rank }),
  summary: (picture) => text.summary(picture.count, picture.dStar[0], dAt(picture, (picture.count - 1) / 2), picture.dStar[picture.dStar.length - 1]),
  source: () => text.source(live),
  caption: ({ caption }) => caption,
  file: ({ file }) => file,
  numbers: ({ ranks, dStar }) => ({
    columns: text.columns,
    rows: Array.from(ranks, (rank, k) => [rank + 1, dStar[k]]).reverse(),
    rule: text.rule,
  }),
  stops: ({ ranks }) => Array.from(ranks, (rank) => ({ rank })),
  own: ({ rank }) => ({ rank }),
  read: (picture, { rank }) =>
    rank === undefined ? undefined : text.read(rank, picture.count, dAt(picture, rank), dAt(picture, (picture.count - 1) / 2)),
  pick: ({ count }, x) => ({ rank: rankAt(x, count) }),
});
