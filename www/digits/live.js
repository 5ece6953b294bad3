// A small network that memorises digits while the reader watches.

import { all, escaped, made, one, say, unique } from "../dom.js";
import { dataFile } from "../data.js";
import { Figure } from "../figure.js";
import { rankedKind, ranksOf } from "./kind.js";
import { strings } from "./strings.js";
import { Sheet } from "./tiles.js";
import { startDigits } from "./wasm.js";

const FILE = "digits-live.bin";
const MEGABYTES = 0.6;
const HIDDEN = 128;
const EPOCHS = 30;
const DECAYS = [0, 0.1, 1];
const NOISES = [0, 0.01, 0.05];
/** How many digits of either tail. */
const TAIL = 12;
/** Knots of the curve: how many at either end, one by one, and how many between. */
const END_KNOTS = 48;
const KNOTS = 200;

const text = strings.live;

export class Live {
  /** @param {import("../sweeps/module.js").Module} module that draws @param {typeof digits_bindgen} classifier */
  constructor(module, classifier) {
    this.module = module;
    this.classifier = classifier;
    this.element = made(markup());
    this.start = /** @type {HTMLButtonElement} */ (one(this.element, ".start"));
    this.status = one(this.element, ".status");
    this.seed = 1;
    /** @type {import("./wasm.js").Port | null} */
    this.port = null;
    /** The run that was asked for last, and whether it trains. */
    this.run = 0;
    /** @type {"none" | "running" | "paused" | "ended"} */
    this.phase = "none";
    /** @type {digits_bindgen.LiveDigits | null} */
    this.digits = null;
    /** @type {Sheet | null} */
    this.sheet = null;
    this.figure = new Figure(rankedKind(true), module, { onselect: (selection) => this.figure.select(selection) });
    one(this.element, ".curve").append(this.figure.element);
    this.start.addEventListener("click", () => this.press());
    one(this.element, ".next").addEventListener("click", () => {
      this.seed += 1;
      this.reset();
    });
    for (const select of all(this.element, "select")) select.addEventListener("change", () => this.reset());
    this.say();
  }

  get settings() {
    const value = (/** @type {string} */ name) => Number(/** @type {HTMLSelectElement} */ (one(this.element, `[name="${name}"]`)).value);
    return { hidden: HIDDEN, epochs: EPOCHS, decay: value("decay"), noise: value("noise"), seed: this.seed };
  }

  press() {
    if (this.phase === "running") return this.hold(true);
    if (this.phase === "paused") return this.hold(false);
    this.create().catch((error) => this.fail(error));
  }

  /** @param {boolean} still */
  hold(still) {
    this.phase = still ? "paused" : "running";
    this.port?.post({ type: "train", run: this.run, on: !still });
    this.say();
  }

  /** @returns {Live["phase"]} */
  now() {
    return this.phase;
  }

  /** Settings are others: what was trained is no longer theirs. */
  reset() {
    this.port?.post({ type: "train", run: this.run, on: false });
    this.phase = "none";
    this.say();
  }

  async create() {
    this.phase = "running";
    const run = (this.run += 1);
    this.say();
    say(this.status, text.loading);
    const file = await dataFile(FILE);
    this.digits ??= this.classifier.liveDigits(file);
    this.sheet ??= new Sheet(this.digits.images);
    this.sheet.ink(this.element);
    this.port ??= await startDigits(
      (message) => this.hear(message),
      (why) => this.fail(new Error(why)),
    );
    // The reader may have done something since.
    const phase = this.now();
    if (run !== this.run || phase === "none") return;
    one(this.element, ".panes").hidden = false;
    this.trained = this.settings;
    this.port.post({ type: "create", run, file, ...this.trained });
    this.hold(phase === "paused");
  }

  /** @param {any} message */
  hear(message) {
    if (message.run !== this.run || this.phase === "none") return;
    if (message.type === "dead") return this.fail(new Error(message.message));
    if (message.ended) this.phase = "ended";
    this.say();
    this.show(message.frame, message.epoch);
    if (message.diverged) say(this.status, text.diverged);
  }

  /** @param {unknown} error */
  fail(error) {
    this.port?.end();
    this.port = null;
    this.phase = "none";
    this.say();
    say(this.status, strings.failed(error instanceof Error ? error.message : String(error)));
  }

  say() {
    const words = { none: text.start, running: text.pause, paused: text.continue, ended: text.again }[this.phase];
    say(this.start, words);
    this.element.dataset.phase = this.phase;
    say(one(this.element, ".seed"), String(this.seed));
  }

  /** @param {digits_bindgen.DigitsFrame} frame @param {number} epoch */
  show(frame, epoch) {
    const { digits, sheet, trained } = this;
    if (!digits || !sheet || !trained) return;
    const { dStar, labels, predictions } = frame;
    const count = dStar.length;
    const order = Array.from(dStar, (_, at) => at).sort((a, b) => dStar[a] - dStar[b]);
    const median = dStar[order[Math.floor(count / 2)]];
    const tile = (/** @type {number} */ rank) => {
      const at = order[rank];
      return { at, index: at, rank, digit: digits.digits[at], label: labels[at], prediction: predictions[at], ratio: dStar[at] / median };
    };
    const highest = Array.from({ length: TAIL }, (_, k) => tile(count - 1 - k));
    const lowest = Array.from({ length: TAIL }, (_, k) => tile(k));
    const [high, low] = all(this.element, ".tails ul");
    sheet.fill(high, highest);
    sheet.fill(low, lowest);
    const { module } = this;
    const end = module.stretchedRank(count - 1, count);
    const between = Array.from({ length: KNOTS }, (_, k) => module.rankAt(end * ((2 * k + 1) / KNOTS - 1), count));
    const ends = Array.from({ length: END_KNOTS }, (_, k) => [k, count - 1 - k]).flat();
    const ranks = Float64Array.from([...new Set([...between, ...ends])]).sort();
    const shown = [...highest, ...lowest];
    const sum = dStar.reduce((total, d) => total + d, 0);
    this.figure.show(
      {
        count,
        ranks,
        dStar: ranks.map((rank) => dStar[order[rank]]),
        mean: Math.round(sum) / count,
        // A scale that holds still while it trains.
        lowest: 1e-3,
        highest: 1,
        ...ranksOf(shown),
        caption: strings.figure.liveCaption(count, trained),
        file: `decay-${trained.decay}-noise-${trained.noise}-seed-${trained.seed}-epoch-${epoch}`,
      },
      this.phase !== "running",
    );
    say(this.status, text.status(frame, epoch, trained.epochs));
  }
}

function markup() {
  const [decay, noise, title] = [unique("decay"), unique("noise"), unique("live")];
  const options = (/** @type {number[]} */ values, /** @type {(value: number) => string} */ name) =>
    values.map((value) => `<option value="${value}">${escaped(name(value))}</option>`).join("");
  return `
  <div class="live" role="group" aria-labelledby="${title}">
    <h3 id="${title}">${escaped(text.title)}</h3>
    <p>${escaped(text.note(MEGABYTES))}</p>
    <div class="controls">
      <button type="button" class="start primary"></button>
      <span><label for="${decay}">${escaped(text.decay)}</label> <select id="${decay}" name="decay">${options(DECAYS, String)}</select></span>
      <span><label for="${noise}">${escaped(text.noise)}</label> <select id="${noise}" name="noise">${options(NOISES, strings.setting)}</select></span>
      <span>${escaped(text.seed)} <span class="seed"></span> <button type="button" class="next">${escaped(text.next)}</button></span>
    </div>
    <p class="status"></p>
    <div class="panes" hidden>
      <div class="curve"></div>
      <div class="tails">
        <h4>${escaped(text.highest)}</h4><ul class="tiles" aria-label="${escaped(text.highest)}"></ul>
        <h4>${escaped(text.lowest)}</h4><ul class="tiles" aria-label="${escaped(text.lowest)}"></ul>
      </div>
    </div>
  </div>`;
}
