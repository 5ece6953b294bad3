// What did this run become? From its measures to one of the few things that a run can be. The closed form is of the paper's
// weights and data; elsewhere a ring of uneven lengths is no failure.

import { polygonal } from "./state.js";

/** @typedef {import("./strings.js").Verdict} Verdict */

/** Up to so many examples, an example that isn't on the ring is a failure of the optimisation; with more, examples begin to
 * share features and the paper's own runs leave some out. */
const FEW = 24;
/** A feature stands out if its dimensionality is a good part of a dimension's and falls off steeply after the last that does. */
const FEATURE_D = 0.05;
const CLIFF = 2;
const MOST_FEATURES = 12;

/**
 * @param {object} run
 * @param {wasm_bindgen.Config} run.config
 * @param {number} run.step
 * @param {boolean} run.finished
 * @param {number | undefined} run.divergedAt
 * @param {wasm_bindgen.Measures} measures
 * @param {Float64Array} featureD
 * @param {Float64Array} exampleD
 * @param {number} nothing the loss of a model that has learned nothing
 * @returns {Verdict}
 */
export function verdict(run, measures, featureD, exampleD, nothing) {
  const base = { finished: run.finished, step: run.step, trainLoss: measures.train_loss, testLoss: measures.test_loss };
  if (run.divergedAt !== undefined) return { ...base, kind: "diverged", step: run.divergedAt };

  const ring = measures.polygon;
  const exact = polygonal(run.config);
  const memorised = ring && {
    ...base,
    onRing: ring.on_ring,
    examples: ring.examples,
    unlearned: ring.unlearned,
    radius: ring.radius,
    closedForm: ring.closed_form_radius,
    angle: ring.angular_error_degrees,
  };
  const features = standOut(featureD);
  if (memorised && memorised.examples <= FEW && measures.train_loss < 0.9 * nothing && (exact || (ring.regular && ring.on_ring === ring.examples))) {
    const { onRing, unlearned, examples } = memorised;
    if (ring.regular && onRing === examples) return { ...memorised, kind: "polygon" };
    if (ring.regular) return { ...memorised, kind: "unlearned" };
    if (onRing === examples) return { ...memorised, kind: "uneven" };
    if (onRing + unlearned < examples) return { ...memorised, kind: "circles" };
    return { ...memorised, kind: "unlearned" };
  }
  if (features && measures.test_loss < nothing) return { ...base, kind: "features", ...features };
  if (exact && memorised && memorised.onRing >= memorised.examples / 2) return { ...memorised, kind: "partly" };
  const share = run.config.t === "inf" ? 0 : run.config.m / run.config.t;
  if (share > 0 && measures.train_loss < 0.5 * measures.test_loss) {
    const mean = exampleD.reduce((sum, d) => sum + d, 0) / exampleD.length;
    return { ...base, kind: "memorising", exampleD: mean, share };
  }
  return { ...base, kind: "between", highD: featureD.reduce((a, b) => Math.max(a, b), 0) };
}

/** The few features that stand out, if there are such. @param {Float64Array} dimensionality */
function standOut(dimensionality) {
  const top = dimensionality.slice().sort().reverse().subarray(0, MOST_FEATURES + 1);
  let features = 0;
  for (let k = 0; k + 1 < top.length; k += 1) {
    if (top[k] >= FEATURE_D && top[k] > CLIFF * top[k + 1]) features = k + 1;
  }
  if (features < 2) return null;
  return { features, highD: top[0], lowD: top[features - 1], nextD: top[features] };
}
