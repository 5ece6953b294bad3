// A figure of stored runs, brought on screen, and one of its runs, found by keys, chosen and trained again.
import { expect, openPaused } from "./fixtures.js";

/** Opens the page and goes to where stored runs are shown. */
export async function openSection(page) {
  await openPaused(page);
  await page.locator("#in-between").scrollIntoViewIfNeeded();
}

/** Opens what a place is folded in, as its address would. */
export const unfold = (place) =>
  place.evaluate((element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at.matches("details")) at.open = true;
      if (at.matches(".tab, .sweep")) at.dispatchEvent(new Event("reveal"));
    }
  });

/** Brings a figure of stored runs on screen, of a page that is open. */
export async function showSweep(page, name = "main") {
  const place = page.locator(`[data-sweep="${name}"]`);
  await unfold(place);
  await place.scrollIntoViewIfNeeded();
  await expect(place).toHaveAttribute("data-state", "shown", { timeout: 90_000 });
  return place;
}

/** Opens the page and brings a figure of stored runs on screen. */
export async function openSweep(page, name = "main") {
  await openSection(page);
  return showSweep(page, name);
}

/** The slider of a figure. */
export const reader = (place) => place.locator(".sweep-plot .reader");

/** Moves a figure's slider to the first run of whose reading the words are a part. */
export async function readRun(place, words) {
  await reader(place).focus();
  await place.page().keyboard.press("Home");
  for (let presses = 0; presses < 500; presses += 1) {
    const text = await reader(place).getAttribute("aria-valuetext");
    if (text.includes(words)) return text;
    await place.page().keyboard.press("ArrowRight");
  }
  throw new Error(`no run reads ${words}`);
}

/** Chooses the run that is read so, and waits for what is stored of it. */
export async function chooseRun(place, words) {
  await readRun(place, words);
  await place.page().keyboard.press("Enter");
  const chosen = place.locator(".chosen");
  await expect(chosen).toHaveAttribute("data-state", "stored");
  return chosen;
}

/** Trains a chosen run again, to its end, and compares. */
export async function replay(chosen) {
  await chosen.getByRole("button", { name: "Replay" }).click();
  await expect(chosen).toHaveAttribute("data-state", "matches", { timeout: 120_000 });
}
