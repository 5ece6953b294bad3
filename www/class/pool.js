// Who trains many runs? So many workers, each with one run at a time, the dearest first. One that dies costs its run, which another makes
// again. Knows no document.

import { startTrainer } from "../wasm.js";

/** @typedef {{line: string, weights: number}} Ended a run as a line of a store, and the checksum of its weights */

/**
 * @typedef {object} On
 * @property {(run: string, ended: Ended) => void} end a run has ended
 * @property {(run: string | null, why: string, again: boolean) => void} loss a worker died at a run, or did not start, or a run was refused; whether it is tried again
 * @property {() => void} change something moved
 */

/** A run at which workers keep dying is given up. */
const MOST_DEATHS = 3;
/** So long a run is trained to see how fast it goes, in ms. */
const SLICE_MS = 500;

/** One worker and its run. */
class Slot {
  /** @param {Pool} pool */
  constructor(pool) {
    this.pool = pool;
    /** Its key. @type {string | null} */
    this.run = null;
    this.id = 0;
    this.step = 0;
    this.steps = 0;
    /** @type {import("../wasm.js").Port | null} */
    this.port = null;
    this.over = false;
    this.starting = startTrainer(
      (message) => this.hear(message),
      (why) => this.die(why),
    ).then(
      (port) => {
        if (this.over) return port.end();
        this.port = port;
        pool.place = port.place;
        this.next();
      },
      (error) => this.die(String(error instanceof Error ? error.message : error)),
    );
  }

  /** Takes the next run, if there is one. */
  next() {
    if (this.over || !this.port || this.run !== null || this.pool.paused) return;
    const run = this.pool.draw();
    if (run === undefined) return;
    [this.run, this.step, this.steps] = [run, 0, 0];
    this.id += 1;
    this.port.post({ type: "create", run: this.id, config: this.pool.config(run), quiet: true });
  }

  /** @param {any} message */
  hear(message) {
    if (this.over || message.run !== this.id || this.run === null) return;
    const { run, port, pool } = this;
    if (message.step !== undefined) [this.step, this.steps] = [message.step, message.steps];
    switch (message.type) {
      case "created":
        if (!pool.paused) port?.post({ type: "advance", run: this.id, to: Infinity });
        break;
      case "paused":
        if (message.finished || message.divergedAt !== undefined) port?.post({ type: "call", run: this.id, id: 1, method: "ended", args: [] });
        break;
      case "answer":
        this.run = null;
        pool.waiting.delete(run);
        pool.on.end(run, message.value);
        this.next();
        break;
      case "refused":
        this.run = null;
        pool.waiting.delete(run);
        pool.on.loss(run, message.message, false);
        this.next();
        break;
      case "dead":
        return this.die(message.message);
    }
    pool.on.change();
  }

  /** @param {"pause" | "advance"} what */
  tell(what) {
    if (this.run !== null) this.port?.post({ type: what, run: this.id, ...(what === "advance" && { to: Infinity }) });
    else if (what === "advance") this.next();
  }

  /** Gives up the run. */
  leave() {
    this.run = null;
    this.id += 1;
    this.port?.post({ type: "free" });
    this.next();
  }

  /** @param {string} why */
  die(why) {
    if (this.over) return;
    const { run, pool } = this;
    this.end();
    pool.replace(this, run, why);
  }

  end() {
    this.over = true;
    this.port?.end();
  }
}

export class Pool {
  /** @param {(run: string) => wasm_bindgen.Config} config of a run's key @param {On} on */
  constructor(config, on) {
    this.config = config;
    this.on = on;
    this.paused = false;
    /** How many workers there may be. */
    this.most = 1;
    /** @type {Slot[]} */
    this.workers = [];
    /** Runs that are wanted and not there yet, the dearest first. @type {Set<string>} */
    this.waiting = new Set();
    /** @type {Map<string, number>} */
    this.deaths = new Map();
    /** Where trainers run: without workers, one on the main thread. @type {"worker" | "page"} */
    this.place = "worker";
    this.failures = 0;
  }

  /** Runs that are being trained. */
  get busy() {
    return this.workers.filter(({ run }) => run !== null);
  }

  /** The next run that nobody trains. */
  draw() {
    const taken = new Set(this.busy.map(({ run }) => run));
    for (const run of this.waiting) if (!taken.has(run)) return run;
    return undefined;
  }

  /** Trains these runs and no others. @param {Iterable<string>} runs the dearest first */
  want(runs) {
    this.waiting = new Set(runs);
    for (const worker of this.busy) if (!this.waiting.has(/** @type {string} */ (worker.run))) worker.leave();
    this.fill();
  }

  /** @param {number} most */
  resize(most) {
    this.most = most;
    while (this.workers.length > most) this.workers.pop()?.end();
    this.fill();
  }

  /** As many workers as there is work for. */
  fill() {
    if (this.paused) return;
    for (const worker of this.workers) worker.next();
    const most = this.place === "page" ? 1 : this.most;
    while (this.workers.length < Math.min(most, this.waiting.size)) this.workers.push(new Slot(this));
    this.on.change();
  }

  pause() {
    this.paused = true;
    for (const worker of this.workers) worker.tell("pause");
    this.on.change();
  }

  resume() {
    this.paused = false;
    for (const worker of this.workers) worker.tell("advance");
    this.fill();
  }

  /** A worker has died. @param {Slot} worker @param {string | null} run @param {string} why */
  replace(worker, run, why) {
    this.workers = this.workers.filter((other) => other !== worker);
    if (run !== null) {
      const deaths = (this.deaths.get(run) ?? 0) + 1;
      this.deaths.set(run, deaths);
      const again = deaths < MOST_DEATHS;
      if (!again) this.waiting.delete(run);
      this.on.loss(run, why, again);
    } else {
      this.failures += 1;
      const again = this.failures < MOST_DEATHS;
      if (!again) this.waiting.clear();
      this.on.loss(null, why, again);
      if (!again) return this.on.change();
    }
    this.fill();
  }

  /** Ends all workers. */
  end() {
    this.waiting.clear();
    for (const worker of this.workers.splice(0)) worker.end();
  }
}

/** Seconds that a run takes here, from training a slice of it. @param {wasm_bindgen.Config} config @returns {Promise<number>} */
export async function timed(config) {
  /** @type {(message: any) => void} */
  let hear = () => {};
  const port = await startTrainer(
    (message) => hear(message),
    (why) => hear({ type: "dead", message: why }),
  );
  try {
    return await new Promise((resolve, reject) => {
      let started = 0;
      let begun = 0;
      hear = (message) => {
        if (message.type === "created") {
          started = performance.now();
          port.post({ type: "advance", run: 1, to: Infinity });
          setTimeout(() => port.post({ type: "pause", run: 1 }), SLICE_MS);
        } else if (message.type === "progress" && !begun) {
          // The first steps wait for memory, and for the compiler.
          [started, begun] = [performance.now(), message.step];
        } else if (message.type === "paused") {
          const seconds = (performance.now() - started) / 1000;
          resolve((seconds * message.steps) / Math.max(1, message.step - begun));
        } else if (message.type === "refused" || message.type === "dead") reject(new Error(message.message));
      };
      port.post({ type: "create", run: 1, config, quiet: true });
    });
  } finally {
    port.end();
  }
}
