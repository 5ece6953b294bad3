// What of a run is kept for the reader to go back to?
import assert from "node:assert/strict";
import { test } from "node:test";
import { snapshots } from "../../www/lab/kept.js";

test("what is kept of a run stays within its budget, keeps both ends, and is denser where the run changes", () => {
  const kept = snapshots(100 * 4 * 4, 2, 1);
  // Still, but for a turn between steps 1,000 and 2,000. Each snapshot has 4 numbers: W, b.
  for (let step = 0; step <= 5000; step += 10) {
    const turn = Math.min(1, Math.max(0, (step - 1000) / 1000)) * Math.PI;
    kept.add({ step, values: Float32Array.of(Math.cos(turn), Math.sin(turn), 0, 0) });
  }
  const steps = kept.items.map((item) => item.step);
  const within = (/** @type {number} */ a, /** @type {number} */ b) => steps.filter((step) => step >= a && step <= b).length;
  assert.deepEqual([steps.length, kept.bytes, steps[0], steps.at(-1)], [100, 1600, 0, 5000]);
  assert.ok(steps.every((step, k) => k === 0 || step > steps[k - 1]));
  assert.ok(within(1000, 2000) > 5 * within(4000, 5000) && within(4000, 5000) > 1);
  assert.ok(Math.abs(steps[kept.nearest(1500)] - 1500) < 40);
  assert.ok(steps[kept.before(1499)] < 1500);
});
