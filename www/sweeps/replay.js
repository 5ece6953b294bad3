// Is a stored run what this browser makes of the same settings? Trains it again in a worker of its own, to the end.

import { Player, Refused } from "../lab/player.js";

/**
 * Where two runs differ first, and both values there; undefined if they are equal. Numbers are written in the shortest form
 * that reads back to the same bits, so that equal lines are equal bits.
 * @param {string} stored @param {string} replayed lines of a store
 */
export function firstDifference(stored, replayed) {
  return stored === replayed ? undefined : (difference(JSON.parse(stored), JSON.parse(replayed), "") ?? "their text");
}

/** @param {any} ours @param {any} theirs @param {string} place @returns {string | undefined} */
function difference(ours, theirs, place) {
  const deeper = (/** @type {any} */ value) => typeof value === "object" && value !== null;
  if (!deeper(ours) || !deeper(theirs)) {
    const shown = (/** @type {any} */ value) => (Object.is(value, -0) ? "-0" : deeper(value) ? "a list" : JSON.stringify(value));
    return Object.is(ours, theirs) ? undefined : `${place} is ${shown(ours)} and ${shown(theirs)}`;
  }
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const here = Array.isArray(ours) ? `${place}[${key}]` : place ? `${place}.${key}` : key;
    const found = difference(ours[key], theirs[key], here);
    if (found) return found;
  }
  return undefined;
}

/** The pictures of a run under way are asked for at most this often. */
const FRAME_MS = 250;

export class Replay {
  /**
   * @param {string} stored the run as a line of a store
   * @param {object} on
   * @param {(step: number, steps: number, secondsLeft: number) => void} on.progress
   * @param {(frame: import("../lab/player.js").Frame) => void} on.frame
   * @param {(line: string, frame: import("../lab/player.js").Frame, seconds: number) => void} on.end the run as a line of a store, and all its vectors
   * @param {(why: string) => void} on.failure
   */
  constructor(stored, on) {
    // The path says how its gradient was computed: by another, sums would have another order.
    const { config, path } = JSON.parse(stored);
    this.run = { config, path };
    this.on = on;
    this.over = false;
    this.frameAt = 0;
    this.awaiting = false;
    this.started = performance.now();
    this.player = new Player({ change: () => this.changed(), death: (why) => this.fail(why) });
  }

  async start() {
    const { player } = this;
    try {
      await player.create(this.run);
      player.agreed = true; // the reader was told beforehand how long it takes
      if (!this.over) await player.start();
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  changed() {
    const { player } = this;
    if (this.over || player.creating || !player.config) return;
    if (player.ended) return void this.finish();
    this.on.progress(player.step, player.steps, player.secondsLeft);
    if (!this.awaiting && performance.now() - this.frameAt > FRAME_MS) this.frame();
  }

  async frame() {
    this.awaiting = true;
    const want = { hidden: true, features: false, losses: true, dimensionalities: false };
    const frame = await this.player.call("frame", want).catch(() => null);
    this.awaiting = false;
    this.frameAt = performance.now();
    if (frame && !this.over) this.on.frame(frame);
  }

  async finish() {
    this.over = true;
    const seconds = (performance.now() - this.started) / 1000;
    try {
      const line = await this.player.call("record");
      const frame = await this.player.call("frame", { hidden: true, features: true, losses: true, dimensionalities: true });
      this.on.end(line, frame, seconds);
    } catch (error) {
      if (!(error instanceof Refused)) this.on.failure(String(error));
    }
    this.player.end();
  }

  /** @param {string} why */
  fail(why) {
    if (this.over) return;
    this.stop();
    this.on.failure(why);
  }

  /** Gives it up. */
  stop() {
    this.over = true;
    this.player.end();
  }
}
