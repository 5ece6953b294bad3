// Other models in the lab: settings by keyboard, their links, and stored runs of them that replay.
import AxeBuilder from "@axe-core/playwright";
import { expect, openPaused, test } from "./fixtures.js";
import { chooseRun, openSweep, replay } from "./runs.js";

for (const scheme of ["light", "dark"]) {
  test(`other models are chosen by keys, and axe finds nothing, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openPaused(page);
    await expect(page.locator('[name="untied"]')).toBeHidden();
    await page.locator(".others summary").focus();
    for (const key of ["Enter", "Tab", "Space"]) await page.keyboard.press(key);
    await expect(page.locator('[name="untied"]')).toBeChecked();
    await page.locator('[name="loss"]').selectOption("cross-entropy");
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`)).toEqual([]);
  });
}

test("a link names the model, wrong names are told, and no closed form is claimed", async ({ page }) => {
  await page.goto("?v=1&t=5&n=1000&sparsity=0.99&steps=3000&data_seed=1&untied=1&loss=l4&importance=0.5&b.loss=l9&b.importance=0");
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", "finished", { timeout: 60_000 });
  for (const [name, value] of [
    ["loss", "l4"],
    ["importance", "1e-6"],
  ])
    await expect(page.locator(`[name="${name}"]`)).toHaveValue(value);
  await expect(page.locator('[name="untied"]')).toBeChecked();
  await expect(page.locator('[data-part="notes"]')).toContainText(/b\.loss: “l9” is not one of .*Taken instead: l4/);
  await expect(page.locator('[data-figure="losses"]').first()).toContainText("untied weights, loss by fourth powers, importance from 1 to 0.5.");
  for (const words of await page.locator(".lab .verdict").allTextContents()) expect(words).not.toContain("would do");
});

test("a stored run of another model replays bit for bit", async ({ page }) => {
  test.setTimeout(120_000);
  const place = await openSweep(page, "models");
  const chosen = await chooseRun(place, "untied weights, T = 5, data seed 1: test loss");
  await expect(chosen).toContainText("untied weights");
  await replay(chosen);
});
