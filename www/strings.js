// The words of every figure: of the shell around a canvas, whatever it shows. What else the page says from data is in the
// strings of its folder; what stands still is in index.html.

import { grouped } from "./format.js";

/** Whether the reader points with something that can rest on a mark without pressing it. */
export const hovers = globalThis.matchMedia?.("(hover: hover)").matches ?? true;

export const strings = {
  hint: hovers ? "Hover or use arrow keys to read." : "Tap a mark to read it.",
  nothing: "nothing yet",
  /** Why a file did not come. */
  noFile: {
    unreachable: "it can’t be reached",
    /** @param {number} status what the server answered */
    status: (status) => (status === 404 ? "there is no such file" : `the server answers ${status}`),
    page: "the server sends a web page in its place",
    stalled: "it stopped coming",
    broken: "it broke off",
    script: "the browser can’t run it",
  },
  /** Why the page in one file has no such data. */
  notInside: "this one file does not carry it (the page on the web does)",
  fileMayFail: "If no file came, the page around this frame forbids it: open the figure by itself to save it.",
  numbers: "Numbers",
  save: "Save",
  /** @param {string} title */
  noRun: (title) => `${title}: nothing yet.`,
  /** @param {string} title */
  asNumbers: (title) => `${title}, as numbers`,
  /** @param {string} title @param {string} format */
  download: (title, format) => `Download ${title} as ${format.toUpperCase()}`,
  time: {
    instant: "under a second",
    second: ["second", "seconds"],
    minute: ["minute", "minutes"],
    hour: ["hour", "hours"],
    day: ["day", "days"],
    /** @param {string} time */
    about: (time) => `about ${time}`,
  },
  memory: {
    /** @param {number} count */
    mega: (count) => `${grouped(count)} MB`,
    /** @param {number} count */
    giga: (count) => `${grouped(count)} GB`,
  },
  lab: "The lab",
  /** @param {string} why */
  noLab: (why) => `The lab did not load (${why}). Reload the page to try again.`,
  /** @param {string} why */
  noSweep: (why) => `This part did not load (${why}). Close it and open it again to try once more.`,
  /** @param {string} name @param {string[]} names */
  noSuchPart: (name, names) => `This page has no part “${name.slice(0, 40)}” that could be shown here. It has ${names.join(", ")}.`,
  /** @param {number} shown @param {number} all @param {string} rule */
  tableCaption: (shown, all, rule) => (shown < all ? `${grouped(shown)} of ${grouped(all)} ${rule}; the CSV has all` : `All ${grouped(all)} ${rule}`),

  guessedRight: "That is what happens.",
  guessedWrong: "Something else happens.",
};
