// Every text of the stored runs that is made from data, but for what Rust says in charts and their summaries.

import { duration, length } from "../duration.js";
import { counted, grouped, inWords, measured, plain } from "../format.js";
import { inlined } from "../inlined.js";
import { strings as lab } from "../lab/strings.js";
import { sentence } from "../outcome.js";
import { hovers } from "../strings.js";

const { model } = lab;

/** @typedef {import("./module.js").StoredRun} StoredRun */

/** Do examples that are memorised form something? @param {wasm_bindgen.Outcome} outcome */
const hasRing = (outcome) => outcome.kind === "all-but" || outcome.kind === "partly" || (outcome.kind === "memorised" && outcome.form !== null);

/** At most this many values are listed. */
const FEW = 8;

/** @param {(number | "inf")[]} values */
function range(values) {
  const finite = [...new Set(values.filter((value) => value !== "inf"))].map(Number).sort((a, b) => a - b);
  const shown = finite.length <= FEW ? finite.map(inWords) : [`${inWords(finite[0])} to ${inWords(finite[finite.length - 1])}`];
  return [...shown, ...(values.includes("inf") ? ["∞"] : [])].join(", ");
}

/** The most that a number of different values is at any T. @param {StoredRun[]} runs @param {(run: StoredRun) => number} value */
function most(runs, value) {
  /** @type {Map<string, Set<number>>} */
  const at = new Map();
  for (const run of runs) {
    const key = JSON.stringify({ ...run.config, data_seed: 0, init_seed: 0 });
    at.set(key, (at.get(key) ?? new Set()).add(value(run)));
  }
  return Math.max(...[...at.values()].map((values) => values.size));
}

export const strings = {
  guess: {
    pad: "Your guess: left and right go from one T to the next, up and down move the test loss",
    show: "Show what happens",
    /** @param {string} t @param {number | null} loss */
    value: (t, loss) => `T = ${t}: ${loss === null ? "no guess yet" : `test loss ${measured(loss)}`}`,
    /** @param {string} t @param {number} guess @param {number} loss */
    worst: (t, guess, loss) =>
      `Dashed: your guess. It is furthest off at T = ${t}, where you drew ${measured(guess)} and the runs have ${measured(loss)} on average.`,
  },

  /** @type {Record<string, string>} what figures are called that have no heading of their own on the page */
  titles: {
    planes: "What the plane holds",
  },
  reading: "Read the runs one by one with the arrow keys; Enter opens the run",
  hint: hovers ? "Hover or use arrow keys to read; click or press Enter to open a run." : "Tap a point to open its run.",
  byFigure: "in the order of the figure",
  loading: "Loading the stored runs …",
  noRuns: "The runs of this figure are not stored yet.",

  elsewhere: "To keep this one file small it leaves out the runs of this figure. The page on the web shows them.",
  /** @param {string} file @param {string} why */
  noFile: (file, why) => `This figure’s data could not be loaded: ${file}, ${why}. Everything else works without it; reload the page to try again.`,
  /** @param {string} file @param {string} why a clause from the decoder */
  badFile: (file, why) =>
    `This figure’s data can’t be shown: ${file}, ${why}. Everything else works without it; reload the page, or clear its cache, to try again.`,
  /** @param {string} file @param {string} why */
  noDetails: (file, why) =>
    inlined
      ? "This one file leaves out the vectors of stored runs, and so it can’t replay them; the page on the web can."
      : `The losses on the way and the vectors of this run could not be loaded: ${file}, ${why}. Choose the run again to try again.`,
  /** @param {string} why */
  noFigure: (why) => `This figure could not be drawn (${why}). Everything else works without it.`,

  /** @param {StoredRun[]} runs */
  source: (runs) => `${counted(runs.length, "run", "runs")}, trained beforehand; each can be replayed${inlined ? " on the web" : ""}.`,
  /** What the figure's runs are. @param {StoredRun[]} runs @param {number} planned */
  caption(runs, planned) {
    const configs = runs.map(({ config }) => config);
    /** @param {(config: StoredRun["config"]) => any} value */
    const all = (value) => range([...new Set(configs.map(value))]);
    const reductions = [...new Set(configs.map(({ reduction }) => reduction))].join(" and ");
    const extra = [
      ["weight decay", "weight_decay"],
      ["learning rate", "lr"],
      ["ε", "eps"],
      ["share of warm-up", "warm_up"],
    ].flatMap(([name, field]) => {
      const values = new Set(configs.map((config) => /** @type {any} */ (config)[field]));
      return values.size > 1 ? [`${name} ${range([...values])}`] : [];
    });
    const copies = configs.flatMap(({ repeats }) => repeats.map(({ times }) => times));
    if (copies.length) extra.push(`R = ${range(copies)}`);
    const [data, init] = [most(runs, ({ config }) => config.data_seed), most(runs, ({ config }) => config.init_seed)];
    return (
      [
        `n = ${all(({ n }) => n)}`,
        `m = ${all(({ m }) => m)}`,
        `T = ${all(({ t }) => t)}`,
        `S = ${all(({ sparsity }) => sparsity)}`,
        ...extra,
        `reduction ${reductions}`,
        `${all(({ steps }) => steps)} steps`,
        counted(data, "data seed", "data seeds"),
        ...(configs.some(({ nudge }) => nudge)
          ? [`${init} init seeds each, without and with a kick to the biases`]
          : init > 1
            ? [`up to ${init} init seeds each, of which the lowest train loss counts, and the least ‖W‖ among those that memorise exactly`]
            : []),
      ].join(", ") +
      `. ${runs.length < planned ? `${grouped(runs.length)} of ${counted(planned, "planned run", "planned runs")} are stored` : counted(planned, "run", "runs")}.`
    );
  },

  close: "Close this run",
  replay: "Replay",
  stop: "Stop",
  openInLab: "Open in the lab",

  /** @param {StoredRun} run */
  name: ({ config }) => `T = ${plain(config.t)}, data seed ${config.data_seed}, init seed ${config.init_seed}`,
  /** @param {StoredRun} run */
  settings: ({ config: c }) =>
    `n = ${plain(c.n)}, m = ${plain(c.m)}, S = ${plain(c.sparsity)}, reduction ${c.reduction}, ${plain(c.steps)} steps, ` +
    `learning rate ${plain(c.lr)}, weight decay ${plain(c.weight_decay)}, ε ${plain(c.eps)}, share of warm-up ${plain(c.warm_up)}${model(c)}` +
    `${c.t === "inf" ? `, batch ${plain(c.batch)}` : ""}` +
    `${c.repeats.length ? `, ${counted(c.repeats.length, "example", "examples")} ${plain(c.repeats[0].times)} times${c.repeats.length > 1 ? " each" : ""}` : ""}${c.nudge ? `, a kick of size ${plain(c.nudge.size)} to the biases after ${plain(c.nudge.step)} steps` : ""}.`,
  /** @param {StoredRun} run @param {wasm_bindgen.Outcome} [outcome] if it is known */
  outcome({ measures, diverged_at: divergedAt }, outcome) {
    if (!measures) return `Diverged at step ${grouped(divergedAt ?? 0)}: a weight was no longer a finite number.`;
    const { polygon } = measures;
    const told = outcome ? `${sentence(outcome)} ` : "";
    const ring =
      polygon && outcome && hasRing(outcome)
        ? ` ${polygon.on_ring} of ${polygon.examples} examples on one circle of radius ${measured(polygon.radius)}${polygon.closed_form_radius === null ? "" : ` (${measured(polygon.closed_form_radius)} would do)`}${polygon.unlearned ? `, ${polygon.unlearned} unlearned at the origin` : ""}.`
        : "";
    return `${told}Train loss ${measured(measures.train_loss)}, test loss ${measured(measures.test_loss)}, ‖W‖ ${measured(measures.w_norm)}, ‖b‖ ${measured(measures.b_norm)}.${ring}`;
  },
  /** @param {number} seconds */
  estimate: (seconds) => `Replay trains this very run again, in roughly ${length(Math.max(1, seconds))}, and compares every bit.`,
  loadingRun: "Loading this run …",
  preparing: "Drawing the examples …",
  /** @param {number} step @param {number} steps @param {number} seconds left; NaN while it is not known */
  progress: (step, steps, seconds) => `Step ${grouped(step)} of ${grouped(steps)}${Number.isFinite(seconds) ? `, ${duration(seconds)} left` : ""}.`,
  stopped: "Stopped. Nothing was compared.",
  /** @param {number} losses @param {number} seconds */
  matches: (losses, seconds) =>
    `Matches, bit for bit: all ${grouped(losses)} losses on the way, final losses, norms and geometry. It took ${duration(seconds)}.`,
  /** @param {string} difference */
  differs: (difference) => `Differs from the stored run. Stored and replayed, ${difference}.`,
  /** @param {string} why */
  replayFailed: (why) => `The replay ended by itself${why ? ` (${why})` : ""}. Press Replay to begin again.`,

  /** Under a picture of vectors. @param {number} kept @param {number} count @param {string} role */
  someVectors: (kept, count, role) =>
    kept < count
      ? `${grouped(kept)} of ${grouped(count)} ${role}: those of largest D, the longest, and some at random. Precomputed.`
      : `All ${grouped(count)} ${role}. Precomputed.`,
  /** @param {number} count @param {string} role */
  allVectors: (count, role) => `All ${grouped(count)} ${role}, replayed in your browser.`,
  storedLosses: "Precomputed.",
  replayedLosses: "Replayed in your browser.",
  roles: { examples: "examples", features: "features" },
};
