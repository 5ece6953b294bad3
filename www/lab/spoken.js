// What does a reader who can't see it hear of a run? What it has become, not every frame, nor every step that is gone through
// (of those the slider speaks), and never so fast that nothing could be heard out.

import { say } from "../dom.js";

/** Something new is said at most this often. */
const PAUSE_MS = 5000;

export class Spoken {
  /** @param {HTMLElement} region a live one */
  constructor(region) {
    this.region = region;
    this.saidAt = -PAUSE_MS;
    this.waiting = 0;
  }

  /** Says this once there is time, unless something newer comes up. @param {string} words */
  say(words) {
    clearTimeout(this.waiting);
    const wait = Math.max(0, this.saidAt + PAUSE_MS - performance.now());
    this.waiting = window.setTimeout(() => {
      this.saidAt = performance.now();
      say(this.region, words);
    }, wait);
  }

  destroy() {
    clearTimeout(this.waiting);
  }
}
