// What the model sees: the examples that the lab trains on, and what the reader's sparsity makes of them.
import AxeBuilder from "@axe-core/playwright";
import { expect, labReport, save, test } from "./fixtures.js";

const section = (page) => page.locator("#task");
const slider = (page) => section(page).getByRole("slider", { name: "S, the probability" });
const sentence = (page) => section(page).locator(".inputs-place > .measured");

/** Opens the page and waits for the figure. */
async function open(page) {
  // Where a link to a run names a place, the page stays there.
  await page.goto("?v=1&t=5&step=0#fig-inputs");
  await expect(page.locator(".inputs-place")).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
}

test("the examples are those that the lab trains on, and share more as S falls", async ({ page }, info) => {
  await open(page);
  const { data } = JSON.parse(labReport({ t: 5, data_seed: 9, steps: 1, test_examples: 1 }, info, ["--with-data"]));
  const expected = data.indices.flatMap((row, k) => row.map((feature) => [String(k + 1), String(feature + 1)]));
  await section(page).locator(".numbers summary").click();
  const rows = await section(page)
    .locator("tr:has(td)")
    .evaluateAll((all) => all.map(({ cells }) => [cells[0].textContent, cells[1].textContent]));
  expect(rows).toEqual(expected.slice(0, rows.length));
  expect(rows.length).toBe(Math.min(50, expected.length));
  const counts = data.indices.map((row) => row.length);
  await expect(sentence(page)).toHaveText(
    `The five examples have ${Math.min(...counts)} to ${Math.max(...counts)} non-zero features each; no two have one in common.`,
  );
  await expect(section(page).locator("canvas")).toHaveAccessibleName(await sentence(page).textContent());

  await slider(page).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(slider(page)).toHaveAttribute("aria-valuetext", "S = 0.998");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(section(page).locator("output").first()).toHaveText("0.99");
  const dense = JSON.parse(labReport({ t: 5, data_seed: 9, sparsity: 0.99, steps: 1, test_examples: 1 }, info, ["--with-data"])).data.indices;
  const shared = dense.flatMap((a, i) => dense.slice(i + 1).filter((b) => a.some((feature) => b.includes(feature)))).length;
  expect(shared).toBeGreaterThan(3);
  await expect(sentence(page)).toContainText(`; ${shared} of the 10 pairs have at least one in common`);
  await page.keyboard.press("Home");
  await expect(sentence(page)).toHaveText("Each of the five examples has 10,000 non-zero features; 10 of the 10 pairs have at least one in common.");
  await expect(section(page).locator(".caption")).toContainText("S = 0, data seed 9");
});

test("features are read by keys and pointer, and saved", async ({ page }) => {
  await open(page);
  const reader = section(page).locator(".reader");
  const readout = section(page).locator(".readout");
  await reader.focus();
  await page.keyboard.press("ArrowRight");
  await expect(readout).toHaveText(/^Example 1: feature [\d,]+ is 0\.\d+$/);
  await page.keyboard.press("End");
  await expect(readout).toHaveText(/^Example 5: feature/);
  // What another example has as well is told.
  await slider(page).fill("6");
  await reader.focus();
  await expect(async () => {
    await page.keyboard.press("ArrowRight");
    await expect(readout).toHaveText(/not zero either in examples? \d/, { timeout: 50 });
  }).toPass();
  const box = await reader.boundingBox();
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
  await expect(readout).toHaveText(/^Example 3: /);
  for (const [format, begins] of [
    ["csv", "example,feature,value\r\n1,"],
    ["svg", "<svg"],
  ]) {
    const download = page.waitForEvent("download");
    await save(section(page), format);
    const chunks = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString().startsWith(begins)).toBe(true);
  }
});

test("no S makes the page wider than a phone", async ({ browser, baseURL }) => {
  const page = await browser.newPage({ viewport: { width: 320, height: 640 }, baseURL });
  await open(page);
  for (const key of ["Home", "End"]) {
    await slider(page).press(key);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  }
  await page.close();
});

for (const scheme of ["light", "dark"]) {
  test(`axe finds nothing in ?embed=inputs, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto("?embed=inputs");
    await expect(page.locator(".inputs-place")).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
    // There is no lab in which a word could play anything.
    await expect(section(page).locator("button.play")).toHaveCount(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)).toEqual([]);
  });
}
