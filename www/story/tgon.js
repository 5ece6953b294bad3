// A T-gon to drag: hidden vectors of memorised examples, all at once or one alone, and what becomes of the outputs.

import { made, one, say } from "../dom.js";
import { mountClosedForm } from "./closed-form.js";
import { strings } from "./strings.js";

const words = strings.tgon;

/** Five examples, not yet far enough out. */
const START = { count: 5, length: 0.9 };
/** How far vectors reach, as a multiple of what an exact polygon needs. */
const FURTHEST = 1.3;
/** What one press of a key changes, and one of Page up: a length by a share of the longest, an angle by degrees. */
const STEPS = { length: 0.01, angle: 2, page: 5 };

/** @param {number} angle */
const turned = (angle) => ((angle % 360) + 360) % 360;

/** @param {HTMLElement} element */
export function mount(element) {
  mountClosedForm(element, "tgon", words, begin);
}

/** @param {import("./closed-form.js").ClosedFormFigure} shown */
function begin(shown) {
  const { controls, figure, module, plot } = shown;
  let { count } = START;
  let chosen = 0;
  /** @type {number[]} */
  let lengths = [];
  /** Degrees. @type {number[]} */
  let angles = [];

  const slider = (/** @type {string} */ name, /** @type {string} */ limits) =>
    made(`<label data-part="${name}"><span></span> <output></output><input type="range" ${limits}></label>`);
  const [sizes, radii, directions] = [slider("count", `min="3" max="12"`), slider("length", `min="0" step="0.001"`), slider("angle", `min="0" max="359"`)];
  const alone = made(`<label class="check"><input type="checkbox"> <span></span></label>`);
  const regular = made(`<button type="button"></button>`);
  say(one(sizes, "span"), words.count);
  say(one(directions, "span"), words.angle);
  say(one(alone, "span"), words.alone);
  say(regular, words.regular);
  controls.append(sizes, radii, alone, directions, regular);
  /** @param {HTMLElement} label @returns {HTMLInputElement} */
  const input = (label) => one(label, "input");

  const longest = () => FURTHEST * (module.leastRadius(count) ?? 1);
  const within = (/** @type {number} */ length) => Math.min(longest(), Math.max(0.02, length));
  const isAlone = () => input(alone).checked;

  /** @type {HTMLElement[]} */
  let corners = [];

  function polygon(/** @type {number} */ length) {
    lengths = Array.from({ length: count }, () => within(length));
    angles = Array.from({ length: count }, (_, k) => turned(90 + (360 * k) / count));
    chosen = Math.min(chosen, count - 1);
    for (const corner of corners) corner.remove();
    corners = lengths.map((_, k) => corner(k));
    plot.append(...corners);
  }

  /** Moves a corner, or all outwards and inwards with it. @param {number} k @param {number} length @param {number} angle */
  function move(k, length, angle) {
    chosen = k;
    if (isAlone()) [lengths[k], angles[k]] = [within(length), turned(angle)];
    else lengths = lengths.map(() => within(length));
    show();
  }

  /** @param {number} k */
  function choose(k) {
    if (k === chosen) return;
    chosen = k;
    show();
  }

  /** What the reader takes hold of. @param {number} k */
  function corner(k) {
    const handle = made(`<div class="vertex" role="slider" tabindex="0" aria-valuemin="0" aria-label="${words.corner(k + 1)}"></div>`);
    handle.addEventListener("focus", () => choose(k));
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return figure.select({ place: k });
      const [x, y] = figure.value(event);
      if (Number.isNaN(x)) return;
      move(k, Math.hypot(x, y), (Math.atan2(y, x) * 180) / Math.PI);
    });
    handle.addEventListener("pointerleave", () => figure.select({}));
    handle.addEventListener("keydown", (event) => {
      const [far, page] = [STEPS.length * longest(), STEPS.page];
      const angle = isAlone() ? STEPS.angle : 0;
      /** @type {Record<string, [number, number]>} */
      const moves = {
        ArrowUp: [far, 0],
        ArrowDown: [-far, 0],
        ArrowRight: angle ? [0, -angle] : [far, 0],
        ArrowLeft: angle ? [0, angle] : [-far, 0],
        PageUp: [page * far, 0],
        PageDown: [-page * far, 0],
      };
      if (!(event.key in moves)) return;
      event.preventDefault();
      const [out, round] = moves[event.key];
      move(k, lengths[k] + out, angles[k] + round);
    });
    return handle;
  }

  shown.ondrawn = () => {
    const { scale } = figure;
    corners.forEach((handle, k) => {
      const at = figure.places[k];
      if (at) handle.style.transform = `translate(${at.x * scale}px, ${at.y * scale}px)`;
    });
  };
  shown.onpress = choose;

  function show() {
    const length = lengths[chosen];
    const whole = lengths.every((other, k) => other === lengths[0] && Math.abs(angles[k] - turned(90 + (360 * k) / count)) < 1e-9);
    input(sizes).value = String(count);
    say(one(sizes, "output"), String(count));
    input(radii).max = longest().toFixed(3);
    input(radii).value = String(length);
    say(one(radii, "span"), isAlone() ? words.lengthOf(chosen + 1) : words.length);
    say(one(radii, "output"), length.toFixed(3));
    directions.hidden = !isAlone();
    input(directions).value = String(Math.round(angles[chosen]));
    say(one(directions, "output"), words.degrees(angles[chosen]));
    regular.hidden = whole;
    corners.forEach((handle, k) => {
      handle.classList.toggle("shown", k === chosen);
      handle.setAttribute("aria-valuemax", longest().toFixed(3));
      handle.setAttribute("aria-valuenow", lengths[k].toFixed(3));
      handle.setAttribute("aria-valuetext", words.place(lengths[k], angles[k]));
    });
    shown.show(() => module.tgonFigure(new Float64Array(lengths), new Float64Array(angles), chosen));
  }

  input(sizes).addEventListener("input", () => {
    count = Number(input(sizes).value);
    polygon(lengths[chosen]);
    show();
  });
  input(radii).addEventListener("input", () => move(chosen, Number(input(radii).value), angles[chosen]));
  input(directions).addEventListener("input", () => move(chosen, lengths[chosen], Number(input(directions).value)));
  input(alone).addEventListener("change", show);
  regular.addEventListener("click", () => {
    polygon(lengths[chosen]);
    show();
    corners[chosen].focus({ preventScroll: true });
  });
  polygon(START.length);
  show();
}
