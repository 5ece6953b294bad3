// What does a figure of stored runs show? Rust draws it and says where which run is; pointer and keys go from run to run.

import { nearest } from "./places.js";
import { strings } from "./strings.js";

/**
 * @typedef {object} Picture
 * @property {import("./module.js").Sweep} sweep
 * @property {import("./module.js").StoredRun[]} runs
 * @property {number | null} t the T that is marked, or whose planes are drawn
 * @property {import("./module.js").Place[]} places where the runs are in the last drawing
 * @property {() => void} drawn there are new places
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
    height: ({ sweep }, width) => sweep.height(width),
    draw(api, ctx, size, { picture, view }) {
      picture.places = picture.sweep.draw(ctx, size, view);
      picture.drawn();
    },
    svg: (api, size, { picture, view }) => picture.sweep.svg(size, view),
    data: (picture, { run }) => ({ picture, view: { selected: run, t: picture.t } }),
    summary: ({ sweep, t }) => sweep.summary({ t }),
    caption: ({ sweep, runs }) => strings.caption(runs, sweep.planned),
    file: ({ runs }) => `${runs.length}-runs`,
    numbers({ sweep, t }) {
      const { columns, rows } = sweep.table({ t });
      return { columns, rows: rows.map(({ cells }) => cells), rule: strings.byFigure };
    },
    csv: ({ sweep, t }) => sweep.csv({ t }),
    stops: ({ places }) => places.map((_, place) => ({ place })),
    own: ({ place }) => ({ place }),
    drawn: ({ run }) => ({ run }),
    read: ({ places }, { place }) => (place === undefined ? undefined : places[place]?.reading),
    pickAt({ places }, x, y) {
      const place = nearest(places, x, y);
      return place < 0 ? {} : { place };
    },
  };
}
