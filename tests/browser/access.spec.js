// For everyone: without scripts, without WebAssembly, on paper, with few colours, with large type, with fingers, by ear.
import AxeBuilder from "@axe-core/playwright";
import { expect, laidOut, openAt, openPaused, test } from "./fixtures.js";
import { showSweep } from "./runs.js";

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });
  for (const file of ["", "superposition.html"]) {
    test(`the prose stands, with pictures of where runs end: ${file || "index.html"}`, async ({ page }) => {
      await page.goto(file);
      await expect(page.locator(".still .notice")).toBeVisible();
      await expect(page.getByRole("heading", { name: "Test loss rises again before it falls" })).toBeVisible();
      const images = await page.locator(".without img").all();
      expect(images.length).toBeGreaterThan(5);
      for (const image of images) {
        await image.scrollIntoViewIfNeeded();
        await expect(image).toHaveJSProperty("complete", true);
        expect(await image.evaluate((element) => element.naturalWidth)).toBeGreaterThan(0);
      }
      await expect(page.locator("#learned")).toBeVisible();
    });
  }
});

test("without vectors in its WebAssembly a browser shows the pictures and the reason, and axe finds nothing", async ({ page }) => {
  await page.addInitScript(() => (WebAssembly.validate = () => false));
  await openAt(page, "unsupported");
  await expect(page.locator('[data-part="unsupported"]')).toBeVisible();
  await expect(page.locator(".still img").first()).toBeVisible();
  await expect(page.locator('[data-part="start"]')).toBeHidden();
  await page.locator('[data-sweep="main"]').scrollIntoViewIfNeeded();
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

for (const [name, address, chart, open] of [
  ["the story", "#fig-planes", '[data-sweep="planes"] .sweep-plot canvas', (page) => showSweep(page, "planes")],
  [
    "the lab alone",
    "?embed=lab&t=5&n=1000&sparsity=0.99&steps=300",
    '.lab [data-figure="dimensionalities"] canvas',
    (page) => expect(page.locator(".lab")).toHaveAttribute("data-phase", "finished", { timeout: 30_000 }),
  ],
]) {
  test(`on paper charts are drawn for paper, and controls are left out: ${name}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(address);
    await open(page);
    const ink = () =>
      page
        .locator(chart)
        .first()
        .evaluate((canvas) => {
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
    await expect(page.locator(chart).first()).toBeVisible();
    for (const controls of [".transport", "form.settings", ".hero-buttons", ".bar"]) await expect(page.locator(controls).first()).toBeHidden();
  });
}

test("on touch screens every control of the lab is 44 px high", async ({ browser, baseURL }) => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true, baseURL });
  await openPaused(page);
  const small = await page
    .locator(".lab button, .lab select, .lab input[type=text], .lab summary")
    .evaluateAll((elements) =>
      elements
        .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
        .map((element) => element.textContent?.trim() || element.outerHTML.slice(0, 60)),
    );
  expect(small).toEqual([]);
  await page.close();
});

test("a screen reader is told what a run became, at most once in five seconds", async ({ page }) => {
  await openPaused(page);
  await page.evaluate(() => {
    window.spoken = [];
    const region = document.querySelector('[data-part="spoken"]');
    new MutationObserver(() => window.spoken.push([performance.now(), region.textContent])).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  for (let times = 0; times < 6; times += 1) {
    await page.locator('[data-steps="100"]').click();
    await page.waitForTimeout(700);
  }
  await expect.poll(() => page.evaluate(() => window.spoken.at(-1)?.[1]), { timeout: 15_000 }).toBe(await page.locator('[data-part="verdict"]').textContent());
  const at = (await page.evaluate(() => window.spoken)).map(([time]) => time);
  for (let i = 1; i < at.length; i += 1) expect(at[i] - at[i - 1]).toBeGreaterThan(4900);
});

test("words, notes and sources say what they mean to pointer, keys and touch, and lead there without scripts", async ({ page, browser, baseURL }) => {
  await page.goto("?v=1&t=5&step=0");
  const box = page.locator(".gloss");
  const word = page.locator('a.term[href="#w-seed"]');
  // Figures around the word load as it is scrolled to, and move it: until they have, no pointer would stay on it.
  await word.scrollIntoViewIfNeeded();
  await expect(page.locator('[data-sweep="main"]')).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
  await laidOut(page);
  await word.hover();
  await expect(box).toBeVisible();
  await expect(box).toContainText("the init seed its first weights");
  // It stays while the pointer is on it, and goes with Escape.
  await box.hover();
  await page.waitForTimeout(400);
  await expect(box).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(box).toBeHidden();
  await expect(word).toHaveAccessibleDescription(/^The number that determines a run’s random numbers/);

  // The first word of the page that the keys reach is a source.
  await page.evaluate(() => document.querySelector("h1").setAttribute("tabindex", "-1"));
  await page.locator("h1").focus();
  await page.keyboard.press("Tab");
  await expect(page.locator('a.cite[href="#s-paper"]').first()).toBeFocused();
  await expect(box).toContainText("Transformer Circuits Thread, 2023");
  // The first figure has controls between its words.
  const feature = page.locator('a.term[href="#w-feature"]').first();
  for (let presses = 0; presses < 12 && !(await feature.evaluate((element) => element === document.activeElement)); presses += 1)
    await page.keyboard.press("Tab");
  await expect(feature).toBeFocused();
  await expect(box).toContainText("One of the n numbers of an example");
  await page.keyboard.press("Enter");
  await expect(box).toBeHidden();
  await expect(page.locator("#w-feature")).toBeInViewport();
  // Each leads to something, and every definition, note and source is led to.
  const ends = await page.evaluate(() => {
    const links = [...document.querySelectorAll("a.term, a.cite, a.note")].map(({ hash }) => hash.slice(1));
    return {
      missing: links.filter((id) => !document.getElementById(id)),
      lost: [...document.querySelectorAll('[id^="w-"], [id^="n-"], [id^="s-"]')].filter(({ id }) => !links.includes(id)).map(({ id }) => id),
    };
  });
  expect(ends).toEqual({ missing: [], lost: [] });

  const phone = await browser.newPage({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true, baseURL });
  await phone.goto("?v=1&t=5&step=0");
  const note = phone.locator('a.note[href="#n-1"]');
  await note.tap();
  await expect(phone.locator(".gloss")).toContainText("is drawn again");
  await expect(phone.locator(".gloss")).toBeInViewport({ ratio: 1 });
  expect(new URL(phone.url()).hash).toBe("");
  await phone.locator("h2", { hasText: "A task too large" }).tap();
  await expect(phone.locator(".gloss")).toBeHidden();
  await phone.close();
});

/** Views that other tests don't come to, by what is done to get there. @type {Record<string, [string, (page: any) => Promise<any>]>} */
const VIEWS = {
  presenter: ["?v=1&t=5&step=0&present=1", (page) => expect(page.locator(".lab")).toHaveAttribute("data-phase", "ready", { timeout: 30_000 })],
  "a figure of stored runs alone": ["?embed=main", (page) => expect(page.locator("[data-state=shown]")).toBeVisible({ timeout: 30_000 })],
  "the digits alone": ["?embed=digits", (page) => expect(page.locator(".explorer canvas")).toBeVisible({ timeout: 30_000 })],
  "the maker of links, and the meaning of a word": [
    "?v=1&t=inf&step=0",
    async (page) => {
      await expect(page.locator(".lab")).toHaveAttribute("data-phase", "ready", { timeout: 30_000 });
      await page.getByText("A link for a class or an article", { exact: true }).click();
      await page.getByLabel("It shows").selectOption("losses");
      // Reached with the keys.
      await page.locator("a.cite").first().focus();
      // The first figure's controls, once it is there, come between.
      for (let presses = 0; presses < 12 && (presses === 0 || !(await page.evaluate(() => document.activeElement.matches("a.term")))); presses += 1)
        await page.keyboard.press("Tab");
      await expect(page.locator(".gloss")).toBeVisible();
    },
  ],
  // Each frame is a document with landmarks of its own.
  "the page of examples, its frames and its element": [
    "www/embed-example.html",
    async (page) => {
      for (const frame of await page.locator("iframe").all()) {
        await frame.scrollIntoViewIfNeeded();
        await expect(frame.contentFrame().locator(".lab")).toHaveAttribute("data-phase", /running|finished/, { timeout: 30_000 });
      }
      await page.locator("superposition-lab").scrollIntoViewIfNeeded();
      await expect(page.locator("superposition-lab .lab")).toHaveAttribute("data-phase", "finished", { timeout: 45_000 });
    },
  ],
};

for (const scheme of ["light", "dark"]) {
  for (const [name, [address, reach]] of Object.entries(VIEWS)) {
    test(`axe finds nothing in ${name}, ${scheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(address);
      await reach(page);
      const { violations, passes } = await new AxeBuilder({ page }).disableRules(address.includes("example") ? ["landmark-unique"] : []).analyze();
      // It looks inside the element as well: a target there is a path through its root.
      if (address.includes("example"))
        expect(passes.some(({ nodes }) => nodes.some(({ target }) => target.some((step) => Array.isArray(step) && step[0] === "superposition-lab")))).toBe(
          true,
        );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)).toEqual([]);
    });
  }
}
