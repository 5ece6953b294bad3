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
import { judge, parseNumber, rows } from "./state.js";
import { strings } from "./strings.js";

const SHEETS = ["base.css", "figure.css", "lab/lab.css"];

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
  static observedAttributes = [...rows.map(({ name }) => attribute(name)), "scale", "theme"];

  constructor() {
    super();
    /** @type {Lab | null} */
    this.lab = null;
    this.attachShadow({ mode: "open" });
    this.step = -1;
    this.pending = false;
  }

  connectedCallback() {
    const root = /** @type {ShadowRoot} */ (this.shadowRoot);
    const lab = new Lab({
      config: this.config(),
      figures: this.list("figures", Object.keys(kinds)) ?? undefined,
      without: this.list("without", PARTS) ?? undefined,
      home: inlined?.home ?? "", // the page around is somebody else's
      start: /** @type {import("./lab.js").Options["start"]} */ (this.getAttribute("start") ?? "visible"),
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
    lab.note(this.notes(), strings.attributes);
    lab.begin();
  }

  disconnectedCallback() {
    this.lab?.destroy();
    this.lab = null;
  }

  /** Several attributes that change together make one new run. */
  attributeChangedCallback(/** @type {string} */ name) {
    if (name === "theme") return void dispatchEvent(new Event("theme")); // what is on canvas is drawn anew
    if (!this.lab || this.pending) return;
    this.pending = true;
    queueMicrotask(async () => {
      this.pending = false;
      const { lab } = this;
      if (!lab || !(await lab.ready)) return;
      lab.settings.set({ ...lab.settings.base, ...this.config() });
      if (lab.player.phase !== "none") lab.run();
    });
  }

  /** The settings that the attributes say. What is no number is left for the form to refuse. @returns {Partial<wasm_bindgen.Config>} */
  config() {
    /** @type {Record<string, any>} */
    const own = {};
    for (const row of rows) {
      const { name, kind } = row;
      const text = this.getAttribute(attribute(name));
      if (text === null) continue;
      // As in HTML, or as in a link.
      if (kind === "flag") own[name] = text === "" || text === attribute(name) || judge(row, text).value === true;
      else if (kind === "choice") own[name] = text;
      else if (kind === "count" && /^(inf|infinity|∞)$/i.test(text)) own[name] = "inf";
      else own[name] = Number.isNaN(parseNumber(text)) ? text : parseNumber(text);
    }
    const scale = this.getAttribute("scale") === "classroom" ? "classroom" : "paper";
    return { ...presetConfig(own.t ?? 5, scale), ...own };
  }

  /** What is wrong with attributes that no field can show. */
  notes() {
    const flags = rows.filter(({ name, kind }) => kind === "flag" && !["", null, attribute(name)].includes(this.getAttribute(attribute(name))));
    return flags.flatMap((row) => {
      const { problem } = judge(row, this.getAttribute(attribute(row.name)) ?? "");
      return problem ? [strings.link.clamped(attribute(row.name), strings.problem(problem), false)] : [];
    });
  }

  /** @template {string} T @param {string} name @param {readonly T[]} known @returns {T[] | null} */
  list(name, known) {
    const words = this.getAttribute(name)?.split(/[\s,]+/);
    return words ? known.filter((word) => words.includes(word)) : null;
  }

  /** @param {string} type @param {object} detail */
  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
