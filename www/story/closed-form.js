// A figure of a closed form: Rust draws it anew whenever the reader moves something, and says what it shows.

import { made, one, say } from "../dom.js";
import { Figure } from "../figure.js";
import { whenNear } from "../near.js";
import { loadModule } from "../sweeps/module.js";
import { nearest } from "../sweeps/places.js";
import { load } from "../wasm.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("../pkg/sweeps.js").ClosedForm} ClosedForm
 * @typedef {import("../sweeps/module.js").Place} Place
 * @typedef {{form: ClosedForm, places: Place[], drawn: () => void}} Picture
 * @typedef {{place?: number}} Selection
 */

/** So far from the screen it begins to load. */
const NEAR = 600;

/** @param {string} name @param {{title: string, reading: string, hint: string, source: string, caption: string, rule: string, legend: import("../figure.js").LegendEntry[]}} words */
const closedFormKind = (name, words) => ({
  name,
  shape: /** @type {const} */ ("tall"),
  title: words.title,
  reading: words.reading,
  hint: words.hint,
  legend: words.legend,
  /** @param {Picture} picture @param {number} width */
  height: ({ form }, width) => form.height(width),
  /** @param {any} _ @param {CanvasRenderingContext2D} ctx @param {any} size @param {Picture} picture */
  draw(_, ctx, size, picture) {
    const { area, places } = picture.form.draw(ctx, size);
    picture.places = places;
    picture.drawn();
    return area;
  },
  /** @param {any} _ @param {any} size @param {Picture} picture */
  svg: (_, size, { form }) => form.svg(size),
  /** @param {Picture} picture */
  data: (picture) => picture,
  /** @param {Picture} picture */
  summary: ({ form }) => form.summary(),
  source: () => words.source,
  caption: () => words.caption,
  file: () => "closed-form",
  /** @param {Picture} picture */
  numbers({ form }) {
    const { columns, rows } = form.table();
    return { columns, rows: rows.map(({ cells }) => cells), rule: words.rule };
  },
  /** @param {Picture} picture */
  csv: ({ form }) => form.csv(),
  /** @param {Picture} picture @returns {Selection[]} */
  stops: ({ places }) => places.map((_, place) => ({ place })),
  /** @param {Selection} selection @returns {Selection} */
  own: ({ place }) => ({ place }),
  /** @returns {Selection} nothing of it is marked in the drawing */
  drawn: () => ({}),
  /** @param {Picture} picture @param {Selection} selection */
  read: ({ places }, { place }) => (place === undefined ? undefined : places[place]?.reading),
  /** @param {Picture} picture @param {number} x @param {number} y @returns {Selection} */
  pickAt({ places }, x, y) {
    const place = nearest(places, x, y);
    return place < 0 ? {} : { place };
  },
});

/**
 * Puts a figure with its controls into an element, once that is near the screen.
 * @param {HTMLElement} element @param {string} name @param {Parameters<typeof closedFormKind>[1]} words
 * @param {(figure: ClosedFormFigure) => void} begin makes the controls and shows the first picture
 */
export function mountClosedForm(element, name, words, begin) {
  whenNear(element, NEAR, async () => {
    try {
      const [api, module] = await Promise.all([load(), loadModule()]);
      begin(new ClosedFormFigure(element, name, words, api, module));
      element.dataset.state = "shown";
    } catch (error) {
      const notice = made(`<p class="notice" role="alert"></p>`);
      say(notice, strings.noFigure(error instanceof Error ? error.message : String(error)));
      element.append(notice);
    }
  });
}

export class ClosedFormFigure {
  /**
   * @param {HTMLElement} element @param {string} name @param {Parameters<typeof closedFormKind>[1]} words
   * @param {typeof wasm_bindgen} api @param {import("../sweeps/module.js").Module} module
   */
  constructor(element, name, words, api, module) {
    this.module = module;
    this.figure = new Figure(closedFormKind(name, words), api, {
      onselect: (selection) => this.figure.select(selection),
      onpress: ({ place }) => {
        const at = place === undefined ? undefined : this.places[place];
        if (at) this.onpress(at.record);
      },
    });
    this.plot = one(this.figure.element, ".plot");
    this.controls = made(`<div class="gon-controls"></div>`);
    this.verdict = made(`<p class="gon-verdict" role="status"></p>`);
    this.plot.before(this.controls, this.verdict);
    element.append(this.figure.element);
    /** The reader pressed a mark of that thing. @type {(record: number) => void} */
    this.onpress = () => {};
    /** There are new marks. */
    this.ondrawn = () => {};
    /** @type {(() => ClosedForm) | null} */
    this.next = null;
  }

  /** @returns {Place[]} */
  get places() {
    return this.figure.picture?.places ?? [];
  }

  /** Shows what the reader has made, with the next frame. @param {() => ClosedForm} make */
  show(make) {
    if (!this.next) requestAnimationFrame(() => this.now());
    this.next = make;
  }

  now() {
    const before = this.figure.picture?.form;
    const form = /** @type {() => ClosedForm} */ (this.next)();
    this.next = null;
    this.figure.show({ form, places: [], drawn: () => this.ondrawn() }, true);
    say(this.verdict, form.summary());
    before?.free();
  }
}
