// Links and numbers as chats, mail programs and other countries pass them on.
import { expect, openAt, openBare, test } from "./fixtures.js";

/** What a link is read as: its settings that differ, and its notes. */
const read = (page, query) =>
  page.evaluate(async (query) => {
    const { load } = await import("/www/wasm.js");
    const { stateOf } = await import("/www/lab/link.js");
    const { config, notes } = stateOf(query, await load());
    return [config?.t, config?.lr, notes];
  }, query);

test("a link that was encoded twice, in capitals, with HTML in it or a sentence around it is read as it was meant", async ({ page }) => {
  await openBare(page);
  for (const query of ["?v=1&t=10", "?v%3D1%26t%3D10", "?v%3D1%26t%3D10&utm_source=chat", "?v=1&amp;t=10", "?v=1&amp;amp;t=10", "?V=1&T=10", "?v=1&t=10)", "?v=1&t=10).", "?v=1&t=10%22", "?v=1&t=10*", "?v=1&t=10%E2%80%8B"]) {
    expect([query, await read(page, query)]).toEqual([query, [10, 0.001, []]]);
  }
});

test("keys that count who follows a link are ignored without a word, others are told", async ({ page }) => {
  await openBare(page);
  const known = "utm_source fbclid gclid msclkid mc_cid mc_eid _hsenc _hsmi igshid igsh ref ref_src si _ga _gl yclid twclid ttclid wbraid gbraid li_fat_id mkt_tok srsltid vero_id mtm_campaign pk_campaign".split(" ");
  expect(await read(page, `?v=1&t=10&${known.map((key) => `${key}=x`).join("&")}`)).toEqual([10, 0.001, []]);
  expect((await read(page, "?v=1&t=10&walls=1"))[2]).toEqual([expect.stringMatching(/“walls” is no setting/)]);
});

test("of a key that says two things the first is taken, and that is told", async ({ page }) => {
  await openBare(page);
  expect(await read(page, "?v=1&t=5&t=10")).toEqual([5, 0.001, ["t is there more than once. Taken: the first, 5."]]);
  expect(await read(page, "?v=1&t=5&t=5")).toEqual([5, 0.001, []]);
});

test("a number that is written otherwise is refused, with how it is written here", async ({ page }) => {
  await openBare(page);
  const said = await page.evaluate(async () => {
    const { load } = await import("/www/wasm.js");
    const { judge } = await import("/www/lab/state.js");
    const api = await load();
    const texts = ["0,001", "1,5", "１０", "١٠", "1.000,5", "10⁻⁸", "2.63·10⁻¹¹", "1'000", "99.9 %", "50k", "five", "1,000", "1e-8", "-0"];
    return texts.map((text) => judge({ name: "lr", kind: "real" }, text, api)).map(({ value, problem }) => (problem ? (problem.write ?? "") : value));
  });
  expect(said).toEqual(["0.001", "1.5", "10", "10", "1000.5", "1e-8", "2.63e-11", "1000", "0.999", "50000", "", 1000, 1e-8, 0]);
});

test("a decimal comma trains nothing, in a field, a link or an attribute, and the sentence shows the point", async ({ page }) => {
  await openAt(page, "running");
  await page.locator('[data-part="start"]').click();
  await page.locator('[name="lr"]').fill("0,002");
  await page.locator('[name="lr"]').blur();
  await expect(page.locator('[data-error="lr"]')).toHaveText(/“0,002” is not a number as it is written here, 0\.002: it must be from/);
  await page.goto("?v=1&t=3&lr=0,002");
  await expect(page.locator('[data-part="notes"]')).toHaveText(/“0,002” is not a number as it is written here, 0\.002.*Taken instead: 0\.001/);
});

test("whatever a link says is read in words or as it stands, and a link to that says the same", async ({ page }) => {
  await openBare(page);
  const count = Number(process.env.LINKS ?? 2000);
  const seed = Number(process.env.SEED ?? 1);
  const wrong = await page.evaluate(async ([count, seed]) => {
    const { load } = await import("/www/wasm.js");
    const { queryOf, stateOf, viewOf } = await import("/www/lab/link.js");
    const { judge } = await import("/www/lab/state.js");
    const { readQuery } = await import("/www/query.js");
    const api = await load();
    const base = api.checkConfig({});
    const rows = api.settingsTable();
    let at = seed;
    const below = (limit) => {
      at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
      return Math.floor((at / 2 ** 32) * limit);
    };
    const any = (list) => list[below(list.length)];
    const keys = [...rows.map(({ name }) => name), "v", "repeats", "nudge", "step", "example", "feature", "figures", "without", "present", "embed", "b", "toString", "__proto__"];
    const values = ["0", "1", "5", "10", "200", "-1", "1e3", "1e-8", "1e400", "0,5", "0.999", "1,000", "inf", "∞", "NaN", "", " ", "+", "sum", "mean", "l1", "cross-entropy", "yes", "off", "4x6.9x2", "1x1", "10000x0.1", "0x0", "losses.examples", "%", "%3D", "%00", "<b>", "💥", "9".repeat(400), "0x10", "1_000", "٥"];
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
        for (const each of [config, other]) if (each && JSON.stringify(api.checkConfig(each)) !== JSON.stringify(each)) wrong.push([text, "settings that are not allowed", each]);
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
        const [before, after] = [{ ...state, config: config ?? base }, again].map(({ config, other, step, selection }) => JSON.stringify([config, other, step, selection]));
        if (before !== after || again.notes.length) wrong.push([text, "another state", before, after, again.notes]);
      } catch (error) {
        wrong.push([text, String(error)]);
      }
    }
    return wrong;
  }, [count, seed]);
  expect(wrong).toEqual([]);
});
