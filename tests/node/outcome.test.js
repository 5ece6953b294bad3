// Does every outcome have its sentence? Words alone, without a page.
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { inFull, sentence } from "../../www/outcome.js";

const SAID = [
  [{ kind: "diverged", step: 1200 }, "It diverged at step 1,200."],
  [{ kind: "nothing" }, "It has learned nothing."],
  [{ kind: "harmed", harm: 18077 }, "It has learned nothing, and on new examples its loss is 18,000 times that of a model that outputs zero."],
  [{ kind: "memorised", examples: 1, exact: true, form: null }, "It has memorised its one example."],
  [{ kind: "memorised", examples: 2, exact: true, form: null }, "It has memorised both examples."],
  [{ kind: "memorised", examples: 5, exact: true, form: "polygon" }, "It has memorised all five."],
  [{ kind: "all-but", examples: 10, missing: 1 }, "It has memorised all but one of the ten."],
  [{ kind: "partly", examples: 30, memorised: 17 }, "It has memorised about 17 of the thirty."],
  [{ kind: "features", count: 5, largest: 0.25, least: 0.2, next: 0.03 }, "It has learned five features."],
  [{ kind: "features", count: 1, largest: 0.25, least: 0.25, next: 0.03 }, "It has learned one feature."],
  [{ kind: "features", count: null, largest: 0.25, least: null, next: null }, "It has learned features."],
  [{ kind: "between", memorised: 17, standing: 0, largest: 0.06 }, "It is confused: neither examples nor features."],
];

/** @param {any} outcome @param {any} [polygon] */
const full = (outcome, polygon = null) =>
  inFull({ harm: null, ...outcome }, /** @type {any} */ ({ train_loss: 0.01, test_loss: 1, polygon }), /** @type {any} */ ({ m: 2 }), {
    step: 100,
    finished: true,
    past: false,
    held: undefined,
  });

test("every kind of outcome has one plain sentence, and a verdict without a gap", () => {
  const kinds = [...readFileSync(new URL("../../src/web/convert.rs", import.meta.url), "utf8").matchAll(/\{ kind: "([a-z-]+)"/g)].map(([, kind]) => kind);
  assert.deepEqual(new Set(SAID.map(([{ kind }]) => kind)), new Set(kinds));
  for (const [outcome, said] of SAID) {
    assert.equal(sentence(/** @type {any} */ ({ harm: null, ...outcome })), said);
    assert.doesNotMatch(full(outcome), /undefined|null|NaN/);
  }
});

test("exact solutions are no failures, whatever they form, and features that stand out are not denied", () => {
  const ring = { examples: 10, on_ring: 9, unlearned: 0, radius: 3, closed_form_radius: 2.29, angular_error_degrees: 100, regular: false };
  for (const form of ["circle", "two-circles"])
    assert.match(full({ kind: "memorised", examples: 10, exact: true, form }, ring), /^Memorising: all ten examples, exactly, on /);
  assert.match(full({ kind: "all-but", examples: 10, missing: 1 }, ring), /^Optimisation failure: all but 1 of the 10 examples/);
  assert.ok(
    full({ kind: "between", memorised: 13, standing: 3, largest: 0.633, harm: 21.5 }).includes(
      "3 features stand out but do not help on new examples (largest D 0.6330). On new examples its loss is 22 times",
    ),
  );
});
