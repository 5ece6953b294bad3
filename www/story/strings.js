// The words of the figures of closed forms, but for what Rust says in them and of them.

export const strings = {
  /** @param {string} why */
  noFigure: (why) => `This figure could not be drawn (${why}). Everything else works without it.`,

  tgon: {
    title: "Far enough out, no example disturbs another",
    reading: "Read the examples one by one with the arrow keys; Enter shows one to the model",
    hint: "Drag a corner, or press a bar to show another example.",
    source: "Worked out in your browser, not trained: unit examples that have no feature in common, with the best biases.",
    caption: "Each example is put in alone. 1 should come out of its own features and 0 of all others.",
    rule: "examples",
    legend: [
      { key: "ring examples", text: "examples" },
      { key: "circle", text: "where a regular polygon is just exact" },
      { key: "level", text: "what the bias takes away" },
      { key: "leak", text: "comes out where nothing should" },
    ],
    count: "examples, T =",
    length: "radius, r =",
    /** @param {number} example */
    lengthOf: (example) => `length of example ${example} =`,
    angle: "its angle =",
    /** @param {number} angle */
    degrees: (angle) => `${Math.round(angle)}°`,
    alone: "move one alone",
    regular: "Make it regular",
    /** @param {number} example */
    corner: (example) => `Example ${example}: arrow keys move it`,
    /** @param {number} length @param {number} angle */
    place: (length, angle) => `length ${length.toFixed(2)}, angle ${Math.round(angle)}°`,
  },

  fgon: {
    title: "Five features lower the loss most",
    reading: "Read the numbers of features one by one with the arrow keys; Enter chooses one",
    hint: "Move the slider, or press a bar.",
    source: "Worked out in your browser, not trained.",
    caption: "Features as unit vectors on a regular polygon, one active at a time, biases 0: ΔL = (1 − S) F/3 (max(0, 2 cos² 2π/F) − 1).",
    rule: "numbers of features",
    legend: [
      { key: "dot features", text: "features" },
      { key: "leak", text: "what shows in a neighbour, and what that costs" },
    ],
    features: "features, F =",
  },
};
