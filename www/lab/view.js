// What do all charts of a lab show? One state: the step, what the pointer or the keys are on, and what stays selected.
// Knows no document.

/** @typedef {import("./kinds.js").Selection} Selection */

/** Events: "step" and "selection". */
export class View extends EventTarget {
  /** The step that is shown; null: the newest. @type {number | null} */
  step = null;
  /** @type {Selection} */
  hover = {};
  /** @type {Selection} */
  pinned = {};

  /** What is marked in every chart. @returns {Selection} */
  get selection() {
    return { ...this.pinned, ...this.hover };
  }

  /** @param {number | null} step */
  show(step) {
    if (step === this.step) return;
    this.step = step;
    this.dispatchEvent(new Event("step"));
  }

  /** @param {Selection} selection none: the pointer has left */
  look(selection) {
    this.hover = selection;
    this.dispatchEvent(new Event("selection"));
  }

  /** Keeps a selection, or gives it up if it is kept already. @param {Selection} selection none: gives up all @param {boolean} [stay] even then */
  pin(selection, stay = false) {
    const again = !stay && Object.keys(selection).length > 0 && JSON.stringify(selection) === JSON.stringify(this.pinned);
    this.pinned = again ? {} : selection;
    this.dispatchEvent(new Event("selection"));
  }
}
