// What the figures and the sentence under the run show: asks the trainer for frames, and draws them.
//
// The next frame is asked for after the last was drawn, at most once per animation frame, and only for figures that
// somebody can see; training goes on whether or not anybody looks.

import { one, say } from "../dom.js";
import { Figure } from "../figure.js";
import { kinds } from "./kinds.js";
import { Refused } from "./player.js";
import { strings } from "./strings.js";
import { verdict } from "./verdict.js";

/** Drawing takes at most this share of the main thread's time. */
const DRAWING_SHARE = 0.35;
/** After so many ms of drawing the rest is another task, so that the page stays quick to answer. */
const LONG_DRAWING_MS = 6;

/** @typedef {import("./kinds.js").Picture} Picture */
/** @typedef {import("./kinds.js").Selection} Selection */
/** @typedef {{picture: Picture, measures: wasm_bindgen.Measures | null, verdict: import("./verdict.js").Verdict | null}} Drawn measures and verdict at rest only */

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Stage {
  /**
   * @param {HTMLElement} lab
   * @param {import("./player.js").Player} player
   * @param {string[]} names of the figures, as in `kinds`
   * @param {(drawn: Drawn) => void} ondrawn
   */
  constructor(lab, player, names, ondrawn) {
    this.player = player;
    this.ondrawn = ondrawn;
    /** Null until the wasm is there. @type {typeof wasm_bindgen | null} */
    this.api = null;
    const on = { onselect: (/** @type {Selection} */ selection) => this.select(selection), onvisible: () => this.frame() };
    /** @type {Figure<Picture, Selection>[]} */
    this.figures = names.map((name) => new Figure(kinds[name], null, on));
    one(lab, '[data-part="figures"]').append(...this.figures.map(({ element }) => element));
    /** @type {Picture | null} */
    this.picture = null;
    /** @type {Selection} */
    this.selection = {};
    /** The run that the picture is of. */
    this.run = 0;
    /** A frame was asked for and has not been drawn. */
    this.awaiting = false;
    this.nextFrameAt = 0;
    /** The moment that is shown in full. */
    this.shown = "";
    this.box = one(lab, '[data-part="verdict"]');
    this.nextInit = one(lab, '[data-part="next-init"]');
    this.onpage = () => this.frame();
    document.addEventListener("visibilitychange", this.onpage);
  }

  /** The wasm is there. @param {typeof wasm_bindgen} api */
  begin(api) {
    this.api = api;
    for (const figure of this.figures) figure.api = api;
  }

  destroy() {
    document.removeEventListener("visibilitychange", this.onpage);
    for (const figure of this.figures) figure.destroy();
  }

  /** What the reader looks at is marked in all figures. @param {Selection} selection */
  select(selection) {
    this.selection = selection;
    for (const figure of this.figures) figure.select(selection);
  }

  /** Whether the run that is shown failed in a way that another init seed may mend. */
  get failed() {
    return ["unlearned", "circles", "uneven", "diverged"].includes(this.box.dataset.kind ?? "");
  }

  /** At rest everything is shown, with its words; while it trains, what is on screen. */
  get rest() {
    return this.player.phase !== "running";
  }

  get moment() {
    const { run, step, phase } = this.player;
    return `${run}/${step}/${phase}`;
  }

  /** Asks for a frame if there is something new that somebody can see. */
  frame() {
    const { player } = this;
    if (this.awaiting || player.creating || !player.alive || document.hidden) return;
    if (this.rest ? this.shown === this.moment : still.matches) return;
    this.awaiting = true;
    setTimeout(() => this.nextFrame(), Math.max(0, this.nextFrameAt - performance.now()));
  }

  async nextFrame() {
    const { player, rest, moment } = this;
    const { run } = player;
    if (!rest && still.matches) return void (this.awaiting = false);
    const seen = (/** @type {string} */ name) => rest || this.figures.some((figure) => figure.name === name && figure.visible);
    const want = { hidden: seen("examples"), features: seen("features"), losses: true, dimensionalities: seen("dimensionalities") };
    try {
      const frame = await player.call("frame", want);
      const measures = rest ? await player.call("measures") : null;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (run !== player.run) return;
      if (rest) this.shown = moment;
      await this.draw(run, frame, measures);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    } finally {
      this.awaiting = false;
      this.frame();
    }
  }

  /**
   * @param {number} run
   * @param {import("./player.js").Frame} frame
   * @param {wasm_bindgen.Measures | null} measures at rest
   */
  async draw(run, frame, measures) {
    const config = /** @type {wasm_bindgen.Config} */ (this.player.config);
    const old = this.run === run ? this.picture : null;
    this.run = run;
    /** @type {{liveSteps: number[], liveTrain: number[]}} */
    const { liveSteps, liveTrain } = old ?? { liveSteps: [], liveTrain: [] };
    if (frame.trainLoss !== undefined && (liveSteps.at(-1) ?? -1) < frame.step) {
      liveSteps.push(frame.step);
      liveTrain.push(frame.trainLoss);
    }
    const closedFormRadius = config.m === 2 && config.t !== "inf" ? this.api?.polygonRadius(config.t) : undefined;
    this.picture = { ...old, ...frame, config, liveSteps, liveTrain, closedFormRadius };
    let cost = 0;
    let since = performance.now();
    for (const figure of this.figures) {
      if (measures === null && !figure.visible) continue;
      figure.show(this.picture, measures !== null);
      cost += figure.cost;
      if (performance.now() - since > LONG_DRAWING_MS) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        since = performance.now();
      }
    }
    this.nextFrameAt = performance.now() + cost * (1 / DRAWING_SHARE - 1);
    this.ondrawn({ picture: this.picture, measures, verdict: this.judge(this.picture, measures) });
  }

  /** The sentence under the run. @param {Picture} picture @param {wasm_bindgen.Measures | null} measures @returns {Drawn["verdict"]} */
  judge({ config, history, featureDimensionality, exampleDimensionality }, measures) {
    const { player, box } = this;
    // A live region speaks of what a run has become, not of every frame.
    let judged = null;
    box.setAttribute("aria-live", measures ? "polite" : "off");
    if (!measures) {
      box.dataset.kind = "training";
      say(box, strings.training(history?.train.at(-1), history?.test.at(-1)));
    } else if (player.step === 0) {
      box.dataset.kind = "untrained";
      say(box, strings.untrained);
    } else if (featureDimensionality && exampleDimensionality) {
      const run = { config, step: player.step, finished: player.ended, divergedAt: player.divergedAt };
      judged = verdict(run, measures, featureDimensionality, exampleDimensionality);
      box.dataset.kind = judged.kind;
      say(box, strings.verdict(judged));
    }
    this.nextInit.hidden = measures === null || !this.failed;
    return judged;
  }
}
