// The lab as an element for any page: its own styles in a shadow root, settings as attributes, events that leave it.
//
//   <superposition-lab t="10" scale="classroom" figures="examples losses" without="settings"></superposition-lab>
//
// Attributes: every setting by its name with `-` for `_`; `scale` (paper or classroom), whose seeds are taken where none are
// given; `figures` and `without`, lists; `start` (visible, now or never); `theme` (light or dark; the reader's, unless told).
// Events: "progress" with step and steps; "end" with the measures and the verdict. `lab` is the handle, once it is on a page.

import { made } from "../dom.js";
import { inlined } from "../inlined.js";
import { beside } from "../beside.js";
import { kinds } from "./kinds.js";
import { Lab } from "./lab.js";
import { PARTS } from "./link.js";
import { presetConfig } from "./presets.js";
import { judge } from "./state.js";
import { strings } from "./strings.js";

const SHEETS = ["base.css", "figure.css", "lab/lab.css"];

const FIGURES = Object.keys(kinds);
/** @type {("paper" | "classroom")[]} */
const SCALES = ["paper", "classroom"];
/** @type {("visible" | "now" | "never")[]} */
const STARTS = ["visible", "now", "never"];

/** @param {string} name */
const attribute = (name) => name.replaceAll("_", "-");

/** One style sheet for all elements. @type {CSSStyleSheet | null} */
let sheet = null;

/** @param {ShadowRoot} root */
function style(root) {
  if (!inlined) {
    root.prepend(...SHEETS.map((name) => made(`<link rel="stylesheet" href="${beside(name)}">`)));
    return;
  }
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(inlined.css);
  }
  root.adoptedStyleSheets = [sheet];
}

export class LabElement extends HTMLElement {
  constructor() {
    super();
    /** @type {Lab | null} */
    this.lab = null;
    this.attachShadow({ mode: "open" });
    this.step = -1;
    /** Several attributes that change together make one new run. */
    this.watch = new MutationObserver((changes) => this.changed(changes.map(({ attributeName }) => attributeName)));
  }

  connectedCallback() {
    const root = /** @type {ShadowRoot} */ (this.shadowRoot);
    const [start = "visible"] = this.list("start", STARTS).known ?? [];
    const lab = new Lab({
      config: (settings) => this.config(settings),
      figures: this.list("figures", FIGURES).known,
      without: this.list("without", PARTS).known,
      home: inlined?.home ?? "", // the page around is somebody else's
      start: start === "never" ? "ready" : start,
    });
    this.lab = lab;
    root.replaceChildren(lab.element);
    style(root);
    lab.addEventListener("change", () => {
      const { step, steps, phase } = lab.player;
      if (step === this.step) return;
      this.step = step;
      this.tell("progress", { step, steps, phase });
    });
    lab.addEventListener("end", (event) => {
      const { measures, verdict } = /** @type {CustomEvent<import("./stage.js").Drawn>} */ (event).detail;
      const { config, step, steps, divergedAt } = lab.player;
      this.tell("end", { step, steps, divergedAt, config, measures, verdict });
    });
    lab.begin();
    lab.ready.then((works) => works && lab.note(this.notes(lab.settings), strings.attributes));
    this.watch.observe(this, { attributes: true });
  }

  disconnectedCallback() {
    this.watch.disconnect();
    this.lab?.destroy();
    this.lab = null;
  }

  /** @param {(string | null)[]} names of attributes */
  async changed(names) {
    if (names.includes("theme")) dispatchEvent(new Event("theme")); // what is on canvas is drawn anew
    const { lab } = this;
    if (!lab || !(await lab.ready)) return;
    const { settings, player } = lab;
    if (!names.includes("scale") && !settings.rows.some(({ name }) => names.includes(attribute(name)))) return;
    settings.set({ ...settings.base, ...this.config(settings) });
    if (player.phase !== "none") lab.run();
  }

  /** The settings that the attributes say. What they can't be is left for the form to refuse. @param {import("./settings.js").Settings} settings @returns {Partial<wasm_bindgen.Config>} */
  config({ rows, api }) {
    /** @type {Record<string, any>} */
    const own = {};
    for (const row of rows) {
      const text = this.getAttribute(attribute(row.name));
      if (text === null) continue;
      const { value, problem } = judge(row, text, api);
      // As in HTML, or as in a link.
      own[row.name] = row.kind === "flag" ? text === "" || text === attribute(row.name) || value === true : problem ? text : value;
    }
    const [scale = "paper"] = this.list("scale", SCALES).known ?? [];
    return { ...presetConfig(own.t ?? 5, scale), ...own };
  }

  /** What is wrong with attributes. @param {import("./settings.js").Settings} settings */
  notes({ rows, api }) {
    const words = Object.entries({ figures: FIGURES, without: PARTS, scale: SCALES, start: STARTS });
    const strange = words.flatMap(([name, options]) => this.list(name, options).notes);
    const wrong = rows.flatMap((row) => {
      const [name, text] = [attribute(row.name), this.getAttribute(attribute(row.name))];
      const { problem } = text === null ? {} : judge(row, text, api);
      if (!problem || (row.kind === "flag" && ["", name].includes(text ?? ""))) return [];
      return [row.kind === "flag" ? strings.link.clamped(name, strings.problem(problem), false) : `${name}: ${strings.problem(problem)}`];
    });
    return [...strange, ...wrong];
  }

  /** The words of an attribute that are known, and what to say of the others. @template {string} T @param {string} name @param {readonly T[]} options */
  list(name, options) {
    const words =
      this.getAttribute(name)
        ?.split(/[\s,]+/)
        .filter(Boolean) ?? [];
    const known = options.filter((word) => words.includes(word));
    const strange = words.filter((word) => !options.some((option) => option === word));
    const notes = strange.map((word) => strings.link.ignored(name, word, strings.link.noneOf([...options])));
    // An empty list is one; of a list without any word that is known nothing is taken.
    return { known: known.length || (this.hasAttribute(name) && !strange.length) ? known : undefined, notes };
  }

  /** @param {string} type @param {object} detail */
  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
