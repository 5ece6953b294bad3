// How are numbers and times written for readers?
import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, inWords, measured, plain } from "../../www/format.js";

test("a setting is written as it was typed, thousands grouped", () => {
  for (const [value, text] of [
    [0.001, "0.001"],
    [10000, "10,000"],
    [0, "0"],
    [1e-8, "1e-8"],
    [0.999, "0.999"],
    ["inf", "∞"],
  ])
    assert.equal(plain(/** @type {any} */ (value)), text);
  assert.equal(inWords(1e-8), "10⁻⁸");
  assert.equal(grouped(50000), "50,000");
});

test("a measured number has three or four digits that mean something, and a true minus", () => {
  for (const [value, text] of [
    [1, "1.000"],
    [0.95123, "0.951"],
    [0.0123, "0.0123"],
    [12.345, "12.35"],
    [123.45, "123.5"],
    [2.5e-11, "2.50·10⁻¹¹"],
    [-1, "−1.000"],
    [NaN, "–"],
    [Infinity, "∞"],
    [null, "–"],
  ])
    assert.equal(measured(/** @type {any} */ (value)), text);
});
