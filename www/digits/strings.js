// Every text that the section on digits makes from data. What stands still is in index.html.

import { LOCALE, counted, grouped, measured, percent } from "../format.js";

/** @param {number} share */
const found = (share) => percent((100 * share).toFixed(share > 0.9995 ? 2 : 1));

/** A share that somebody has set. @param {number} share */
const setting = (share) => percent(Number((100 * share).toFixed(3)));

const ENDINGS = /** @type {Record<string, string>} */ ({ one: "st", two: "nd", few: "rd", other: "th" });
const ordinals = new Intl.PluralRules(LOCALE, { type: "ordinal" });
/** @param {number} n */
const nth = (n) => (n === 1 ? "" : `${grouped(n)}${ENDINGS[ordinals.select(n)]} `);

/** A rank from 0, counted from the nearer end. @param {number} rank @param {number} count */
const place = (rank, count) => (rank < count / 2 ? `the ${nth(rank + 1)}lowest` : `the ${nth(count - rank)}highest`);

/** @param {number} ratio */
const times = (ratio) => `${ratio >= 9.95 ? Math.round(ratio) : ratio >= 0.995 ? ratio.toFixed(1) : ratio.toFixed(2)}×`;

export const strings = {
  setting,
  place,
  times,
  loading: "Loading the digits …",
  /** @param {string} why */
  failed: (why) => `The digits can’t be shown: ${why}. The rest of the page works.`,
  retry: "Try again",
  elsewhere: "The digits are too large for this one file. The page on the web shows them.",
  run: "Run",
  /** @param {digits_bindgen.DigitsConfig} config */
  condition({ weight_decay, label_noise }) {
    if (label_noise > 0) return `${setting(label_noise)} wrong labels`;
    return weight_decay > 0 ? `weight decay ${weight_decay}` : "plain";
  },
  time: "Time",
  /** @param {number} epoch @param {number} epochs */
  epoch: (epoch, epochs) => (epoch === 0 ? "before training" : `after ${counted(epoch, "epoch", "epochs")} of ${epochs}`),
  brush: "Brush",
  brushFrom: "Brush: from",
  brushTo: "Brush: to",
  places: { lowest: "lowest", middle: "middle", highest: "highest" },
  under: "Under the brush",
  /** @param {number} shown @param {number} from @param {number} to @param {number} count */
  underSummary: (shown, from, to, count) => {
    const all = to - from + 1;
    const where = `from ${place(from, count)} to ${place(to, count)} D*`;
    if (shown === 0) return `None of the ${grouped(all)} examples ${where} is among those that the page has: widen the brush.`;
    if (shown === all && to === count - 1) return `The ${counted(all, "example", "examples")} with the highest D*, highest first.`;
    if (shown === all && from === 0) return `The ${counted(all, "example", "examples")} with the lowest D*, highest first.`;
    return shown === all
      ? `All ${counted(all, "example", "examples")} ${where}, highest first.`
      : `${grouped(shown)} of ${grouped(all)} examples ${where}, highest first.`;
  },
  classes: "Lowest and highest of each digit",
  lowest: "lowest D*",
  highest: "highest D*",
  /** @param {number} digit */
  classLowest: (digit) => `Lowest D* among the ${digit}s`,
  /** @param {number} digit */
  classHighest: (digit) => `Highest D* among the ${digit}s`,
  tenths: "Where they stand",
  tenthsNote:
    "By tenths of all examples, lowest D* on the left; dotted is an even spread. AUC is the probability that one of these has a higher D* than one of the others.",
  /** @param {string} who @param {number} count @param {number | null} auc */
  tenthsTitle: (who, count, auc) => `${counted(count, `${who} example`, `${who} examples`)}${auc === null ? "" : `, AUC ${auc.toFixed(2)}`}`,
  misclassified: "misclassified",
  mislabelled: "mislabelled",
  memorised: "mislabelled and memorised",
  /** @param {number} tenth @param {number} count */
  tenth: (tenth, count) => `${tenth + 1}${ENDINGS[ordinals.select(tenth + 1)]} tenth: ${grouped(count)}`,

  /**
   * @param {object} tile
   * @param {number} tile.index @param {number} tile.digit @param {number} tile.label @param {number} tile.prediction @param {number} tile.ratio
   */
  tile: ({ index, digit, label, prediction, ratio }) =>
    `A ${digit}, example ${grouped(index)}, ${times(ratio)} the median` +
    `${label !== digit ? `, labelled ${label}` : ""}${prediction !== label ? `, taken for ${prediction}` : ""}`,
  /** @param {number} label */
  labelled: (label) => `label ${label}`,
  /** @param {number} prediction */
  taken: (prediction) => `→ ${prediction}`,

  /** @param {digits_bindgen.DigitsFindings} f @param {number} epoch */
  findings(f, epoch) {
    const median = f.quantiles[4];
    const far = f.above[2];
    return (
      `${epoch === 0 ? "Before training" : `After ${counted(epoch, "epoch", "epochs")}`}: ` +
      `${found(f.train_accuracy)} of training and ${found(f.test_accuracy)} of test examples are right. ` +
      `The median D* is ${measured(median)}, ${found(f.alike)} of the examples lie between half and twice that, ` +
      `and the highest is ${times(f.quantiles[8] / median)} as large` +
      `${far ? `; ${far === 1 ? "one is" : `${grouped(far)} are`} more than ten times as large` : ""}.`
    );
  },

  figure: {
    /** @param {boolean} live */
    title: (live) => (live ? "D* of the examples that this network trains on" : "D* of every training example, sorted"),
    reading: "Read D* along the curve",
    legend: [
      { key: "line ink", text: "D*, sorted" },
      { key: "dotted", text: "mean, m/T" },
      { key: "ring examples", text: "shown" },
      { key: "square wrong", text: "shown and misclassified" },
    ],
    rule: "by rank",
    /** @param {boolean} live */
    source: (live) => (live ? "Live, in your browser." : "60,000 training examples of MNIST; the network was trained beforehand."),
    /** @param {digits_bindgen.DigitsConfig} c */
    caption: (c) =>
      `MNIST, T = ${grouped(c.examples)}, m = ${c.hidden} ReLU units, D* on their activations. AdamW, ${c.epochs} epochs of batches of ${c.batch}, peak rate ${c.lr}, ` +
      `weight decay ${c.weight_decay}, ${setting(c.label_noise)} wrong labels, data seed ${c.data_seed}, init seed ${c.init_seed}. Made by lab mnist.`,
    /** @param {number} count @param {LiveSettings} s */
    liveCaption: (count, s) =>
      `The first ${grouped(count)} training examples of MNIST in 16 shades, m = ${s.hidden}, ${s.epochs} epochs, weight decay ${s.decay}, ${setting(s.noise)} wrong labels, both seeds ${s.seed}.`,
  },

  live: {
    title: "Memorise some yourself",
    /** @param {number} megabytes */
    note: (megabytes) => `A smaller network, trained here on 4,000 digits, which are loaded when you press Start (${megabytes.toFixed(1)} MB).`,
    start: "Start",
    pause: "Pause",
    continue: "Continue",
    again: "Run again",
    decay: "weight decay",
    noise: "wrong labels",
    seed: "seed",
    next: "next",
    loading: "Loading …",
    /** @param {digits_bindgen.DigitsFrame} f @param {number} epoch @param {number} epochs */
    status: (f, epoch, epochs) =>
      `Epoch ${epoch} of ${epochs}: ${found(f.trainAccuracy)} of training and ${found(f.testAccuracy)} of test examples right` +
      `${f.auc === undefined ? "" : `; a mislabelled example has a higher D* than another with probability ${f.auc.toFixed(2)}`}.`,
    diverged: "Training diverged.",
    highest: "Highest D*",
    lowest: "Lowest D*",
  },
};

/** @typedef {{hidden: number, epochs: number, decay: number, noise: number, seed: number}} LiveSettings */
