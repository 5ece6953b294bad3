// Every text that the page makes from data. Texts that stand still are in index.html. To translate the page, translate
// both; nothing else holds words.


const LOCALE = "en";
const grouped = new Intl.NumberFormat(LOCALE);
const plural = new Intl.PluralRules(LOCALE);

/** @param {number} count @param {string} one @param {string} other */
const counted = (count, one, other) => `${grouped.format(count)} ${plural.select(count) === "one" ? one : other}`;

/** A whole number or a setting. @param {number | "inf"} value */
export function plain(value) {
  if (value === "inf") return "∞";
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : value.toLocaleString(LOCALE, { maximumFractionDigits: 8 });
}

/** 2.63·10⁻¹¹ @param {number} value */
function power(value) {
  const [digits, exponent] = value.toExponential(2).split("e");
  const raised = [...exponent.replace("+", "")].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");
  return `${digits.replace("-", "−")}·10${raised}`;
}

/** A measured number: three or four significant digits. @param {number | null | undefined} value */
export function measured(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return power(value);
  const text = value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.95 ? 3 : 4);
  return text.replace("-", "−");
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 1) return "under a second";
  if (seconds < 90) return counted(Math.round(seconds), "second", "seconds");
  if (seconds < 5400) return `about ${counted(Math.round(seconds / 60), "minute", "minutes")}`;
  if (seconds < 172800) return `about ${counted(Math.round(seconds / 3600), "hour", "hours")}`;
  return `about ${counted(Math.round(seconds / 86400), "day", "days")}`;
}

/** @param {number} bytes */
const size = (bytes) =>
  bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MB` : `${grouped.format(Math.round(bytes / 2 ** 30))} GB`;

/** The step's place among the steps. @param {number} step @param {number} steps */
const place = (step, steps) => `Step ${grouped.format(step)} of ${grouped.format(steps)}`;

const POLYGONS = ["", "point", "line", "triangle", "square", "pentagon", "hexagon", "heptagon", "octagon", "nonagon", "decagon"];
/** @param {number} [corners] */
const polygonName = (corners = 0) => `regular ${POLYGONS[corners] ?? `polygon of ${corners} corners`}`;

export const strings = {
  missing: {
    wasm: "This browser has no WebAssembly, which the trainer on this page needs. A recent Firefox, Chrome, Edge or Safari has it.",
    simd: "This browser’s WebAssembly lacks 128-bit vectors (SIMD), which the trainer on this page needs. Firefox 89, Chrome 91, Edge 91, Safari 16.4 and everything after them have them.",
  },
  /** @param {string} why */
  loadFailed: (why) => `The trainer could not be loaded (${why}). Reload the page to try again.`,
  noWorker: "This browser lets the page start no worker, so the training runs in the page itself, in short slices. It is slower, and all else works.",
  /** @param {string} why */
  died: (why) => `The trainer stopped by itself${why ? ` (${why})` : ""} and was replaced. Nothing else was lost.`,
  /** @param {number} step */
  diedWithCheckpoint: (step) => `You can go on from step ${grouped.format(step)}, the last one kept.`,
  slow: "The trainer is in the middle of a long step and will pause after it.",
  replace: "Stop it at once",
  restore: "Go on from the last checkpoint",

  /** What is wrong with a field. @param {import("./state.js").Problem} problem */
  problem({ field, value, why, min, max }) {
    const range = `from ${plain(min ?? -Infinity)} to ${plain(max ?? Infinity)}${field === "t" ? ", or ∞" : ""}`;
    const given = value === "" ? "Nothing is given" : why === "number" ? `“${value}” is not a number` : why === "integer" ? `${value} is not a whole number` : `${value} is out of range`;
    return `${given}: it must be ${why === "integer" ? "a whole number " : ""}${range}.`;
  },
  changed: "Settings changed: Start begins a new run.",
  wrong: "Nothing was started: a setting is out of its range.",

  /** @param {string} message */
  badCheckpoint: (message) => `Not opened, and the run is as it was: ${message}`,

  /** @param {import("./player.js").Player} player */
  status(player) {
    const { phase, step, steps, rate, secondsLeft } = player;
    if (player.creating) return "Drawing the examples …";
    switch (phase) {
      case "none":
        return "Loading the trainer …";
      case "ready":
        return `${place(step, steps)}. Ready.`;
      case "running":
        return Number.isFinite(secondsLeft) && rate > 0
          ? `${place(step, steps)}, ${duration(secondsLeft)} left at ${plain(Math.round(rate) || Number(rate.toPrecision(2)))} steps a second.`
          : `${place(step, steps)}. Timing the first steps …`;
      case "asking":
      case "paused":
        return `${place(step, steps)}. Paused${Number.isFinite(secondsLeft) ? `, ${duration(secondsLeft)} of training left` : ""}.`;
      case "finished":
        return `${place(step, steps)}. Finished.`;
      case "diverged":
        return `Diverged at step ${grouped.format(player.divergedAt ?? step)}.`;
      case "dead":
        return "No run.";
    }
  },

  /** @param {number} seconds */
  questionTime: (seconds) => `The first steps say that this run will take ${duration(seconds)}. It can be paused and saved at any step. Go on?`,
  /** @param {number} bytes @param {number} seconds a step */
  questionSize: (bytes, seconds) =>
    `This run needs roughly ${size(bytes)} of memory, and a single step may take ${duration(seconds)}. Go on?`,
  /** @param {number} bytes */
  tooLarge: (bytes) => `This run needs roughly ${size(bytes)} of memory; a tab can hold 4 GB. Choose a smaller T, n, m, batch or number of test examples.`,

  /** @param {wasm_bindgen.Config} config */
  caption: (config) =>
    `n = ${plain(config.n)}, m = ${plain(config.m)}, T = ${plain(config.t)}, S = ${plain(config.sparsity)}, data seed ${config.data_seed}, ` +
    `init seed ${config.init_seed}, reduction ${config.reduction}${config.t === "inf" ? `, batch ${plain(config.batch)}` : ""}. Live, in your browser.`,

  /** While it trains. @param {number | undefined} train @param {number | undefined} test */
  training: (train, test) => (test === undefined ? "Training …" : `Training: train loss ${measured(train)}, test loss ${measured(test)}.`),
  untrained: "Not trained yet: W is random and b is zero.",

  /**
   * The verdict on a run.
   * @param {Verdict} v
   */
  verdict(v) {
    const losses = `Train loss ${measured(v.trainLoss)}, test loss ${measured(v.testLoss)}.`;
    const soFar = v.finished ? "" : "So far: ";
    switch (v.kind) {
      case "diverged":
        return `Diverged at step ${grouped.format(v.step)}: a weight is no longer a finite number. Try a lower learning rate or the init seed after this.`;
      case "polygon":
        return `${soFar}Memorising: ${v.onRing} of ${v.examples} examples on one circle, a ${polygonName(v.onRing)}, radius ${measured(v.radius)}, closed form ${measured(v.closedForm)}. ${losses}`;
      case "unlearned":
        return `${soFar}Optimisation failure: ${v.onRing} of ${v.examples} examples form a ${polygonName(v.onRing)} of radius ${measured(v.radius)} (closed form ${measured(v.closedForm)}), but ${v.unlearned} stayed at the origin, unlearned. ${losses}`;
      case "circles":
        return `${soFar}Optimisation failure: the ${v.examples} examples lie on more than one circle; ${v.onRing} are on the main one, of radius ${measured(v.radius)}${v.unlearned ? `, and ${v.unlearned} stayed at the origin` : ""}. ${losses}`;
      case "uneven":
        return `${soFar}Optimisation failure: ${v.onRing} of ${v.examples} examples are on one circle of radius ${measured(v.radius)} but unevenly spaced, up to ${measured(v.angle)}° off. ${losses}`;
      case "partly":
        return `${soFar}Memorising in part: ${v.onRing} of ${v.examples} examples on one circle of radius ${measured(v.radius)}, ${v.unlearned} at the origin, unlearned. ${losses}`;
      case "memorising":
        return `${soFar}Memorising: the examples have D_X of ${measured(v.exampleD)} on average (m/T is ${measured(v.share)}) and no feature stands out. ${losses}`;
      case "features":
        return (
          `${soFar}Generalising: ${v.features} features stand out${v.features === 5 ? ", a pentagon" : ""}, with D from ${measured(v.lowD)} to ${measured(v.highD)}; ` +
          `the next has ${measured(v.nextD)}. ${losses}`
        );
      case "between":
        return `${soFar}Neither: no polygon of examples, and no few features that stand out (largest D ${measured(v.highD)}). ${losses}`;
    }
  },

  figure: {
    nothing: "nothing yet",
    /** @param {number} index @param {number[]} vector @param {number | undefined} d @param {string} name */
    vector(index, vector, d, name) {
      const shown = vector.length <= 4 ? `(${vector.map(measured).join(", ")}), ` : "";
      const length = Math.hypot(...vector);
      return `${name} ${grouped.format(index + 1)}: ${shown}length ${measured(length)}${d === undefined ? "" : `, D ${measured(d)}`}`;
    },
    example: "Example",
    feature: "Feature",
    /** @param {number} step @param {number} train @param {number} test */
    loss: (step, train, test) => `Step ${grouped.format(step)}: train loss ${measured(train)}, test loss ${measured(test)}`,
    /** @param {string} name @param {number} index @param {number} d */
    dimensionality: (name, index, d) => `${name} ${grouped.format(index + 1)}: D ${measured(d)}`,

    /** @param {"examples" | "features"} role @param {number} count @param {number} m @param {number} longest @param {number} long */
    vectorsSummary: (role, count, m, longest, long) =>
      `${role === "examples" ? "Hidden vectors" : "Columns of W"} in ${counted(m, "dimension", "dimensions")}: ` +
      `${counted(count, role === "examples" ? "example" : "feature", role)}, the longest ${measured(longest)}, ${plain(long)} at least half as long.`,
    /** @param {number} step @param {number} train @param {number} test */
    lossesSummary: (step, train, test) =>
      `Loss against step on a logarithmic axis, up to step ${grouped.format(step)}: train loss ${measured(train)}, test loss ${measured(test)}.`,
    /** @param {number[]} features largest first @param {number[]} examples largest first @param {number} share */
    dimensionalitiesSummary: (features, examples, share) =>
      `Dimensionalities: features up to ${measured(features[0])}, examples from ${measured(examples.at(-1))} to ${measured(examples[0])}` +
      `${share > 0 && share <= 1 ? `; m/T is ${measured(share)}` : ""}.`,

    /** @param {number} shown @param {number} all @param {string} rule */
    tableCaption: (shown, all, rule) => (shown < all ? `${grouped.format(shown)} of ${grouped.format(all)} ${rule}; the CSV has all` : `All ${grouped.format(all)} ${rule}`),
    byLength: "by length",
    byD: "by dimensionality",
    bySteps: "by step",
    columns: { example: "example", feature: "feature", kind: "kind", index: "number", length: "length", d: "D", step: "step", train: "train loss", test: "test loss" },
  },
};

/**
 * @typedef {object} Verdict
 * @property {"diverged" | "polygon" | "unlearned" | "circles" | "uneven" | "partly" | "memorising" | "features" | "between"} kind
 * @property {boolean} finished
 * @property {number} step
 * @property {number} trainLoss
 * @property {number} testLoss
 * @property {number} [onRing]
 * @property {number} [examples]
 * @property {number} [unlearned]
 * @property {number} [radius]
 * @property {number | null} [closedForm]
 * @property {number} [angle]
 * @property {number} [exampleD]
 * @property {number} [share]
 * @property {number} [features]
 * @property {number} [lowD]
 * @property {number} [highD]
 * @property {number} [nextD]
 */
