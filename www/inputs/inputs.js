// What does the model see? The first training examples, as the reader's sparsity makes them.

import { made, one, say } from "../dom.js";
import { Figure } from "../figure.js";
import { scales } from "../lab/presets.js";
import { loadModule } from "../sweeps/module.js";
import { load } from "../wasm.js";
import { strings } from "./strings.js";

/**
 * @typedef {wasm_bindgen.Inputs} Inputs
 * @typedef {{inputs: Inputs, owners: Uint8Array, sparsity: number}} Picture
 * @typedef {{place?: number}} Selection a place among all features of all examples
 */

const EXAMPLES = 5;
/** What the slider moves through. */
const SPARSITIES = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999];
/** Above so many keys step through the first ones only: nobody goes further. */
const MOST_STOPS = 500;
const { config, seeds } = scales.paper;

/** The example that a place belongs to. @param {Inputs} inputs @param {number} place */
const exampleOf = ({ offsets }, place) => offsets.findLastIndex((offset) => offset <= place);

/** In which examples each feature is, as bits. @param {Inputs} inputs */
function ownersOf({ n, offsets, features }) {
  const owners = new Uint8Array(n);
  for (let example = 0; example < EXAMPLES; example += 1) {
    for (let place = offsets[example]; place < offsets[example + 1]; place += 1) owners[features[place]] |= 1 << example;
  }
  return owners;
}

/** The examples that bits stand for. @param {number} bits */
const examplesOf = (bits) => Array.from({ length: EXAMPLES }, (_, example) => example).filter((example) => bits & (1 << example));

/** How many features each example has, and how many pairs of examples have one in common. @param {Picture} picture */
function counts({ inputs: { offsets }, owners }) {
  const pairs = new Set();
  for (const bits of new Set(owners)) for (const a of examplesOf(bits)) for (const b of examplesOf(bits)) if (a < b) pairs.add(`${a} ${b}`);
  const features = Array.from({ length: EXAMPLES }, (_, k) => offsets[k + 1] - offsets[k]);
  return { least: Math.min(...features), most: Math.max(...features), pairs: pairs.size, of: (EXAMPLES * (EXAMPLES - 1)) / 2 };
}

/** What draws is compiled beside the figures of stored runs. @param {import("../sweeps/module.js").Module} module @returns {import("../figure.js").Kind<Picture, Selection>} */
const inputsKind = (module) => ({
  name: "inputs",
  shape: "tall",
  ...strings.figure,
  height: () => 250,
  draw: (_, ctx, size, data) => module.drawInputs(ctx, size, data),
  svg: (_, size, data) => module.svgInputs(size, data),
  data: ({ inputs }, { place }) => ({ ...inputs, selected: place }),
  summary: (picture) => strings.summary(counts(picture)),
  source: () => strings.source,
  caption: ({ inputs, sparsity }) => strings.caption(inputs.n, sparsity, seeds.data_seed),
  file: ({ sparsity }) => `S${sparsity}`,
  numbers: ({ inputs }) => ({
    columns: strings.columns,
    rows: Array.from(inputs.features, (feature, place) => [exampleOf(inputs, place) + 1, feature + 1, inputs.values[place]]),
    rule: strings.rule,
  }),
  stops: ({ inputs }) => Array.from(inputs.features.subarray(0, MOST_STOPS), (_, place) => ({ place })),
  own: ({ place }) => ({ place }),
  read({ inputs, owners }, { place }) {
    if (place === undefined) return undefined;
    const example = exampleOf(inputs, place);
    const feature = inputs.features[place];
    const others = examplesOf(owners[feature]).filter((other) => other !== example);
    return strings.read(example + 1, feature + 1, inputs.values[place], others.map((other) => other + 1));
  },
  pick({ inputs }, x, y, slack) {
    const row = Math.floor(y);
    let [best, least] = [-1, slack.x];
    for (let place = inputs.offsets[row]; place < inputs.offsets[row + 1]; place += 1) {
      const distance = Math.abs(inputs.features[place] + 0.5 - x);
      if (distance < least) [best, least] = [place, distance];
    }
    return best < 0 ? {} : { place: best };
  },
});

/** Shows the examples in a place, and has them follow the slider. @param {HTMLElement} place @param {HTMLElement} control */
export async function mountInputs(place, control) {
  const [api, module] = await Promise.all([load(), loadModule()]);
  const slider = /** @type {HTMLInputElement} */ (one(control, "input"));
  const figure = new Figure(inputsKind(module), api, { onselect: (selection) => figure.select(selection) });
  const said = made(`<p class="measured" role="status"></p>`);
  place.append(said, figure.element);
  const follow = () => {
    const sparsity = SPARSITIES[Number(slider.value)];
    const inputs = api.trainingExamples({ ...config, ...seeds, sparsity }, EXAMPLES);
    say(one(control, "output"), String(sparsity));
    slider.setAttribute("aria-valuetext", strings.sparsity(sparsity));
    figure.select({});
    const picture = { inputs, owners: ownersOf(inputs), sparsity };
    figure.show(picture, true);
    say(said, strings.summary(counts(picture)));
  };
  slider.addEventListener("input", follow);
  follow();
  place.dataset.state = "shown";
}
