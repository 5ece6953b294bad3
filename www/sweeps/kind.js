// What does a figure of stored runs show? Rust draws it and says where which run is; pointer and keys go from run to run.

import { strings } from "./strings.js";

/**
 * @typedef {object} Picture
 * @property {import("./module.js").Sweep} sweep
 * @property {import("./module.js").StoredRun[]} runs
 * @property {number | null} t the T that is marked, or whose planes are drawn
 *
 * @typedef {{place?: number, run?: number}} Selection what is read: the place's index; and what was chosen: the run's
 */

/** @param {string} name of the figure, as Rust lists them @returns {import("../figure.js").Kind<Picture, Selection>} */
export function sweepKind(name) {
  return {
    name,
    shape: "tall",
    title: strings.titles[name] ?? name,
    reading: strings.reading,
    hint: strings.hint,
    legend: [],
    rule: strings.byFigure,
    make: (_, { sweep, t }, { run }) => sweep.figure({ selected: run, t }),
    source: ({ runs }) => strings.source(runs),
    caption: ({ sweep, runs }) => strings.caption(runs, sweep.planned),
    told: true,
    file: ({ runs }) => `${runs.length}-runs`,
    marked: (_, { place }) => (place === undefined ? [] : [place]),
    selected: (place) => ({ place }),
    drawn: ({ run }) => run,
  };
}
