// Vectors move from where they were to where they are: the same number is the same example, or feature.

import { still } from "../dom.js";

const MOVE_MS = 240;

/** @typedef {import("../lab/kinds.js").Picture} Picture */

/** @param {Float32Array | undefined} vectors @param {Uint32Array | undefined} index @returns {Map<number, [number, number]>} */
function placed(vectors = new Float32Array(), index) {
  const places = new Map();
  for (let k = 0; 2 * k + 1 < vectors.length; k += 1) places.set(index?.[k] ?? k, [vectors[2 * k], vectors[2 * k + 1]]);
  return places;
}

/** Between two sets of vectors, in the order of the second. @param {Map<number, [number, number]>} before @param {Float32Array | undefined} after @param {Uint32Array | undefined} index @param {number} share */
function between(before, after = new Float32Array(), index, share) {
  const vectors = new Float32Array(after.length);
  for (let k = 0; 2 * k + 1 < after.length; k += 1) {
    // One that was not there grows out of the origin.
    const [x, y] = before.get(index?.[k] ?? k) ?? [0, 0];
    vectors[2 * k] = x + share * (after[2 * k] - x);
    vectors[2 * k + 1] = y + share * (after[2 * k + 1] - y);
  }
  return vectors;
}

/** Shows pictures in figures of a plane, each growing out of the one before. */
export class Motion {
  /** @param {(picture: Picture, rest: boolean) => void} show */
  constructor(show) {
    this.show = show;
    /** What is shown. @type {Picture | null} */
    this.picture = null;
    this.moves = 0;
  }

  /** @param {Picture} target */
  to(target) {
    const move = (this.moves += 1);
    const { picture } = this;
    const end = () => this.show((this.picture = target), true);
    if (!picture || still() || target.config.m !== 2) return end();
    const [hidden, features] = [placed(picture.hidden, picture.exampleIndex), placed(picture.features, picture.featureIndex)];
    const since = performance.now();
    const step = (/** @type {number} */ now) => {
      if (move !== this.moves) return;
      const time = Math.min(1, Math.max(0, (now - since) / MOVE_MS));
      if (time === 1) return end();
      const share = time * time * (3 - 2 * time);
      this.picture = {
        ...target,
        hidden: between(hidden, target.hidden, target.exampleIndex, share),
        features: between(features, target.features, target.featureIndex, share),
      };
      this.show(this.picture, false);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  /** Whatever is under way ends where it is. @param {Picture | null} picture what is shown instead */
  stop(picture) {
    this.moves += 1;
    this.picture = picture;
  }
}
