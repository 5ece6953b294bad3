// What does the model see? The first training examples, as the reader's sparsity makes them.

import { made, one, say } from "../dom.js";
import { Figure } from "../figure.js";
import { scales } from "../lab/presets.js";
import { loadModule } from "../sweeps/module.js";
import { load } from "../wasm.js";
import { strings } from "./strings.js";

/**
 * @typedef {{inputs: wasm_bindgen.Inputs, sparsity: number}} Picture
 * @typedef {{place?: number}} Selection a place among all features of all examples
 */

const EXAMPLES = 5;
/** What the slider moves through. */
const SPARSITIES = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999];
const { config, seeds } = scales.paper;

/** @type {import("../figure.js").Kind<Picture, Selection>} */
const inputsKind = {
  name: "inputs",
  shape: "tall",
  ...strings.figure,
  make: (/** @type {import("../sweeps/module.js").Module} */ module, { inputs }, { place }) => module.inputsFigure({ ...inputs, selected: place }),
  source: () => strings.source,
  caption: ({ inputs, sparsity }) => strings.caption(inputs.n, sparsity, seeds.data_seed),
  file: ({ sparsity }) => `S${sparsity}`,
  marked: (_, { place }) => (place === undefined ? [] : [place]),
  selected: (place) => ({ place }),
};

/** Shows the examples in a place, and has them follow the slider. @param {HTMLElement} place @param {HTMLElement} control */
export async function mountInputs(place, control) {
  const [api, module] = await Promise.all([load(), loadModule()]);
  const slider = /** @type {HTMLInputElement} */ (one(control, "input"));
  const figure = new Figure(inputsKind, module, { onselect: (selection) => figure.select(selection) });
  const said = made(`<p class="measured" role="status"></p>`);
  place.append(said, figure.element);
  const follow = () => {
    const sparsity = SPARSITIES[Number(slider.value)];
    const inputs = api.trainingExamples({ ...config, ...seeds, sparsity }, EXAMPLES);
    say(one(control, "output"), String(sparsity));
    slider.setAttribute("aria-valuetext", strings.sparsity(sparsity));
    figure.select({});
    figure.show({ inputs, sparsity }, true);
    say(said, figure.plot?.summary() ?? "");
  };
  slider.addEventListener("input", follow);
  follow();
  place.dataset.state = "shown";
}
