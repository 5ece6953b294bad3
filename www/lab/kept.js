// Which states of a run can be shown or gone back to? As many as a budget of memory holds, dense where the run changes.
// Knows no document.

/**
 * What is kept of one step.
 * @typedef {object} State
 * @property {number} step
 * @property {Float32Array | Uint8Array} values
 *
 * What has been computed from a snapshot stays with it.
 * @typedef {object} Computed
 * @property {Float64Array} [featureD]
 * @property {Float64Array} [exampleD]
 * @property {wasm_bindgen.Measured} [measures]
 *
 * @typedef {State & Computed & {apart: number}} Item how far it is from the one before
 */

/** A run's states in the order of steps. The first and the last are never dropped. */
export class Kept {
  /**
   * @param {number} budget bytes
   * @param {(a: State, b: State) => number} apart how far two neighbours are from each other
   */
  constructor(budget, apart) {
    this.budget = budget;
    this.apart = apart;
    /** @type {Item[]} */
    this.items = [];
    this.bytes = 0;
  }

  clear() {
    this.items = [];
    this.bytes = 0;
  }

  /** Index of the last state at or before a step, -1 if there is none. @param {number} step */
  before(step) {
    let [low, high] = [0, this.items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.items[middle].step <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Index of the state whose step is nearest, as a ratio. @param {number} step */
  nearest(step) {
    const at = this.before(step);
    const next = this.items[at + 1];
    if (at < 0 || !next) return next ? at + 1 : at;
    // On a logarithmic axis, where step 0 lies left of 1.
    return (step + 1) ** 2 > (this.items[at].step + 1) * (next.step + 1) ? at + 1 : at;
  }

  /** The state of just that step. @param {number} step @returns {Item | undefined} */
  exactly(step) {
    const item = this.items[this.before(step)];
    return item?.step === step ? item : undefined;
  }

  /** Keeps a state; a step that is there already stays as it is, for it has the same bits. @param {State} state */
  add({ step, values }) {
    const at = this.before(step);
    if (this.items[at]?.step === step) return;
    /** @type {Item} */
    const item = { step, values, apart: 0 };
    this.items.splice(at + 1, 0, item);
    this.bytes += values.byteLength;
    this.measure(at + 1);
    this.measure(at + 2);
    while (this.bytes > this.budget && this.thin());
  }

  /** @param {number} index */
  measure(index) {
    const [before, item] = [this.items[index - 1], this.items[index]];
    if (before && item) item.apart = this.apart(before, item);
  }

  /** Drops the state without which the two beside it are nearest to each other. Whether there was one. */
  thin() {
    const { items } = this;
    let [least, gap] = [-1, Infinity];
    for (let k = 1; k + 1 < items.length; k += 1) {
      const without = items[k].apart + items[k + 1].apart;
      if (without < gap) [least, gap] = [k, without];
    }
    if (least < 0) return false;
    this.bytes -= items[least].values.byteLength;
    items[least + 1].apart = gap;
    items.splice(least, 1);
    return true;
  }
}

/**
 * Snapshots of a run with n features and m hidden dimensions: columns of W, perhaps W_up, b, hidden vectors, as `Run.snapshot` gives them.
 * Two are as far apart as W has changed, relative to its size, plus the logarithm of the ratio of their steps: a
 * per cent of the one counts as much as of the other.
 * @param {number} budget @param {number} n @param {number} m
 */
export function snapshots(budget, n, m) {
  return new Kept(budget, (a, b) => {
    let [difference, size] = [0, 0];
    for (let i = 0; i < n * m; i += 1) {
      const [x, y] = [a.values[i], b.values[i]];
      difference += (y - x) * (y - x);
      size += x * x + y * y;
    }
    const change = size > 0 && size < Infinity ? Math.sqrt((2 * difference) / size) : 0;
    return change + Math.log((b.step + 1) / (a.step + 1));
  });
}

/** Checkpoints, from which training goes on: evenly spaced. @param {number} budget */
export function checkpoints(budget) {
  return new Kept(budget, (a, b) => b.step - a.step);
}

/** What a snapshot is made of. @param {State} state @param {wasm_bindgen.Config} config */
export function parts({ step, values }, { n, m, untied }) {
  const all = /** @type {Float32Array} */ (values);
  const params = n * ((untied ? 2 * m : m) + 1);
  return { step, features: all.subarray(0, n * m), params: all.subarray(0, params), hidden: all.subarray(params) };
}
