// Which places had another name in earlier editions of the page? Links to them still arrive.

/** @type {Record<string, string>} */
export const RENAMED = { inputs: "task", sweeps: "in-between", comments: "notebook", after: "learned" };
