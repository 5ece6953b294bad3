// The first figure: a slider of T over the stored runs, two planes, and one sentence on what became of the network. A run is trained
// beside that: T = 5 on arrival, any other when the reader asks for it.

import { apart } from "../apart.js";
import { all, made, one, say, still } from "../dom.js";
import { WORK_SECONDS } from "../duration.js";
import { Player } from "../lab/player.js";
import { scales } from "../lab/presets.js";
import { Stage } from "../lab/stage.js";
import { roughStepSeconds } from "../lab/state.js";
import { View } from "../lab/view.js";
import { sentence } from "../outcome.js";
import { load, missing } from "../wasm.js";
import { Motion } from "./motion.js";
import { DATA_SEED, storedRuns } from "./stored.js";
import { strings } from "./strings.js";

const words = strings.hero;

/** What trains on arrival: the stored run of T = 5, made again. */
const FIRST = { ...scales.paper.config, t: 5, data_seed: DATA_SEED, init_seed: 3 };
/** Where that takes longer, a tenth of the size is offered first. */
const LONG_SECONDS = 60;
const SMALL = { ...scales.classroom.config, data_seed: 1, init_seed: 1, steps: 20000 };
/** Infinity lies as far behind the largest T as this share of the slider. */
const LAST = 0.07;
/** Labels below the slider keep this distance, px. */
const APART = 30;
/** Stops that have a label on any screen. @type {(number | "inf")[]} */
const LABELLED = [5, "inf", 200, 20_000, 2000];
/** Words below a live run change at most this often. */
const WORDS_MS = 400;

/** @typedef {import("./stored.js").Stop} Stop */

/** @typedef {{open: (config: Partial<wasm_bindgen.Config>) => void, linked: boolean}} On what to do if the reader wants a run in the lab, and whether the address has one */

/** @param {HTMLElement} place @param {On} on */
export function mountHero(place, on) {
  const hero = new Hero(place, on);
  hero.begin().catch(() => {});
  return hero;
}

class Hero {
  /** @param {HTMLElement} place @param {On} on */
  constructor(place, on) {
    this.place = place;
    this.on = on;
    /** @type {HTMLInputElement} */
    this.slider = one(place, "input");
    this.value = one(place, ".dial-value");
    this.verdict = one(place, ".verdict");
    this.loss = one(place, ".loss-line output");
    this.status = one(place, ".hero-status");
    this.wordsAt = 0;
    // Hidden until it has its words.
    this.train = made(`<button type="button" class="primary" hidden></button>`);
    this.full = made(`<button type="button" hidden></button>`);
    const open = made(`<button type="button">${words.open}</button>`);
    one(place, ".hero-buttons").append(this.train, this.full, open);
    /** By T. @type {Stop[]} */
    this.stops = [];
    this.at = -1;
    /** Counts what the reader asks for: what was asked before is no longer wanted. */
    this.turn = 0;
    /** Settings of what is shown. @type {Partial<wasm_bindgen.Config>} */
    this.shown = FIRST;
    this.player = new Player({ change: () => this.changed(), death: () => {} });
    this.stage = new Stage({ figures: one(place, ".planes"), verdicts: [made("<p></p>")] }, this.player, ["examples", "features"], new View(), (drawn) =>
      this.drawn(drawn),
    );
    /** What came with the page, until something is drawn. */
    this.first = place.querySelector(".planes > .first");
    const titles = all(place, ".first .plane-title").map(({ textContent }) => textContent ?? "");
    this.stage.figures.forEach(({ element, name }, k) => {
      // No heading: nothing between it and the page's title has one.
      const title = made(`<p class="plane-title"></p>`);
      say(title, titles[k]);
      one(element, "h3").replaceWith(title);
      element.dataset.figure = `hero-${name}`;
    });
    this.motion = new Motion((picture, rest) => this.show(picture, rest));

    this.train.addEventListener("click", () => (this.player.phase === "running" ? this.player.pause() : this.live(this.nearby)));
    this.full.addEventListener("click", () => this.live(this.stop?.run.config ?? FIRST));
    open.addEventListener("click", () => on.open(this.shown));
    this.slider.addEventListener("input", () => this.go(this.nearest(Number(this.slider.value))));
    this.slider.addEventListener("keydown", (event) => this.key(event));
  }

  async begin() {
    if (missing()) return this.place.classList.add("lame");
    this.stage.begin(await load());
    // Who arrives at another place of the page, or by a link to a run, is not there to see it.
    const waits = still() || location.hash !== "" || this.on.linked;
    if (!waits) {
      await this.live(FIRST);
      // What shows the stored runs waits until the first picture is there.
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await this.fetch();
    if (waits || !this.player.alive) this.go(this.stops.findIndex(({ t }) => t === FIRST.t));
  }

  /** The stored runs, and with them the slider. */
  async fetch() {
    try {
      const { stops, zones } = await storedRuns();
      this.stops = stops;
      this.scale(zones);
      this.at = stops.findIndex(({ t }) => t === FIRST.t);
      this.slider.value = String(this.positions[this.at]);
      this.slider.disabled = false;
      this.changed();
    } catch {
      say(this.status, words.noStored);
    }
  }

  /** @returns {Stop | undefined} */
  get stop() {
    return this.stops[this.at];
  }

  /** Settings at which a run like the one that is shown takes a minute at most, as far as there are any. */
  get nearby() {
    const { stop } = this;
    if (!stop) return FIRST;
    const { t, run } = stop;
    return run.work * WORK_SECONDS <= LONG_SECONDS ? run.config : { ...SMALL, t: t === "inf" ? t : Math.round(t / 10) };
  }

  // The slider

  /** Where T lies, from 0 to 1. @param {number} t */
  position(t) {
    const finite = this.stops
      .map((stop) => stop.t)
      .filter((other) => other !== "inf")
      .map(Number);
    if (t === Infinity) return 1;
    return ((1 - LAST) * Math.log(t / finite[0])) / Math.log(finite[finite.length - 1] / finite[0]);
  }

  /** @param {{regime: string, from: number, to: number}[]} zones */
  scale(zones) {
    this.positions = this.stops.map(({ t }) => this.position(t === "inf" ? Infinity : t));
    const share = (/** @type {number} */ t) => Math.min(1, Math.max(0, this.position(Math.max(t, 1))));
    all(this.place, ".zones > span").forEach((span, k) => {
      const zone = zones[k];
      if (!zone) return;
      say(span, zone.regime);
      span.style.flexGrow = String(share(zone.to) - share(zone.from));
    });
    const ticks = one(this.place, ".ticks");
    const draw = () => {
      const places = this.stops.map(({ t }, k) => ({ t, place: this.positions[k], x: this.positions[k] * ticks.clientWidth }));
      const labelled = apart(
        places,
        ({ t }) => LABELLED.includes(t),
        () => APART,
      );
      ticks.replaceChildren(
        ...labelled.map(({ t, place }) => {
          const tick = made(`<span></span>`);
          say(tick, words.tick(t));
          tick.style.left = `${100 * place}%`;
          return tick;
        }),
      );
    };
    new ResizeObserver(draw).observe(ticks);
  }

  /** @type {number[]} */
  positions = [];

  /** @param {number} position */
  nearest(position) {
    return this.positions.reduce((best, other, k) => (Math.abs(other - position) < Math.abs(this.positions[best] - position) ? k : best), 0);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const last = this.stops.length - 1;
    const moves = /** @type {Record<string, number>} */ ({
      ArrowRight: this.at + 1,
      ArrowUp: this.at + 1,
      ArrowLeft: this.at - 1,
      ArrowDown: this.at - 1,
      PageUp: this.at + 3,
      PageDown: this.at - 3,
      Home: 0,
      End: last,
    });
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.go(Math.min(last, Math.max(0, moves[event.key])));
  }

  /** Shows the stored run of a stop. @param {number} at */
  go(at) {
    const stop = this.stops[at];
    if (!stop || (at === this.at && this.stage.covered)) return;
    this.turn += 1;
    if (this.player.phase === "running") this.player.pause();
    if (!this.stage.covered) this.motion.stop(this.stage.picture);
    this.stage.covered = true;
    this.at = at;
    this.shown = stop.run.config;
    this.slider.value = String(this.positions[at]);
    this.motion.to(stop.picture());
    this.tell(stop.outcome, stop.run.measures);
    this.changed();
  }

  // The planes

  /** @param {import("../lab/kinds.js").Picture} picture @param {boolean} rest */
  show(picture, rest) {
    this.first?.remove();
    this.stage.picture = picture;
    for (const figure of this.stage.figures) figure.show(picture, rest);
  }

  /** @param {wasm_bindgen.Outcome | undefined} outcome @param {wasm_bindgen.Measures | null} measures */
  tell(outcome, measures) {
    if (outcome) say(this.verdict, sentence(outcome));
    if (measures) say(this.loss, words.loss(measures.test_loss));
  }

  // What trains

  /** Trains a run, unless the reader has gone on before it could begin. @param {Partial<wasm_bindgen.Config>} config */
  async live(config) {
    const turn = (this.turn += 1);
    try {
      await this.begun(config, () => turn === this.turn);
    } catch (error) {
      if (turn === this.turn) say(this.verdict, words.noTrainer(error instanceof Error ? error.message : String(error)));
    }
  }

  /** @param {Partial<wasm_bindgen.Config>} config @param {() => boolean} isWanted still */
  async begun(config, isWanted) {
    const { player, stage } = this;
    this.motion.stop(null);
    stage.covered = false;
    this.shown = config;
    const same =
      player.config && Object.entries(config).every(([name, value]) => JSON.stringify(/** @type {any} */ (player.config)[name]) === JSON.stringify(value));
    if (!same || player.ended || !player.alive) await player.create({ config: stage.api?.checkConfig(config) ?? /** @type {any} */ (config) });
    if (!isWanted()) return;
    player.agreed = true;
    await player.start();
    if (!isWanted()) return;
    say(this.verdict, words.learning(/** @type {number | "inf"} */ (config.t)));
    say(this.loss, words.soon);
  }

  /** @param {import("../lab/stage.js").Drawn} drawn */
  drawn({ measures }) {
    this.first?.remove();
    const stored = this.stop?.run.measures;
    if (!measures || !this.player.ended || this.stage.covered) return;
    this.tell(measures.outcome, measures);
    const small = this.player.config?.n !== FIRST.n;
    const same = stored && stored.test_loss === measures.test_loss && stored.train_loss === measures.train_loss;
    say(this.status, small ? words.small : same ? words.same : words.trained);
  }

  /** Buttons and the line below follow from what is shown and what trains. */
  changed() {
    const { player, stage, stop, slider } = this;
    const { covered } = stage;
    stage.frame();
    const running = player.phase === "running" && !covered;
    const seconds = stop ? stop.run.work * WORK_SECONDS : 0;
    const small = seconds > LONG_SECONDS;
    const { nearby } = this;
    const smallSeconds = small && stage.api ? SMALL.steps * roughStepSeconds(stage.api.checkConfig(nearby)) : 0;
    this.train.hidden = false;
    say(this.train, running ? words.pause : small ? words.trainSmall(smallSeconds) : words.train(seconds || 6));
    this.full.hidden = running || !small;
    say(this.full, words.trainFull(seconds));
    const t = stop?.t ?? /** @type {number} */ (FIRST.t);
    say(this.value, words.value(t));
    slider.setAttribute("aria-valuetext", words.value(t));
    const now = performance.now();
    if (covered) say(this.status, still() ? words.still : words.stored);
    else if (running && now - this.wordsAt > WORDS_MS) {
      this.wordsAt = now;
      say(this.status, words.training(player.step, player.steps));
    } else if (player.phase === "paused") say(this.status, words.paused(player.step, player.steps));
  }
}
