// The main thread's side of training: one run, its phase, its estimate, its last checkpoint. Knows no document.

import { startTrainer } from "../wasm.js";
import { checkpoints, snapshots } from "./kept.js";
import { same } from "./state.js";

/**
 * @typedef {"none" | "ready" | "running" | "asking" | "paused" | "finished" | "diverged" | "dead"} Phase
 *
 * @typedef {"frame" | "measures" | "measuresAt" | "checksums" | "report" | "record" | "checkpoint"} Method
 *
 * @typedef {object} Want which arrays the figures on screen need
 * @property {boolean} hidden
 * @property {boolean} features
 * @property {boolean} losses
 * @property {boolean} dimensionalities
 *
 * @typedef {object} Frame
 * @property {number} step
 * @property {Float32Array} [hidden]
 * @property {Float32Array} [features]
 * @property {Float64Array} [featureDimensionality]
 * @property {Float64Array} [exampleDimensionality]
 * @property {wasm_bindgen.History} [history]
 * @property {number} [trainLoss]
 */

/** A refusal: which field, and a sentence with the value and the range. */
export class Refused extends Error {
  /** @param {string} message @param {string} [field] */
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/** Asks before a run that would take longer. */
const LONG_SECONDS = 300;
/** A checkpoint is a few copies of the parameters; taken this often, it costs nothing one could measure. */
const CHECKPOINT_MS = 5000;
/** How much of a new estimate of the time that is left counts at once. */
const KEEP_UP = 0.15;
/** Memory for what a reader may go back to, 64 MB in all: 400 snapshots and 40 checkpoints at n = 10,000 and m = 2. */
const SNAPSHOT_BYTES = 48 * 2 ** 20;
const CHECKPOINT_BYTES = 16 * 2 ** 20;

export class Player {
  /**
   * @param {object} on
   * @param {() => void} on.change phase, step or rate changed
   * @param {(why: string) => void} on.death the trainer ended by itself and a new one stands ready
   * @param {() => void} [on.snapshot] there is one more
   */
  constructor(on) {
    this.on = on;
    /** @type {Phase} */
    this.phase = "none";
    /** @type {wasm_bindgen.Config | null} */
    this.config = null;
    this.step = 0;
    this.steps = 0;
    /** Steps a second. */
    this.rate = 0;
    /** To the end; NaN while it is not known. */
    this.secondsLeft = NaN;
    this.notedAt = 0;
    /** @type {number | undefined} */
    this.divergedAt = undefined;
    /** The last checkpoint of this run, kept in case the trainer dies. @type {{step: number, bytes: Uint8Array} | null} */
    this.checkpoint = null;
    /** What can be shown again, and where training can go on. */
    this.snapshots = snapshots(SNAPSHOT_BYTES, 0, 0);
    this.checkpoints = checkpoints(CHECKPOINT_BYTES);
    /** Steps a second at most; 0: as many as can be. */
    this.limit = 0;
    /** The reader has heard how long this run takes and wants it. */
    this.agreed = false;

    /** @type {Promise<import("../wasm.js").Port> | null} */
    this.port = null;
    /** The id of the present run, of the last one asked for, and of the last call. */
    this.run = 0;
    this.runs = 0;
    /** The id that the present run had first: going back to an earlier step changes its id. */
    this.lineage = 0;
    this.calls = 0;
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    /** @type {{run: number, again: boolean, resolve: (value?: any) => void, reject: (error: Error) => void} | null} */
    this.creating = null;
    /** @type {Promise<void>} */
    this.queue = Promise.resolve();
    this.checkpointAt = 0;
  }

  /** Whether there is a run that can answer. */
  get alive() {
    return this.phase !== "none" && this.phase !== "dead";
  }

  get ended() {
    return this.phase === "finished" || this.phase === "diverged";
  }

  /**
   * Replaces the run by a new one, at step 0 or where the checkpoint stood. Rejects with Refused on a bad value, and then
   * the run that was goes on as if nothing had been asked.
   * @param {{config: wasm_bindgen.Config, path?: string} | {checkpoint: Uint8Array}} source `path`: how its gradient is computed, if not as it is fastest
   * @param {boolean} [again] it is the run that is there, from another step on: what is kept of it stays
   * @returns {Promise<void>}
   */
  create(source, again = false) {
    // One after the other: the trainer and this side must agree on which run is the present one.
    const created = this.queue.then(() => this.createNow(source, again));
    this.queue = created.catch(() => {});
    return created;
  }

  /** @param {{config: wasm_bindgen.Config, path?: string} | {checkpoint: Uint8Array}} source @param {boolean} again */
  async createNow(source, again) {
    const port = await this.trainer();
    const run = (this.runs += 1);
    try {
      await new Promise((resolve, reject) => {
        this.creating = { run, again, resolve, reject };
        this.on.change();
        if ("config" in source) return port.post({ type: "create", run, config: source.config, path: source.path });
        const checkpoint = source.checkpoint.slice();
        port.post({ type: "create", run, checkpoint }, [checkpoint.buffer]);
      });
    } finally {
      this.creating = null;
      this.on.change();
    }
  }

  /** Trains to the end, or to a step; asks first if that would be long. @param {number} [to] */
  async start(to) {
    const port = await this.trainer();
    if (this.ended || !this.alive) return;
    this.phase = "running";
    this.on.change();
    const ask = this.agreed || to !== undefined ? undefined : LONG_SECONDS;
    port.post({ type: "advance", run: this.run, to: to ?? Infinity, ask });
  }

  async pause() {
    const port = await this.trainer();
    port.post({ type: "pause", run: this.run });
  }

  /**
   * Puts the run at a step and pauses it there, with the bits that it has there by any other way: from the last checkpoint
   * before, or from the start.
   * @param {number} step
   */
  async goTo(step) {
    const { config } = this;
    if (!config) return;
    const kept = this.checkpoints.items[this.checkpoints.before(step)];
    if (this.step > step || (kept && kept.step > this.step)) {
      await this.create(kept ? { checkpoint: /** @type {Uint8Array} */ (kept.values) } : { config }, true);
    }
    if (this.step < step) await this.start(step);
  }

  /** Trains at most this many steps a second, as fast as it can if 0. @param {number} limit */
  async setSpeed(limit) {
    this.limit = limit;
    const port = await this.trainer();
    port.post({ type: "speed", limit });
  }

  /**
   * One answer of the trainer about the present run.
   * @param {Method} method @param {...any} args
   * @returns {Promise<any>} rejects when the run is replaced before the answer comes
   */
  async call(method, ...args) {
    return (await this.ask(method, ...args)).value;
  }

  /**
   * The same with the step at which it was given: while it trains, the trainer is ahead of what is known here.
   * @param {Method} method @param {...any} args @returns {Promise<{value: any, step: number}>}
   */
  async ask(method, ...args) {
    const port = await this.trainer();
    const id = (this.calls += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      port.post({ type: "call", run: this.run, id, method, args });
    });
  }

  /** Gives up the trainer, whatever it does, and starts another. @param {string} why */
  async replace(why) {
    const port = this.port && (await this.port.catch(() => null));
    port?.end();
    this.died(why);
  }

  /** Ends the trainer; the player is of no more use. */
  async end() {
    this.phase = "none";
    const port = this.port && (await this.port.catch(() => null));
    port?.end();
    this.forget();
  }

  /** @returns {Promise<import("../wasm.js").Port>} */
  trainer() {
    const port = (this.port ??= startTrainer(
      (message) => this.hear(message),
      (why) => this.died(why),
    ));
    // One that did not start is no one's: the next to ask starts another.
    port.catch(() => {
      if (this.port === port) this.port = null;
    });
    return port;
  }

  /** @param {string} why */
  died(why) {
    this.port = null;
    this.phase = "dead";
    this.forget();
    this.creating?.reject(new Error(why));
    this.run = this.runs += 1;
    this.trainer().catch(() => {});
    if (this.limit) this.setSpeed(this.limit).catch(() => {});
    this.on.change();
    this.on.death(why);
  }

  /** Nobody waits any longer for answers about a run that is gone. */
  forget() {
    for (const { reject } of this.waiting.values()) reject(new Refused("superseded"));
    this.waiting.clear();
  }

  /** @param {any} message */
  hear(message) {
    const { creating } = this;
    if (creating && message.run === creating.run) {
      if (message.type === "refused") return creating.reject(new Refused(message.message, message.field));
      if (message.type === "created") this.begin(message);
    } else if (message.run !== this.run) {
      return;
    }
    switch (message.type) {
      case "progress":
        this.note(message);
        if (performance.now() - this.checkpointAt > CHECKPOINT_MS) this.keepCheckpoint();
        break;
      case "paused":
        this.note(message);
        this.phase = message.divergedAt !== undefined ? "diverged" : message.finished ? "finished" : message.why === "long" ? "asking" : "paused";
        if (!this.ended) this.keepCheckpoint();
        break;
      case "snapshot":
        this.snapshots.add(message);
        this.on.snapshot?.();
        return;
      case "answer": {
        const waiting = this.waiting.get(message.id);
        this.waiting.delete(message.id);
        waiting?.resolve(message);
        return;
      }
      case "dead":
        this.replace(message.message);
        return;
    }
    this.on.change();
  }

  /** @param {any} message */
  begin(message) {
    this.run = message.run;
    this.forget();
    if (!this.creating?.again || !same(this.config, message.config)) {
      this.lineage = message.run;
      this.snapshots = snapshots(SNAPSHOT_BYTES, message.config.n, message.config.m);
      this.checkpoints.clear();
    }
    this.config = message.config;
    this.phase = message.divergedAt !== undefined ? "diverged" : message.finished ? "finished" : "ready";
    this.rate = 0;
    this.secondsLeft = NaN;
    this.agreed = false;
    this.checkpoint = null;
    this.checkpointAt = performance.now();
    this.note(message);
    this.creating?.resolve();
  }

  /** @param {any} message */
  note(message) {
    const now = performance.now();
    // What was said before, less the time since, weighs more than the newest timing: the reader sees it count down, not jump.
    const expected = this.secondsLeft - (now - this.notedAt) / 1000;
    this.notedAt = now;
    this.step = message.step;
    this.steps = message.steps;
    this.divergedAt = message.divergedAt;
    this.rate = message.rate ?? this.rate;
    const { secondsLeft } = message;
    if (secondsLeft !== undefined) this.secondsLeft = expected > 0 && this.phase === "running" ? expected + KEEP_UP * (secondsLeft - expected) : secondsLeft;
  }

  keepCheckpoint() {
    this.checkpointAt = performance.now();
    this.ask("checkpoint").then(
      ({ step, value }) => {
        this.checkpoint = { step, bytes: value };
        this.checkpoints.add({ step, values: value });
      },
      () => {},
    );
  }
}
