// The section on digits: what is stored is shown, brushed and scrubbed; what is live trains without being in the way.
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, openAt, test } from "./fixtures.js";

const store = readFileSync("../../www/data/mnist.jsonl", "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

const explorer = (page) => page.locator(".explorer");
const under = (page) => page.locator(".under p");
const tiles = (page) => page.locator(".under li");
const percent = (share) => `${(100 * share).toFixed(share > 0.9995 ? 2 : 1)}%`;

/** Opens the page at the section, with its data. */
async function openDigits(page) {
  await page.goto("#digits");
  await expect(explorer(page)).toBeVisible({ timeout: 30_000 });
  await expect(tiles(page).first()).toBeVisible();
}

/** Drags over the curve between two shares of its width. */
async function drag(page, from, to) {
  const reader = page.locator('[data-figure="digits"] .reader');
  await reader.scrollIntoViewIfNeeded();
  const box = await reader.boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + from * box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + ((from + to) / 2) * box.width, y);
  await page.mouse.move(box.x + to * box.width, y);
  await page.mouse.up();
}

test("nothing of the digits is loaded before the reader comes near", async ({ page }) => {
  const loaded = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await openAt(page, "running");
  expect(loaded.filter((name) => name.includes("digits"))).toEqual([]);
  await page.locator("#digits").scrollIntoViewIfNeeded();
  await expect(explorer(page)).toBeVisible({ timeout: 30_000 });
  expect(loaded.filter((name) => name.endsWith("digits.bin"))).toHaveLength(1);
  expect(loaded.filter((name) => name.endsWith("digits-live.bin"))).toEqual([]);
});

test("the brush chooses digits by pointer, by keys and by name", async ({ page }) => {
  await openDigits(page);
  await expect(under(page)).toContainText("The 24 examples with the highest D*");
  await expect(tiles(page)).toHaveCount(24);

  await drag(page, 0.12, 0.3);
  await expect(under(page)).toContainText(/of [\d,]+ examples from the [\d,]*(st|nd|rd|th)? ?lowest to the [\d,]+th lowest/);
  const dragged = await under(page).textContent();

  const from = page.getByRole("slider", { name: "Brush: from" });
  await from.focus();
  await page.keyboard.press("Home");
  await expect(under(page)).toContainText("from the lowest to");
  await expect(from).toHaveAttribute("aria-valuetext", "the lowest");
  expect(await under(page).textContent()).not.toBe(dragged);
  const to = page.getByRole("slider", { name: "Brush: to" });
  await to.focus();
  await page.keyboard.press("End");
  await expect(under(page)).toContainText("36 of 60,000 examples from the lowest to the highest");
  await expect(tiles(page)).toHaveCount(36);

  await page.getByRole("button", { name: "lowest", exact: true }).click();
  await expect(under(page)).toContainText("The 24 examples with the lowest D*");
  const ratios = await tiles(page).locator("small").allTextContents();
  const numbers = ratios.map((text) => parseFloat(text));
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  expect(Math.max(...numbers)).toBeLessThan(1);
});

test("the brush of a section that was made smaller after its layout chooses the same digits", async ({ page }) => {
  await openDigits(page);
  const reader = page.locator('[data-figure="digits"] .reader');
  const said = [];
  const wide = await explorer(page).evaluate((element) => element.offsetWidth);
  for (const style of ["", "transform: scale(0.5); transform-origin: 0 0", "zoom: 0.5"]) {
    await explorer(page).evaluate((element, style) => (element.style.cssText = style), `width: ${wide}px; ${style}`);
    await page.getByRole("button", { name: "highest", exact: true }).click();
    await expect(under(page)).toContainText("The 24 examples with the highest D*");
    // Where the pixels of all three are the same.
    await reader.scrollIntoViewIfNeeded();
    const { width } = await reader.boundingBox();
    await drag(page, Math.round(0.2 * width) / width, Math.round(0.4 * width) / width);
    await expect(under(page)).toContainText(/lowest/);
    const [, from, to] = /([\d,]+)\w\w lowest to the ([\d,]+)\w\w lowest/.exec(await under(page).textContent()) ?? [];
    said.push([from, to].map((rank) => Number(rank.replaceAll(",", ""))));
  }
  for (const ranks of said.slice(1)) for (const [k, rank] of ranks.entries()) expect(Math.abs(rank / said[0][k] - 1), JSON.stringify(said)).toBeLessThan(0.15);
});

test("the curve is read by pointer and keys", async ({ page }) => {
  await openDigits(page);
  const figure = page.locator('[data-figure="digits"]');
  await figure.locator(".reader").focus();
  await page.keyboard.press("End");
  await expect(figure.locator(".readout")).toContainText("The highest of 60,000");
  await page.keyboard.press("ArrowLeft");
  await expect(figure.locator(".readout")).toContainText("The 2nd highest of 60,000");
  await expect(figure.locator(".reader")).toHaveAttribute("aria-valuetext", /2nd highest/);
  await figure.locator(".reader").hover();
  await expect(figure.locator(".readout")).not.toContainText("2nd highest");
});

test("the slider of time and the choice of run show what the store holds", async ({ page }) => {
  await openDigits(page);
  const findings = page.locator(".findings");
  const slider = page.getByRole("slider", { name: "Time" });
  const shows = async ({ findings: all, config }, at) => {
    const { train_accuracy, test_accuracy, quantiles } = all[at];
    await expect(findings).toContainText(`${percent(train_accuracy)} of training and ${percent(test_accuracy)} of test examples`);
    const ratio = quantiles[8] / quantiles[4];
    await expect(findings).toContainText(`the highest is ${ratio >= 9.95 ? Math.round(ratio) : ratio.toFixed(1)}× as large`);
    await expect(page.locator('[data-figure="digits"] .caption')).toContainText(
      `weight decay ${config.weight_decay}, ${100 * config.label_noise}% wrong labels`,
    );
  };
  const run = (decay, noise) => store.find(({ config: c }) => c.weight_decay === decay && c.label_noise === noise && c.init_seed === 1);
  await slider.focus();
  await page.keyboard.press("Home");
  await expect(findings).toContainText("Before training");
  await shows(run(0, 0), 0);
  await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveAttribute("aria-valuetext", "after 1 epoch of 20");
  await shows(run(0, 0), 1);
  const box = await slider.boundingBox();
  await page.mouse.click(box.x + box.width - 3, box.y + box.height / 2);
  await expect(findings).toContainText("After 20 epochs");
  await shows(run(0, 0), 8);
  await page.getByRole("radio", { name: "weight decay 1" }).check();
  await shows(run(1, 0), 8);
  const group = run(1, 0).findings[8].misclassified;
  await expect(page.locator(".tenths h4")).toHaveText([`${group.count} misclassified examples, AUC ${group.auc.toFixed(2)}`]);
  await page.getByRole("radio", { name: "wrong labels" }).check();
  await shows(run(0, 0.01), 8);
  await expect(page.locator(".tenths")).toHaveCount(3);
});

test("misclassified and mislabelled digits are marked", async ({ page }) => {
  await openDigits(page);
  await page.getByRole("radio", { name: "wrong labels" }).check();
  const slider = page.getByRole("slider", { name: "Time" });
  await slider.focus();
  await page.keyboard.press("End");
  await page.getByRole("slider", { name: "Brush: from" }).fill("0");
  await page.getByRole("slider", { name: "Brush: to" }).fill("190");
  const wrong = page.locator(".under li.wrong").first();
  await expect(wrong).toBeVisible();
  await expect(wrong.locator(".digit")).toHaveAttribute("aria-label", /taken for \d/);
  await expect(page.locator(".under li.mislabelled .digit").first()).toHaveAttribute("aria-label", /labelled \d/);
});

test("a live run trains beside a page that answers, pauses when told, and ends", async ({ page }) => {
  test.slow();
  await openDigits(page);
  const live = page.locator(".live");
  const status = live.locator(".status");
  await live.getByLabel("wrong labels").selectOption({ index: 2 });
  await live.getByRole("button", { name: "Start" }).click();
  // Looked at in every frame: between two looks of an expectation the run may have ended.
  await page.waitForFunction(() => /Epoch [2-9] of 30/.test(document.querySelector(".live .status")?.textContent ?? ""), null, { timeout: 60_000 });
  // While it trains a click is answered at once.
  const answered = await page.evaluate(async () => {
    const start = performance.now();
    document.querySelector('.explorer [data-place="lowest"]').click();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - start;
  });
  console.log(`  a click beside training is answered and painted after ${answered.toFixed(0)} ms`);
  expect(answered).toBeLessThan(500);
  await live.getByRole("button", { name: "Pause" }).click();
  await expect(live).toHaveAttribute("data-phase", "paused");
  await page.waitForTimeout(600); // an epoch that was under way may still arrive
  const at = await status.textContent();
  await page.waitForTimeout(600);
  expect(await status.textContent()).toBe(at);
  await live.getByRole("button", { name: "Continue" }).click();
  await expect(live).toHaveAttribute("data-phase", "ended", { timeout: 120_000 });
  await expect(status).toContainText(/Epoch 30 of 30: 9\d\.\d+% of training/);
  await expect(live.locator(".tails li")).toHaveCount(24);
});

test.describe("without data", () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test("the page says what is missing, the rest works, and a second try succeeds", async ({ page }) => {
    await page.route("**/digits.bin*", (route) => route.fulfill({ status: 404 }));
    await page.goto("#digits");
    const notice = page.locator(".digits-place .notice");
    await expect(notice).toContainText("The digits can’t be shown: there is no such file.", { timeout: 30_000 });
    await page.locator("#lab").scrollIntoViewIfNeeded();
    await expect(page.locator(".lab")).toHaveAttribute("data-phase", /finished|running/, { timeout: 45_000 });
    await page.unroute("**/digits.bin*");
    await notice.getByRole("button").click();
    await expect(explorer(page)).toBeVisible({ timeout: 30_000 });
  });

  test("a file of something else is told so", async ({ page }) => {
    await page.route("**/digits.bin*", (route) => route.fulfill({ body: "<!doctype html>" }));
    await page.goto("#digits");
    await expect(page.locator(".digits-place .notice")).toContainText("it is no file of digits", { timeout: 30_000 });
  });
});

for (const scheme of ["light", "dark"]) {
  test(`nothing that axe finds, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openDigits(page);
    const { violations } = await new AxeBuilder({ page }).include("#digits").analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)).toEqual([]);
  });
}
