// A page that lets nothing pass in silence, and the native program to compare with.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test as base, expect } from "@playwright/test";

export { expect };

/** Every test fails on a console error, an uncaught error, or a request to another host. */
export const test = base.extend({
  /** Messages that a test expects, because it is the fault that it provokes. */
  expectedErrors: [[], { option: true }],
  page: async ({ page, baseURL, expectedErrors }, use) => {
    const faults = [];
    const fault = (text) => {
      if (!expectedErrors.some((pattern) => pattern.test(text))) faults.push(text);
    };
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") fault(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => fault(`uncaught: ${error.message}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.hostname !== new URL(baseURL).hostname) fault(`request to ${url.origin}`);
    });
    await use(page);
    expect(faults).toEqual([]);
  },
});

/** The native program. */
export const lab = process.env.LAB ?? path.resolve("../../target/release/lab");

/** The report that `lab train --json` writes, as text. */
export function labReport(config, info, more = []) {
  const file = info.outputPath(`report-${Math.random()}.json`);
  const flags = Object.entries(config).flatMap(([name, value]) => [`--${name.replaceAll("_", "-")}`, String(value)]);
  execFileSync(lab, ["train", ...flags, ...more, "--json", file], { stdio: "ignore" });
  return readFileSync(file, "utf8");
}

/** A document of the page's origin on which nothing runs by itself, and which has the page's modules one by one, as in the sources. */
export async function openBare(page) {
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.route("**/www/**", (route) => route.fulfill({ path: `../..${new URL(route.request().url()).pathname}` }));
  await page.goto("www/style.css");
}

/** Opens the page at its lab and waits until that has reached a phase. */
export async function openAt(page, phase) {
  await page.goto("#lab");
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", phase, { timeout: 45_000 });
}

/** Opens the page and pauses the run that begins by itself. */
export async function openPaused(page) {
  await openAt(page, "running");
  // On a machine with other things to do the page may take the run for a long one, and ask.
  await expect(async () => {
    await page.locator('[data-part="start"]').click();
    await expect(page.locator(".lab")).toHaveAttribute("data-phase", "paused", { timeout: 5000 });
  }).toPass({ timeout: 30_000 });
  await settled(page);
}

/** Waits for the end of a run, and says yes where it is taken for a long one. @param {any} place a page or a frame */
export async function ends(place, timeout = 90_000) {
  const lab = place.locator(".lab");
  await expect(async () => {
    if ((await lab.getAttribute("data-phase")) === "asking") await place.locator('[data-part="question-yes"]').click();
    await expect(lab).toHaveAttribute("data-phase", "finished", { timeout: 1000 });
  }).toPass({ timeout });
}

/** Waits until figures and words show the run as it stands at rest. */
export async function settled(page) {
  await expect(page.locator('[data-part="verdict"]')).toHaveAttribute("data-kind", /^(?!training)./, { timeout: 45_000 });
}

/** Waits until nothing within sight loads any more, and the page keeps its length and its place for a tenth of a second. */
export const laidOut = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const near = (element) => element.getBoundingClientRect().bottom > -innerHeight / 2 && element.getBoundingClientRect().top < 1.5 * innerHeight;
        let [before, since] = ["", 0];
        const look = (now) => {
          const loads = [...document.querySelectorAll(".sweep:not([data-state]):not([hidden])")].some((element) => element.checkVisibility() && near(element));
          const state = `${document.documentElement.scrollHeight} ${scrollY}`;
          if (loads || state !== before) [before, since] = [state, now];
          if (now - since > 100) resolve(undefined);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
  );

/** Waits for what is drawn in the next frame. */
export const drawn = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** Takes a file of a figure. */
export async function save(figure, format) {
  const menu = figure.locator("details.save").first();
  if (!(await menu.evaluate((element) => element.open))) await menu.locator("summary").click();
  await menu.locator(`[data-download="${format}"]`).click();
}

/** Fills a field as a reader would. */
export async function fill(page, name, value) {
  await page.locator(`[name="${name}"]`).fill(String(value));
  await page.locator(`[name="${name}"]`).blur();
}
