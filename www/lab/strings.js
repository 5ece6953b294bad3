// Every text of the lab. To translate the page, translate this, the other strings.js and index.html, and what Rust says in charts
// and of wrong settings (CONTRIBUTING.md).

import { duration, size } from "../duration.js";
import { counted, grouped, measured, plain } from "../format.js";
import { inFull } from "../outcome.js";

/** The step's place among the steps. @param {number} step @param {number} steps */
const place = (step, steps) => `Step ${grouped(step)} of ${grouped(steps)}`;

/** Settings in a sentence, where their own name will not do. @type {Record<string, string>} */
const names = { t: "T", sparsity: "S", lr: "learning rate", untied: "untied weights", hidden_relu: "ReLU in the hidden layer" };

/** What is lowered, by its name. @type {Record<string, string>} */
const losses = { l2: "squares", l1: "absolute values", l4: "fourth powers", "cross-entropy": "cross-entropy" };

export const strings = {
  /** What stands still, as HTML. */
  still: {
    lab: "The lab",
    presets: "Presets",
    presetsLabel: "<i>T</i>, training examples",
    infinity: "infinity, a fresh batch at every step",
    scale: "Scale",
    scales: { paper: "paper scale <small><i>n</i> = 10,000</small>", classroom: "classroom <small><i>n</i> = 1,000</small>" },
    run: "Run",
    training: "Training",
    start: "Start",
    pause: "Pause",
    continue: "Continue",
    play: "Play",
    again: "Play again",
    steps: "Train a few steps",
    /** @param {number} count */
    step: (count) => counted(count, "step", "steps"),
    reset: "Reset",
    resetTitle: "Back to step 0 with the same initialisation",
    progress: "Progress of the run",
    nextInit: "Try the next init seed",
    restore: "Go on from the last checkpoint",
    yes: "Go on",
    no: "Not now",
    settings: "Settings",
    groups: { data: "Data", model: "Model", training: "Training", others: "Other models", advanced: "Advanced" },
    options: losses,
    next: "next",
    random: "random",
  },

  /**
   * What stands beside and below a setting's field, as HTML. In English these are Rust's; a translation has its own here, by name.
   * @param {string} name @param {wasm_bindgen.SettingWords} words @returns {wasm_bindgen.SettingWords}
   */
  setting: (name, { label, hint }) => ({ label, hint }),

  loading: "Loading the trainer …",
  missing: {
    wasm: "This browser has no WebAssembly, which the trainer on this page needs. A recent Firefox, Chrome, Edge or Safari has it.",
    simd: "This browser’s WebAssembly lacks 128-bit vectors (SIMD), which the trainer on this page needs. Firefox 89, Chrome 91, Edge 91, Safari 16.4 and everything after them have them.",
  },
  /** @param {string} why */
  loadFailed: (why) =>
    `The trainer could not be started: ${why}. Reload the page to try again. If that does not help, this browser or the server of the page stands in its way; the page in one file, superposition.html, may still work.`,
  noWorker: "This browser lets the page start no worker, so the training runs in the page itself, in short slices. It is slower, and all else works.",
  /** @param {string} why */
  died: (why) => `The trainer stopped by itself${why ? ` (${why})` : ""} and was replaced. Nothing else was lost.`,
  /** @param {number} step */
  diedWithCheckpoint: (step) => `You can go on from step ${grouped(step)}, the last one kept.`,
  slow: "The trainer is in the middle of a long step and will pause after it.",
  replace: "Stop it at once",

  /** What is wrong with a field. @param {import("./state.js").Problem} problem */
  problem({ kind, value, why, min, max, options = [], write }) {
    if (why === "choice") return `“${value}” is not one of ${options.join(", ")}.`;
    const range = `from ${plain(min ?? -Infinity)} to ${plain(max ?? Infinity)}${kind === "count" ? ", or ∞" : ""}`;
    const given =
      value === ""
        ? "Nothing is given"
        : why === "number"
          ? `“${value}” is not a number${write ? ` as it is written here, ${write}` : ""}`
          : why === "integer"
            ? `${value} is not a whole number`
            : `${value} is out of range`;
    return `${given}: it must be ${why === "integer" ? "a whole number " : ""}${range}.`;
  },
  changed: "Settings changed: Start begins a new run.",
  wrong: "Nothing was started: a setting is wrong.",

  /** @param {string} message */
  badCheckpoint: (message) => `Not opened, and the run is as it was: ${message}`,

  /** @param {import("./player.js").Player} player @param {boolean} still nothing starts by itself */
  status(player, still) {
    const { phase, step, steps, rate, secondsLeft } = player;
    if (player.creating) return "Drawing the examples …";
    switch (phase) {
      case "none":
        return strings.loading;
      case "ready":
        return `${place(step, steps)}. Ready${still && step === 0 ? ": as your system asks for less motion, it trains once you press Start" : ""}.`;
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
        return `Diverged at step ${grouped(player.divergedAt ?? step)}.`;
      case "dead":
        return "No run.";
    }
  },

  timeline: {
    title: "History of the run",
    track: "Step that the charts show",
    newest: "Newest step",
    fromHere: "Train on from here",
    /** @param {number} step @param {number} steps */
    step: (step, steps) => place(step, steps),
    /** @param {number} step @param {number} steps @param {{step: number, train: number, test: number} | null} losses */
    value: (step, steps, losses) =>
      place(step, steps) +
      (losses
        ? `, train loss ${measured(losses.train)}, test loss ${measured(losses.test)}${losses.step === step ? "" : ` at step ${grouped(losses.step)}`}`
        : ""),
  },
  compare: {
    begin: "Compare with another run",
    end: "End the comparison",
    /** @param {string} letter */
    letter: (letter) => `${letter}: `,
    /** @param {string} letter */
    side: (letter) => `Run ${letter}`,
    /** @param {[string, any][]} differing */
    settings: (differing) =>
      differing.length
        ? differing
            .map(([name, value]) => `${names[name] ?? name.replaceAll("_", " ")} ${typeof value === "number" || value === "inf" ? plain(value) : value}`)
            .join(", ")
        : "the same settings so far: change one, then Start",
  },
  share: {
    title: "Share, save, cite",
    copyLink: "Copy link",
    report: "Save report",
    pytorch: "Save as PyTorch script",
    saveCheckpoint: "Save checkpoint",
    openCheckpoint: "Open checkpoint",
    cite: "Copy BibTeX",
    copied: "The link is in the clipboard. It repeats this run, bit for bit.",
    copyYourself: "The clipboard can’t be reached from here; what was to go there is marked below.",
    nowhere: "This copy of the page has no address, so that is only the end of a link: put it behind the address of the page.",
    citationCopied: "The BibTeX entries are in the clipboard.",
    noScript: "The script could not be loaded.",
    /** @param {string} name */
    fileMayFail: (name) => `If no file ${name} came, the page around this frame forbids it: open the lab by itself to save it.`,
    /** @param {string} name */
    fileAsText: (name) => `If no file ${name} came, the page around this frame forbids it; what was to be in it is marked below.`,
    text: "What the file holds",
    /** @param {string} url none if the page is a file @param {number} year */
    bibtex: (url, year) => `@article{henighan2023superposition,
  title = {Superposition, Memorization, and Double Descent},
  author = {Henighan, Tom and Carter, Shan and Hume, Tristan and Elhage, Nelson and Lasenby, Robert and Fort, Stanislav and Schiefer, Nicholas and Olah, Christopher},
  journal = {Transformer Circuits Thread},
  year = {2023},
  url = {https://transformer-circuits.pub/2023/toy-double-descent}
}

@misc{superposition-explorable,
  title = {Superposition, memorization and double descent: an explorable},
  author = {{The Superposition explorable's authors}},
  year = {${year}}${url && `,\n  url = {${url}}`}
}
`,
  },
  builder: {
    title: "A link for a class or an article",
    embed: "It shows",
    page: "the whole page",
    copied: "The link is in the clipboard.",
    frameCopied: "The HTML of a frame is in the clipboard, with a script that gives it its height.",
    parts: { legend: "Controls that are there", texts: { presets: "presets", settings: "settings", timeline: "timeline", share: "share and save" } },
    figures: "Figures that are there",
    beginsLegend: "The run begins",
    begins: { shown: "as it is shown now", start: "untrained, at step 0", end: "by itself, up to its end" },
    look: "Look",
    present: "presenter mode: the lab alone, in large type",
    built: "The link",
    copy: "Copy this link",
    copyFrame: "Copy the HTML of a frame",
  },
  speed: { label: "Speed", names: { slowest: "slow motion", slow: "slow", normal: "normal", fast: "as fast as it goes" } },

  /** Of an element whose attributes say something else. */
  attributes: "These attributes could not be used as they are:",
  /** What was wrong with the address that the page was opened at. */
  link: {
    title: "This link could not be used as it is:",
    close: "Close",
    /** @param {string} found @param {number} read */
    version: (found, read) => `It is of version “${found}”; this page reads version ${read}, and did so as far as it goes.`,
    /** @param {string} name @param {string} used */
    repeated: (name, used) => `${name} is there more than once. Taken: the first, ${used}.`,
    /** @param {string} name */
    unknown: (name) => `“${name}” is no setting of this page and was left out.`,
    /** @param {string} name @param {string} problem @param {any} used */
    clamped: (name, problem, used) => `${name}: ${problem} Taken instead: ${used === "inf" ? "∞" : typeof used === "boolean" ? (used ? "yes" : "no") : used}.`,
    /** @param {string} problem @param {any} used */
    together: (problem, used) => `${problem} Taken instead: ${used}.`,
    /** @param {string} name @param {string} value @param {string} why */
    ignored: (name, value, why) => `${name}: “${value}” ${why}, and was left out.`,
    /** @param {number} least @param {number} most */
    range: (least, most) => `is not a whole number from ${grouped(least)} to ${grouped(most)}`,
    /** @param {readonly string[]} options */
    noneOf: (options) => `is not one of ${options.join(", ")}`,
    repeats: "is not a list of the form 4x6.9x2 (example 4 six times, example 9 twice)",
    nudge: "is not of the form 10000x0.1 (after 10,000 steps, of size 0.1)",
    /** @param {string} message */
    othersWrong: (message) => `${message} It was left out.`,
  },

  /** @param {number} seconds */
  questionTime: (seconds) => `The first steps say that this run will take ${duration(seconds)}. It can be paused and saved at any step. Go on?`,
  /** @param {number} bytes @param {number} seconds a step */
  questionSize: (bytes, seconds) => `This run needs roughly ${size(bytes)} of memory, and a single step may take ${duration(seconds)}. Go on?`,
  /** @param {number} bytes */
  tooLarge: (bytes) => `This run needs roughly ${size(bytes)} of memory; a tab can hold 4 GB. Choose a smaller T, n, m, batch or number of test examples.`,

  /** @param {wasm_bindgen.Config} config @param {boolean} [stored] */
  source: (config, stored) => `T = ${plain(config.t)}, ${stored ? "trained beforehand." : "live in your browser."}`,
  /** @param {wasm_bindgen.Config} config */
  caption: (config) =>
    `n = ${plain(config.n)}, m = ${plain(config.m)}, T = ${plain(config.t)}, S = ${plain(config.sparsity)}, data seed ${config.data_seed}, ` +
    `init seed ${config.init_seed}, reduction ${config.reduction}${config.t === "inf" ? `, batch ${plain(config.batch)}` : ""}${strings.model(config)}.`,

  /** What is not as in the paper's model. @param {wasm_bindgen.Config} config */
  model: ({ untied, hidden_relu, loss, importance, unit_length }) =>
    (untied ? `, ${names.untied}` : "") +
    (hidden_relu ? `, ${names.hidden_relu}` : "") +
    (loss === "l2" ? "" : `, loss by ${losses[loss]}`) +
    (importance === 1 ? "" : `, importance from 1 to ${plain(importance)}`) +
    (unit_length ? "" : ", examples of any length"),

  /** While it trains. @param {number | undefined} train @param {number | undefined} test */
  training: (train, test) => (test === undefined ? "Training …" : `Training: train loss ${measured(train)}, test loss ${measured(test)}.`),
  untrained: "Not trained yet: W is random and b is zero.",
  verdict: inFull,

  figure: {
    kinds: {
      examples: {
        title: "Hidden vectors of the examples",
        reading: "Read hidden vectors one by one",
        rule: "by length",
        legend: [
          { key: "ring examples", text: "h = Wx, one per example" },
          { key: "circle", text: "smallest circle that will do" },
        ],
      },
      features: {
        title: "Features",
        reading: "Read features one by one",
        rule: "by length",
        legend: [{ key: "dot features", text: "columns of W, one per feature" }],
      },
      losses: {
        title: "Loss",
        reading: "Read the losses step by step",
        rule: "by step",
        legend: [
          { key: "line train", text: "train" },
          { key: "dashed test", text: "test" },
          { key: "dotted", text: "a model that outputs zero" },
        ],
      },
      dimensionalities: {
        title: "Dimensionalities",
        reading: "Read dimensionalities one by one, largest first",
        rule: "by dimensionality",
        legend: [
          { key: "dot features", text: "features" },
          { key: "ring examples", text: "examples" },
          { key: "dashed ink", text: "m/T" },
        ],
      },
    },
  },
};
