// The figures of a live run, as a table: what each draws, says, lists and reads out.

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
 * @property {Reach} [reach] what must fit on the axes besides
 * @property {Uint32Array} [exampleIndex] which examples these are, where not all are there
 * @property {Uint32Array} [featureIndex] which features
 * @property {boolean} [stored] the run was trained beforehand
 *
 * @typedef {{example?: number, feature?: number, step?: number}} Selection what the reader looks at, in all figures
 *
 * @typedef {{hidden: number, features: number, dimensionality: number, losses: Float64Array, steps: number}} Reach largest lengths and dimensionality, all losses
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

/** @param {Float32Array} vectors @param {number} m @param {number} index */
const vector = (vectors, m, index) => Array.from(vectors.subarray(index * m, (index + 1) * m));

/** @param {Float32Array} vectors @param {number} m */
function lengths(vectors, m) {
  const result = new Float64Array(vectors.length / m);
  for (let i = 0; i < vectors.length; i += 1) result[Math.floor(i / m)] += vectors[i] * vectors[i];
  return result.map(Math.sqrt);
}

/** Indices from the largest value to the smallest. @param {ArrayLike<number>} values */
function descending(values) {
  return Array.from(values, (_, index) => index).sort((a, b) => values[b] - values[a]);
}

/** @param {ArrayLike<number>} values @param {number} value */
function nearest(values, value) {
  let best = -1;
  for (let i = 0; i < values.length; i += 1) {
    if (best < 0 || Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i;
  }
  return best;
}

/** @param {"examples" | "features"} role @returns {Kind} */
function vectorsKind(role) {
  const key = role === "examples" ? "example" : "feature";
  const name = text[key];
  /** @param {Picture} picture */
  const vectors = (picture) => (role === "examples" ? picture.hidden : picture.features);
  /** @param {Picture} picture */
  const ds = (picture) => (role === "examples" ? picture.exampleDimensionality : picture.featureDimensionality);
  /** The number of a vector, from 0 on. @param {Picture} picture @param {number} i */
  const named = (picture, i) => (role === "examples" ? picture.exampleIndex : picture.featureIndex)?.[i] ?? i;
  /** @param {Picture} picture */
  const order = (picture) => descending(lengths(vectors(picture) ?? new Float32Array(), picture.config.m));
  return {
    ...common(role),
    shape: "square",
    draw: (api, ctx, size, data) => api.drawVectors(ctx, size, data),
    svg: (api, size, data) => api.svgVectors(size, data),
    data(picture, selection) {
      const { m } = picture.config;
      const all = vectors(picture);
      if (!all) return undefined;
      const examples = role === "examples";
      return {
        role,
        m,
        vectors: all,
        closedFormRadius: examples ? picture.closedFormRadius : undefined,
        selected: selection[key],
        reach: picture.reach?.[examples ? "hidden" : "features"],
      };
    },
    summary(picture) {
      const { m } = picture.config;
      const all = lengths(vectors(picture) ?? new Float32Array(), m);
      const longest = all.reduce((a, b) => Math.max(a, b), 0);
      return text.vectorsSummary(role, all.length, m, longest, all.filter((l) => l >= longest / 2).length);
    },
    numbers(picture) {
      const { m } = picture.config;
      const all = vectors(picture) ?? new Float32Array();
      const d = ds(picture);
      const length = lengths(all, m);
      return {
        columns: [text.columns[key], ...Array.from({ length: m }, (_, k) => `${role === "examples" ? "h" : "W"}${k + 1}`), text.columns.length, text.columns.d],
        rows: descending(length).map((i) => [named(picture, i) + 1, ...vector(all, m, i), length[i], d?.[i] ?? NaN]),
        rule: text.byLength,
      };
    },
    // With few vectors the keys follow their numbers; with many, the longest first, for those are what one sees.
    stops(picture) {
      const count = (vectors(picture)?.length ?? 0) / picture.config.m;
      return (count <= 64 ? Array.from({ length: count }, (_, i) => i) : order(picture).slice(0, 200)).map((i) => ({ [key]: i }));
    },
    own: (selection) => ({ [key]: selection[key] }),
    read(picture, selection) {
      const index = selection[key];
      const all = vectors(picture);
      if (index === undefined || !all || (index + 1) * picture.config.m > all.length) return undefined;
      return text.vector(named(picture, index), vector(all, picture.config.m, index), ds(picture)?.[index], name);
    },
    pick(picture, x, y, slack) {
      const { m } = picture.config;
      const all = vectors(picture);
      // Above m = 2 the figure shows a projection that is not known here; keys still read every vector.
      if (!all || m > 2) return {};
      let best = -1;
      let least = 1;
      for (let i = 0; i * m < all.length; i += 1) {
        const dx = (all[i * m] - x) / slack.x;
        const dy = m === 2 ? (all[i * m + 1] - y) / slack.y : 0;
        const distance = dx * dx + dy * dy;
        if (distance < least) [best, least] = [i, distance];
      }
      return best < 0 ? {} : { [key]: best };
    },
  };
}

/** @type {Record<string, Kind>} */
export const kinds = {
  examples: vectorsKind("examples"),
  features: vectorsKind("features"),
  losses: {
    ...common("losses"),
    shape: "wide",
    draw: (api, ctx, size, data) => api.drawLosses(ctx, size, data),
    svg: (api, size, data) => api.svgLosses(size, data),
    drags: true,
    data: ({ config, history, liveSteps, liveTrain, shownStep, reach }, { step }) =>
      history && {
        ...history,
        liveSteps: Float64Array.from(liveSteps),
        liveTrain: Float64Array.from(liveTrain),
        selectedStep: step,
        shownStep,
        reach: reach?.losses,
        totalSteps: Math.max(config.steps, reach?.steps ?? 0),
      },
    summary({ history }) {
      const last = (history?.steps.length ?? 0) - 1;
      return history && last >= 0 ? text.lossesSummary(history.steps[last], history.train[last], history.test[last]) : text.nothing;
    },
    numbers({ history }) {
      const { steps, train, test } = history ?? { steps: [], train: [], test: [] };
      return {
        columns: [text.columns.step, text.columns.train, text.columns.test],
        rows: Array.from(steps, (step, i) => [step, train[i], test[i]]).reverse(),
        rule: text.bySteps,
      };
    },
    stops: ({ history }) => Array.from(history?.steps ?? [], (step) => ({ step })),
    own: ({ step }) => ({ step }),
    read({ history }, { step }) {
      const at = step === undefined || !history ? -1 : history.steps.indexOf(step);
      return history && at >= 0 ? text.loss(history.steps[at], history.train[at], history.test[at]) : undefined;
    },
    pick({ history }, x) {
      const at = nearest(Array.from(history?.steps ?? [], (step) => Math.log(Math.max(step, 0.3))), Math.log(x));
      return history && at >= 0 ? { step: history.steps[at] } : {};
    },
  },
  dimensionalities: {
    ...common("dimensionalities"),
    shape: "wide",
    draw: (api, ctx, size, data) => api.drawDimensionalities(ctx, size, data),
    svg: (api, size, data) => api.svgDimensionalities(size, data),
    data: ({ config, featureDimensionality, exampleDimensionality, reach }, { feature, example }) =>
      featureDimensionality &&
      exampleDimensionality && {
        features: featureDimensionality,
        examples: exampleDimensionality,
        m: config.m,
        t: config.t === "inf" ? Infinity : config.t,
        selectedFeature: feature,
        selectedExample: example,
        reach: reach?.dimensionality,
      },
    summary: ({ config, featureDimensionality = new Float64Array(), exampleDimensionality = new Float64Array(), exampleMaximal }) =>
      text.dimensionalitiesSummary(
        Array.from(featureDimensionality.slice().sort().reverse()),
        Array.from(exampleDimensionality.slice().sort().reverse()),
        config.t === "inf" ? 0 : config.m / config.t,
        exampleMaximal && Array.from(exampleMaximal.slice().sort()),
      ),
    numbers: ({ featureDimensionality = new Float64Array(), exampleDimensionality = new Float64Array(), exampleMaximal = new Float64Array() }) => ({
      columns: [text.columns.kind, text.columns.index, text.columns.d, text.columns.maximal],
      rows: [
        ...Array.from(exampleDimensionality, (d, i) => /** @type {(string | number)[]} */ ([text.columns.example, i + 1, d, exampleMaximal[i] ?? ""])),
        ...Array.from(featureDimensionality, (d, i) => /** @type {(string | number)[]} */ ([text.columns.feature, i + 1, d, ""])),
      ].sort((a, b) => Number(b[2]) - Number(a[2])),
      rule: text.byD,
    }),
    stops: ({ featureDimensionality = new Float64Array(), exampleDimensionality = new Float64Array() }) =>
      [
        ...Array.from(exampleDimensionality, (d, example) => ({ d, stop: { example } })),
        ...Array.from(featureDimensionality, (d, feature) => ({ d, stop: { feature } })),
      ]
        .sort((a, b) => b.d - a.d)
        .slice(0, 200)
        .map(({ stop }) => stop),
    drawn: ({ feature, example }) => ({ feature, example }),
    own: ({ feature, example }) => (example !== undefined ? { example } : { feature }),
    read({ featureDimensionality, exampleDimensionality, exampleMaximal }, { feature, example }) {
      const parts = [];
      const dx = example === undefined ? undefined : exampleDimensionality?.[example];
      const df = feature === undefined ? undefined : featureDimensionality?.[feature];
      if (example !== undefined && dx !== undefined) parts.push(text.dimensionality(text.example, example, dx, exampleMaximal?.[example]));
      if (feature !== undefined && df !== undefined) parts.push(text.dimensionality(text.feature, feature, df));
      return parts.length ? parts.join(" · ") : undefined;
    },
    // Features lie between 0 and 1 on the horizontal axis, examples between 1 and 2; where in between has no meaning.
    pick({ featureDimensionality = new Float64Array(), exampleDimensionality = new Float64Array() }, x, y, slack) {
      const features = x < 1;
      const values = features ? featureDimensionality : exampleDimensionality;
      const at = nearest(values, y);
      if (at < 0 || Math.abs(values[at] - y) > slack.y) return {};
      return features ? { feature: at } : { example: at };
    },
  },
};

/** What a picture takes of the axes. @param {Picture} picture @returns {Reach} */
export function reachOf({ config, hidden, features, featureDimensionality, exampleDimensionality, history, liveTrain }) {
  const most = (/** @type {ArrayLike<number>} */ values) => {
    let largest = 0;
    for (let i = 0; i < values.length; i += 1) if (values[i] > largest && values[i] < Infinity) largest = values[i];
    return largest;
  };
  const longest = (/** @type {Float32Array | undefined} */ vectors) => (vectors ? most(lengths(vectors, config.m)) : 0);
  return {
    hidden: longest(hidden),
    features: longest(features),
    dimensionality: Math.max(most(featureDimensionality ?? []), most(exampleDimensionality ?? [])),
    losses: Float64Array.from([...(history?.train ?? []), ...(history?.test ?? []), ...liveTrain]),
    steps: config.steps,
  };
}
