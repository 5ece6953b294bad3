// What does a figure of stored runs show? Rust draws it and says where which run is; pointer and keys go from run to run.

import { strings } from "./strings.js";

/**
 * @typedef {object} Picture
 * @property {import("./module.js").Sweep} sweep
 * @property {import("./module.js").StoredRun[]} runs
 * @property {import("./module.js").Place[]} places where the runs are in the last drawing
 * @property {() => void} drawn there are new places
 *
 * @typedef {{place?: number, run?: number}} Selection what is read: the place's index; and what was chosen: the run's
 */

/** Within so many pixels of a run the pointer reads it. */
const REACH = 20;

/** @param {string} name of the figure, as Rust lists them @returns {import("../figure.js").Kind<Picture, Selection>} */
export function sweepKind(name) {
  return {
    name,
    shape: "tall",
    title: strings.titles[name] ?? name,
    reading: strings.reading,
    hint: strings.hint,
    legend: [],
    height: ({ sweep }, width) => sweep.height(width),
    draw(api, ctx, size, { picture, view }) {
      picture.places = picture.sweep.draw(ctx, size, view);
      picture.drawn();
    },
    svg: (api, size, { picture, view }) => picture.sweep.svg(size, view),
    data: (picture, { run }) => ({ picture, view: { selected: run } }),
    summary: ({ sweep }) => sweep.summary(),
    source: ({ runs }) => strings.source(runs),
    caption: ({ sweep, runs }) => strings.caption(runs, sweep.planned),
    told: true,
    file: ({ runs }) => `${runs.length}-runs`,
    numbers({ sweep }) {
      const { columns, rows } = sweep.table();
      return { columns, rows: rows.map(({ cells }) => cells), rule: strings.byFigure };
    },
    csv: ({ sweep }) => sweep.csv(),
    stops: ({ places }) => places.map((_, place) => ({ place })),
    own: ({ place }) => ({ place }),
    drawn: ({ run }) => ({ run }),
    read: ({ places }, { place }) => (place === undefined ? undefined : places[place]?.reading),
    pickAt({ places }, x, y) {
      let best = -1;
      let least = REACH * REACH;
      places.forEach((place, i) => {
        const distance = (place.x - x) ** 2 + (place.y - y) ** 2;
        if (distance < least) [best, least] = [i, distance];
      });
      return best < 0 ? {} : { place: best };
    },
  };
}
