// What does the form of a sweep say? A plan, or sentences beside its fields.

import { all, one, say } from "../dom.js";
import { VARIES, Wrong, parseNumber, readList, readWords, writeList } from "./plan.js";
import { strings } from "./strings.js";

/** @typedef {import("./plan.js").Plan} Plan */

export class PlanForm {
  /** @param {HTMLElement} element @param {() => void} onchange */
  constructor(element, onchange) {
    this.element = element;
    /** What the form doesn't show. @type {Plan["base"]} */
    this.base = {};
    let waiting = 0;
    const soon = (/** @type {number} */ ms) => {
      clearTimeout(waiting);
      waiting = window.setTimeout(onchange, ms);
    };
    const form = one(element, "form");
    form.addEventListener("submit", (event) => event.preventDefault());
    // A half-written list is no list yet.
    form.addEventListener("input", (event) => soon(/** @type {HTMLElement} */ (event.target).matches("[type=text]") ? 900 : 0));
    form.addEventListener("change", () => soon(0));
    this.control("vary").addEventListener("change", () => (this.control("values").value = ""));
  }

  /** @param {string} name @returns {HTMLInputElement} */
  control(name) {
    return one(this.element, `[name="${name}"]`);
  }

  /** @param {string} name @param {string} words none if nothing is wrong */
  mark(name, words) {
    say(one(this.element, `[data-error="${name}"]`), words);
    const control = this.element.querySelector(`[name="${name}"]`);
    if (words) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
  }

  /** @param {Plan} plan */
  write({ base, t, vary, data_seeds, init_seeds }) {
    this.base = base;
    const values = {
      t: writeList(t),
      vary: vary?.setting ?? "none",
      values: vary ? writeList(vary.values) : "",
      data_seeds: String(data_seeds),
      init_seeds: String(init_seeds),
    };
    for (const [name, value] of Object.entries(values)) this.control(name).value = value;
    this.follow();
  }

  /** What depends on other fields. */
  follow() {
    one(this.element, '[data-field="values"]').hidden = this.control("vary").value === "none";
    say(one(this.element, '[data-part="base"]'), strings.form.base(this.base));
  }

  /** A whole number; what is none is told by Rust, with the range. @param {string} name */
  whole(name) {
    const value = parseNumber(this.control(name).value);
    if (!Number.isInteger(value) || value < 0 || value > 2 ** 31) throw new Wrong(strings.plan.noWhole);
    return value;
  }

  /** @returns {Plan | null} */
  read() {
    this.follow();
    let right = true;
    /** @template T @param {string} name @param {() => T} value @returns {T | undefined} */
    const field = (name, value) => {
      try {
        const read = value();
        this.mark(name, "");
        return read;
      } catch (error) {
        if (!(error instanceof Wrong)) throw error;
        right = false;
        this.mark(name, error.message);
        return undefined;
      }
    };
    const setting = this.control("vary").value;
    const t = field("t", () => readList(this.control("t").value, true, true));
    const values =
      setting === "none"
        ? undefined
        : field("values", () => {
            const text = this.control("values").value;
            return setting === "reduction" ? readWords(text, ["mean", "sum"]) : readList(text, VARIES[setting], false);
          });
    if (setting === "none") this.mark("values", "");
    const [data_seeds, init_seeds] = ["data_seeds", "init_seeds"].map((name) => field(name, () => this.whole(name)));
    if (!right || !t || data_seeds === undefined || init_seeds === undefined) return null;
    return { base: this.base, t, ...(values && { vary: { setting, values } }), data_seeds, init_seeds };
  }

  /** @param {(name: string) => void} choose */
  bindPresets(choose) {
    for (const button of all(this.element, "[data-preset]")) button.addEventListener("click", () => choose(button.dataset.preset ?? ""));
  }
}
