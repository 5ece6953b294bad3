// What a reader does with a run: going through its history, playing it, comparing, sharing, taking it away.
import { expect, fill, openAt, openBare, openPaused, settled, test } from "./fixtures.js";

const part = (page, name) => page.locator(`[data-part="${name}"]`);
const phase = (page, name, timeout = 30_000) => expect(page.locator(".lab")).toHaveAttribute("data-phase", name, { timeout });
const track = (page) => page.locator(".track");
const shown = async (page) => Number(await track(page).getAttribute("aria-valuenow"));

test.describe("what is kept of a run", () => {
  test("stays within its budget, keeps both ends, and is denser where the run changes", async ({ page }) => {
    await openBare(page);
    const result = await page.evaluate(async () => {
      const { snapshots } = await import("/www/lab/kept.js");
      const kept = snapshots(100 * 4 * 4, 2, 1);
      // Still, but for a turn between steps 1,000 and 2,000. Each snapshot has 4 numbers: W, b.
      for (let step = 0; step <= 5000; step += 10) {
        const turn = Math.min(1, Math.max(0, (step - 1000) / 1000)) * Math.PI;
        kept.add({ step, values: Float32Array.of(Math.cos(turn), Math.sin(turn), 0, 0) });
      }
      const steps = kept.items.map((item) => item.step);
      const within = (a, b) => steps.filter((step) => step >= a && step <= b).length;
      return { count: steps.length, bytes: kept.bytes, first: steps[0], last: steps.at(-1), sorted: steps.every((s, k) => k === 0 || s > steps[k - 1]), turning: within(1000, 2000), still: within(4000, 5000), nearest: steps[kept.nearest(1500)], before: steps[kept.before(1499)] };
    });
    expect(result).toMatchObject({ count: 100, bytes: 1600, first: 0, last: 5000, sorted: true });
    expect(result.turning).toBeGreaterThan(5 * result.still);
    expect(result.still).toBeGreaterThan(1);
    expect(Math.abs(result.nearest - 1500)).toBeLessThan(40);
    expect(result.before).toBeLessThan(1500);
  });
});

test("the history is gone through by keys, pointer and losses chart; verdict and charts are those of the step", async ({ page }) => {
  await openAt(page, "finished");
  await settled(page);
  const last = await page.locator('[data-part="verdict"]').textContent();
  await track(page).focus();
  await page.keyboard.press("Home");
  await expect(track(page)).toHaveAttribute("aria-valuenow", "0");
  await expect(part(page, "verdict")).toHaveAttribute("data-kind", "untrained");
  await page.keyboard.press("ArrowRight");
  await expect(track(page)).toHaveAttribute("aria-valuenow", "1");
  await page.keyboard.press("PageUp");
  const tenth = await shown(page);
  expect(tenth).toBeGreaterThan(2);
  await expect(part(page, "verdict")).toContainText(`At step ${tenth.toLocaleString("en")}: `);
  await expect(track(page)).toHaveAttribute("aria-valuetext", /^Step [\d,]+ of 50,000, train loss .+, test loss /);
  // The readout is that of this step: hidden vectors are still short.
  await page.locator('[data-figure="examples"] .reader').focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator('[data-figure="examples"] .readout')).toContainText(/length 0\.\d+/);
  await track(page).focus();
  await page.keyboard.press("End");
  await expect(track(page)).toHaveAttribute("aria-valuenow", "50000");
  await page.keyboard.press("Escape");
  await expect(part(page, "verdict")).toHaveText(last ?? "");

  const box = await track(page).boundingBox();
  await page.mouse.move(box.x + 0.5 * box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.6 * box.width, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  // A logarithmic track: 0.3 to 50,000.
  const there = 0.3 * (50_000 / 0.3) ** 0.6;
  expect(Math.abs(Math.log((await shown(page)) / there))).toBeLessThan(0.05);

  const losses = await page.locator('[data-figure="losses"] .reader').boundingBox();
  await page.mouse.click(losses.x + 0.4 * losses.width, losses.y + losses.height / 2);
  const pressed = await shown(page);
  expect(pressed).toBeGreaterThan(1);
  expect(pressed).not.toBe(there);
});

test("a step that is shown has the bits that training has there, by way of a checkpoint or from the start", async ({ page }) => {
  await openBare(page);
  const differences = await page.evaluate(async () => {
    const { load } = await import("/www/wasm.js");
    const { Player } = await import("/www/lab/player.js");
    await load();
    const player = new Player({ change: () => {}, death: () => {} });
    const until = async (...phases) => {
      while (!phases.includes(player.phase)) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await player.create({ config: { n: 500, sparsity: 0.98, t: 20, steps: 3000, test_examples: 100 } });
    player.start(1500);
    await until("paused"); // keeps a checkpoint
    await new Promise((resolve) => setTimeout(resolve, 50));
    player.start();
    await until("finished");
    const end = await player.call("report", false);
    const wrong = [];
    const same = (a, b) => a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
    for (const { step, values } of [player.snapshots.items[7], player.snapshots.items[200], player.snapshots.items.at(-20)]) {
      const kept = player.snapshots.items.length;
      await player.goTo(step);
      await until("paused", "ready");
      const { hidden, features } = await player.call("frame", { hidden: true, features: true });
      if (!same(features, values.subarray(0, 1000)) || !same(hidden, values.subarray(1500))) wrong.push(step);
      if (player.snapshots.items.length < kept) wrong.push("snapshots were dropped");
    }
    player.start();
    await until("finished");
    if ((await player.call("report", false)) !== end) wrong.push("end");
    player.end();
    return wrong;
  });
  expect(differences).toEqual([]);
});

test("the history can be gone through while it trains, and training goes on from an earlier step to the same end", async ({ page }) => {
  await openAt(page, "running");
  await part(page, "pace").selectOption("200");
  await track(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("PageUp");
  const step = await shown(page);
  await phase(page, "running");
  const known = async () => Number(await track(page).getAttribute("aria-valuemax"));
  const before = await known();
  await expect.poll(known).toBeGreaterThan(before);
  expect(await shown(page)).toBe(step);
  await part(page, "pace").selectOption("0");
  await phase(page, "finished");
  await page.keyboard.press("Escape");
  await settled(page);
  await expect(part(page, "verdict")).toContainText("radius");
  const end = await part(page, "verdict").textContent();
  await page.keyboard.press("Home");
  await page.keyboard.press("PageUp");
  await page.getByRole("button", { name: "Train on from here" }).click();
  await phase(page, "running");
  await phase(page, "finished");
  await expect(part(page, "verdict")).toHaveText(end ?? "");
});

test("the training speed is kept to", async ({ page }) => {
  await openPaused(page);
  await part(page, "pace").selectOption("200");
  await part(page, "start").click();
  await phase(page, "running");
  const step = async () => Number((await part(page, "status").textContent()).match(/Step ([\d,]+)/)[1].replaceAll(",", ""));
  await page.waitForTimeout(600);
  const [from, start] = [await step(), Date.now()];
  await page.waitForTimeout(3000);
  const rate = ((await step()) - from) / ((Date.now() - start) / 1000);
  expect(rate).toBeGreaterThan(80);
  expect(rate).toBeLessThan(260);
});

test("play goes through the history and stops at its end", async ({ page }) => {
  await openAt(page, "finished");
  await settled(page);
  await page.locator(".rate select").selectOption("max");
  await part(page, "play").click();
  await expect(part(page, "play")).toHaveText("Stop");
  await expect.poll(() => shown(page)).toBeLessThan(50_000);
  await expect(part(page, "play")).toHaveText("Play", { timeout: 20_000 });
  expect(await shown(page)).toBe(50_000);
});

test.describe("timed", () => {
  test.describe.configure({ retries: 2 });
  test("scrubbing T = 1,000 at paper scale draws 60 frames a second and has no task over 50 ms", async ({ page }) => {
    await page.addInitScript(() => {
      window.tasks = [];
      new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((entry) => [entry.startTime, entry.duration]))).observe({ type: "longtask" });
    });
    await openPaused(page);
    await fill(page, "t", 1000);
    await fill(page, "steps", 2000);
    await part(page, "start").click();
    await expect.poll(async () => Number(await track(page).getAttribute("aria-valuemax")), { timeout: 40_000 }).toBeGreaterThan(300);
    await part(page, "start").click();
    await phase(page, "paused");
    await settled(page);
    await page.evaluate(() => document.querySelector(".figures").scrollIntoView());
    const result = await page.evaluate(async () => {
      const track = document.querySelector(".track");
      const box = track.getBoundingClientRect();
      const at = (type, share) => track.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: box.left + share * box.width, clientY: box.top + 5, bubbles: true, buttons: 1 }));
      track.setPointerCapture = () => {};
      track.hasPointerCapture = () => true;
      at("pointerdown", 0.2);
      const from = performance.now();
      const frames = [];
      let last = from;
      for (let k = 0; k < 180; k += 1) {
        at("pointermove", 0.2 + (0.25 * (k % 60)) / 60);
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        frames.push(now - last);
        last = now;
      }
      frames.sort((a, b) => a - b);
      return { rate: 180_000 / (last - from), median: frames[90], slow: frames[171], tasks: window.tasks.filter(([start]) => start > from) };
    });
    console.log(`  ${result.rate.toFixed(0)} frames a second, median ${result.median.toFixed(1)} ms, 95 % within ${result.slow.toFixed(1)} ms, tasks over 50 ms: ${result.tasks.length}`);
    expect(result.median).toBeLessThan(17.5);
    expect(result.tasks).toEqual([]);
  });
});
