// The words of the story's own controls and of the figures of closed forms, but for what Rust says in them and of them. Its prose is in
// index.html.

import { duration } from "../duration.js";
import { counted, grouped, plain } from "../format.js";

export const strings = {
  /** @param {string} title */
  linkTo: (title) => `Link to “${title.trim()}”`,
  back: "Back to where you were",

  bar: {
    /** @type {Record<string, string>} */
    themes: { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" },
    copied: "The address is in the clipboard.",
    notCopied: "The clipboard can’t be reached; copy the address from the browser’s bar.",
  },

  dock: {
    name: "Small lab",
    open: "Open in the lab",
    close: "Close",
    /** @param {wasm_bindgen.Config} config */
    title: ({ t, n, m }) => `T = ${plain(t)}, ${n === 10000 ? "full size" : n === 1000 ? "classroom size" : `n = ${grouped(n)}`}${m === 2 ? "" : `, m = ${m}`}`,
  },

  hero: {
    /** @param {number | "inf"} t */
    value: (t) => (t === "inf" ? "∞, fresh ones at every step" : counted(t, "example", "examples")),
    /** @param {number | "inf"} t */
    learning: (t) => (t === "inf" ? "It is learning from fresh examples …" : `It is learning ${counted(t, "example", "examples")} …`),
    soon: "is measured at the end.",
    /** @param {number} loss */
    loss: (loss) =>
      Math.abs(loss - 1) < 5e-4
        ? `${loss.toFixed(4)}: on new examples no better and no worse than saying nothing.`
        : `${loss >= 100 ? loss.toFixed(0) : loss >= 2 ? loss.toFixed(2) : loss.toFixed(4)}: on new examples ${loss > 1 ? "worse" : "better"} than saying nothing (1).`,
    /** @param {number | "inf"} t */
    tick: (t) => (t === "inf" ? "∞" : t >= 1000 ? `${t / 1000}k` : String(t)),
    /** @param {number} seconds */
    train: (seconds) => `Train this live, ${duration(Math.max(1, seconds))}`,
    /** @param {number} seconds */
    trainSmall: (seconds) => `Train it small, ${duration(Math.max(1, seconds))}`,
    /** @param {number} seconds */
    trainFull: (seconds) => `Full size, ${duration(seconds)}`,
    pause: "Pause",
    open: "Open in the lab",
    /** @param {number} step @param {number} steps */
    training: (step, steps) => `Training in your browser: step ${grouped(step)} of ${grouped(steps)}.`,
    /** @param {number} step @param {number} steps */
    paused: (step, steps) => `Paused at step ${grouped(step)} of ${grouped(steps)}.`,
    trained: "Trained just now, in your browser.",
    same: "Trained just now, in your browser: the same as the stored run, bit for bit.",
    small: "Trained just now, in your browser, with 1,000 features in place of 10,000.",
    stored: "Trained beforehand, at full size. Press Train to see it happen.",
    still: "Trained beforehand. As your system asks for less motion, nothing trains until you press Train.",
    /** @param {string} why */
    noTrainer: (why) => `The trainer could not be started: ${why}. Press the button to try again.`,
    noStored: "The stored runs could not be loaded, so the slider is off. Everything else works; reload the page to try again.",
  },

  tabs: { label: "Three ways into the bump", size: "Size" },

  /** @param {string} why */
  noFigure: (why) => `This figure could not be drawn (${why}). Everything else works without it.`,

  tgon: {
    title: "Far enough out, no example disturbs another",
    reading: "Read the examples one by one with the arrow keys; Enter shows one to the model",
    hint: "Drag a corner, or press a bar to show another example.",
    source: "Worked out in your browser, not trained: examples of length one with no feature in common, and the best biases.",
    caption: "Each example is put in alone. 1 should come out of its own features and 0 of all others.",
    rule: "examples",
    legend: [
      { key: "ring examples", text: "examples" },
      { key: "circle", text: "smallest circle that will do" },
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
    caption: "Features as unit vectors on a regular polygon, one active at a time, biases 0: ΔL = (1 − S) F/3 (2 max(0, cos 2π/F)² − 1).",
    rule: "numbers of features",
    legend: [
      { key: "dot features", text: "features" },
      { key: "leak", text: "what shows in a neighbour, and what that costs" },
    ],
    features: "features, F =",
  },
};
