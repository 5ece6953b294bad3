// The form: what it says, what is wrong with it, which preset it is.

import { all, get, say } from "./dom.js";
import { input, parseNumber, read, rows, same, write } from "./state.js";
import { strings } from "./strings.js";

export class Settings {
  /**
   * @param {HTMLFormElement} form
   * @param {typeof wasm_bindgen} api
   * @param {() => void} onchange
   */
  constructor(form, api, onchange) {
    this.form = form;
    this.api = api;
    this.fields = api.configFields();
    this.base = api.checkConfig({});
    this.onchange = onchange;
    write(form, this.base);

    for (const button of all("[data-next]")) button.addEventListener("click", () => this.next(button.dataset.next ?? ""));
    for (const button of all("[data-fresh]")) {
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

  /** The settings as they stand, right or wrong. */
  get config() {
    return read(this.form, this.fields, this.base).config;
  }

  /** The settings, if all are right; what is wrong stands beside its field. @returns {wasm_bindgen.Config | null} */
  check() {
    const { config, problems } = read(this.form, this.fields, this.base);
    const wrong = new Map(problems.map((problem) => [problem.field, strings.problem(problem)]));
    if (!problems.length) {
      // What only Rust knows: settings that don't go together.
      try {
        this.api.checkConfig(config);
      } catch (error) {
        const { field, message } = /** @type {any} */ (error);
        wrong.set(field ?? "t", message);
      }
    }
    for (const { name } of rows) this.mark(name, wrong.get(name) ?? "");
    for (const element of all("[data-only]")) element.hidden = element.dataset.only !== String(config.t);
    const scale = all("input[name=scale]").find((radio) => same({ ...config, ...JSON.parse(radio.dataset.config ?? "{}") }, config));
    for (const radio of all("input[name=scale]")) /** @type {HTMLInputElement} */ (radio).checked = radio === scale;
    for (const button of all("#presets [data-t]")) button.setAttribute("aria-pressed", String(button.dataset.t === String(config.t)));
    return wrong.size ? null : config;
  }

  /** @param {string} name @param {string} words none if nothing is wrong */
  mark(name, words) {
    const control = input(this.form, name);
    say(get(`e-${name}`), words);
    if (!words) return control.removeAttribute("aria-invalid");
    control.setAttribute("aria-invalid", "true");
    control.closest("details")?.setAttribute("open", "");
  }

  focusWrong() {
    /** @type {HTMLElement | null} */ (this.form.querySelector("[aria-invalid]"))?.focus();
  }

  /** Puts some settings into the form. @param {Partial<wasm_bindgen.Config>} change */
  set(change) {
    write(this.form, { ...this.config, ...change });
    this.onchange();
  }

  /**
   * Everything as in the paper, but T, the scale, and seeds that show what the text describes.
   * @param {string} t
   * @param {DOMStringMap} [preset] of its button: settings of this preset alone, as JSON by scale; and the scale, if not the chosen one
   */
  preset(t, preset = all("#presets [data-t]").find((button) => button.dataset.t === t)?.dataset ?? {}) {
    const scales = all("input[name=scale]").map((radio) => /** @type {HTMLInputElement} */ (radio));
    const scale = scales.find((radio) => (preset.scale ? radio.value === preset.scale : radio.checked)) ?? scales[0];
    const parts = [scale.dataset.config, scale.dataset.seeds, preset[scale.value]].map((json) => JSON.parse(json ?? "{}"));
    this.set(Object.assign({}, this.base, ...parts, { t: t === "inf" ? "inf" : Number(t) }));
  }

  /** The seed after the one that is there. @param {string} name */
  next(name) {
    const { max = 0 } = this.fields.find((field) => field.name === name) ?? {};
    const seed = parseNumber(input(this.form, name).value);
    this.set({ [name]: Number.isInteger(seed) && seed >= 0 && seed < max ? seed + 1 : 0 });
  }
}
