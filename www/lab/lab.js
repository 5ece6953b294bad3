// The lab: form, transport, figures and words around one Player, as a component. Everything that moves follows from the
// player's phase.
//
//   const lab = mountLab(element, { config: { t: 10 } });
//   lab.addEventListener("end", () => …);

import { one, say, still } from "../dom.js";
import { load, missing } from "../wasm.js";
import { Comparison } from "./compare.js";
import { bindControls, showPhase } from "./controls.js";
import { demands } from "./demands.js";
import { kinds } from "./kinds.js";
import { queryOf } from "./link.js";
import { linkState, take, tell } from "./linked.js";
import { labElement } from "./markup.js";
import { Player, Refused } from "./player.js";
import { Question } from "./question.js";
import { Settings } from "./settings.js";
import { Share } from "./share.js";
import { Stage } from "./stage.js";
import { Spoken } from "./spoken.js";
import { same } from "./state.js";
import { strings } from "./strings.js";
import { Timeline } from "./timeline.js";
import { View } from "./view.js";

/**
 * @typedef {object} Options
 * @property {Partial<wasm_bindgen.Config> | ((settings: Settings) => Partial<wasm_bindgen.Config>)} [config] what differs from the paper's settings
 * @property {string[]} [figures] names of those to show, as in kinds.js; all of them unless told
 * @property {string[]} [without] parts to leave out
 * @property {string} [query] of a link: which run, which step of it, what is selected
 * @property {string} [home] the address that links lead to, empty if there is none; the page's own unless told
 * @property {() => Promise<[string, string][]>} [embeds] what of the page can be shown alone, and its titles; the maker of links offers it
 * @property {"visible" | "now" | "ready" | "never"} [start] when to start the first run: once the lab is on screen, unless told; "ready" only draws it then
 */

/** After so long without an answer to a pause the reader may end the trainer. */
const PATIENCE_MS = 800;

/** Builds a lab inside an element or a shadow root, in place of what is there. @param {Element | ShadowRoot} root @param {Options} [options] */
export function mountLab(root, options = {}) {
  const lab = new Lab(options);
  root.replaceChildren(lab.element);
  lab.begin();
  return lab;
}

/**
 * Events, without detail unless told: "change" (phase, step or rate of the player), "state" (what a link would say), "drawn" (detail: the picture, and at
 * rest its measures and verdict), "end" (a run finished or diverged, and its verdict is there; detail as of "drawn").
 */
export class Lab extends EventTarget {
  /** @param {Options} options */
  constructor(options) {
    super();
    this.options = options;
    this.element = labElement();
    for (const name of options.without ?? []) this.part(name)?.setAttribute("hidden", "");
    this.view = new View();
    /** What a player of ours calls. */
    this.on = { change: () => this.changed(), death: (/** @type {string} */ why) => this.mourn(why), snapshot: () => this.timeline.update() };
    this.player = new Player(this.on);
    const places = { figures: this.part("figures"), verdicts: [this.part("verdict")] };
    this.stage = new Stage(places, this.player, options.figures ?? Object.keys(kinds), this.view, (drawn) => this.drawn(drawn));
    this.timeline = new Timeline(this.part("timeline"), this.view, () => this.beside?.longest ?? this.player, {
      train: (step) => this.trainFrom(step),
      change: () => this.changed(),
    });
    this.timeline.losses = (step) => this.losses(step);
    /** The form; null until the wasm is there. @type {Settings | null} */
    this.form = null;
    /** Whether the lab works: settles once the wasm is there, or is known not to come. @type {Promise<boolean>} */
    this.ready = new Promise((resolve) => (this.settle = resolve));
    /** The run that the present one is compared with. @type {Comparison | null} */
    this.beside = null;
    /** The settings of a run that a link wants beside the first. @type {wasm_bindgen.Config | null} */
    this.other = null;
    /** The step at which the first run is to pause; null: none. @type {number | null} */
    this.goal = null;
    this.question = new Question(this.part("question"), () => this.part("start").focus());
    /** A checkpoint of a run that died. @type {{step: number, bytes: Uint8Array} | null} */
    this.rescue = null;
    this.patience = 0;
    this.wordsAt = 0;
    this.spoken = new Spoken(this.part("spoken"));
    this.saidNoWorker = false;
    /** The run whose end was told, of each player. @type {WeakMap<Player, number>} */
    this.ended = new WeakMap();
    /** @type {IntersectionObserver | null} */
    this.watch = null;
  }

  /** @template {HTMLElement} [E=HTMLElement] @param {string} name @returns {E} */
  part(name) {
    return one(this.element, `[data-part="${name}"]`);
  }

  /** @returns {Settings} */
  get settings() {
    if (!this.form) throw new Error("the lab is not ready");
    return this.form;
  }

  async begin() {
    const lacking = missing();
    if (lacking) return this.unsupported(strings.missing[lacking]);
    try {
      const api = await load();
      this.stage.begin(api);
      this.form = new Settings(this.element, api, () => this.follow());
    } catch (error) {
      return this.unsupported(strings.loadFailed(error instanceof Error ? error.message : String(error)));
    }
    bindControls(this);
    this.view.addEventListener("step", () => this.changed());
    for (const type of ["step", "selection"]) this.view.addEventListener(type, () => this.dispatchEvent(new Event("state")));
    this.share = new Share(this);
    const { config } = this.options;
    if (config) this.settings.set(typeof config === "function" ? config(this.settings) : config);
    if (this.options.query) this.take(this.options.query);
    this.changed();
    this.settle?.(true);
    if (this.options.start === "never") return;
    // A setting that is wrong from the start is told, but takes the focus from nobody.
    const begin = () => {
      if (!this.follow()) this.trouble(strings.wrong);
      else if (still() || this.options.start === "ready") this.reset();
      else this.run();
    };
    if (this.options.start === "now") return begin();
    this.watch = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.watch?.disconnect();
      // Unless the reader was quicker.
      if (this.player.phase === "none" && !this.player.creating) begin();
    });
    this.watch.observe(this.element);
  }

  /** What of a link could not be taken as it is. @param {string[]} notes @param {string} [title] if they are of something else */
  note(notes, title) {
    tell(this.part("notes"), title ?? strings.link.title, notes, () => this.part("start").focus());
  }

  /** Takes what a link says. @param {string} query */
  take(query) {
    take(this, query);
  }

  /** The same as the query of an address. @param {Partial<Parameters<typeof queryOf>[0]>} [view] which parts are there */
  query(view) {
    return queryOf({ ...linkState(this), ...view }, this.settings.base);
  }

  /** @param {string} words */
  unsupported(words) {
    this.part("unsupported").hidden = false;
    say(this.part("unsupported"), words);
    say(this.part("status"), "");
    this.element.dataset.phase = "unsupported";
    this.settle?.(false);
    this.dispatchEvent(new Event("unsupported"));
  }

  /** Ends the trainer and takes the lab away. */
  destroy() {
    this.watch?.disconnect();
    clearTimeout(this.patience);
    this.spoken.destroy();
    this.alone();
    this.stage.destroy();
    this.player.end();
    this.element.remove();
  }

  /** Follows the form. @returns {wasm_bindgen.Config | null} the settings, if all are right */
  follow() {
    const config = this.settings.check();
    const differs = this.player.config !== null && !same(config, this.player.config);
    say(this.part("changed"), config === null ? strings.wrong : differs ? strings.changed : "");
    this.changed();
    return config;
  }

  // What the reader does

  /** Starts a run of a preset: of one of ours, by its T, or of one with settings of its own. @param {import("./presets.js").Preset} preset */
  async play({ t, ...own }) {
    if (!(await this.ready)) return;
    this.settings.preset(t, Object.keys(own).length ? own : undefined);
    this.run();
  }

  /** Keeps the run as A and makes another beside it; trains it if its settings are told. @param {Partial<wasm_bindgen.Config>} [change] what its settings differ in */
  async compare(change) {
    if (!(await this.ready) || !this.player.config) return;
    this.alone();
    const { config, step, phase } = this.player;
    this.settings.set({ ...config, ...change });
    this.beside = new Comparison(this);
    this.changed();
    // A run that a link stopped at a step is met there.
    const goal = change && this.goal === null && phase === "paused" ? step : this.goal;
    if (await this.create({ config: { ...config, ...change } })) {
      this.goal = goal;
      if (change) this.train();
      else this.part("changed").scrollIntoView({ block: "nearest" });
    }
    this.dispatchEvent(new Event("state"));
  }

  /** Gives up the run beside. */
  alone() {
    if (!this.beside) return;
    this.beside.end();
    this.beside = null;
    this.changed();
    this.dispatchEvent(new Event("state"));
  }

  /** Trains: the run that is there if the settings are still its own, else a new one. @param {number} [steps] no more than these */
  run(steps) {
    const config = this.follow();
    if (!config) return this.settings.focusWrong();
    this.question.withdraw();
    this.timeline.stop();
    this.view.show(null);
    const { player } = this;
    const train = () => {
      const { goal, other } = this;
      this.other = null;
      this.train(steps);
      if (!other) return;
      this.goal = goal;
      this.compare(other);
    };
    if (same(config, player.config) && player.alive && !player.ended) return train();
    this.ifAffordable(config, async () => {
      if (await this.create({ config })) train();
    });
  }

  /** @param {number} [steps] */
  train(steps) {
    const { player, goal } = this;
    if (player.phase === "asking") player.agreed = true;
    this.goal = null;
    if (steps === undefined && goal !== null) return goal > player.step ? player.start(goal) : undefined;
    return player.start(steps === undefined ? undefined : Math.min(player.steps, player.step + steps));
  }

  /** A few steps from the one that is shown. @param {number} count */
  async fewSteps(count) {
    const { player, view, timeline } = this;
    if (view.step === null || !same(this.settings.config, player.config)) return this.run(count);
    const { step } = timeline;
    timeline.stop();
    view.show(null);
    await player.goTo(Math.min(player.steps, step + count));
  }

  /** Goes back to a step of this run and trains on from there, with the same bits as the first time. @param {number} step */
  async trainFrom(step) {
    const { player, timeline } = this;
    timeline.stop();
    // The trainer first, the view then, so that the newest state does not flash up.
    await player.goTo(step);
    while (player.phase === "running") await new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
    this.view.show(null);
    if (player.step === step) this.train();
  }

  /** The last losses that the run recorded at or before a step. @param {number} step */
  losses(step) {
    const { history } = this.stage.live ?? {};
    const at = history ? history.steps.findLastIndex((recorded) => recorded <= step) : -1;
    return history && at >= 0 ? { step: history.steps[at], train: history.train[at], test: history.test[at] } : null;
  }

  reset() {
    const config = this.follow();
    if (!config) return this.settings.focusWrong();
    this.question.withdraw();
    this.ifAffordable(config, () => this.create({ config }));
  }

  /** Asks first where memory or a single step would be much. @param {wasm_bindgen.Config} config @param {() => void} then */
  ifAffordable(config, then) {
    const { refusal, question } = demands(config, this.settings.api.runMemory(config));
    if (refusal) return this.trouble(refusal);
    if (question) return this.question.ask(question, then);
    then();
  }

  /** @param {{config: wasm_bindgen.Config} | {checkpoint: Uint8Array}} source @returns {Promise<boolean>} whether the run was accepted */
  async create(source) {
    try {
      await this.player.create(source);
    } catch (error) {
      if (!(error instanceof Refused)) {
        // A trainer's death is told by itself, but not that none starts.
        if (this.player.phase !== "dead") this.trouble(strings.loadFailed(error instanceof Error ? error.message : String(error)));
        return false;
      }
      if ("checkpoint" in source) this.refuseCheckpoint(error.message);
      else if (error.field) this.settings.mark(error.field, error.message);
      else this.trouble(error.message);
      return false;
    }
    this.trouble("");
    this.view.show(null);
    this.rescue = null;
    say(one(this.element, '[data-error="checkpoint"]'), "");
    const { config } = this.player;
    if ("checkpoint" in source && config) this.settings.set(config);
    this.follow();
    this.tellPlace();
    return true;
  }

  /** @param {string} why */
  refuseCheckpoint(why) {
    say(one(this.element, '[data-error="checkpoint"]'), strings.badCheckpoint(why));
  }

  /** Where no worker starts the reader is told, once. */
  async tellPlace() {
    const port = await this.player.trainer();
    if (port.place !== "page" || this.saidNoWorker) return;
    this.saidNoWorker = true;
    this.trouble(strings.noWorker);
  }

  pause() {
    const { player } = this;
    const { run } = player;
    player.pause();
    clearTimeout(this.patience);
    this.patience = window.setTimeout(() => {
      if (player.run === run && player.phase === "running") this.question.ask(strings.slow, () => player.replace(""), strings.replace);
    }, PATIENCE_MS);
  }

  /** The trainer died. @param {string} why */
  mourn(why) {
    this.rescue = this.player.checkpoint;
    this.trouble(strings.died(why) + (this.rescue ? ` ${strings.diedWithCheckpoint(this.rescue.step)}` : ""));
    this.changed();
  }

  async restore() {
    this.part("start").focus();
    if (this.rescue && (await this.create({ checkpoint: this.rescue.bytes }))) this.train();
  }

  /** @param {string} words */
  trouble(words) {
    say(this.part("trouble"), words);
    this.part("trouble").hidden = words === "";
  }

  /** What follows from the player. */
  changed() {
    if (!this.form) return;
    const before = this.element.dataset.phase;
    showPhase(this);
    this.stage.frame();
    this.timeline.update();
    this.dispatchEvent(new Event("change"));
    if (before !== this.element.dataset.phase) this.dispatchEvent(new Event("state"));
  }

  /** The stage has drawn. @param {import("./stage.js").Drawn} drawn */
  drawn(drawn) {
    this.part("next-init").hidden = drawn.measures === null || !this.stage.failed;
    if (drawn.measures) this.spoken.say(this.part("verdict").textContent ?? "");
    this.dispatchEvent(new CustomEvent("drawn", { detail: drawn }));
    const { player } = this;
    if (!drawn.measures || !player.ended || this.ended.get(player) === player.run) return;
    this.ended.set(player, player.run);
    this.dispatchEvent(new CustomEvent("end", { detail: drawn }));
  }
}
