// A sweep of the reader's own: a form says which runs, workers train them, and a figure grows. Loaded when it is opened.
//
//   await mountClass(element, lab, (config) => …, false);

import { readSweepKeys, tellSweep } from "../address.js";
import { dataFile } from "../data.js";
import { filesMayFail, heedless, one, save, say } from "../dom.js";
import { VERSION } from "../lab/link.js";
import { tell } from "../lab/linked.js";
import { loadModule } from "../sweeps/module.js";
import { PlanForm } from "./form.js";
import { Group } from "./group.js";
import { Keep } from "./keep.js";
import { ownElement } from "./markup.js";
import { baseOf, parseNumber, presets, readSweep, readWith, reasonOf, sweepText, Wrong } from "./plan.js";
import { Pace } from "./pace.js";
import { Pool } from "./pool.js";
import { Shown } from "./shown.js";
import { strings } from "./strings.js";
import { dress } from "./style.js";

/** @typedef {import("../pkg/sweeps.js").Gathering} Gathering */
/** @typedef {import("./plan.js").Plan} Plan */

/** So many kept runs are read at once, so that the page stays quick. */
const BATCH = 25;

/**
 * @param {HTMLElement} place @param {import("../lab/lab.js").Lab} lab @param {(config: wasm_bindgen.Config) => void} openInLab
 * @param {boolean} large as for a projector
 */
export async function mountClass(place, lab, openInLab, large) {
  if (!(await lab.ready)) throw new Error(strings.noTrainer);
  const module = await loadModule();
  dress();
  const sweep = new OwnSweep(module, lab, openInLab);
  place.replaceChildren(sweep.element);
  if (large) sweep.shown.enlarge(true);
  await sweep.begin();
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 0));

export class OwnSweep {
  /** @param {typeof import("../pkg/sweeps.js")} module @param {import("../lab/lab.js").Lab} lab @param {(config: wasm_bindgen.Config) => void} openInLab */
  constructor(module, lab, openInLab) {
    this.module = module;
    this.lab = lab;
    this.api = lab.settings.api;
    readWith(this.api);
    this.openInLab = openInLab;
    this.element = ownElement();
    /** @type {Plan | null} */
    this.plan = null;
    /** Whether the plan is what the fields say. @type {"read" | "reading" | "wrong"} */
    this.fields = "reading";
    /** So many runs are trained at once. */
    this.workers = 1;
    /** @type {Gathering | null} */
    this.gathering = null;
    /** Keys of the runs, and the runs of the keys. @type {string[]} */
    this.keys = [];
    /** @type {Map<string, number>} */
    this.places = new Map();
    /** The runs that this tab trains, the dearest first. @type {number[]} */
    this.share = [];
    /** Runs that others gave, to be compared. @type {Set<string>} */
    this.checks = new Set();
    this.keep = new Keep();
    /** Runs on their way into what lasts: not made again, and told as there only once they can't be lost. @type {Set<string>} */
    this.keeping = new Set();
    this.pool = new Pool((key) => this.config(key), {
      end: (key, ended) => this.ended(key, ended),
      loss: (key, why, again) => this.lost(key, why, again),
      change: () => this.changed(),
    });
    /** @type {"ready" | "running" | "paused" | "hidden" | "stopped"} */
    this.state = "ready";
    /** Asked for last: what began before is dropped. */
    this.turn = 0;
    /** Whether finished runs outlive the tab, and whether there was no room for one. */
    this.kept = true;
    this.full = false;
    this.pace = new Pace(this);
    this.form = new PlanForm(this.element, () => this.follow());
    this.shown = new Shown(this);
    this.group = new Group(this);
    this.bind();
  }

  /** @template {HTMLElement} [E=HTMLElement] @param {string} name @returns {E} */
  part(name) {
    return one(this.element, `[data-part="${name}"]`);
  }

  bind() {
    heedless(this.element);
    const click = (/** @type {string} */ name, /** @type {() => void} */ task) => this.part(name).addEventListener("click", task);
    click("start", () => this.start());
    click("pause", () => (this.state === "running" || this.state === "hidden" ? this.pause("paused") : this.resume()));
    click("stop", () => this.stop());
    click("seed", () => {
      this.form.control("data_seeds").value = String((this.plan?.data_seeds ?? 0) + 1);
      this.follow();
    });
    click("lab", () => {
      this.form.base = baseOf(this.lab.settings.config, this.lab.settings.base);
      this.follow();
    });
    click("large", () => this.shown.enlarge(!this.shown.large));
    click("open-lab", () => {
      const { run } = this.shown;
      if (run === undefined || !this.gathering) return;
      this.shown.enlarge(false);
      this.openInLab(this.gathering.config(run));
    });
    click("check-run", () => this.shown.run !== undefined && this.check([this.shown.run]));
    click("drop", () => {
      const { run } = this.shown;
      if (run === undefined || !this.gathering || !this.plan) return;
      const { t } = this.gathering.config(run);
      this.take({ ...this.plan, t: this.plan.t.filter((other) => other !== t) });
    });
    click("save-store", () => {
      const runs = this.store();
      if (runs) this.hand("runs.jsonl", runs, "application/jsonl");
      else say(this.part("said"), strings.out.noneOwn);
    });
    click("save-plan", () => this.plan && this.hand("sweep-plan.json", `${JSON.stringify(this.plan, null, 1)}\n`, "application/json"));
    click("copy-link", () => this.copy(this.link(), this.part("said"), this.copied(), this.part("text")));
    /** @type {HTMLInputElement} */
    const open = this.part("open-store");
    open.addEventListener("change", async () => {
      await this.open([...(open.files ?? [])]);
      open.value = "";
    });
    this.form.bindPresets((name) => this.take(presets[name]));
    const most = Math.max(1, (navigator.hardwareConcurrency || 2) - 1);
    this.form.control("workers").value = String(most);
    document.addEventListener("visibilitychange", () => this.visibility());
    this.form.control("hidden").addEventListener("change", () => this.visibility());
    document.addEventListener("fullscreenchange", () => !document.fullscreenElement && this.shown.enlarge(false));
    this.element.addEventListener("keydown", ({ key }) => key === "Escape" && this.shown.enlarge(false));
  }

  /** Takes the sweep of the address, or the first that is offered. */
  async begin() {
    const { sweep, shares, part } = readSweepKeys();
    const notes = this.group.set(shares ?? 1, part);
    let plan = presets.curve;
    try {
      if (sweep !== null) {
        const read = readSweep(sweep, this.api);
        plan = read.plan;
        notes.push(...read.notes);
      }
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      notes.push(strings.form.instead(error.message));
    }
    tell(this.part("trouble"), strings.form.linkTrouble, notes, () => this.part("start").focus());
    await this.take(plan);
  }

  /** Takes another plan. @param {Plan} plan */
  async take(plan) {
    this.form.write(plan);
    await this.follow();
  }

  /** Follows the form. */
  async follow() {
    const turn = (this.turn += 1);
    this.fields = "wrong";
    this.form.mark("plan", "");
    // Each is read, to say what is wrong with it.
    const [plan, workers, group] = [this.form.read(), this.readWorkers(), this.group.read()];
    this.pool.resize(this.workers);
    if (!plan || !workers || !group) return this.refuse();
    if (JSON.stringify(plan) === JSON.stringify(this.plan)) return this.deal();
    /** @type {Gathering} */
    let gathering;
    try {
      gathering = new this.module.Gathering(plan);
    } catch (error) {
      this.form.mark("plan", reasonOf(error));
      return this.refuse();
    }
    this.fields = "reading";
    this.changed();
    const keys = Array.from({ length: gathering.planned }, (_, run) => gathering.key(run));
    await this.fill(gathering, keys);
    const given = await this.keep.given(this.nameOf(plan));
    if (turn !== this.turn) return gathering.free();
    const before = this.gathering;
    [this.plan, this.gathering, this.keys] = [plan, gathering, keys];
    this.places = new Map(keys.map((key, run) => [key, run]));
    // Until the runs are dealt nobody takes one of before.
    for (const key of this.pool.waiting) if (!this.places.has(key)) this.pool.waiting.delete(key);
    before?.free();
    this.shown.again();
    await this.putBehind(gathering);
    await this.group.again(given);
    // Not if a field has gone wrong meanwhile, or another plan is on its way.
    if (turn === this.turn || /** @type {string} */ (this.fields) === "read") this.deal();
  }

  /** A field is wrong: what was said of the sweep before is not said any more. */
  refuse() {
    for (const name of ["said", "gave"]) say(this.part(name), "");
    this.changed();
  }

  /** Reads how many runs are trained at once; whether that can be. */
  readWorkers() {
    const most = 2 * (navigator.hardwareConcurrency || 2);
    const asked = parseNumber(this.form.control("workers").value);
    const right = Number.isInteger(asked) && asked >= 1 && asked <= most;
    this.form.mark("workers", right ? "" : strings.form.workersRange(most));
    if (right) this.workers = asked;
    return right;
  }

  /** The runs that were made here before. @param {Gathering} gathering @param {string[]} keys */
  async fill(gathering, keys) {
    const kept = await this.keep.find(keys);
    this.kept = await this.keep.lasts();
    for (const [run, found] of kept.entries()) {
      if (run % BATCH === BATCH - 1) await pause();
      if (!found) continue;
      try {
        gathering.take(JSON.parse(found.line), found.weights, "", true);
      } catch {
        await this.keep.drop(keys[run]);
      }
    }
  }

  /** What is known already, behind runs of the same settings. @param {Gathering} gathering */
  async putBehind(gathering) {
    gathering.putPaperBehind();
    if (gathering.config(0).n !== 1000) return;
    // Without it the figure is as right.
    await dataFile("classroom.pack").then(
      (bytes) => gathering.putStoredBehind(bytes),
      () => {},
    );
  }

  /** Which runs are this tab's, and trains them if it trains. */
  deal() {
    const { gathering, group } = this;
    if (!gathering) return;
    this.fields = "read";
    this.share = [...gathering.share(group.part ?? 1, group.part ? group.shares : 1)];
    tellSweep({ sweep: this.plan ? this.nameOf(this.plan) : "", shares: group.shares, part: group.part });
    this.shown.draw();
    this.work();
    if (this.state === "ready" || this.state === "stopped") this.pace.estimate().then(() => this.changed());
  }

  /** Sets the workers to what is wanted now. */
  work() {
    const own = ["running", "paused", "hidden"].includes(this.state);
    const missing = own ? this.missing().map((run) => this.keys[run]) : [];
    this.pool.want([...missing.filter((key) => !this.keeping.has(key)), ...this.checks]);
    if (own && this.state === "running" && !this.pool.waiting.size) this.state = "ready";
    this.changed();
  }

  /** Runs of the share that nobody has. */
  missing() {
    return this.share.filter((run) => !this.gathering?.isTaken(run));
  }

  taken() {
    return this.keys.filter((_, run) => this.gathering?.isTaken(run)).length;
  }

  /** @param {string} key */
  config(key) {
    return /** @type {Gathering} */ (this.gathering).config(/** @type {number} */ (this.places.get(key)));
  }

  /** As links name it, whatever its shares. @param {Plan} plan */
  nameOf(plan) {
    return sweepText(plan, this.lab.settings.base);
  }

  // What the reader does

  start() {
    if (!this.plan || !this.missing().length) return;
    this.state = "running";
    this.go();
  }

  resume() {
    this.state = "running";
    this.go();
  }

  go() {
    this.trouble("");
    this.pool.failures = 0;
    this.pool.deaths.clear();
    this.pool.resize(this.workers);
    this.pool.resume();
    this.work();
    this.pace.begin();
    this.visibility();
  }

  /** @param {"paused" | "hidden"} state */
  pause(state) {
    this.state = state;
    this.pool.pause();
    this.changed();
  }

  stop() {
    this.state = "stopped";
    this.checks.clear();
    this.pool.end();
    this.pool.paused = false;
    this.changed();
  }

  visibility() {
    const idle = document.hidden && !this.form.control("hidden").checked;
    if (idle && (this.state === "running" || this.pool.waiting.size) && this.state !== "paused") this.pause("hidden");
    else if (!idle && this.state === "hidden") this.resume();
  }

  /** Trains runs that others gave, and compares. @param {number[]} runs */
  check(runs) {
    for (const run of runs) if (!this.gathering?.isOwn(run)) this.checks.add(this.keys[run]);
    this.pool.resize(this.workers);
    if (this.state === "paused") this.resume();
    else this.work();
  }

  // What becomes of runs

  /** What others gave lasts as well. @param {import("./keep.js").Given} given */
  async keepGiven(given) {
    if (!this.plan || (await this.keep.give(this.nameOf(this.plan), given)) || !this.kept) return;
    this.full = true;
    this.changed();
  }

  /** @param {string} key @param {import("./pool.js").Ended} ended */
  async ended(key, ended) {
    const kept = { line: ended.line.trimEnd(), weights: ended.weights };
    this.checks.delete(key);
    this.keeping.add(key);
    const lasts = await this.keep.put(key, kept);
    this.keeping.delete(key);
    this.full ||= this.kept && !lasts;
    const run = this.places.get(key);
    if (run !== undefined && this.gathering) this.gathering.take(JSON.parse(kept.line), kept.weights, "", true);
    if (!this.missing().length && this.state === "running") this.state = "ready";
    this.shown.draw();
    this.changed();
  }

  /** @param {string | null} key @param {string} why @param {boolean} again */
  lost(key, why, again) {
    const name = key === null ? "" : (this.gathering?.name(this.places.get(key) ?? 0) ?? "");
    if (key !== null && !again) this.checks.delete(key);
    if (!again && !this.pool.waiting.size) this.state = "ready";
    this.trouble(key === null ? strings.noWorker(why, again) : strings.loss(name, why, again));
  }

  /** @param {string} words */
  trouble(words) {
    say(this.part("trouble"), words);
    this.part("trouble").hidden = words === "";
  }

  changed() {
    this.shown.words();
  }

  // Out and in

  /** The runs that were made here, as a store. */
  store() {
    const own = this.keys.filter((_, run) => this.gathering?.isOwn(run));
    return own.map((key) => `${this.keep.here.get(key)?.line}\n`).join("");
  }

  /** The address of this sweep. @param {{shares?: number}} [more] */
  link({ shares } = {}) {
    const { plan, lab } = this;
    if (!plan) return "";
    return `${lab.share?.home ?? ""}?v=${VERSION}&sweep=${this.nameOf(plan)}${shares ? `&shares=${shares}` : ""}`;
  }

  /** What is said of a link once it is copied. */
  copied() {
    return /^http/.test(this.link()) ? strings.out.copied : `${strings.out.copied} ${strings.out.nowhere}`;
  }

  /** @param {string} text @param {HTMLElement} told @param {string} said @param {HTMLElement} fallback a text field for where nothing can be copied */
  async copy(text, told, said, fallback) {
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    const field = /** @type {HTMLTextAreaElement} */ (fallback);
    field.hidden = Boolean(done);
    field.value = text;
    if (!done) field.select();
    say(told, done ? said : strings.out.byHand);
  }

  /** @param {string} name @param {string} content @param {string} type */
  hand(name, content, type) {
    save(name, content, type);
    say(this.part("said"), "");
    if (!filesMayFail()) return;
    /** @type {HTMLTextAreaElement} */
    const field = this.part("text");
    [field.hidden, field.value] = [false, content];
    say(this.part("said"), strings.out.byHand);
  }

  /** Takes files of runs, and plans. @param {File[]} files */
  async open(files) {
    for (const file of files) {
      // A folder, or a file that is gone, has no text.
      const said = await file.text().then(
        async (text) => (await this.takePlan(file.name, text)) ?? (await this.group.takeFile(file.name, text)),
        (error) => strings.out.notOpened(file.name, reasonOf(error).replace(/\.$/, ""), 1),
      );
      say(this.part("said"), said);
    }
  }

  /** @param {string} name @param {string} text @returns {Promise<string | undefined>} what came of it, if it is a plan */
  async takePlan(name, text) {
    let plan;
    try {
      plan = JSON.parse(text);
    } catch {
      return undefined;
    }
    if (!plan?.base || !plan.t) return undefined;
    try {
      new this.module.Gathering(plan).free();
    } catch (error) {
      return strings.out.notOpened(name, reasonOf(error).replace(/\.$/, ""), 1);
    }
    await this.take(plan);
    return strings.out.planTaken(name);
  }
}
