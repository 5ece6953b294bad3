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
