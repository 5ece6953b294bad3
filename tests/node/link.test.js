// What is a link read as, whoever passed it on, and what does it say again?
import assert from "node:assert/strict";
import { test } from "node:test";
import { queryOf, stateOf, viewOf } from "../../www/lab/link.js";
import { judge } from "../../www/lab/state.js";
import { readQuery } from "../../www/query.js";
import { api } from "./wasm.js";

/** The settings that a link is read as, as far as these tests change them, and its notes. @param {string} query */
const read = (query) => {
  const { config, notes } = stateOf(query, api);
  return [config?.t, config?.lr, notes];
};

test("a link that was encoded twice, in capitals, with HTML in it or a sentence around it is read as it was meant", () => {
  for (const query of [
    "?v=1&t=10",
    "?v%3D1%26t%3D10",
    "?v%3D1%26t%3D10&utm_source=chat",
    "?v=1&amp;t=10",
    "?v=1&amp;amp;t=10",
    "?V=1&T=10",
    "?v=1&t=10)",
    "?v=1&t=10).",
    "?v=1&t=10%22",
    "?v=1&t=10*",
    "?v=1&t=10%E2%80%8B",
  ]) {
    assert.deepEqual(read(query), [10, 0.001, []], query);
  }
});

test("keys that count who follows a link are ignored without a word, others are told", () => {
  const known =
    "utm_source fbclid gclid msclkid mc_cid mc_eid _hsenc _hsmi igshid igsh ref ref_src si _ga _gl yclid twclid ttclid wbraid gbraid li_fat_id mkt_tok srsltid vero_id mtm_campaign pk_campaign".split(
      " ",
    );
  assert.deepEqual(read(`?v=1&t=10&${known.map((key) => `${key}=x`).join("&")}`), [10, 0.001, []]);
  assert.match(String(read("?v=1&t=10&walls=1")[2]), /^“walls” is no setting/);
});

test("of a key that says two things the first is taken, and that is told", () => {
  assert.deepEqual(read("?v=1&t=5&t=10"), [5, 0.001, ["t is there more than once. Taken: the first, 5."]]);
  assert.deepEqual(read("?v=1&t=5&t=5"), [5, 0.001, []]);
});

test("a number that is written otherwise is refused, with how it is written here", () => {
  const texts = ["0,001", "1,5", "１０", "١٠", "1.000,5", "10⁻⁸", "2.63·10⁻¹¹", "1'000", "99.9 %", "50k", "five", "1,000", "1e-8", "-0"];
  const said = texts
    .map((text) => judge(/** @type {any} */ ({ name: "lr", kind: "real" }), text, api))
    .map(({ value, problem }) => (problem ? (problem.write ?? "") : value));
  assert.deepEqual(said, ["0.001", "1.5", "10", "10", "1000.5", "1e-8", "2.63e-11", "1000", "0.999", "50000", "", 1000, 1e-8, 0]);
});

test("whatever a link says is read in words or as it stands, and a link to that says the same", () => {
  const count = Number(process.env.LINKS ?? 2000);
  const seed = Number(process.env.SEED ?? 1);
  const base = api.checkConfig({});
  const rows = api.settingsTable();
  let at = seed;
  const below = (limit) => {
    at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
    return Math.floor((at / 2 ** 32) * limit);
  };
  const any = (list) => list[below(list.length)];
  const keys = [
    ...rows.map(({ name }) => name),
    "v",
    "repeats",
    "nudge",
    "step",
    "example",
    "feature",
    "figures",
    "without",
    "present",
    "embed",
    "b",
    "toString",
    "__proto__",
  ];
  const values = [
    "0",
    "1",
    "5",
    "10",
    "200",
    "-1",
    "1e3",
    "1e-8",
    "1e400",
    "0,5",
    "0.999",
    "1,000",
    "inf",
    "∞",
    "NaN",
    "",
    " ",
    "+",
    "sum",
    "mean",
    "l1",
    "cross-entropy",
    "yes",
    "off",
    "4x6.9x2",
    "1x1",
    "10000x0.1",
    "0x0",
    "losses.examples",
    "%",
    "%3D",
    "%00",
    "<b>",
    "💥",
    "9".repeat(400),
    "0x10",
    "1_000",
    "٥",
  ];
  const signs = ["&", "=", "%26", "%3d", "&amp;", "#", "?", "%", "+", ".", "\u200b", "b.", "V", "é"];
  const pair = () => `${any(["", "", "b."])}${any(keys)}=${any([true, true, false]) ? any(values) : String(below(100000) / any([1, 100, 1e7]))}`;
  const query = () => {
    let text = `?v=1&${Array.from({ length: 1 + below(5) }, pair).join("&")}`;
    for (let edits = below(4) - 1; edits > 0; edits -= 1) {
      const [from, more] = [below(text.length + 1), below(4)];
      text = text.slice(0, from) + any([any(signs), any(values), ""]) + text.slice(from + more);
    }
    return text;
  };
  const wrong = [];
  for (let k = 0; k < count && wrong.length < 5; k += 1) {
    const text = query();
    try {
      viewOf(text, ["examples", "losses"]);
      const state = stateOf(text, api);
      const { config, other, step, selection, notes } = state;
      for (const each of [config, other])
        if (each && JSON.stringify(api.checkConfig(each)) !== JSON.stringify(each)) wrong.push([text, "settings that are not allowed", each]);
      const { given } = readQuery(text);
      if (!notes.length) {
        for (const row of rows) {
          const said = given.get(row.name);
          if (said === null) continue;
          const { value } = judge(row, said, api);
          if (!Object.is(value, (config ?? base)[row.name])) wrong.push([text, "silently another setting", row.name, (config ?? base)[row.name]]);
        }
      }
      const again = stateOf(`?${queryOf({ config: config ?? base, other, step, selection }, base)}`, api);
      const [before, after] = [{ ...state, config: config ?? base }, again].map(({ config, other, step, selection }) =>
        JSON.stringify([config, other, step, selection]),
      );
      if (before !== after || again.notes.length) wrong.push([text, "another state", before, after, again.notes]);
    } catch (error) {
      wrong.push([text, String(error)]);
    }
  }
  assert.deepEqual(wrong, []);
});

test("1,500 random and hostile queries: no exception, a run that is allowed, and a note for whatever was not taken", () => {
  const rows = api.settingsTable();
  const base = api.checkConfig({});
  let seed = 1;
  const random = (count) => Math.floor(((seed = (seed * 48271) % 2147483647) / 2147483647) * count);
  const pick = (list) => list[random(list.length)];
  const keys = [
    ...rows.flatMap(({ name }) => [name, `b.${name}`]),
    "v",
    "step",
    "example",
    "feature",
    "figures",
    "without",
    "present",
    "repeats",
    "b.repeats",
    "__proto__",
    "constructor",
    "toString",
    "",
    "%",
    "embed",
    "x".repeat(300),
  ];
  const values = [
    "",
    "0",
    "-0",
    "1",
    "5",
    "1e3",
    "1e999",
    "-1e999",
    "NaN",
    "Infinity",
    "inf",
    "∞",
    "0x10",
    "1,000",
    "1,00",
    "２",
    "null",
    "undefined",
    "true",
    "[]",
    "{}",
    "<img src=x onerror=alert(1)>",
    "';--",
    "%00",
    "%",
    "%E0%A4%A",
    "\u202e",
    "\ud800",
    "9".repeat(400),
    "0.".padEnd(300, "9"),
    "4x6",
    "4x6.9x2",
    "1x999999999",
    "0x0",
    "..",
    "mean",
    "sum",
    "median",
    "examples.losses",
    "__proto__",
    "\n",
    "1 2",
    "2147483648",
    "4294967296",
    "1e-320",
    "0.5",
  ];
  const wrong = [];
  let noted = 0;
  for (let k = 0; k < 1500; k += 1) {
    const pairs = Array.from({ length: 1 + random(8) }, () => [
      pick(keys),
      random(4) ? pick(values) : String.fromCharCode(...Array.from({ length: random(12) }, () => random(65536))),
    ]);
    const query = random(3)
      ? `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed?.() ?? "x")}`).join("&")}`
      : `?${pairs.map((pair) => pair.join("=")).join("&")}`;
    try {
      const view = viewOf(query, ["examples", "features", "losses", "dimensionalities"]);
      const state = stateOf(query, api);
      const config = api.checkConfig(state.config ?? base);
      if (state.other) api.checkConfig(state.other);
      if (state.step !== null && !(Number.isInteger(state.step) && state.step >= 0 && state.step <= config.steps)) wrong.push([query, "step"]);
      if ({}.polluted !== undefined) wrong.push([query, "prototype"]);
      if (state.notes.concat(view.notes).some((note) => note.length > 400)) wrong.push([query, "a note is too long"]);
      noted += state.notes.length + view.notes.length > 0;
      // Whatever was not taken is told: the values that are used differ from those given only with a note.
      const given = new URLSearchParams(query);
      for (const { name, kind } of rows) {
        const used = String(config[name]);
        const text = given.get(name);
        const number = kind === "real" || kind === "whole" ? Number(text) : NaN;
        if (text !== null && !Number.isNaN(number) && text.trim() !== "" && Number(used) !== number && !state.notes.some((note) => note.includes(name)))
          wrong.push([query, name, used]);
      }
      // And what is taken makes a link that is taken without a note.
      const again = stateOf(`?${queryOf({ ...state, config, selection: state.selection }, base)}`, api);
      if (again.notes.length || JSON.stringify(again.config) !== JSON.stringify(config) || again.step !== state.step)
        wrong.push([query, "not stable", ...again.notes]);
    } catch (error) {
      wrong.push([query, String(error)]);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(noted > 700, `notes on ${noted}`);
});
