// What is behind a point of a figure? The chosen run: its settings, vectors and losses, and its replay.

import { made, one, say, unique } from "../dom.js";
import { WORK_SECONDS } from "../duration.js";
import { Figure } from "../figure.js";
import { kinds } from "../lab/kinds.js";
import { Replay, firstDifference } from "./replay.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("../lab/kinds.js").Picture} Picture
 *
 * @typedef {object} Options
 * @property {(config: wasm_bindgen.Config) => void} [openInLab] shows a run's settings in the lab
 * @property {() => void} close the reader is done with the run
 */

/** A replay's pictures come with every step; words change at most this often, so that they can be read. */
const WORDS_MS = 300;

const markup = () => {
  const title = unique("chosen");
  return `
  <section class="chosen" aria-labelledby="${title}">
    <header>
      <h4 id="${title}" tabindex="-1" data-run-part="name"></h4>
      <button type="button" data-run-part="close" aria-label="${strings.close}" title="${strings.close}">×</button>
    </header>
    <p data-run-part="outcome"></p>
    <p class="config" data-run-part="settings"></p>
    <div class="transport">
      <button type="button" class="primary" data-run-part="replay">${strings.replay}</button>
      <button type="button" data-run-part="stop" hidden>${strings.stop}</button>
      <button type="button" data-run-part="lab">${strings.openInLab}</button>
    </div>
    <progress data-run-part="progress" max="1" value="0" aria-label="${strings.replay}" hidden></progress>
    <p class="status" data-run-part="status" role="status"></p>
    <p class="notice" data-run-part="trouble" role="alert" hidden></p>
    <div class="pictures" data-run-part="pictures"></div>
  </section>`;
};

export class ChosenRun {
  /** @param {typeof wasm_bindgen} api @param {Options} options */
  constructor(api, options) {
    this.api = api;
    this.options = options;
    this.element = made(markup());
    this.element.hidden = true;
    /** @type {import("./module.js").Sweep | null} */
    this.sweep = null;
    this.run = -1;
    /** @type {import("./module.js").StoredRun | null} */
    this.stored = null;
    /** @type {Replay | null} */
    this.replay = null;
    this.wordsAt = 0;
    /** What is written under the pictures. @type {{examples: string, features: string, losses: string}} */
    this.captions = { examples: "", features: "", losses: "" };
    /** @param {"examples" | "features" | "losses"} name */
    const figure = (name) =>
      new Figure(
        { ...kinds[name], name: `run-${name}`, source: () => this.captions[name], caption: () => (this.stored ? strings.settings(this.stored) : "") },
        api,
        { onselect: (selection) => this.select(selection) },
      );
    this.figures = [figure("examples"), figure("features"), figure("losses")];
    this.part("pictures").append(...this.figures.map(({ element }) => element));
    this.part("lab").hidden = !options.openInLab;
    const click = (/** @type {string} */ name, /** @type {() => void} */ task) => this.part(name).addEventListener("click", task);
    click("close", () => options.close());
    click("replay", () => this.begin());
    click("stop", () => this.end(strings.stopped));
    click("lab", () => this.stored && options.openInLab?.(this.stored.config));
  }

  /** @template {HTMLElement} [E=HTMLElement] @param {string} name @returns {E} */
  part(name) {
    return one(this.element, `[data-run-part="${name}"]`);
  }

  /** @param {import("../lab/kinds.js").Selection} selection */
  select(selection) {
    for (const figure of this.figures) figure.select(selection);
  }

  /**
   * Opens a run; nothing of it but its settings and outcome is there yet.
   * @param {import("./module.js").Sweep} sweep @param {number} run @param {import("./module.js").StoredRun} stored
   */
  open(sweep, run, stored) {
    this.end("");
    [this.sweep, this.run, this.stored] = [sweep, run, stored];
    this.element.hidden = false;
    this.element.dataset.state = "loading";
    say(this.part("name"), strings.name(stored));
    this.tellOutcome();
    say(this.part("settings"), strings.settings(stored));
    say(this.part("status"), strings.loadingRun);
    this.trouble("");
    this.enable(false);
    this.part("pictures").hidden = true;
  }

  /** What the run became, as far as it is known. */
  tellOutcome() {
    if (this.sweep && this.stored) say(this.part("outcome"), strings.outcome(this.stored, this.sweep.outcome(this.run)));
  }

  /** The details are there. */
  complete() {
    const { sweep, run, stored } = this;
    if (!sweep || !stored) return;
    const [examples, features] = [sweep.examples(run), sweep.features(run)];
    this.captions = {
      examples: strings.someVectors(examples.index.length, examples.count, strings.roles.examples),
      features: strings.someVectors(features.index.length, features.count, strings.roles.features),
      losses: strings.storedLosses,
    };
    this.show({
      hidden: examples.coordinates,
      features: features.coordinates,
      exampleIndex: examples.index,
      featureIndex: features.index,
      exampleDimensionality: examples.dimensionality,
      featureDimensionality: features.dimensionality,
      history: sweep.history(run),
    });
    this.tellOutcome();
    this.element.dataset.state = "stored";
    say(this.part("status"), strings.estimate(stored.work * WORK_SECONDS));
    this.enable(true);
  }

  /** @param {string} words none if there is no trouble */
  trouble(words) {
    say(this.part("trouble"), words);
    this.part("trouble").hidden = words === "";
    if (words) say(this.part("status"), "");
  }

  /** @param {boolean} able */
  enable(able) {
    /** @type {HTMLButtonElement} */ (this.part("replay")).disabled = !able;
  }

  /** @param {Partial<Picture>} parts @param {boolean} [rest] nothing moves */
  show(parts, rest = true) {
    if (!this.stored) return;
    const { config, measures } = this.stored;
    this.part("pictures").hidden = false;
    const closedFormRadius = measures?.polygon?.closed_form_radius ?? undefined;
    for (const figure of this.figures) {
      figure.show({ liveSteps: [], liveTrain: [], closedFormRadius, ...figure.picture, ...parts, config }, rest);
    }
  }

  begin() {
    const { sweep, run, stored } = this;
    if (!sweep || !stored) return;
    this.end(strings.preparing);
    this.element.dataset.state = "replaying";
    this.running(true);
    this.replay = new Replay(sweep.record(run), {
      progress: (step, steps, secondsLeft) => this.progress(step, steps, secondsLeft),
      frame: ({ hidden, exampleDimensionality, history }) => this.show({ hidden, exampleDimensionality, history, exampleIndex: undefined }, false),
      end: (line, frame, seconds) => {
        const difference = firstDifference(sweep.record(run), line);
        this.element.dataset.state = difference === undefined ? "matches" : "differs";
        this.running(false);
        const losses = 2 * (frame.history?.steps.length ?? 0);
        say(this.part("status"), difference === undefined ? strings.matches(losses, seconds) : strings.differs(difference));
        this.captions = {
          examples: strings.allVectors(frame.exampleDimensionality?.length ?? 0, strings.roles.examples),
          features: strings.allVectors(frame.featureDimensionality?.length ?? 0, strings.roles.features),
          losses: strings.replayedLosses,
        };
        this.show({ ...frame, exampleIndex: undefined, featureIndex: undefined });
      },
      failure: (why) => {
        this.running(false);
        this.element.dataset.state = "stored";
        say(this.part("status"), strings.replayFailed(why));
      },
    });
    this.replay.start();
    this.part("stop").focus();
  }

  /** Ends a replay that is under way. @param {string} words */
  end(words) {
    if (this.replay && !this.replay.over) {
      this.replay.stop();
      this.complete();
    }
    this.replay = null;
    this.running(false);
    say(this.part("status"), words);
  }

  /** @param {boolean} running */
  running(running) {
    const focused = this.part("stop").matches(":focus");
    this.part("progress").hidden = !running;
    /** @type {HTMLProgressElement} */ (this.part("progress")).value = 0;
    this.part("stop").hidden = !running;
    this.part("replay").hidden = running;
    // The button that the reader has just pressed is gone.
    if (focused && !running) this.part("replay").focus();
    // Every step in words is too much to be told.
    this.part("status").setAttribute("aria-live", running ? "off" : "polite");
  }

  /** @param {number} step @param {number} steps @param {number} secondsLeft */
  progress(step, steps, secondsLeft) {
    /** @type {HTMLProgressElement} */ (this.part("progress")).value = step / steps;
    if (performance.now() - this.wordsAt < WORDS_MS) return;
    this.wordsAt = performance.now();
    say(this.part("status"), strings.progress(step, steps, secondsLeft));
  }

  close() {
    this.end("");
    this.element.hidden = true;
    [this.sweep, this.run, this.stored] = [null, -1, null];
  }

  destroy() {
    this.close();
    for (const figure of this.figures) figure.destroy();
    this.element.remove();
  }
}
