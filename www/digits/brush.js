// Choosing a stretch of the curve: by pointer on the figure, by two sliders, or by name. Ranks count from 0, the lowest D*.

import { all, escaped, made, unique } from "../dom.js";
import { strings } from "./strings.js";

/** Steps of a slider from end to end. */
const STEPS = 400;
/** A click chooses so much of the axis. */
const CLICK = 0.05;
/** A pointer that moves less has clicked. */
const STILL = 5;
/** How many examples the named places choose. */
const FEW = 24;

export class Brush {
  /**
   * @param {import("../sweeps/module.js").Module} module that draws
   * @param {number} count of examples
   * @param {() => void} onchange
   */
  constructor(module, count, onchange) {
    this.module = module;
    this.count = count;
    this.onchange = onchange;
    this.end = module.stretchedRank(count - 1, count);
    this.from = count - FEW;
    this.to = count - 1;
    const [from, to] = [unique("brush"), unique("brush")];
    this.element = made(`
      <div class="brush" role="group" aria-label="${escaped(strings.brush)}">
        <label for="${from}">${escaped(strings.brushFrom)}</label><input id="${from}" type="range" min="0" max="${STEPS}" data-end="from">
        <label for="${to}">${escaped(strings.brushTo)}</label><input id="${to}" type="range" min="0" max="${STEPS}" data-end="to">
        <span class="places">${Object.entries(strings.places)
          .map(([place, name]) => `<button type="button" data-place="${place}">${escaped(name)}</button>`)
          .join(" ")}</span>
      </div>`);
    for (const input of this.inputs) {
      input.addEventListener("input", () => {
        const rank = this.rankOf(Number(input.value) / STEPS);
        // An end that passes the other pushes it.
        if (input.dataset.end === "from") this.set(rank, Math.max(rank, this.to));
        else this.set(Math.min(rank, this.from), rank);
      });
    }
    for (const button of all(this.element, "[data-place]")) {
      button.addEventListener("click", () => {
        const middle = Math.round((count - FEW) / 2);
        const first = { lowest: 0, middle, highest: count - FEW }[button.dataset.place ?? ""] ?? 0;
        this.set(first, first + FEW - 1);
      });
    }
    this.show();
  }

  /** @returns {HTMLInputElement[]} */
  get inputs() {
    return all(this.element, "input");
  }

  /** The rank at a share of the axis. @param {number} share */
  rankOf(share) {
    return this.module.rankAt((2 * share - 1) * this.end, this.count);
  }

  /** The share of the axis at which a rank lies. @param {number} rank */
  shareOf(rank) {
    return (this.module.stretchedRank(rank, this.count) / this.end + 1) / 2;
  }

  /** @param {number} from @param {number} to */
  set(from, to) {
    if (from === this.from && to === this.to) return;
    [this.from, this.to] = [from, to];
    this.show();
    this.onchange();
  }

  show() {
    for (const input of this.inputs) {
      const rank = input.dataset.end === "from" ? this.from : this.to;
      input.value = String(Math.round(this.shareOf(rank) * STEPS));
      input.setAttribute("aria-valuetext", strings.place(rank, this.count));
    }
  }

  /** Listens to a pointer that is drawn over a figure. @param {import("../figure.js").Figure<any, any>} figure */
  follow(figure) {
    const { reader } = figure;
    /** Where the pointer went down, as a share of the axis. @type {{x: number, share: number} | null} */
    let start = null;
    const share = (/** @type {PointerEvent} */ event) => {
      const axis = figure.area?.x;
      if (!axis) return 0.5;
      return Math.min(1, Math.max(0, (figure.pixel(event)[0] - axis.pixel0) / (axis.pixel1 - axis.pixel0)));
    };
    const drag = (/** @type {PointerEvent} */ event) => {
      if (!start) return;
      const ends = [start.share, share(event)];
      if (Math.abs(event.clientX - start.x) < STILL) return;
      this.set(this.rankOf(Math.min(...ends)), this.rankOf(Math.max(...ends)));
    };
    reader.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      start = { x: event.clientX, share: share(event) };
      reader.setPointerCapture(event.pointerId);
    });
    reader.addEventListener("pointermove", drag);
    reader.addEventListener("pointerup", (event) => {
      drag(event);
      if (start && Math.abs(event.clientX - start.x) < STILL) {
        this.set(this.rankOf(Math.max(0, start.share - CLICK / 2)), this.rankOf(Math.min(1, start.share + CLICK / 2)));
      }
      start = null;
    });
    reader.addEventListener("pointercancel", () => (start = null));
  }
}
