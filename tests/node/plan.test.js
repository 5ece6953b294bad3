// Does a class train what its link was made of?
import assert from "node:assert/strict";
import { test } from "node:test";
import { readSweep, readWith, sweepText } from "../../www/class/plan.js";
import { api } from "./wasm.js";

readWith(api);
const paper = api.checkConfig({});

test("a plan whose base has another value of what varies is read from its link as the same runs", () => {
  for (const [base, vary] of [
    [
      { n: 300, m: 8 },
      { setting: "m", values: [2, 4] },
    ],
    [
      { n: 300, m: 8 },
      { setting: "m", values: [2, 4, 8] },
    ],
    [
      { n: 300, weight_decay: 0.1, lr: 0.01 },
      { setting: "weight_decay", values: [0, 1e-3, 1] },
    ],
    [
      { n: 300, reduction: "sum", m: 3 },
      { setting: "reduction", values: ["mean", "sum"] },
    ],
    [{ n: 300, m: 3 }, undefined],
  ]) {
    const plan = /** @type {any} */ ({ base, t: [3, 30, "inf"], data_seeds: 3, init_seeds: 2, ...(vary && { vary }) });
    const text = sweepText(plan, paper);
    const again = readSweep(text, api);
    const fixed = Object.fromEntries(Object.entries(base).filter(([name]) => name !== vary?.setting));
    assert.deepEqual(again, { plan: { ...plan, base: fixed }, notes: [] }, text);
  }
});
