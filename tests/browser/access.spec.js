// For everyone: without scripts, without WebAssembly, on paper, with few colours, with large type, with fingers, by ear.
import AxeBuilder from "@axe-core/playwright";
import { expect, openAt, openPaused, test } from "./fixtures.js";

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });
  for (const file of ["", "superposition.html"]) {
    test(`the prose stands, with pictures of where runs end: ${file || "index.html"}`, async ({ page }) => {
      await page.goto(file);
      await expect(page.locator(".still .notice")).toBeVisible();
      await expect(page.getByRole("heading", { name: "Three regimes" })).toBeVisible();
      const images = await page.locator("noscript img").all();
      expect(images.length).toBeGreaterThan(5);
      for (const image of images) {
        await image.scrollIntoViewIfNeeded();
        await expect(image).toHaveJSProperty("complete", true);
        expect(await image.evaluate((element) => element.naturalWidth)).toBeGreaterThan(0);
      }
      await expect(page.locator("article").first()).toBeVisible();
    });
  }
});

test("without vectors in its WebAssembly a browser shows the pictures and the reason, and axe finds nothing", async ({ page }) => {
  await page.addInitScript(() => (WebAssembly.validate = () => false));
  await openAt(page, "unsupported");
  await expect(page.locator('[data-part="unsupported"]')).toBeVisible();
  await expect(page.locator(".still img").first()).toBeVisible();
  await expect(page.locator('[data-part="start"]')).toBeHidden();
  await page.locator("#sweeps").scrollIntoViewIfNeeded();
  await expect(page.locator('[data-sweep="main"] .still-sweep img')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("at 1280 px and 400 % nothing needs sideways scrolling", async ({ browser, baseURL }) => {
  const page = await browser.newPage({ viewport: { width: 320, height: 200 }, deviceScaleFactor: 4, baseURL });
  await openPaused(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.close();
});

test("on paper charts are drawn for paper, and controls are left out", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await openPaused(page);
  const ink = () =>
    page.locator('[data-figure="losses"] canvas').evaluate((canvas) => {
      const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
      const context = copy.getContext("2d", { willReadFrequently: true });
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      let dark = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200 && Math.max(data[i], data[i + 1], data[i + 2]) < 45) dark += 1;
      return dark;
    });
  // Text is light on a dark screen, and dark on paper.
  expect(await ink()).toBeLessThan(5);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect.poll(ink).toBeGreaterThan(15);
  await expect(page.locator(".transport").first()).toBeHidden();
  await expect(page.locator("form.settings")).toBeHidden();
});

test("on touch screens every control of the lab is 44 px high", async ({ browser, baseURL }) => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true, baseURL });
  await openPaused(page);
  const small = await page.locator(".lab button, .lab select, .lab input[type=text], .lab summary").evaluateAll((elements) =>
    elements.filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44).map((element) => element.textContent?.trim() || element.outerHTML.slice(0, 60)),
  );
  expect(small).toEqual([]);
  await page.close();
});

test("a screen reader is told what a run became, at most once in five seconds", async ({ page }) => {
  await openPaused(page);
  await page.evaluate(() => {
    window.spoken = [];
    const region = document.querySelector('[data-part="spoken"]');
    new MutationObserver(() => window.spoken.push([performance.now(), region.textContent])).observe(region, { childList: true, characterData: true, subtree: true });
  });
  for (let times = 0; times < 6; times += 1) {
    await page.locator('[data-steps="100"]').click();
    await page.waitForTimeout(700);
  }
  await expect.poll(() => page.evaluate(() => window.spoken.at(-1)?.[1]), { timeout: 15_000 }).toBe(await page.locator('[data-part="verdict"]').textContent());
  const at = (await page.evaluate(() => window.spoken)).map(([time]) => time);
  for (let i = 1; i < at.length; i += 1) expect(at[i] - at[i - 1]).toBeGreaterThan(4900);
});
