// The figures of stored runs. Each loads when it is about to be seen, from the page's own files; a point opens into the
// run that made it.
//
//   mountSweepFigure(element, "main", { openInLab: (config) => … });

import { all, made, one, say } from "../dom.js";
import { dataFile } from "../data.js";
import { Figure } from "../figure.js";
import { headingOf, titleOf } from "../heading.js";
import { strings as labStrings } from "../lab/strings.js";
import { inlined } from "../inlined.js";
import { whenNear } from "../near.js";
import { load, missing } from "../wasm.js";
import { ChosenRun } from "./chosen.js";
import { sweepKind } from "./kind.js";
import { loadModule } from "./module.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./kind.js").Selection} Selection
 *
 * @typedef {object} Options
 * @property {(config: wasm_bindgen.Config) => void} [openInLab] shows a run's settings in the lab; without it there is no such button
 */

/** So far from the screen a figure begins to load. */
const NEAR = 600;
/** Which grids there are files of, and of how many runs. */
const CONTENTS = "sweeps.json";

/** What could not be loaded, in words for the reader. */
class Unavailable extends Error {}

/** What this copy of the page leaves out. */
class Elsewhere extends Unavailable {}

/** @param {string} name @returns {Promise<Uint8Array>} */
async function file(name) {
  return dataFile(name).catch((error) => {
    throw inlined ? new Elsewhere(strings.elsewhere) : new Unavailable(strings.noFile(name, error.message));
  });
}

/** @returns {Promise<Record<string, {runs: number, planned: number}>>} */
async function contents() {
  const bytes = await file(CONTENTS);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Unavailable(strings.badFile(CONTENTS, String(error instanceof Error ? error.message : error)));
  }
}

/** Puts a figure into an element, below what is there. @param {HTMLElement} element @param {string} name @param {Options} [options] */
export function mountSweepFigure(element, name, options = {}) {
  const figure = new SweepFigure(element, name, options);
  figure.begin();
  return figure;
}

/**
 * The places of figures whose runs there are, `<div data-sweep="NAME">`; `data-needs` names their grids, where that is not one
 * grid of the figure's name.
 * @param {ParentNode} section
 */
export async function drawable(section) {
  const stored = await contents();
  return all(section, "[data-sweep]").filter(({ dataset }) => (dataset.needs ?? dataset.sweep ?? "").split(" ").every((grid) => grid in stored));
}

/**
 * Mounts every figure of a section whose runs there are. The others stay hidden, as do all but `only`.
 * @param {ParentNode} section @param {Options & {only?: string}} [options]
 */
export async function mountSweeps(section, options = {}) {
  const { only } = options;
  const places = only === undefined ? all(section, "[data-sweep]") : all(document, `[data-sweep="${only}"]`);
  if (!places.length) return [];
  try {
    const there = await drawable(document);
    const shown = places.filter((place) => there.includes(place));
    if (only !== undefined && !shown.length) throw new Unavailable(strings.noRuns);
    for (const place of shown) place.hidden = false;
    return shown.map((place) => mountSweepFigure(place, place.dataset.sweep ?? "", options));
  } catch (error) {
    // Said once, where the first that a reader sees would be.
    const place = places.find((each) => !each.closest("details:not([open])")) ?? places[0];
    place.hidden = false;
    trouble(place, error);
    return [];
  }
}

/** Says in an element what is wrong. @param {HTMLElement} element @param {unknown} error */
function trouble(element, error) {
  const words = error instanceof Unavailable ? error.message : strings.noFigure(error instanceof Error ? error.message : String(error));
  const notice = made(error instanceof Elsewhere ? `<p class="elsewhere"></p>` : `<p class="notice" role="alert"></p>`);
  say(notice, words);
  element.append(notice);
}

/** What a figure of stored runs is called. @param {HTMLElement} element @param {string} [name] */
export const titleOfSweep = (element, name = element.dataset.sweep ?? "") => titleOf(element) || (strings.titles[name] ?? name);

export class SweepFigure {
  /** @param {HTMLElement} element @param {string} name @param {Options} options */
  constructor(element, name, options) {
    this.element = element;
    this.name = name;
    this.options = options;
    this.plot = made(`<div class="sweep-plot"></div>`);
    this.words = made(`<div class="sweep-words"></div>`);
    const heading = headingOf(element);
    this.figure = new Figure({ ...sweepKind(name), title: titleOfSweep(element, name) }, null, {
      onselect: (selection) => this.select({ ...selection, run: this.run }),
      onpress: ({ place }) => this.choose(place),
      ondrawn: () => this.mark(),
    });
    /** Signs on the canvas: of what is read, and of what was chosen. */
    this.marks = { read: made(`<span class="mark" hidden></span>`), chosen: made(`<span class="mark chosen-mark" hidden></span>`) };
    one(this.figure.element, ".plot").append(this.marks.chosen, this.marks.read);
    // The page's own heading stands above both columns.
    one(this.figure.element, "h3").remove();
    this.plot.append(this.figure.element);
    this.words.append(...[...element.childNodes].filter((node) => node !== heading));
    element.append(this.plot, this.words);
    /** @type {import("./module.js").Sweep | null} */
    this.sweep = null;
    /** The chosen run, and the place where it was chosen. @type {number | undefined} */
    this.run = undefined;
    /** @type {number | undefined} */
    this.chosenPlace = undefined;
    /** The T that is marked, or whose planes are drawn. @type {number | null} */
    this.t = null;
    /** @type {ChosenRun | null} */
    this.chosen = null;
    /** No longer waits for the reader to come near. */
    this.stop = () => {};
  }

  /** Loads once it is near the screen. */
  begin() {
    say(this.figure.source, strings.loading);
    this.stop = whenNear(this.element, NEAR, () =>
      this.load().catch((error) => {
        this.figure.element.hidden = true;
        trouble(this.plot, error);
        // What readers without scripts see.
        const still = this.element.querySelector(".without");
        still?.classList.remove("without");
        if (still) this.plot.append(still);
      }),
    );
  }

  async load() {
    const lacking = missing();
    if (lacking) throw new Unavailable(labStrings.missing[lacking]);
    const [api, module, stored] = await Promise.all([load(), loadModule(), contents()]);
    const sweep = new module.Sweep(this.name);
    const grids = module.sweepFigures().find(({ name }) => name === this.name)?.grids ?? [];
    await Promise.all(
      grids
        .filter((grid) => grid in stored)
        .map(async (grid) => {
          const name = `${grid}.pack`;
          const bytes = await file(name);
          try {
            sweep.addResults(bytes);
          } catch (error) {
            throw new Unavailable(strings.badFile(name, /** @type {Error} */ (error).message));
          }
        }),
    );
    this.sweep = sweep;
    this.runs = sweep.runs();
    this.chosen = new ChosenRun(api, { openInLab: this.options.openInLab, close: () => this.close() });
    this.words.append(this.chosen.element);
    this.figure.api = api;
    this.figure.show({ sweep, runs: this.runs, t: this.t }, true);
    this.element.dataset.state = "shown";
  }

  /** @param {Selection} selection */
  select(selection) {
    this.figure.select(selection);
    this.mark();
  }

  /** Puts the signs where the runs are. */
  mark() {
    const { places } = this.figure;
    const { place } = this.figure.selection;
    const read = place === undefined ? undefined : places[place];
    /** @param {HTMLElement} mark @param {wasm_bindgen.Place | undefined} at */
    const put = (mark, at) => {
      mark.hidden = !at;
      const { scale } = this.figure;
      if (at) mark.style.transform = `translate(${at.x * scale}px, ${at.y * scale}px)`;
    };
    put(this.marks.read, read);
    const chosen = this.chosenPlace === undefined ? undefined : places[this.chosenPlace];
    put(this.marks.chosen, chosen);
  }

  /** Marks a T, or draws its planes: whichever the figure does. @param {number | null} t Infinity for a stream, null for none */
  showT(t) {
    this.t = t;
    const { picture } = this.figure;
    if (picture && picture.t !== t) this.figure.show({ ...picture, t }, true);
  }

  /** Opens the run of a place. @param {number | undefined} place */
  async choose(place) {
    const { figure, sweep, chosen, runs } = this;
    const run = place === undefined ? undefined : figure.places[place]?.record;
    if (run === undefined || !sweep || !chosen || !runs) return;
    [this.run, this.chosenPlace] = [run, place];
    this.select({ ...figure.selection, run });
    chosen.open(sweep, run, runs[run]);
    one(chosen.element, "h4").focus({ preventScroll: true });
    chosen.element.scrollIntoView({ block: "nearest" });
    const grid = sweep.gridOf(run) ?? "";
    const name = `${grid}-details.pack`;
    try {
      const bytes = await dataFile(name);
      if (this.run !== run) return;
      if (!sweep.history(run).steps.length) sweep.addDetails(grid, bytes);
      chosen.complete();
    } catch (error) {
      if (this.run === run) chosen.trouble(strings.noDetails(name, /** @type {Error} */ (error).message));
    }
  }

  close() {
    [this.run, this.chosenPlace] = [undefined, undefined];
    this.chosen?.close();
    this.select({ ...this.figure.selection, run: undefined });
    this.figure.reader.focus({ preventScroll: true });
  }

  /** Takes the figure away, with what would keep it alive. */
  destroy() {
    this.stop();
    this.chosen?.destroy();
    this.figure.destroy();
    this.sweep?.free();
  }
}
