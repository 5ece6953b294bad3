// How long will it take? From a slice of the dearest run and of the cheapest, and then from what has been done.

import { WORK_SECONDS } from "../duration.js";
import { timed } from "./pool.js";

export class Pace {
  /** @param {import("./class.js").OwnSweep} sweep */
  constructor(sweep) {
    this.sweep = sweep;
    /** Cost and seconds of the dearest and of the cheapest run. @type {[number, number][]} */
    this.ends = [];
    /** The sweep whose runs these are. @type {import("./class.js").OwnSweep["gathering"]} */
    this.of = null;
    /** @type {Map<string, number>} */
    this.timings = new Map();
    /** When training began or went on, and what had been done then. */
    this.since = { at: 0, done: 0 };
  }

  get known() {
    return this.ends.length > 0;
  }

  /** Times the runs that are missing, once for a sweep. */
  async estimate() {
    const { gathering } = this.sweep;
    const missing = this.sweep.missing();
    if (!gathering || !missing.length || this.of === gathering) return;
    [this.of, this.ends] = [gathering, []];
    for (const run of new Set([missing[0], missing[missing.length - 1]])) {
      const name = JSON.stringify({ ...gathering.config(run), data_seed: 0, init_seed: 0 });
      try {
        const work = gathering.work(run) ?? 1;
        const seconds = this.timings.get(name) ?? (await timed(gathering.config(run)));
        this.timings.set(name, seconds);
        if (gathering !== this.sweep.gathering) return;
        this.ends.push([work, seconds]);
        // Training has begun, and would be slowed down.
        if (this.sweep.pool.waiting.size) return;
      } catch {
        // What can't be timed is told when it is trained.
      }
    }
  }

  /** About how many seconds a run takes: between the two that were timed, by its cost. @param {number} run */
  seconds(run) {
    const work = this.sweep.gathering?.work(run) ?? 0;
    const [dear, cheap = dear] = this.ends;
    if (!dear) return work * WORK_SECONDS;
    const [high, low] = [dear[1] / dear[0], cheap[1] / cheap[0]];
    const place = dear[0] > cheap[0] ? Math.log(Math.max(work, cheap[0]) / cheap[0]) / Math.log(dear[0] / cheap[0]) : 1;
    return work * (low + Math.min(1, place) * (high - low));
  }

  /** Seconds of all runs that are missing, with so many at once. @param {number} workers */
  all(workers) {
    const missing = this.sweep.missing().map((run) => this.seconds(run));
    const sum = missing.reduce((a, b) => a + b, 0);
    return Math.max(sum / Math.max(1, Math.min(workers, missing.length)), ...missing.slice(0, 1), 0);
  }

  /** Seconds of work that are done of what is wanted, and left. */
  progress() {
    const { pool, places, share, gathering } = this.sweep;
    const busy = new Map(pool.busy.map(({ run, step, steps }) => [run, steps ? step / steps : 0]));
    let [left, done] = [0, 0];
    for (const key of pool.waiting) {
      const seconds = this.seconds(places.get(key) ?? 0);
      left += seconds * (1 - (busy.get(key) ?? 0));
      done += seconds * (busy.get(key) ?? 0);
    }
    for (const run of share) if (gathering?.isTaken(run)) done += this.seconds(run);
    return { left, done };
  }

  /** Training begins, or goes on. */
  begin() {
    this.since = { at: performance.now(), done: this.progress().done };
  }

  /** Seconds that are left; NaN while it is not known. @param {{left: number, done: number}} progress */
  left({ left, done }) {
    const elapsed = (performance.now() - this.since.at) / 1000;
    const made = done - this.since.done;
    return elapsed > 1 && made > 0 ? (left * elapsed) / made : NaN;
  }
}
