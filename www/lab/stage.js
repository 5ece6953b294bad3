// What the figures and the sentence under the run show: asks the trainer for frames, and draws them, or draws an earlier step
// from its snapshot.
//
// The next frame is asked for after the last was drawn, at most once per animation frame, and only for figures that
// somebody can see; training goes on whether or not anybody looks.

import { say } from "../dom.js";
import { Figure } from "../figure.js";
import { mayEndBetter } from "../outcome.js";
import { parts } from "./kept.js";
import { kinds } from "./kinds.js";
import { Refused } from "./player.js";
import { strings } from "./strings.js";

/** Drawing takes at most this share of the main thread's time. */
const DRAWING_SHARE = 0.35;
/** After this many ms of drawing the rest is another task, so that the page stays quick to answer. */
const LONG_DRAWING_MS = 6;
/** After so long at one step its words and tables are made as well. */
const SETTLE_MS = 150;

/** @typedef {import("./kinds.js").Picture} Picture */
/** @typedef {import("./kinds.js").Selection} Selection */
/** @typedef {{picture: Picture, measures: wasm_bindgen.Measured | null, verdict: wasm_bindgen.Outcome | null}} Drawn measures and verdict at rest only */

export class Stage {
  /**
   * @param {{figures: HTMLElement, verdicts: HTMLElement[]}} places where figures go, and the sentence; the first of these is read aloud
   * @param {import("./player.js").Player} player
   * @param {string[]} names of the figures, as in `kinds`
   * @param {import("./view.js").View} view
   * @param {(drawn: Drawn) => void} ondrawn
   */
  constructor({ figures, verdicts }, player, names, view, ondrawn) {
    this.player = player;
    this.view = view;
    this.ondrawn = ondrawn;
    this.verdicts = verdicts;
    /** Null until the wasm is there. @type {typeof wasm_bindgen | null} */
    this.api = null;
    /** The figures of this name on the other side, where two runs are compared. @type {Stage | null} */
    this.peer = null;
    /** @type {Figure<Picture, Selection>[]} */
    this.figures = names.map(
      (name) =>
        new Figure(kinds[name], null, {
          onselect: (selection) => view.look(selection),
          onpress: (selection, x) => this.press(kinds[name], selection, x),
          onvisible: () => this.frame(),
        }),
    );
    figures.append(...this.figures.map(({ element }) => element));
    /** What is drawn, and the newest state of the run. @type {Picture | null} */
    this.picture = null;
    /** @type {Picture | null} */
    this.live = null;
    /** What of their axes the figures take, where two runs are compared. @type {import("./kinds.js").Reach} */
    this.reach = {};
    /** The lineage of the run that the pictures are of. */
    this.lineage = 0;
    /** A frame was asked for and has not been drawn. */
    this.awaiting = false;
    /** The figures show something else than the run, and go on doing so. */
    this.covered = false;
    this.nextFrameAt = 0;
    /** What the run that is shown became. @type {wasm_bindgen.Outcome | null} */
    this.outcome = null;
    /** The moment that is shown in full. */
    this.shown = "";
    this.turning = false;
    this.settling = 0;
    this.onpage = () => this.frame();
    this.onstep = () => this.turn();
    this.onselection = () => {
      for (const figure of this.figures) figure.select(view.selection);
    };
    document.addEventListener("visibilitychange", this.onpage);
    view.addEventListener("step", this.onstep);
    view.addEventListener("selection", this.onselection);
  }

  /** The wasm is there. @param {typeof wasm_bindgen} api */
  begin(api) {
    this.api = api;
    for (const figure of this.figures) figure.api = api;
    this.onselection();
  }

  destroy() {
    clearTimeout(this.settling);
    document.removeEventListener("visibilitychange", this.onpage);
    this.view.removeEventListener("step", this.onstep);
    this.view.removeEventListener("selection", this.onselection);
    for (const figure of this.figures) figure.destroy();
  }

  /** A press on the losses goes to that step; anywhere else it keeps what is read. @param {import("./kinds.js").Kind} kind @param {Selection} selection @param {number | null} x */
  press(kind, selection, x) {
    if (!kind.drags) return this.view.pin(selection);
    const step = x === null ? selection.step : x;
    if (step === undefined) return this.view.show(null);
    const { snapshots } = this.player;
    const item = snapshots.items[snapshots.nearest(step < 0.55 ? 0 : step)];
    if (item) this.view.show(item.step);
  }

  /** Whether the run that is shown failed in a way that another init seed may mend. */
  get failed() {
    return this.view.step === null && this.player.ended && this.outcome !== null && mayEndBetter(this.outcome);
  }

  /** At rest everything is shown, with its words; while it trains, what is on screen. */
  get rest() {
    return this.player.phase !== "running";
  }

  get moment() {
    const { run, step, phase } = this.player;
    return `${run}/${step}/${phase}`;
  }

  // The newest state

  /** Asks for a frame if there is something new that somebody can see. */
  frame() {
    const { player } = this;
    if (this.awaiting || this.covered || player.creating || !player.alive || document.hidden) return;
    if (this.rest && this.shown === this.moment) return;
    this.awaiting = true;
    setTimeout(() => this.nextFrame(), Math.max(0, this.nextFrameAt - performance.now()));
  }

  async nextFrame() {
    const { player, rest, moment, view } = this;
    const { run } = player;
    const past = view.step !== null;
    const seen = (/** @type {string} */ name) => rest || (!past && this.figures.some((figure) => figure.name === name && figure.visible));
    const want = { hidden: seen("examples"), features: seen("features"), losses: true, dimensionalities: seen("dimensionalities") };
    try {
      const frame = await player.call("frame", want);
      const measures = rest ? await player.call("measures") : null;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (run !== player.run || this.covered) return;
      if (rest) this.shown = moment;
      await this.draw(frame, measures);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    } finally {
      this.awaiting = false;
      this.frame();
    }
  }

  /**
   * @param {import("./player.js").Frame} frame
   * @param {wasm_bindgen.Measured | null} measures at rest
   */
  async draw(frame, measures) {
    const { player, view } = this;
    const config = /** @type {wasm_bindgen.Config} */ (player.config);
    const old = this.lineage === player.lineage ? this.live : null;
    this.lineage = player.lineage;
    /** @type {{liveSteps: number[], liveTrain: number[]}} */
    const { liveSteps, liveTrain } = old ?? { liveSteps: [], liveTrain: [] };
    if (frame.trainLoss !== undefined && (liveSteps.at(-1) ?? -1) < frame.step) {
      liveSteps.push(frame.step);
      liveTrain.push(frame.trainLoss);
    }
    // A run that went back to an earlier step has losses that are known further on.
    const reached = (/** @type {wasm_bindgen.History | undefined} */ history) => history?.steps.at(-1) ?? -1;
    const history = reached(frame.history) >= reached(old?.history) ? frame.history : old?.history;
    const closedFormRadius = this.circle(config, player.ended, measures);
    this.live = { ...old, ...frame, history, config, liveSteps, liveTrain, closedFormRadius, exampleMaximal: undefined };
    if (view.step !== null) {
      if (this.picture) await this.paint({ ...this.picture, history, liveSteps, liveTrain }, false);
      return;
    }
    const cost = await this.paint(this.live, measures !== null);
    this.nextFrameAt = performance.now() + cost * (1 / DRAWING_SHARE - 1);
    if (view.step !== null || !this.live) return;
    const state = { step: player.step, finished: player.ended, past: false };
    this.ondrawn({ picture: this.live, measures, verdict: this.judge(this.live, measures, state) });
  }

  // An earlier state

  /** Follows the view to another step, once per animation frame. */
  turn() {
    if (this.turning) return;
    this.turning = true;
    requestAnimationFrame(() => {
      this.turning = false;
      clearTimeout(this.settling);
      if (this.view.step === null) {
        this.shown = "";
        if (this.live) this.paint(this.live, false);
        return this.frame();
      }
      const picture = this.past();
      if (picture) this.paint(picture, false, true);
      this.settling = window.setTimeout(() => this.settle(), SETTLE_MS);
    });
  }

  /** The snapshot that is shown. */
  get item() {
    const { snapshots } = this.player;
    return this.view.step === null ? undefined : snapshots.items[snapshots.nearest(this.view.step)];
  }

  /** The picture of the step that the view is at. @returns {Picture | null} */
  past() {
    const { api, live, item, player } = this;
    const { config } = player;
    if (!api || !item || !config) return null;
    const { features, hidden } = parts(item, config);
    const featureDimensionality = (item.featureD ??= api.dimensionalities(features, config.m));
    const exampleDimensionality = (item.exampleD ??= api.dimensionalities(hidden, config.m));
    const finished = item.step >= config.steps;
    const closedFormRadius = this.circle(config, finished, item.measures ?? null);
    const { history, liveSteps, liveTrain } = live && this.lineage === player.lineage ? live : { history: undefined, liveSteps: [], liveTrain: [] };
    return { config, features, hidden, featureDimensionality, exampleDimensionality, closedFormRadius, history, liveSteps, liveTrain, shownStep: item.step };
  }

  /** Nothing moves: words, tables and the verdict of the step that is shown. */
  async settle() {
    const { item, player } = this;
    if (!item || !player.config) return;
    try {
      item.measures ??= await player.call("measuresAt", parts(item, player.config).params, item.step);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    const picture = this.past();
    if (item !== this.item || !picture || !item.measures) return;
    await this.paint(picture, true);
    if (item !== this.item) return;
    const state = { step: item.step, finished: item.step >= player.steps, past: true };
    this.judge(picture, item.measures, state);
  }

  // Both

  /**
   * The radius of the circle that the closed form predicts for T examples: as the aim of training, and where the polygon came
   * about. The ring of a run that ended with examples missing has another radius, and the circle would mislead.
   * @param {wasm_bindgen.Config} config @param {boolean} ended @param {wasm_bindgen.Measured | null} measures
   */
  circle(config, ended, measures) {
    const ring = measures?.polygon;
    if (ended && !(ring && ring.on_ring === ring.examples)) return undefined;
    return this.api?.closedFormRadius(config);
  }

  /**
   * @param {Picture} picture @param {boolean} rest @param {boolean} [atOnce] in one task
   * @returns {Promise<number>} what it took, in ms
   */
  async paint(picture, rest, atOnce = false) {
    picture.beside = this.peer?.reach;
    const { hidden, config } = picture;
    if (rest && hidden) picture.exampleMaximal = this.api?.maxDataDimensionality(hidden, config.m);
    this.picture = picture;
    let cost = 0;
    let since = performance.now();
    const before = JSON.stringify(this.reach);
    for (const figure of this.figures) {
      if (!rest && !figure.visible) continue;
      figure.show(picture, rest);
      if (this.peer && figure.plot) this.reach = { ...this.reach, [figure.name]: Array.from(figure.plot.reach()) };
      cost += figure.cost;
      if (!atOnce && performance.now() - since > LONG_DRAWING_MS) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (this.picture !== picture) return cost;
        since = performance.now();
      }
    }
    if (this.peer && JSON.stringify(this.reach) !== before) this.peer.rescale(this.reach);
    return cost;
  }

  /** The run beside this one takes more or less of the axes. @param {import("./kinds.js").Reach} reach */
  rescale(reach) {
    if (!this.picture) return;
    this.picture.beside = reach;
    // One that is out of sight may be saved.
    for (const figure of this.figures) figure.visible ? figure.redraw() : figure.make();
  }

  /**
   * The sentence under the run.
   * @param {Picture} picture @param {wasm_bindgen.Measured | null} measures
   * @param {{step: number, finished: boolean, past: boolean}} state
   * @returns {Drawn["verdict"]}
   */
  judge({ config, history, exampleMaximal }, measures, state) {
    /** @type {Drawn["verdict"]} */
    let judged = null;
    let [kind, sentence] = ["training", strings.training(history?.train.at(-1), history?.test.at(-1))];
    if (measures && state.step === 0) {
      [kind, sentence] = ["untrained", strings.untrained];
    } else if (measures) {
      const held = exampleMaximal && config.t !== "inf" ? this.api?.evenlyHeld(exampleMaximal) : undefined;
      judged = measures.outcome;
      [kind, sentence] = [judged.kind, strings.verdict(judged, measures, config, { ...state, held })];
    }
    this.outcome = judged;
    for (const box of this.verdicts) {
      box.dataset.kind = kind;
      say(box, sentence);
    }
    return judged;
  }
}
