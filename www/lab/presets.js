// Which settings do the presets stand for? Everything as in the paper but T, the scale, and seeds that show what the text
// describes.

/** @typedef {Partial<wasm_bindgen.Config>} Change */
/** @typedef {"paper" | "classroom"} Scale */
/** @typedef {{t: number | "inf", scale?: Scale, paper?: Change, classroom?: Change}} Preset settings of its own by scale; and the scale, if not the chosen one */

/** @type {Preset[]} */
export const presets = [
  { t: 3 },
  { t: 5, paper: { init_seed: 1 } },
  { t: 6 },
  { t: 8 },
  { t: 10 },
  { t: 15, paper: { init_seed: 8 } },
  { t: 30 },
  // In a batch of 1,024 a feature occurs about once: too seldom to be learned.
  { t: "inf", paper: { batch: 8192 } },
];

/** @type {Record<Scale, {config: Change, seeds: Change}>} */
export const scales = {
  paper: { config: { n: 10000, sparsity: 0.999 }, seeds: { data_seed: 9, init_seed: 2 } },
  classroom: { config: { n: 1000, sparsity: 0.99 }, seeds: { data_seed: 1, init_seed: 2 } },
};

/** The settings of a preset where they differ from the paper's: of one of ours, by its T, unless it is given. @param {number | "inf"} t @param {Scale} scale @param {Omit<Preset, "t">} [preset] @returns {Change} */
export function presetConfig(t, scale, preset = presets.find((known) => known.t === t) ?? {}) {
  return { ...scales[scale].config, ...scales[scale].seeds, ...preset[scale], t };
}
