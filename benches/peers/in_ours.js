// What does a step of this project's trainer take in a worker? A classic script, as the page's worker is; ours.rs says what is
// timed, and why so.

/* global wasm_bindgen */
"use strict";

const WARM_UP = 5;
const WINDOW = 20;
const WINDOWS = { least: 5, most: 15, enoughMs: 200 };

/** @param {Uint8Array} checkpoint @returns seconds a step */
function secondsPerStep(checkpoint) {
  const run = wasm_bindgen.Run.resume(checkpoint);
  run.advance(WARM_UP);
  const recorded = () => run.history().steps.length;
  /** @type {number[]} */
  const windows = [];
  const all = () => windows.reduce((sum, window) => sum + window, 0);
  while (windows.length < WINDOWS.least || (windows.length < WINDOWS.most && all() < WINDOWS.enoughMs)) {
    const before = recorded();
    const start = performance.now();
    run.advance(WINDOW);
    const time = performance.now() - start;
    if (recorded() === before) windows.push(time);
  }
  run.free();
  return windows.sort((a, b) => a - b)[Math.floor(windows.length / 2)] / WINDOW / 1000;
}

/** @param {any} config */
function lossOf(config) {
  const run = new wasm_bindgen.Run(config);
  run.advance(config.steps);
  const loss = run.trainLoss();
  run.free();
  return loss;
}

self.onmessage = async (event) => {
  try {
    const { problem, states } = event.data;
    /** @type {any} */ (self).importScripts("/pkg/superposition.js");
    await wasm_bindgen({ module_or_path: "/pkg/superposition_bg.wasm" });
    const { config } = await (await fetch(problem)).json();
    const loss = lossOf(config);
    const seconds = [];
    for (const state of states) {
      seconds.push(secondsPerStep(new Uint8Array(await (await fetch(state)).arrayBuffer())));
    }
    self.postMessage({ seconds, loss, steps: config.steps, version: wasm_bindgen.version() });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
