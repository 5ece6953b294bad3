// How does a reader move through the history of a run? A slider over its snapshots, by pointer, touch and keys, while it trains as
// well as after. The lab's one button plays them (controls.js).

import { one, say } from "../dom.js";
import { strings } from "./strings.js";

/** Step 0 lies as far left of step 1 as half a decade, as on the chart of losses. */
const ZERO = 0.3;
/** The reader's choices: steps that are trained and snapshots that are played in a second. There are at most 232 of these to a decade of steps; 0: no limit. */
export const SPEEDS = {
  slowest: { steps: 20, snapshots: 4 },
  slow: { steps: 200, snapshots: 12 },
  normal: { steps: 2000, snapshots: 40 },
  fast: { steps: 0, snapshots: 120 },
};

const words = strings.timeline;

export class Timeline {
  /**
   * @param {HTMLElement} element
   * @param {import("./view.js").View} view
   * @param {() => import("./player.js").Player} player the one whose history it is
   * @param {{train: (step: number) => void, change: () => void}} on the reader wants to train on from a step; playing began or ended
   */
  constructor(element, view, player, on) {
    this.element = element;
    this.view = view;
    this.player = player;
    const part = (/** @type {string} */ name) => one(element, `[data-part="${name}"]`);
    this.track = one(element, ".track");
    this.knob = one(element, ".knob");
    this.known = one(element, ".known");
    this.label = one(element, "output");
    this.newest = part("newest");
    this.fromHere = part("from-here");
    this.on = on;
    /** What is chosen. @type {keyof typeof SPEEDS} */
    this.speed = "fast";
    /** What is being played: up to which step, the place among the snapshots, as a fraction, and how fast. @type {{to: number, at: number, since: number, speed: keyof typeof SPEEDS | undefined} | null} */
    this.playing = null;
    this.drawing = false;

    this.newest.addEventListener("click", () => {
      this.stop();
      view.show(null);
      this.track.focus();
    });
    this.fromHere.addEventListener("click", () => {
      this.track.focus();
      on.train(this.step);
    });
    this.track.addEventListener("pointerdown", (event) => {
      this.track.setPointerCapture(event.pointerId);
      this.point(event);
    });
    this.track.addEventListener("pointermove", (event) => {
      if (this.track.hasPointerCapture(event.pointerId)) this.point(event);
    });
    this.track.addEventListener("keydown", (event) => this.key(event));
    view.addEventListener("step", () => this.update());
  }

  get items() {
    return this.player().snapshots.items;
  }

  /** The step that is shown: that of a snapshot. */
  get step() {
    const { view, items } = this;
    const player = this.player();
    return view.step === null ? player.step : (items[player.snapshots.nearest(view.step)]?.step ?? player.step);
  }

  /** Is the last of what is known shown? */
  get atEnd() {
    return this.step >= (this.items.at(-1)?.step ?? 0);
  }

  /** Where a step lies on the track, from 0 to 1. @param {number} step */
  place(step) {
    const { steps } = this.player();
    return steps > 0 ? Math.log(Math.max(step, ZERO) / ZERO) / Math.log(Math.max(steps, 1) / ZERO) : 0;
  }

  /** @param {PointerEvent} event */
  point(event) {
    const { items } = this;
    const box = this.track.getBoundingClientRect();
    if (items.length === 0 || box.width === 0) return;
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const step = share === 0 ? 0 : ZERO * (this.player().steps / ZERO) ** share;
    this.go(step < 0.55 ? 0 : step);
  }

  /** @param {number} index */
  showItem(index) {
    const { items } = this;
    const item = items[Math.min(items.length - 1, Math.max(0, index))];
    if (item) this.view.show(item.step);
  }

  /** Shows the state nearest to a step. @param {number} step */
  go(step) {
    this.stop();
    this.showItem(this.player().snapshots.nearest(step));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { items } = this;
    const last = items.length - 1;
    const at = this.player().snapshots.nearest(this.step);
    const page = Math.max(1, Math.round(items.length / 10));
    /** @type {Record<string, number>} */
    const moves = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, PageUp: at + page, PageDown: at - page, Home: 0, End: last };
    if (event.key in moves) {
      this.stop();
      this.showItem(moves[event.key]);
    } else if (event.key === "Escape") {
      this.stop();
      this.view.show(null);
    } else if (event.key === " " || event.key === "Enter") {
      if (this.playing) this.stop();
      else this.play();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Plays the snapshots of a range of steps; all from the shown one on, or from the first, unless told. @param {number} [from] @param {number} [to] @param {keyof typeof SPEEDS} [speed] */
  play(from, to = Infinity, speed) {
    const { items } = this;
    if (items.length < 2) return;
    const { snapshots } = this.player();
    const at = from === undefined ? (this.atEnd ? 0 : snapshots.nearest(this.step)) : snapshots.nearest(from);
    this.playing = { to, at, since: performance.now(), speed };
    this.showItem(at);
    this.on.change();
    requestAnimationFrame(() => this.advance());
  }

  advance() {
    const { playing, items } = this;
    if (!playing || !this.element.isConnected) return;
    const now = performance.now();
    playing.at += ((now - playing.since) / 1000) * SPEEDS[playing.speed ?? this.speed].snapshots;
    playing.since = now;
    const end = Math.min(items.length - 1, this.player().snapshots.before(playing.to));
    this.showItem(Math.min(Math.floor(playing.at), end));
    // While it trains there is more to come.
    if (playing.at >= end && !(this.player().phase === "running" && items[end].step < playing.to)) {
      // There it goes on, if there is more to train.
      if (end === items.length - 1 && !this.player().ended) this.view.show(null);
      return this.stop();
    }
    playing.at = Math.min(playing.at, end);
    requestAnimationFrame(() => this.advance());
  }

  stop() {
    if (!this.playing) return;
    this.playing = null;
    this.on.change();
  }

  /** Follows the run and the view, once per animation frame. */
  update() {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.draw();
    });
  }

  draw() {
    const { items, step, view } = this;
    const player = this.player();
    const last = items[items.length - 1]?.step ?? 0;
    this.known.style.width = `${100 * this.place(last)}%`;
    this.knob.style.left = `${100 * this.place(step)}%`;
    this.element.classList.toggle("past", view.step !== null);
    say(this.label, words.step(step, player.steps));
    this.newest.hidden = view.step === null;
    this.fromHere.hidden = view.step === null || player.phase === "running" || step >= player.steps;
    this.track.setAttribute("aria-valuemax", String(last));
    this.track.setAttribute("aria-valuenow", String(step));
    this.track.setAttribute("aria-valuetext", words.value(step, player.steps, this.losses(step)));
  }

  /** The last losses that were recorded at or before a step. @type {(step: number) => {step: number, train: number, test: number} | null} */
  losses = () => null;
}
