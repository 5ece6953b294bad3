// The form: what it says, what is wrong with it, which preset it is.

import { all, one, say } from "../dom.js";
import { formMarkup } from "./markup.js";
import { presetConfig, scales } from "./presets.js";
import { input, judge, read, same, write } from "./state.js";
import { strings } from "./strings.js";

export class Settings {
  /**
   * @param {HTMLElement} lab
   * @param {typeof wasm_bindgen} api
   * @param {() => void} onchange
   */
  constructor(lab, api, onchange) {
    this.lab = lab;
    /** @type {HTMLFormElement} */
    this.form = one(lab, "form.settings");
    const { form } = this;
    this.api = api;
    /** Which settings there are. @type {wasm_bindgen.Setting[]} */
    this.rows = api.settingsTable().sort((a, b) => a.place - b.place);
    form.prepend(...formMarkup(this.rows));
    this.base = api.checkConfig({});
    /** The settings that have no field: a link or a word of the text brings them. @type {Pick<wasm_bindgen.Config, "repeats" | "nudge">} */
    this.others = { repeats: [] };
    this.onchange = onchange;
    write(form, this.rows, this.base);

    for (const button of all(form, "[data-next]")) button.addEventListener("click", () => this.next(button.dataset.next ?? ""));
    for (const button of all(form, "[data-fresh]")) {
      button.addEventListener("click", () => this.set({ [button.dataset.fresh ?? ""]: api.freshSeed() }));
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      // Numbers are judged when the reader is done typing; a message that is there is withdrawn at once.
      const control = /** @type {HTMLInputElement} */ (event.target);
      if (control.getAttribute("aria-invalid") === "true" || control.type !== "text") this.onchange();
    });
    form.addEventListener("change", () => this.onchange());
  }

  /** The settings as they stand, and what is wrong with them. */
  read() {
    return read(this.form, this.rows, this.api, { ...this.base, ...this.others });
  }

  /** The settings as they stand, right or wrong. */
  get config() {
    return this.read().config;
  }

  /** The settings, if all are right; what is wrong stands beside its field. @returns {wasm_bindgen.Config | null} */
  check() {
    const { config, problems } = this.read();
    const wrong = new Map(problems.map((problem) => [problem.field, strings.problem(problem)]));
    if (!problems.length) {
      // What only Rust knows: settings that don't go together.
      try {
        this.api.checkConfig(config);
      } catch (error) {
        const { field, message } = /** @type {any} */ (error);
        wrong.set(this.rows.some(({ name }) => name === field) ? field : "t", message);
      }
    }
    for (const { name } of this.rows) this.mark(name, wrong.get(name) ?? "");
    for (const element of all(this.form, "[data-only]")) element.hidden = element.dataset.only !== String(config.t);
    for (const radio of this.scaleRadios()) radio.checked = same({ ...config, ...scales[scaleOf(radio)].config }, config);
    for (const button of all(this.lab, ".chips [data-t]")) button.setAttribute("aria-pressed", String(button.dataset.t === String(config.t)));
    return wrong.size ? null : config;
  }

  /** @param {string} name @param {string} words none if nothing is wrong */
  mark(name, words) {
    const control = input(this.form, name);
    say(one(this.form, `[data-error="${name}"]`), words);
    if (!words) return control.removeAttribute("aria-invalid");
    control.setAttribute("aria-invalid", "true");
    control.closest("details")?.setAttribute("open", "");
  }

  focusWrong() {
    one(this.form, "[aria-invalid]")?.focus();
  }

  /** Puts some settings into the form. @param {Partial<wasm_bindgen.Config>} change */
  set(change) {
    // Whoever brings repeats brings a whole run.
    if (change.repeats) this.others = { repeats: change.repeats, ...(change.nudge && { nudge: change.nudge }) };
    write(this.form, this.rows, { ...this.config, ...change });
    this.onchange();
  }

  /** @returns {HTMLInputElement[]} */
  scaleRadios() {
    return all(this.lab, "[data-scale]");
  }

  /** A preset of that T, with its own seeds if it is one of ours, or one that is given. @param {number | "inf"} t @param {Omit<import("./presets.js").Preset, "t">} [preset] */
  preset(t, preset) {
    const chosen = this.scaleRadios().find((radio) => radio.checked);
    const scale = preset?.scale ?? (chosen ? scaleOf(chosen) : "paper");
    this.set({ ...this.base, ...presetConfig(t, scale, preset) });
  }

  /** The seed after the one that is there. @param {string} name */
  next(name) {
    const row = this.rows.find((row) => row.name === name);
    const { value, problem } = row ? judge(row, input(this.form, name).value, this.api) : { value: 0 };
    this.set({ [name]: problem || value === row?.max ? 0 : value + 1 });
  }
}

/** @param {HTMLElement} radio */
const scaleOf = (radio) => /** @type {import("./presets.js").Scale} */ (radio.dataset.scale);
