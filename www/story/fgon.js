// Why five features? One number of them to choose, beside what every number would bring.

import { made, one, say } from "../dom.js";
import { mountClosedForm } from "./closed-form.js";
import { strings } from "./strings.js";

const words = strings.fgon;
const START = 5;

/** @param {HTMLElement} element */
export function mount(element) {
  mountClosedForm(element, "fgon", words, (shown) => {
    const label = made(`<label data-part="features"><span></span> <output></output><input type="range" min="3" max="7"></label>`);
    const input = /** @type {HTMLInputElement} */ (one(label, "input"));
    say(one(label, "span"), words.features);
    shown.controls.append(label);
    /** @param {number} features */
    const show = (features) => {
      input.value = String(features);
      say(one(label, "output"), String(features));
      shown.show((module) => module.fgonFigure(features));
    };
    input.addEventListener("input", () => show(Number(input.value)));
    shown.onpress = show;
    show(START);
  });
}
