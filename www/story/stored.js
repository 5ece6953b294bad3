// The stored runs that the slider goes through: at every T one run of the main figure whose vectors are there.

import { dataFile } from "../data.js";
import { loadModule } from "../sweeps/module.js";

/** The data seed whose examples the story follows from T to T, as far as there are runs of it. */
export const DATA_SEED = 3;

/** @typedef {import("../lab/kinds.js").Picture} Picture */
/** @typedef {{t: number | "inf", run: import("../sweeps/module.js").StoredRun, outcome: wasm_bindgen.Outcome | undefined, picture: () => Picture}} Stop */

/** @typedef {"memorises" | "confused" | "generalises"} Regime */

/** What a run does, by what it became. @param {wasm_bindgen.Outcome | undefined} outcome @returns {Regime} */
function regimeOf(outcome) {
  if (["memorised", "all-but", "partly"].includes(outcome?.kind ?? "")) return "memorises";
  return outcome?.kind === "features" ? "generalises" : "confused";
}

/** Where each stretch of T ends: between its last stop and the next. @param {Stop[]} stops @returns {{regime: Regime, from: number, to: number | null}[]} */
function zonesOf(stops) {
  const regimes = stops.map(({ outcome }) => regimeOf(outcome));
  const size = (/** @type {number} */ k) => (stops[k].t === "inf" ? Infinity : Number(stops[k].t));
  const border = (/** @type {number} */ k) => (k === 0 ? 0 : k >= stops.length ? null : Math.sqrt(size(k - 1) * Math.min(size(k), 2 * size(k - 1))));
  const first = regimes.lastIndexOf("memorises") + 1;
  const second = regimes.findLastIndex((regime) => regime !== "generalises") + 1;
  return [
    { regime: "memorises", from: 0, to: border(first) },
    { regime: "confused", from: border(first) ?? Infinity, to: border(second) },
    { regime: "generalises", from: border(second) ?? Infinity, to: null },
  ];
}

/** @returns {Promise<{stops: Stop[], zones: ReturnType<typeof zonesOf>}>} by T, ascending */
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
  return { stops, zones: zonesOf(stops) };
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
