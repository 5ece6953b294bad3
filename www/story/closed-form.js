// A figure of a closed form: Rust draws it anew whenever the reader moves something, and says what it shows.

import { made, one, say } from "../dom.js";
import { Figure } from "../figure.js";
import { whenNear } from "../near.js";
import { loadModule } from "../sweeps/module.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("../sweeps/module.js").Module} Module
 * @typedef {import("../figure.js").Plot} Plot
 * @typedef {(module: Module) => Plot} Picture
 * @typedef {{place?: number}} Selection
 */

/** So far from the screen it begins to load. */
const NEAR = 600;

/** @param {string} name @param {{title: string, reading: string, hint: string, source: string, caption: string, rule: string, legend: import("../figure.js").LegendEntry[]}} words @returns {import("../figure.js").Kind<Picture, Selection>} */
const closedFormKind = (name, words) => ({
  name,
  shape: "tall",
  ...words,
  make: (module, picture) => picture(module),
  source: () => words.source,
  caption: () => words.caption,
  file: () => "closed-form",
  marked: (_, { place }) => (place === undefined ? [] : [place]),
  selected: (place) => ({ place }),
  // Nothing of it.
  drawn: () => null,
});

/**
 * Puts a figure with its controls into an element, once that is near the screen.
 * @param {HTMLElement} element @param {string} name @param {Parameters<typeof closedFormKind>[1]} words
 * @param {(figure: ClosedFormFigure) => void} begin makes the controls and shows the first picture
 */
export function mountClosedForm(element, name, words, begin) {
  whenNear(element, NEAR, async () => {
    try {
      begin(new ClosedFormFigure(element, name, words, await loadModule()));
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
   * @param {Module} module
   */
  constructor(element, name, words, module) {
    this.module = module;
    this.figure = new Figure(closedFormKind(name, words), module, {
      onselect: (selection) => this.figure.select(selection),
      onpress: ({ place }) => {
        const at = place === undefined ? undefined : this.figure.places[place];
        if (at) this.onpress(at.record);
      },
      ondrawn: () => this.ondrawn(),
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
    /** @type {Picture | null} */
    this.next = null;
  }

  /** Shows what the reader has made, with the next frame. @param {Picture} make */
  show(make) {
    if (!this.next) requestAnimationFrame(() => this.now());
    this.next = make;
  }

  now() {
    this.figure.show(/** @type {Picture} */ (this.next), true);
    this.next = null;
    say(this.verdict, this.figure.plot?.summary() ?? "");
  }
}
