// Figures of closed forms: can they be dragged, chosen and read by pointer, touch and keys?
import AxeBuilder from "@axe-core/playwright";
import { expect, openBare, test } from "./fixtures.js";

/** Mounts a module of www/story on an otherwise empty page. */
async function mounted(page, name) {
  await openBare(page);
  await page.evaluate(async (name) => {
    for (const sheet of ["base", "figure", "sweeps/sweeps", "story/gons"])
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: `/www/${sheet}.css` }));
    document.title = name;
    document.documentElement.lang = "en";
    const place = Object.assign(document.createElement("main"), { style: "max-width: 50rem; margin: 0 auto; padding: 1rem; background: var(--surface)" });
    place.dataset.story = name;
    document.body.replaceChildren(place);
    (await import(`/www/story/${name}.js`)).mount(place);
  }, name);
  const place = page.locator(`[data-story="${name}"]`);
  await expect(place).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
  await expect(place.locator(".gon-verdict")).not.toBeEmpty();
  return place;
}

/** Drags a corner away from the middle of the plane, or towards it. */
async function drag(page, corner, from, factor) {
  const middle = async (locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    return [x + width / 2, y + height / 2];
  };
  const [x, y] = await middle(corner);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(from[0] + factor * (x - from[0]), from[1] + factor * (y - from[1]), { steps: 4 });
  await page.mouse.up();
}

/** Where the plane's origin is: between opposite corners of a square. */
async function origin(place) {
  const box = async (k) => place.locator(".vertex").nth(k).boundingBox();
  const [a, b] = [await box(0), await box(2)];
  return [(a.x + b.x + a.width) / 2, (a.y + b.y + a.height) / 2];
}

test("a T-gon is pulled out until it is exact, by pointer, keys and slider", async ({ page }) => {
  const place = await mounted(page, "tgon");
  const verdict = place.locator(".gon-verdict");
  const corner = place.locator(".vertex");
  await expect(corner).toHaveCount(5);
  await expect(verdict).toHaveText(/^Not memorised: .+ train loss is 0\.\d+\.$/);

  const count = place.locator('[data-part="count"] input');
  await count.fill("4");
  await expect(corner).toHaveCount(4);
  const middle = await origin(place);
  await drag(page, corner.nth(1), middle, 1.25);
  await expect(verdict).toHaveText(/^Memorised exactly/);
  // All four went along.
  for (const k of [0, 1, 2, 3]) await expect(corner.nth(k)).toHaveAttribute("aria-valuetext", /length 1\.1[0-9]/);

  await corner.nth(2).focus();
  for (let k = 0; k < 3; k += 1) await page.keyboard.press("PageDown");
  await expect(verdict).toHaveText(/^Not memorised/);
  const radius = place.locator('[data-part="length"] input');
  await radius.fill("1");
  await expect(verdict).toHaveText(/^Memorised exactly/);
  await radius.fill("0.999");
  await expect(verdict).toHaveText(/^Not memorised/);
});

test("one example is moved alone, and made regular again", async ({ page }) => {
  const place = await mounted(page, "tgon");
  const corner = place.locator(".vertex");
  const verdict = place.locator(".gon-verdict");
  await place.locator('[data-part="length"] input').fill("1.3");
  await expect(verdict).toHaveText(/^Memorised exactly/);
  await place.locator(".check input").check();
  await corner.nth(3).focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  await expect(corner.nth(3)).toHaveAttribute("aria-valuetext", "length 1.28, angle 308°");
  await expect(corner.nth(2)).toHaveAttribute("aria-valuetext", "length 1.30, angle 234°");
  // A single short one is overrun by its neighbours.
  await place.locator('[data-part="length"] input').fill("0.5");
  await expect(verdict).toHaveText(/^Not memorised/);
  await place.locator('[data-part="angle"] input').fill("20");
  await expect(corner.nth(3)).toHaveAttribute("aria-valuetext", "length 0.50, angle 20°");
  await place.getByRole("button", { name: "Make it regular" }).click();
  await expect(corner.nth(3)).toHaveAttribute("aria-valuetext", "length 0.50, angle 306°");
});

test("bars are read where they stand, and show another example when pressed", async ({ page }) => {
  const place = await mounted(page, "tgon");
  const reader = place.locator(".reader");
  const readout = place.locator(".readout");
  await reader.focus();
  for (let k = 0; k < 7; k += 1) await page.keyboard.press("ArrowRight");
  await expect(readout).toHaveText(/^Example 1 puts .+ into features of example 5, the bias .+ comes out$/);
  await page.keyboard.press("Enter");
  await expect(place.locator(".vertex").nth(4)).toHaveClass(/shown/);
  const { width, height } = await reader.boundingBox();
  await reader.hover({ position: { x: 0.75 * width, y: 0.3 * height } });
  await expect(readout).toHaveText(/^Example 5 puts/);
});

test("the number of features is chosen by slider and by bar, and five is best", async ({ page }) => {
  const place = await mounted(page, "fgon");
  const verdict = place.locator(".gon-verdict");
  await expect(verdict).toHaveText(/leaves 1\.348, the most there is: 1\.1% more than with four\./);
  await place.locator("input").fill("6");
  await expect(verdict).toHaveText(/leaves 1\.000, less than with five/);
  const reader = place.locator(".reader");
  const { width, height } = await reader.boundingBox();
  await reader.click({ position: { x: width - 20, y: height / 2 } });
  await expect(place.locator("input")).toHaveValue("7");
  await expect(verdict).toHaveText(/leaves 0\.519/);
});

for (const name of ["tgon", "fgon"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name} has no accessibility violation, ${colorScheme}, and fits a phone`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 390, height: 844 });
      const place = await mounted(page, name);
      await place.locator("summary").first().click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect((await new AxeBuilder({ page }).include("main").analyze()).violations).toEqual([]);
    });
  }
}

test("what waits for the reader to come near loads before the page is printed", async ({ page }) => {
  await openBare(page);
  await page.evaluate(async () => {
    document.body.replaceChildren();
    document.body.style.paddingTop = "5000px";
    for (const name of ["tgon", "fgon"]) {
      const place = document.createElement("div");
      place.dataset.story = name;
      document.body.append(place);
      (await import(`/www/story/${name}.js`)).mount(place);
    }
    Object.assign(window, {
      print: () =>
        document.body.append(
          Object.assign(document.createElement("p"), { id: "printed", textContent: String(document.querySelectorAll("[data-state=shown] canvas").length) }),
        ),
    });
  });
  await expect(page.locator("canvas")).toHaveCount(0);
  await page.keyboard.press("Control+p");
  await expect(page.locator("#printed")).toHaveText("2", { timeout: 30_000 });
});

test("a figure that was made smaller after its layout is read and dragged where it is seen", async ({ page }) => {
  const place = await mounted(page, "tgon");
  const reader = place.locator(".reader");
  const readout = place.locator(".readout");
  const corner = place.locator(".vertex").nth(0);
  for (const style of ["", "transform: scale(0.5); transform-origin: 0 0", "zoom: 0.5"]) {
    await place.evaluate((main, style) => (main.style.cssText += style), `; transform: none; zoom: 1; ${style}`);
    await expect(async () => {
      const { x, y, width, height } = await reader.boundingBox();
      await page.mouse.move(x + 0.57 * width, y + 0.3 * height);
      await expect(readout).toHaveText(/into features of example 4/, { timeout: 1000 });
    }).toPass();
    const before = Number(await corner.getAttribute("aria-valuenow"));
    const { x, y, width, height } = await corner.boundingBox();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + height / 2 + 1);
    await page.mouse.up();
    // A pixel is a small step, of the length that it has here.
    const step = before - Number(await corner.getAttribute("aria-valuenow"));
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(0.05);
  }
});
