// The page: form, transport, figures and words around one Player. Everything that moves follows from the player's phase.

import { all, get, say } from "./dom.js";
import { save } from "./figure.js";
import { Player, Refused } from "./player.js";
import { Settings } from "./settings.js";
import { Stage } from "./stage.js";
import { memory, roughStepSeconds, same } from "./state.js";
import { strings } from "./strings.js";
import { load, missing } from "./wasm.js";

/** A larger run asks first, a larger still is refused: wasm addresses 4 GB. */
const MUCH_MEMORY = 2 ** 29;
const MOST_MEMORY = 2 ** 32;
/** A step that may take longer than this asks before it is even timed. */
const LONG_STEP_SECONDS = 2;
/** After so long without an answer to a pause the reader may end the trainer. */
const PATIENCE_MS = 800;
/** Words below a live run change at most this often, so that they can be read. */
const WORDS_MS = 400;

const lab = get("lab");
const start = /** @type {HTMLButtonElement} */ (get("start"));

async function main() {
  const lacking = missing();
  if (lacking) return unsupported(strings.missing[lacking]);
  let api;
  try {
    api = await load();
  } catch (error) {
    return unsupported(strings.loadFailed(error instanceof Error ? error.message : String(error)));
  }
  const page = new Page(api);
  page.changed();
  page.run();
}

/** @param {string} words */
function unsupported(words) {
  get("unsupported").hidden = false;
  say(get("unsupported"), words);
  say(get("status"), "");
  lab.dataset.phase = "unsupported";
}

class Page {
  /** @param {typeof wasm_bindgen} api */
  constructor(api) {
    this.player = new Player({ change: () => this.changed(), death: (why) => this.mourn(why) });
    this.stage = new Stage(this.player, api);
    this.settings = new Settings(/** @type {HTMLFormElement} */ (get("settings")), api, () => this.follow());
    /** What the reader must confirm before it happens. @type {(() => void) | null} */
    this.confirmed = null;
    /** A checkpoint of a run that died. @type {{step: number, bytes: Uint8Array} | null} */
    this.rescue = null;
    this.patience = 0;
    this.wordsAt = 0;
    this.saidNoWorker = false;
    this.listen();
  }

  listen() {
    const { settings, player } = this;
    const click = (/** @type {string} */ id, /** @type {() => void} */ task) => get(id).addEventListener("click", task);
    click("start", () => {
      if (player.creating) return;
      if (player.phase === "running") this.pause();
      else this.run();
    });
    click("reset", () => this.reset());
    click("next-init", () => {
      settings.next("init_seed");
      start.focus();
      this.run();
    });
    click("restore", () => this.restore());
    click("save-report", () => this.save("report", "json", "application/json"));
    click("save-checkpoint", () => this.save("checkpoint", "checkpoint", "application/octet-stream"));
    click("question-yes", () => this.answer(this.confirmed));
    click("question-no", () => this.answer(null));

    for (const button of all("[data-steps]")) button.addEventListener("click", () => this.run(Number(button.dataset.steps)));
    for (const button of all("button[data-t]")) {
      button.addEventListener("click", () => {
        settings.preset(button.dataset.t ?? "", button.dataset);
        if (button.classList.contains("play")) lab.scrollIntoView();
        this.run();
      });
    }
    for (const radio of all("input[name=scale]")) {
      radio.addEventListener("change", () => {
        settings.preset(String(settings.config.t));
        this.run();
      });
    }
    settings.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && /** @type {HTMLElement} */ (event.target).matches("input[type=text]")) this.run();
    });
    const open = /** @type {HTMLInputElement} */ (get("open-checkpoint"));
    open.addEventListener("change", () => {
      const file = open.files?.[0];
      if (file) this.open(file);
      open.value = "";
    });
  }

  /** Follows the form. @returns {wasm_bindgen.Config | null} the settings, if all are right */
  follow() {
    const config = this.settings.check();
    const differs = this.player.config !== null && !same(config, this.player.config);
    say(get("changed"), config === null ? strings.wrong : differs ? strings.changed : "");
    this.changed();
    return config;
  }

  // What the reader does

  /** Trains: the run that is there if the settings are still its own, else a new one. @param {number} [steps] only so many */
  run(steps) {
    const config = this.follow();
    if (!config) return this.settings.focusWrong();
    this.ask(null);
    const { player } = this;
    if (same(config, player.config) && player.alive && !player.ended) return this.train(steps);
    this.ifAffordable(config, async () => {
      if (await this.create({ config })) this.train(steps);
    });
  }

  /** @param {number} [steps] */
  train(steps) {
    const { player } = this;
    if (player.phase === "asking") player.agreed = true;
    player.start(steps === undefined ? undefined : Math.min(player.steps, player.step + steps));
  }

  reset() {
    const config = this.follow();
    if (!config) return this.settings.focusWrong();
    this.ask(null);
    this.ifAffordable(config, () => this.create({ config }));
  }

  /** Asks first where memory or a single step would be much. @param {wasm_bindgen.Config} config @param {() => void} then */
  ifAffordable(config, then) {
    const bytes = memory(config);
    const seconds = roughStepSeconds(config);
    if (bytes > MOST_MEMORY) return this.trouble(strings.tooLarge(bytes));
    if (bytes > MUCH_MEMORY || seconds > LONG_STEP_SECONDS) return this.ask(strings.questionSize(bytes, seconds), then);
    then();
  }

  /** @param {{config: wasm_bindgen.Config} | {checkpoint: Uint8Array}} source @returns {Promise<boolean>} whether the run was accepted */
  async create(source) {
    try {
      await this.player.create(source);
    } catch (error) {
      if (!(error instanceof Refused)) return false; // the trainer died, and that was told
      if ("checkpoint" in source) say(get("e-checkpoint"), strings.badCheckpoint(error.message));
      else if (error.field) this.settings.mark(error.field, error.message);
      else this.trouble(error.message);
      return false;
    }
    this.trouble("");
    this.rescue = null;
    say(get("e-checkpoint"), "");
    const { config } = this.player;
    if ("checkpoint" in source && config) this.settings.set(config);
    this.follow();
    this.tellPlace();
    return true;
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
      if (player.run === run && player.phase === "running") this.ask(strings.slow, () => player.replace(""), strings.replace);
    }, PATIENCE_MS);
  }

  /** The trainer died. @param {string} why */
  mourn(why) {
    this.rescue = this.player.checkpoint;
    this.trouble(strings.died(why) + (this.rescue ? ` ${strings.diedWithCheckpoint(this.rescue.step)}` : ""));
    this.changed();
  }

  async restore() {
    if (this.rescue && (await this.create({ checkpoint: this.rescue.bytes }))) this.train();
  }

  /** @param {File} file */
  async open(file) {
    this.ask(null);
    await this.create({ checkpoint: new Uint8Array(await file.arrayBuffer()) });
  }

  /** @param {"report" | "checkpoint"} what @param {string} ending @param {string} type */
  async save(what, ending, type) {
    const { player } = this;
    if (!player.config || !player.alive) return;
    const name = `run-T${player.config.t}-step${player.step}.${ending}`;
    const content = await player.call(what, true).catch(() => null);
    if (content) save(name, content, type);
  }

  /** Shows a question in the page, or takes it away. @param {string | null} words @param {() => void} [then] @param {string} [yes] */
  ask(words, then, yes) {
    const box = get("question");
    const button = get("question-yes");
    const opens = box.hidden && words !== null;
    button.dataset.words ??= button.textContent ?? "";
    this.confirmed = then ?? null;
    say(button, yes ?? button.dataset.words);
    if (words !== null) say(get("question-text"), words);
    box.hidden = words === null;
    // Not at the first visit, where the reader has touched nothing yet.
    if (opens && document.activeElement !== document.body) button.focus();
  }

  /** @param {(() => void) | null} then */
  answer(then) {
    this.ask(null);
    start.focus();
    then?.();
  }

  /** @param {string} words */
  trouble(words) {
    say(get("trouble"), words);
    get("trouble").hidden = words === "";
  }

  /** What follows from the player. */
  changed() {
    const { player, stage } = this;
    const { phase } = player;
    const busy = player.creating !== null;
    const running = phase === "running";
    const before = lab.dataset.phase;
    lab.dataset.phase = busy ? "creating" : phase;

    const another = player.config !== null && !same(this.settings.config, player.config);
    const goesOn = phase === "paused" || phase === "asking";
    say(start, start.dataset[running ? "pause" : another ? "start" : player.ended ? "again" : goesOn ? "continue" : "start"] ?? "");
    start.disabled = false;
    for (const button of all("[data-steps], #reset")) /** @type {HTMLButtonElement} */ (button).disabled = running || busy;
    get("next-init").hidden = running || busy || !stage.failed;
    get("restore").hidden = this.rescue === null;

    const now = performance.now();
    if (!running || before !== lab.dataset.phase || now - this.wordsAt > WORDS_MS) {
      this.wordsAt = now;
      say(get("status"), strings.status(player));
      /** @type {HTMLProgressElement} */ (get("progress")).value = player.steps ? player.step / player.steps : 0;
    }
    if (phase === "asking" && before === "running") this.ask(strings.questionTime(player.secondsLeft), () => this.train());
    if (!running) clearTimeout(this.patience);
    if (!running && get("question-yes").textContent === strings.replace) this.ask(null);
    stage.frame();
  }
}

main();
