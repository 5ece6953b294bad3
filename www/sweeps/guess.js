// How does the test loss change with T? The reader draws a guess, by pointer or keys, and then sees the stored runs.

import { apart } from "../apart.js";
import { dataFile } from "../data.js";
import { made, one, say } from "../dom.js";
import { plain } from "../format.js";
import { loadModule } from "./module.js";
import { strings } from "./strings.js";

/** Of the drawing, in css pixels as long as the window stays as wide, and where its axes lie. */
const [NARROWEST, WIDEST, HEIGHT] = [280, 640, 300];
const [LEFT, END, TOP, BOTTOM] = [52, 18, 14, 262];
/** Losses from 0.99 to 1.2, the root of their distance from 1 upwards, so that what happens near 1 can be drawn. */
const rooted = (/** @type {number} */ loss) => Math.sign(loss - 1) * Math.sqrt(Math.abs(loss - 1));
const [LOW, HIGH] = [rooted(0.99), rooted(1.2)];
const TICKS = [0.99, 1, 1.01, 1.05, 1.1, 1.2];
/** One press of a key moves the guess by this share of the axis. */
const NUDGE = 0.025;
/** The first, the last, and those of the stops above the drawing. */
const SPOKEN_OF = [3, 500_000, 2000, 20_000, 100];
/** Px: of a character of a label at most, halved, and between labels. */
const [HALF_CHARACTER, APART] = [4.2, 6];
/** Px that a finger moves sideways before it draws. */
const SLOP = 6;

const words = strings.guess;

/** @param {number} loss */
const heightOf = (loss) => BOTTOM - ((Math.min(HIGH, Math.max(LOW, rooted(loss))) - LOW) / (HIGH - LOW)) * (BOTTOM - TOP);
/** @param {number} y */
function lossAt(y) {
  const root = LOW + ((BOTTOM - Math.min(BOTTOM, Math.max(TOP, y))) / (BOTTOM - TOP)) * (HIGH - LOW);
  return 1 + Math.sign(root) * root * root;
}

/** The mean test loss at each finite T, as in the figure "main", ascending. @returns {Promise<{t: number, loss: number}[]>} */
async function stored() {
  const [module, contents] = await Promise.all([loadModule(), dataFile("sweeps.json")]);
  const there = JSON.parse(new TextDecoder().decode(contents));
  const grids = module.sweepFigures().find(({ name }) => name === "main")?.grids ?? [];
  const sweep = new module.Sweep("main");
  for (const grid of grids.filter((name) => name in there)) sweep.addResults(await dataFile(`${grid}.pack`));
  const figure = sweep.figure({});
  const { columns, rows } = figure.table();
  figure.free();
  sweep.free();
  const [t, loss] = ["T", "test loss, mean"].map((name) => columns.indexOf(name));
  return rows
    .map((cells) => ({ t: Number(cells[t]), loss: Number(cells[loss]) }))
    .filter((point) => point.t < Infinity && point.loss < Infinity)
    .sort((a, b) => a.t - b.t);
}

/** @param {HTMLElement} element a `<div data-predict="draw">` with a `data-reveal`, which stays hidden until the reader has guessed */
export async function drawGuess(element) {
  const reveal = one(element, "[data-reveal]");
  const points = await stored().catch(() => []);
  if (points.length < 2) return void (element.hidden = true); // nothing to compare a guess with
  reveal.hidden = true;
  const [first, last] = [Math.log(points[0].t), Math.log(points[points.length - 1].t)];
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  const width = Math.min(WIDEST, Math.max(NARROWEST, element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)));
  const right = width - END;
  const places = points.map(({ t }) => LEFT + ((Math.log(t) - first) / (last - first)) * (right - LEFT));
  /** @type {(number | null)[]} */
  const guess = points.map(() => null);
  let at = 0;

  const candidates = points
    .map(({ t }, k) => ({ t, label: t >= 1000 ? `${t / 1000}k` : String(t), x: places[k] }))
    .filter(({ t }) => SPOKEN_OF.includes(t) || /^[1235]0*$/.test(String(t)));
  const labels = apart(
    candidates,
    ({ t }) => SPOKEN_OF.includes(t),
    (a, b) => (a.label.length + b.label.length) * HALF_CHARACTER + APART,
  );
  const pad = made(`
    <div class="pad" role="slider" tabindex="0" aria-label="${words.pad}" aria-valuemin="0" aria-valuemax="${points.length - 1}" aria-valuenow="0" aria-valuetext="">
      <svg viewBox="0 0 ${width} ${HEIGHT}" aria-hidden="true">
        ${TICKS.map((loss) => `<path class="${loss === 1 ? "one" : "grid"}" d="M${LEFT} ${heightOf(loss)}H${right}"/><text x="${LEFT - 8}" y="${heightOf(loss) + 4}" text-anchor="end">${loss}</text>`).join("")}
        ${labels.map(({ label, x }) => `<text x="${x}" y="${BOTTOM + 18}" text-anchor="middle">${label}</text>`).join("")}
        <text x="${(LEFT + right) / 2}" y="${HEIGHT - 4}" text-anchor="middle">T</text>
        <path class="cursor"/><path class="guess"/><path class="truth"/>
      </svg>
    </div>`);
  const row = made(`<p class="answer"><button type="button" disabled>${words.show}</button> <span role="status"></span></p>`);
  reveal.before(pad, row);
  const button = /** @type {HTMLButtonElement} */ (one(row, "button"));
  const path = (/** @type {string} */ name) => /** @type {SVGPathElement} */ (/** @type {unknown} */ (one(pad, `path.${name}`)));

  const update = () => {
    const drawn = guess.map((loss, k) => (loss === null ? null : `${places[k]} ${heightOf(loss)}`)).filter(Boolean);
    path("guess").setAttribute("d", drawn.length ? `M${drawn.join("L")}` : "");
    path("cursor").setAttribute("d", `M${places[at]} ${TOP}V${BOTTOM}`);
    button.disabled = drawn.length < 2;
    pad.setAttribute("aria-valuenow", String(at));
    pad.setAttribute("aria-valuetext", words.value(plain(points[at].t), guess[at]));
  };

  /** The column and the loss under the pointer. @param {PointerEvent} event */
  const point = (event) => {
    const box = pad.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    const nearest = places.reduce((best, place, k) => (Math.abs(place - x) < Math.abs(places[best] - x) ? k : best), 0);
    return { column: nearest, loss: lossAt(((event.clientY - box.top) / box.height) * HEIGHT) };
  };
  /** @type {{column: number, loss: number} | null} */
  let before = null;
  const stroke = (/** @type {PointerEvent} */ event) => {
    const now = point(event);
    const from = before ?? now;
    // A quick stroke passes columns between two events.
    const steps = Math.max(1, Math.abs(now.column - from.column));
    for (let k = 0; k <= steps; k += 1) {
      const column = from.column + Math.round((k / steps) * (now.column - from.column));
      guess[column] = from.loss + (k / steps) * (now.loss - from.loss);
    }
    [before, at] = [now, now.column];
    update();
  };
  // A finger that goes up or down scrolls the page and draws nothing: it draws once it goes sideways, and a tap is a point.
  /** Where a finger came down. @type {number | null} */
  let finger = null;
  pad.addEventListener("pointerdown", (event) => {
    before = null;
    finger = event.pointerType === "touch" ? event.clientX : null;
    if (finger !== null) return;
    pad.setPointerCapture(event.pointerId);
    stroke(event);
  });
  pad.addEventListener("pointermove", (event) => {
    const draws =
      finger === null ? pad.hasPointerCapture(event.pointerId) && event.pointerType !== "touch" : before !== null || Math.abs(event.clientX - finger) > SLOP;
    if (draws) stroke(event);
  });
  pad.addEventListener("pointerup", (event) => {
    if (finger !== null && before === null) stroke(event);
    finger = null;
  });
  pad.addEventListener("pointercancel", () => (finger = null));
  pad.addEventListener("keydown", (event) => {
    const moves = /** @type {Record<string, number>} */ ({ ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: points.length - 1 });
    const nudges = /** @type {Record<string, number>} */ ({ ArrowUp: -1, ArrowDown: 1, PageUp: -4, PageDown: 4 });
    if (event.key in moves) {
      const to = Math.min(points.length - 1, Math.max(0, moves[event.key]));
      // The guess goes along, so that a level stretch needs no other key.
      guess[to] ??= guess[at];
      at = to;
    } else if (event.key in nudges) {
      guess[at] = lossAt(heightOf(guess[at] ?? 1) + nudges[event.key] * NUDGE * (BOTTOM - TOP));
    } else {
      return;
    }
    event.preventDefault();
    update();
  });
  button.addEventListener("click", () => {
    path("truth").setAttribute("d", `M${points.map(({ loss }, k) => `${places[k]} ${heightOf(loss)}`).join("L")}`);
    const off = points
      .map(({ t, loss }, k) => ({ t, loss, guess: guess[k] ?? NaN, by: Math.abs(rooted(guess[k] ?? NaN) - rooted(loss)) }))
      .filter(({ by }) => by >= 0);
    const worst = off.reduce((a, b) => (b.by > a.by ? b : a));
    say(one(row, "span"), words.worst(plain(worst.t), worst.guess, worst.loss));
    reveal.hidden = false;
  });
  update();
}
