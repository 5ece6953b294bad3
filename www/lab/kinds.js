// The figures of a run, live or stored, as a table: what each makes of a picture, and what a selection is to it.

import { strings } from "./strings.js";

/**
 * What the figures draw: the last frame, with what was gathered from earlier ones.
 * @typedef {object} Picture
 * @property {wasm_bindgen.Config} config
 * @property {Float32Array} [hidden]
 * @property {Float32Array} [features]
 * @property {Float64Array} [featureDimensionality]
 * @property {Float64Array} [exampleDimensionality]
 * @property {Float64Array} [exampleMaximal] D* of every example, at rest
 * @property {wasm_bindgen.History} [history]
 * @property {number[]} liveSteps
 * @property {number[]} liveTrain
 * @property {number | undefined} closedFormRadius
 * @property {number} [shownStep] the step that is shown, if not the newest
 * @property {Reach} [beside] what the figures of the run beside this one take of their axes
 * @property {Uint32Array} [exampleIndex] which examples these are, where not all are there
 * @property {Uint32Array} [featureIndex] which features
 * @property {boolean} [stored] the run was trained beforehand
 *
 * @typedef {{example?: number, feature?: number, step?: number}} Selection what the reader looks at, in all figures
 *
 * @typedef {Record<string, number[]>} Reach by figure, as Rust says it
 *
 * @typedef {import("../figure.js").Kind<Picture, Selection>} Kind
 */

const text = strings.figure;

/** What all of them say alike. @param {keyof typeof text.kinds} name */
const common = (name) => ({
  name,
  ...text.kinds[name],
  source: (/** @type {Picture} */ { config, stored }) => strings.source(config, stored),
  caption: (/** @type {Picture} */ { config }) => strings.caption(config),
  file: (/** @type {Picture} */ { config }) => `T${config.t}-n${config.n}-m${config.m}`,
});

/** What is there of a selection. @param {(number | undefined)[]} stops */
const those = (...stops) => stops.flatMap((stop) => stop ?? []);

/** @param {"examples" | "features"} role @returns {Kind} */
function vectorsKind(role) {
  const examples = role === "examples";
  const key = examples ? "example" : "feature";
  return {
    ...common(role),
    shape: "square",
    make(
      /** @type {typeof wasm_bindgen} */ api,
      { config, hidden, features, exampleDimensionality, featureDimensionality, exampleIndex, featureIndex, closedFormRadius, beside },
      selection,
    ) {
      const vectors = examples ? hidden : features;
      if (!vectors) return undefined;
      const data = { m: config.m, vectors, selected: selection[key], beside: beside?.[role] };
      return examples
        ? api.examplesFigure({ ...data, dimensionality: exampleDimensionality, index: exampleIndex, closedFormRadius })
        : api.featuresFigure({ ...data, dimensionality: featureDimensionality, index: featureIndex });
    },
    marked: (_, selection) => those(selection[key]),
    selected: (stop) => ({ [key]: stop }),
  };
}

/** Those that are known. @type {WeakMap<wasm_bindgen.Config, number>} */
const zeros = new WeakMap();

/** The loss of a model that outputs zero; the examples that it takes are drawn once. @param {typeof wasm_bindgen} api @param {wasm_bindgen.Config} config */
function zeroLoss(api, config) {
  const zero = zeros.get(config) ?? api.zeroLoss(config);
  zeros.set(config, zero);
  return zero;
}

/** @type {Record<string, Kind>} */
export const kinds = {
  examples: vectorsKind("examples"),
  features: vectorsKind("features"),
  losses: {
    ...common("losses"),
    shape: "wide",
    drags: true,
    make: (/** @type {typeof wasm_bindgen} */ api, { config, history, liveSteps, liveTrain, shownStep, beside }, { step }) =>
      history &&
      api.lossesFigure({
        ...history,
        liveSteps,
        liveTrain,
        selectedStep: step,
        shownStep,
        totalSteps: config.steps,
        beside: beside?.losses,
        zero: zeroLoss(api, config),
      }),
    marked: (_, { step }) => those(step),
    selected: (step) => ({ step }),
  },
  dimensionalities: {
    ...common("dimensionalities"),
    shape: "wide",
    make: (
      /** @type {typeof wasm_bindgen} */ api,
      { config, featureDimensionality: features, exampleDimensionality: examples, exampleMaximal: maximal, beside },
      { feature, example },
    ) =>
      features &&
      examples &&
      api.dimensionalitiesFigure({
        ...{ features, examples, maximal, m: config.m, t: config.t === "inf" ? Infinity : config.t },
        ...{ selectedFeature: feature, selectedExample: example, beside: beside?.dimensionalities },
      }),
    // Stops are features, and then examples.
    marked: ({ featureDimensionality }, { feature, example }) =>
      those(example === undefined ? example : (featureDimensionality?.length ?? 0) + example, feature),
    selected(stop, { featureDimensionality }) {
      const features = featureDimensionality?.length ?? 0;
      return stop < features ? { feature: stop } : { example: stop - features };
    },
  },
};
