// The stored runs that the slider goes through: at every T one run of the main figure whose vectors are there.

import { dataFile } from "../data.js";
import { loadModule } from "../sweeps/module.js";

/** The data seed whose examples the story follows from T to T, as far as there are runs of it. */
export const DATA_SEED = 3;

/** @typedef {import("../lab/kinds.js").Picture} Picture */
/** @typedef {{t: number | "inf", run: import("../sweeps/module.js").StoredRun, outcome: wasm_bindgen.Outcome | undefined, picture: () => Picture}} Stop */

/** @returns {Promise<{stops: Stop[], zones: ReturnType<import("../sweeps/module.js").Sweep["regimes"]>}>} by T, ascending */
export async function storedRuns() {
  const [module, contents] = await Promise.all([loadModule(), dataFile("sweeps.json")]);
  const there = JSON.parse(new TextDecoder().decode(contents));
  const grids = module.sweepFigures().find(({ name }) => name === "main")?.grids ?? [];
  const sweep = new module.Sweep("main");
  for (const grid of grids.filter((name) => name in there)) sweep.addResults(await dataFile(`${grid}.pack`));
  const runs = sweep.runs();
  /** @type {Map<number | "inf", number>} */
  const best = new Map();
  runs.forEach((run, k) => {
    if (!run.measures || sweep.examples(k).index.length === 0) return;
    const other = best.get(run.config.t);
    if (other === undefined || (run.config.data_seed === DATA_SEED && runs[other].config.data_seed !== DATA_SEED)) best.set(run.config.t, k);
  });
  const stops = [...best].map(([t, k]) => ({ t, run: runs[k], outcome: sweep.outcome(k), picture: () => picture(sweep, k, runs[k]) }));
  const order = (/** @type {number | "inf"} */ t) => (t === "inf" ? Infinity : t);
  stops.sort((a, b) => order(a.t) - order(b.t));
  return { stops, zones: sweep.regimes() };
}

/** @param {import("../sweeps/module.js").Sweep} sweep @param {number} k @param {import("../sweeps/module.js").StoredRun} run @returns {Picture} */
function picture(sweep, k, { config, measures }) {
  const [examples, features] = [sweep.examples(k), sweep.features(k)];
  const ring = measures?.polygon;
  return {
    config,
    stored: true,
    hidden: examples.coordinates,
    features: features.coordinates,
    exampleIndex: examples.index,
    featureIndex: features.index,
    exampleDimensionality: examples.dimensionality,
    featureDimensionality: features.dimensionality,
    closedFormRadius: (ring && ring.on_ring === ring.examples && ring.closed_form_radius) || undefined,
    liveSteps: [],
    liveTrain: [],
  };
}
