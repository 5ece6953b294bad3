// What does a peer in the browser repeat, and how is it timed? The same as problem.py, which says more.

/** Steps that are not timed, and how long, in ms, stepping goes on: see problem.py. */
const WARM_UP = 3;
const PATIENCE_MS = 10_000;
const LONGEST_STEP_MS = 60_000;
const AT_LEAST_MS = 1_000;

/**
 * @typedef {object} Problem
 * @property {number} n
 * @property {number} m
 * @property {number} t
 * @property {number} steps
 * @property {number} weightDecay
 * @property {number} beta1
 * @property {number} beta2
 * @property {number} eps
 * @property {number[]} recorded steps after which the loss is known
 * @property {Float32Array} x (T, n), dense
 * @property {Float32Array} w (m, n), at the start
 * @property {(k: number) => number} rate linear warm-up over the first 5 % of the steps, then a cosine to zero
 */

/** @param {string} url of the JSON that `lab train --steps 20 --with-data --json` wrote @returns {Promise<Problem>} */
export async function read(url) {
  const { config, initial_w, data, history } = await (await fetch(url)).json();
  const { n, m, t, steps, lr } = config;
  if (config.reduction !== "mean") throw new Error("peers average over examples and features");
  const x = new Float32Array(t * n);
  data.indices.forEach((/** @type {number[]} */ indices, /** @type {number} */ row) =>
    indices.forEach((feature, i) => (x[row * n + feature] = data.values[row][i])),
  );
  const warmUp = Math.max(1, Math.round(0.05 * steps));
  const rate = (/** @type {number} */ k) =>
    k < warmUp ? (lr * (k + 1)) / warmUp : (lr * (1 + Math.cos(Math.PI * Math.min(1, (k - warmUp) / (steps - warmUp))))) / 2;
  const { weight_decay: weightDecay, beta1, beta2, eps } = config;
  const recorded = history.map((/** @type {{step: number}} */ point) => point.step);
  const w = Float32Array.from(initial_w.flat());
  return { n, m, t, steps, weightDecay, beta1, beta2, eps, recorded, x, w, rate };
}

/**
 * What a step takes, in seconds, and the loss after the problem's steps.
 * @param {Problem} problem
 * @param {(k: number) => void | Promise<void>} step makes update k (from 0) and waits for it
 * @param {() => Promise<{w: Float32Array, b: Float32Array}>} params now, (m, n) and (n)
 * @param {string} version
 */
export async function measure(problem, step, params, version) {
  const began = performance.now();
  /** @type {number[]} */
  const times = [];
  let checked;
  while (!checked || (performance.now() - began < AT_LEAST_MS && times.length < 1000)) {
    const start = performance.now();
    await step(times.length);
    const time = performance.now() - start;
    times.push(time);
    if (time > LONGEST_STEP_MS) return { error: `${(time / 1000).toFixed(0)} s a step` };
    const made = times.length;
    const enough = made === problem.steps || (made > WARM_UP && performance.now() - began > PATIENCE_MS);
    if (!checked && enough && problem.recorded.includes(made)) checked = { steps: made, loss: loss(problem, await params()) };
  }
  return { seconds: median(times.slice(WARM_UP)) / 1000, version, ...checked };
}

/**
 * Summed over features, averaged over examples; in doubles, since a sum of all squares in float32 may be off by more than the
 * check allows.
 * @param {Problem} problem
 * @param {{w: Float32Array, b: Float32Array}} params
 */
function loss({ n, m, t, x }, { w, b }) {
  let sum = 0;
  const h = new Float64Array(m);
  for (let row = 0; row < t * n; row += n) {
    h.fill(0);
    for (let i = 0; i < n; i++) if (x[row + i] !== 0) for (let k = 0; k < m; k++) h[k] += w[k * n + i] * x[row + i];
    for (let i = 0; i < n; i++) {
      let z = b[i];
      for (let k = 0; k < m; k++) z += w[k * n + i] * h[k];
      sum += (Math.max(0, z) - x[row + i]) ** 2;
    }
  }
  return sum / t;
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
}
