// Stored runs of the classifier: the curve of D* through training time, and the digits on it.

import { all, escaped, made, one, say, unique } from "../dom.js";
import { Figure } from "../figure.js";
import { Brush } from "./brush.js";
import { rankedKind, ranksOf } from "./kind.js";
import { strings } from "./strings.js";
import { Sheet, spread } from "./tiles.js";

/** @typedef {import("./tiles.js").Tile} Tile */

/** How many digits are shown under the brush, and at either end of a class. */
const MOST_TILES = 36;
const CLASS_TILES = 4;
const CLASSES = 10;
/** The mean is that of a full rank, which the findings give. */
const MEDIAN = 4;
const HIGHEST = 8;

export class Explorer {
  /** @param {import("../sweeps/module.js").Module} module that draws @param {typeof digits_bindgen} classifier @param {Uint8Array} bytes */
  constructor(module, classifier, bytes) {
    this.pack = new classifier.DigitsPack(bytes);
    this.head = this.pack.head();
    this.sheet = new Sheet(this.head.images);
    this.knots = Float64Array.from(this.head.knots);
    /** @type {Map<string, digits_bindgen.DigitsMoment>} */
    this.moments = new Map();
    this.run = 0;
    /** Of the run's snapshots; the one after the first few epochs is where most is to be seen. */
    this.at = Math.min(4, this.head.runs[0].moments - 1);

    const { config } = this.head.runs[0];
    this.element = made(markup(this.head.runs));
    this.figure = new Figure(rankedKind(false), module, { onselect: (selection) => this.figure.select(selection) });
    this.brush = new Brush(module, config.examples, () => this.follow());
    this.brush.follow(this.figure);
    one(this.element, ".curve").append(this.figure.element, this.brush.element);
    this.sheet.ink(this.element);

    /** @type {HTMLInputElement} */
    this.time = one(this.element, ".time input");
    this.time.addEventListener("input", () => {
      this.at = Number(this.time.value);
      this.show();
    });
    for (const radio of /** @type {HTMLInputElement[]} */ (all(this.element, ".runs input"))) {
      radio.addEventListener("change", () => {
        this.run = Number(radio.value);
        this.show();
      });
    }
    this.show();
  }

  /** @param {number} at @returns {digits_bindgen.DigitsMoment} */
  moment(at) {
    const key = `${this.run}/${at}`;
    const moment = this.moments.get(key) ?? this.pack.moment(this.run, at);
    this.moments.set(key, moment);
    return moment;
  }

  /** @param {number} at */
  epoch(at) {
    const { config } = this.head.runs[this.run];
    return Math.round(this.moment(at).findings.step / Math.ceil(config.examples / config.batch));
  }

  /** Every example that the page has, lowest D* first. @returns {Tile[]} */
  tiles() {
    const { indices, digits, runs } = this.head;
    const { labels } = runs[this.run];
    const { findings, dStar, ranks, predictions } = this.moment(this.at);
    const tile = (/** @type {number} */ index, /** @type {number} */ at) => ({
      at,
      index,
      rank: ranks[at],
      digit: digits[at],
      label: labels[at],
      prediction: predictions[at],
      ratio: dStar[at] / findings.quantiles[MEDIAN],
    });
    return Array.from(indices, tile).sort((a, b) => a.rank - b.rank);
  }

  /** The run and the time are others. */
  show() {
    const { config, moments } = this.head.runs[this.run];
    this.sorted = this.tiles();
    const { findings } = this.moment(this.at);
    const epoch = this.epoch(this.at);
    this.time.max = String(moments - 1);
    this.time.value = String(this.at);
    this.time.setAttribute("aria-valuetext", strings.epoch(epoch, config.epochs));
    say(one(this.element, ".time output"), strings.epoch(epoch, config.epochs));
    say(one(this.element, ".findings"), strings.findings(findings, epoch));
    this.fillClasses(this.sorted);
    this.fillTenths(findings);
    this.follow();
  }

  /** The brush is elsewhere, or what lies under it is. */
  follow() {
    const { from, to } = this.brush;
    const { config } = this.head.runs[this.run];
    const under = (this.sorted ?? []).filter(({ rank }) => rank >= from && rank <= to);
    const shown = spread(under, MOST_TILES).reverse();
    this.sheet.fill(one(this.element, ".under ul"), shown);
    say(one(this.element, ".under p"), strings.underSummary(shown.length, from, to, config.examples));
    const every = Array.from({ length: this.head.runs[this.run].moments }, (_, at) => this.moment(at).findings.quantiles);
    const { findings, curve } = this.moment(this.at);
    this.figure.show(
      {
        count: config.examples,
        ranks: this.knots,
        dStar: curve,
        mean: findings.rank / config.examples,
        lowest: Math.min(...every.map((quantiles) => quantiles[0])),
        highest: Math.max(...every.map((quantiles) => quantiles[HIGHEST])),
        from,
        to,
        ...ranksOf(shown),
        caption: strings.figure.caption(config),
        file: `${strings.condition(config)}-epoch-${this.epoch(this.at)}`.replaceAll(/[ %.]+/g, "-"),
      },
      true,
    );
  }

  /** @param {Tile[]} sorted */
  fillClasses(sorted) {
    for (let digit = 0; digit < CLASSES; digit += 1) {
      const own = sorted.filter((tile) => tile.digit === digit);
      const lists = all(this.element, `[data-class="${digit}"] ul`);
      this.sheet.fill(lists[0], own.slice(0, CLASS_TILES));
      this.sheet.fill(lists[1], own.slice(-CLASS_TILES));
    }
  }

  /** @param {digits_bindgen.DigitsFindings} findings */
  fillTenths({ misclassified, mislabelled, memorised }) {
    /** @type {[string, digits_bindgen.DigitsGroup | null][]} */
    const groups = [
      [strings.misclassified, misclassified],
      [strings.mislabelled, mislabelled],
      [strings.memorised, memorised],
    ];
    const charts = groups.flatMap(([who, group]) => {
      if (!group) return [];
      // Bars are as high as the share of the group that the tenth holds; a full bar is three times an even share, or the largest.
      const full = Math.max(0.3 * group.count, ...group.tenths, 1);
      const bar = (/** @type {number} */ count, /** @type {number} */ k) =>
        `<li style="--share: ${(count / full).toFixed(4)}"><span class="visually-hidden">${escaped(strings.tenth(k, count))}</span></li>`;
      return [
        made(
          `<div class="tenths"><h4>${escaped(strings.tenthsTitle(who, group.count, group.auc))}</h4><ol style="--even: ${((0.1 * group.count) / full).toFixed(4)}">${group.tenths.map(bar).join("")}</ol></div>`,
        ),
      ];
    });
    one(this.element, ".groups").replaceChildren(...charts);
  }
}

/** @param {digits_bindgen.DigitsHead["runs"]} runs */
function markup(runs) {
  const time = unique("time");
  const name = unique("run");
  const radio = (/** @type {digits_bindgen.DigitsHead["runs"][0]} */ { config }, /** @type {number} */ k) =>
    `<label><input type="radio" name="${name}" value="${k}"${k === 0 ? " checked" : ""}> ${escaped(strings.condition(config))}</label>`;
  const row = (/** @type {unknown} */ _, /** @type {number} */ digit) => `
    <div class="row" data-class="${digit}">
      <ul aria-label="${escaped(strings.classLowest(digit))}"></ul><b aria-hidden="true">${digit}</b><ul aria-label="${escaped(strings.classHighest(digit))}"></ul>
    </div>`;
  return `
  <div class="explorer">
    <div class="controls">
      <div class="runs" role="radiogroup" aria-label="${escaped(strings.run)}">${runs.map(radio).join("")}</div>
      <div class="time"><label for="${time}">${escaped(strings.time)}</label><input id="${time}" type="range" min="0" max="0"><output for="${time}"></output></div>
    </div>
    <p class="findings" aria-live="polite"></p>
    <div class="panes">
      <div class="curve"></div>
      <div>
        <div class="under"><h3>${escaped(strings.under)}</h3><p></p><ul class="tiles" aria-label="${escaped(strings.under)}"></ul></div>
        <div class="standing"><h3>${escaped(strings.tenths)}</h3><p>${escaped(strings.tenthsNote)}</p><div class="groups"></div></div>
      </div>
    </div>
    <details class="by-class"><summary><h3>${escaped(strings.classes)}</h3></summary>
      <div class="row heads" aria-hidden="true"><span>${escaped(strings.lowest)}</span><b></b><span>${escaped(strings.highest)}</span></div>
      ${Array.from({ length: CLASSES }, row).join("")}
    </details>
  </div>`;
}
