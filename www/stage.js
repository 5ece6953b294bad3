// What the figures and the sentence under the run show: asks the trainer for frames, and draws them.
//
// The next frame is asked for after the last was drawn, at most once per animation frame, and only for figures that
// somebody can see; training goes on whether or not anybody looks.

import { all, get, say } from "./dom.js";
import { Figure } from "./figure.js";
import { Refused } from "./player.js";
import { strings } from "./strings.js";
import { verdict } from "./verdict.js";

/** Drawing takes at most this share of the main thread's time. */
const DRAWING_SHARE = 0.35;
/** After so many ms of drawing the rest is another task, so that the page stays quick to answer. */
const LONG_DRAWING_MS = 6;

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Stage {
  /**
   * @param {import("./player.js").Player} player
   * @param {typeof wasm_bindgen} api
   */
  constructor(player, api) {
    this.player = player;
    this.api = api;
    this.figures = all("[data-figure]").map((element) => new Figure(element, api, (selection) => this.select(selection)));
    /** @type {import("./kinds.js").Picture | null} */
    this.picture = null;
    /** The run that the picture is of. */
    this.run = 0;
    /** A frame was asked for and has not been drawn. */
    this.awaiting = false;
    this.nextFrameAt = 0;
    /** The moment that is shown in full. */
    this.shown = "";
    this.box = get("verdict");
    this.observe();
  }

  /** Figures learn their size and whether they are on screen. */
  observe() {
    const sizes = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) {
        const figure = this.figures.find(({ canvas }) => canvas.parentElement === target);
        figure?.resize(Math.round(contentRect.width), Math.round(contentRect.height));
      }
    });
    const screen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const figure = this.figures.find(({ element }) => element === target);
        if (figure) figure.visible = isIntersecting;
      }
      this.frame();
    });
    for (const figure of this.figures) {
      sizes.observe(/** @type {HTMLElement} */ (figure.canvas.parentElement));
      screen.observe(figure.element);
    }
    document.addEventListener("visibilitychange", () => this.frame());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.figures.forEach((figure) => figure.draw()));
  }

  /** @param {import("./kinds.js").Selection} selection */
  select(selection) {
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
    const closedFormRadius = config.m === 2 && config.t !== "inf" ? this.api.polygonRadius(config.t) : undefined;
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
    this.judge(this.picture, measures);
  }

  /** The sentence under the run. @param {import("./kinds.js").Picture} picture @param {wasm_bindgen.Measures | null} measures */
  judge({ config, history, featureDimensionality, exampleDimensionality }, measures) {
    const { player, box } = this;
    // A live region speaks of what a run has become, not of every frame.
    box.setAttribute("aria-live", measures ? "polite" : "off");
    if (!measures) {
      box.dataset.kind = "training";
      say(box, strings.training(history?.train.at(-1), history?.test.at(-1)));
    } else if (player.step === 0) {
      box.dataset.kind = "untrained";
      say(box, strings.untrained);
    } else if (featureDimensionality && exampleDimensionality) {
      const run = { config, step: player.step, finished: player.ended, divergedAt: player.divergedAt };
      const judged = verdict(run, measures, featureDimensionality, exampleDimensionality);
      box.dataset.kind = judged.kind;
      say(box, strings.verdict(judged));
    }
    get("next-init").hidden = measures === null || !this.failed;
  }
}
