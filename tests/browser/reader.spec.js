// What a reader does with a run: going through its history, playing it, comparing, sharing, taking it away.
import AxeBuilder from "@axe-core/playwright";
import { expect, fill, openAt, openBare, openPaused, save, settled, test } from "./fixtures.js";

const part = (page, name) => page.locator(`[data-part="${name}"]`);
const phase = (page, name, timeout = 90_000) => expect(page.locator(".lab")).toHaveAttribute("data-phase", name, { timeout });
const track = (page) => page.locator(".track");
/** The step that is shown, once it no longer moves: keys are answered in the next frame. */
const shown = async (page) => {
  let before = NaN;
  for (;;) {
    const now = Number(await track(page).getAttribute("aria-valuenow"));
    if (now === before) return now;
    before = now;
    await page.waitForTimeout(150);
  }
};

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
  await expect.poll(() => shown(page)).toBeGreaterThan(2);
  const tenth = await shown(page);
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
    // One more while it trains: the trainer is further on than this side knows.
    while (!(player.step > 1600)) await new Promise((resolve) => setTimeout(resolve, 0));
    player.keepCheckpoint();
    await until("finished");
    const end = await player.call("report", false);
    const wrong = [];
    if (player.checkpoints.items.length < 2) wrong.push("no checkpoint was kept while it trained");
    const same = (a, b) => a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
    for (const { step, values } of [player.snapshots.items[7], player.snapshots.items[200], player.snapshots.items.at(-20)]) {
      const kept = player.snapshots.items.length;
      await player.goTo(step);
      await until("paused", "ready");
      const { hidden, features } = await player.call("frame", { hidden: true, features: true });
      if (!same(features, values.subarray(0, 1000)) || !same(hidden, values.subarray(1500))) wrong.push(step);
      if (player.snapshots.items.length < kept) wrong.push("snapshots were dropped");
    }
    const { step, values } = player.checkpoints.items.at(-1);
    await player.create({ checkpoint: values });
    if (player.step !== step) wrong.push(`a checkpoint of step ${player.step} was kept as of ${step}`);
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
  await part(page, "speed").selectOption("slow");
  await track(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("PageUp");
  const step = await shown(page);
  await phase(page, "running");
  const known = async () => Number(await track(page).getAttribute("aria-valuemax"));
  const before = await known();
  await expect.poll(known).toBeGreaterThan(before);
  expect(await shown(page)).toBe(step);
  await part(page, "speed").selectOption("fast");
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

test("where a run has ended, the button that trains plays its history, and stops at its end", async ({ page }) => {
  await openAt(page, "finished");
  await settled(page);
  await expect(part(page, "start")).toHaveText("Play again");
  await part(page, "start").click();
  await expect(part(page, "start")).toHaveText("Pause");
  await expect(track(page)).not.toHaveAttribute("aria-valuenow", "50000"); // while it moves
  await part(page, "start").click();
  await expect(part(page, "start")).toHaveText("Play");
  await part(page, "start").click();
  await expect(part(page, "start")).toHaveText("Play again", { timeout: 20_000 });
  expect(await shown(page)).toBe(50_000);
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", "finished");
});

test.describe("@timed", () => {
  test("the speed is kept to while it trains", async ({ page }) => {
    await openPaused(page);
    await part(page, "speed").selectOption("slow");
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

  test.describe.configure({ retries: 2 });
  test("scrubbing T = 1,000 at paper scale draws 60 frames a second and has no task over 50 ms", async ({ page }) => {
    await page.addInitScript(() => {
      window.tasks = [];
      new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((entry) => [entry.startTime, entry.duration]))).observe({
        type: "longtask",
      });
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
      const at = (type, share) =>
        track.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: box.left + share * box.width, clientY: box.top + 5, bubbles: true, buttons: 1 }));
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
    console.log(
      `  ${result.rate.toFixed(0)} frames a second, median ${result.median.toFixed(1)} ms, 95 % within ${result.slow.toFixed(1)} ms, tasks over 50 ms: ${result.tasks.length}`,
    );
    expect(result.median).toBeLessThan(17.5);
    expect(result.tasks).toEqual([]);
  });
});

/** The bits of the run on the page. */
async function report(page) {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save report" }).click();
  return text(await download);
}

async function text(download) {
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("a copied link, opened elsewhere, brings the same run to the same step with the same bits", async ({ page, context, browser, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openPaused(page);
  for (const [name, value] of [
    ["t", 7],
    ["n", 1000],
    ["sparsity", 0.99],
    ["steps", 4000],
    ["lr", 0.003],
    ["init_seed", 11],
  ])
    await fill(page, name, value);
  await page.locator('[name="reduction"]').selectOption("sum");
  await part(page, "start").click();
  await phase(page, "finished");
  await settled(page);
  await page.locator('[data-figure="examples"] .reader').focus();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "Enter"]) await page.keyboard.press(key);
  await track(page).focus();
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("PageDown");
  const step = await shown(page);
  expect(step).toBeGreaterThan(10);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(part(page, "said")).toContainText("in the clipboard");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(new RegExp(`^${baseURL}\\?v=1&t=7&.*step=${step}&example=3$`));
  // The page was opened at the lab, and stays there.
  await expect.poll(() => page.url()).toBe(`${link}#lab`);

  const other = await browser.newPage();
  await other.goto(link);
  await phase(other, "paused");
  await settled(other);
  await expect(part(other, "status")).toContainText(`Step ${step.toLocaleString("en")} of 4,000`);
  await expect(other.locator('.lab [data-figure="dimensionalities"] .readout')).toContainText("Example 3: D ");
  // The first page's trainer is brought to the step as well, and both say letter for letter the same.
  await page.getByRole("button", { name: "Train on from here" }).click();
  await phase(page, "finished");
  await part(other, "start").click();
  await phase(other, "finished");
  expect((await report(other)) === (await report(page))).toBe(true);
  await other.close();
});

test("wrong values in a link are replaced and told with value and range, and the page works", async ({ page }) => {
  await page.goto("?v=1&t=600000&n=20&sparsity=0.999&lr=fast&steps=2.5e9&step=-3&example=9&m=2.4&reduction=median&stpes=4&without=presets.walls");
  const notes = part(page, "notes");
  await expect(notes).toBeVisible();
  for (const words of [
    /t: 600000 is out of range.*from 1 to 500,000, or ∞\. Taken instead: 500000\./,
    /lr: “fast” is not a number.*from 1e-6 to 1\. Taken instead: 0\.001\./,
    /m: 2\.4 is not a whole number.*Taken instead: 2\./,
    /reduction: “median” is not one of mean, sum\. Taken instead: mean\./,
    /sparsity is 0\.999, which with n = 20 .*at most 0\.995.*Taken instead: 0\.995\./,
    /“stpes” is no setting/,
    /without: “walls” is not one of presets, settings, timeline, share/,
    /step: -3 is out of range.*Taken instead: 0\./,
  ]) {
    await expect(notes).toContainText(words);
  }
  await expect(part(page, "presets")).toBeHidden();
  await expect(page.locator('[name="sparsity"]')).toHaveValue("0.995");
  await notes.getByRole("button", { name: "Close" }).click();
  await expect(notes).toBeHidden();
});

test("hostile addresses open a page that works", async ({ page }) => {
  for (const query of [
    "?v=1&t=%00&n=<img src=x onerror=alert(1)>&lr=%E0%A4%A",
    "?v=999&t=1e999&m=-5&steps=NaN&data_seed=-1",
    "?figures=..&without=presets.settings.timeline.share&present=maybe",
    "?t=30&__proto__=1&repeats=1x999999999",
    "?t=1e999#100%",
  ]) {
    await page.goto(query);
    await expect(part(page, "notes")).toBeVisible();
    await expect(page.locator(".lab")).toHaveAttribute("data-phase", /running|paused|finished|none/, { timeout: 30_000 });
    await expect(part(page, "start")).toBeEnabled();
    // Pictures of the page itself are not what an address can bring.
    expect(await page.locator('img:not(.without img[src^="www/still/"])').count()).toBe(0);
  }
});

test("a link for a class has the parts that were chosen and begins where it was told to; presenter mode is large", async ({ page }) => {
  await openPaused(page);
  await page.getByText("A link for a class or an article", { exact: true }).click();
  const builder = page.locator(".builder");
  await builder.getByLabel("settings").uncheck();
  await builder.getByLabel("share and save").uncheck();
  await builder.getByLabel("Features", { exact: true }).uncheck();
  await builder.getByLabel("untrained, at step 0").check();
  await builder.getByLabel(/presenter mode/).check();
  const link = await builder.getByLabel("The link").inputValue();
  expect(link).toMatch(/\?v=1&t=5&step=0&figures=examples\.losses\.dimensionalities&without=settings\.share&present=1$/);
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector(".verdict")).fontSize));
  const usual = await size();
  await page.goto(link);
  await phase(page, "ready");
  await expect(part(page, "verdict")).toHaveAttribute("data-kind", "untrained");
  await expect(part(page, "settings")).toBeHidden();
  await expect(part(page, "share")).toBeHidden();
  await expect(page.locator(".lab [data-figure]")).toHaveCount(3);
  await expect(page.locator("#why")).toBeHidden();
  expect(await size()).toBeGreaterThan(1.3 * usual);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

/** The paper's model, of which a report says nothing and the script all. */
const MODEL = { untied: false, hidden_relu: false, loss: "l2", importance: 1, warm_up: 0.05 };

test("every format is exported: PNG, SVG, CSV, the report, the PyTorch script, BibTeX", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openAt(page, "finished");
  await settled(page);
  const get = async (click) => {
    const download = page.waitForEvent("download");
    await click();
    const done = await download;
    return [done.suggestedFilename(), await text(done)];
  };
  const figure = page.locator('[data-figure="examples"]');
  const format = (name) => get(() => save(figure, name));
  expect((await format("png"))[1].slice(1, 4)).toBe("PNG");
  expect((await format("svg"))[1]).toMatch(/^<svg .*<\/svg>\s*$/s);
  const [name, csv] = await format("csv");
  expect(name).toMatch(/^examples-.*\.csv$/);
  expect(csv.trim().split("\n")).toHaveLength(6);
  const json = JSON.parse((await get(() => page.getByRole("button", { name: "Save report" }).click()))[1]);
  expect(json.config.t).toBe(5);
  expect(json.initial_w[0]).toHaveLength(10_000);
  const [file, script] = await get(() => page.getByRole("button", { name: "PyTorch" }).click());
  expect(file).toBe("run-T5-n10000-m2.py");
  expect(JSON.parse(/^CONFIG = json\.loads\("""(.*)"""\)$/m.exec(script)[1])).toEqual({ ...MODEL, ...json.config });
  // As the generator written in Python draws them; tests/data.rs has the same sums.
  expect(JSON.parse(/^EXPECTED = json\.loads\("""(.*)"""\)$/m.exec(script)[1])).toEqual({ w: 2481460607, values: 2217876670 });
  await page.getByRole("button", { name: "Copy BibTeX" }).click();
  await expect(part(page, "said")).toContainText("BibTeX");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/@article\{henighan2023superposition,[^]*@misc\{/);
});

test("two runs side by side: the same axes, step and selection, and a link that brings both back", async ({ page }) => {
  await page.goto("?v=1&t=100&n=1000&sparsity=0.99&steps=1500");
  await phase(page, "finished");
  await settled(page);
  const alone = await part(page, "verdict").textContent();
  await page.getByRole("button", { name: "Compare with another run" }).click();
  await phase(page, "ready");
  await page.locator('[name="reduction"]').selectOption("sum");
  await part(page, "start").click();
  await phase(page, "running");
  expect(page.workers()).toHaveLength(2);
  await phase(page, "finished");
  const sides = page.locator(".side");
  await expect(sides.nth(0)).toContainText("reduction mean");
  await expect(sides.nth(1)).toContainText("reduction sum");
  await expect(sides.nth(0).locator(".verdict")).toHaveText(alone ?? "");
  await expect(sides.nth(1).locator(".verdict")).not.toHaveText(alone ?? "");
  await expect(page.locator(".lab [data-figure]")).toHaveCount(8);
  // The scale bars of the two drawings say the same length, though the vectors differ twofold.
  const bars = await page.evaluate(async () => {
    const drawings = [];
    const link = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      drawings.push(fetch(this.href).then((response) => response.text()));
    };
    for (const name of ["examples", "dimensionalities", "losses"])
      for (const button of document.querySelectorAll(`[data-figure="${name}"] [data-download="svg"]`)) button.click();
    HTMLAnchorElement.prototype.click = link;
    const texts = (await Promise.all(drawings)).map((svg) =>
      [...svg.matchAll(/<text[^>]*text-anchor="(?:end|start)"[^>]*>\s*([\d.,·⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s*</g)].map(([, label]) => label),
    );
    return texts;
  });
  expect(bars[0].length).toBeGreaterThan(0);
  expect(bars[0]).toEqual(bars[1]);
  expect(bars[2]).toEqual(bars[3]);

  await track(page).focus();
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("PageDown");
  const step = await shown(page);
  for (const side of [0, 1]) await expect(sides.nth(side).locator(".verdict")).toContainText(`At step ${step.toLocaleString("en")}: `);
  await page.locator('[data-figure="examples"] .reader').first().focus();
  await page.keyboard.press("ArrowRight");
  const readouts = page.locator('[data-figure="examples"] .readout');
  await expect(readouts.nth(0)).toHaveText(/^Example \d+: /);
  await expect(readouts.nth(1)).toContainText((await readouts.nth(0).textContent()).split("(")[0]);
  await expect.poll(() => page.url()).toMatch(/v=1&t=100&.*b\.t=100&b\.reduction=sum&step=\d+/);

  const url = page.url();
  await page.goto("about:blank");
  await page.goto(url);
  await expect(sides).toHaveCount(2);
  await expect(sides.nth(1)).toContainText("reduction sum");
  for (const side of [0, 1]) await expect(sides.nth(side).locator(".verdict")).toContainText("train loss", { ignoreCase: true, timeout: 20_000 });
  await expect(part(page, "status")).toContainText(`Step ${step.toLocaleString("en")} of`);

  await page.getByRole("button", { name: "End the comparison" }).click();
  await expect(page.locator(".lab [data-figure]")).toHaveCount(4);
  await expect.poll(() => page.workers().length).toBe(1);
});

test("words in the prose play a range, show a step and put a run beside, without training what is there already", async ({ page }) => {
  test.setTimeout(180_000); // waits for whole runs
  await page.goto("#memorising");
  const guess = page.locator(".predict", { hasText: "How do they get there?" });
  await expect(guess.locator("[data-reveal]")).toBeHidden();
  await guess.getByRole("button", { name: "a small pentagon that grows" }).click();
  await expect(guess.locator(".guessed")).toHaveText("Something else happens.");
  // They play in the small lab beside the text.
  const dock = page.locator(".dock");
  const phase = (name) => expect(dock.locator(".lab")).toHaveAttribute("data-phase", name, { timeout: 60_000 });
  const play = part(dock, "start");
  const at = async () => Number(await track(dock).getAttribute("aria-valuenow"));
  const range = guess.getByRole("button", { name: /Watch steps 100 to 5,000/ });
  await range.click();
  await phase("finished");
  await expect(play).toHaveText("Play", { timeout: 60_000 });
  await range.click();
  await expect(play).toHaveText("Pause");
  // The run was there: nothing is trained again.
  await phase("finished");
  const seen = [];
  await expect.poll(async () => seen.push(await at()) && play.textContent(), { intervals: [100], timeout: 40_000 }).toBe("Play");
  expect(Math.min(...seen)).toBeGreaterThan(80);
  expect(Math.max(...seen)).toBeLessThanOrEqual(5000);
  expect(await at()).toBeGreaterThan(4500);
  await phase("finished");
  await guess.getByRole("button", { name: "At step 1,200" }).click();
  await expect.poll(async () => Math.abs((await at()) / 1200 - 1)).toBeLessThan(0.02);
  await expect(part(dock, "verdict").first()).toContainText(/At step 1,\d+: 4 of 5 examples form a regular square .* 1 is still at the origin/);
  await phase("finished");

  const both = page.locator(".predict", { hasText: "instead of averaged" });
  await both.getByRole("button", { name: /several times higher/ }).click();
  await expect(both.locator(".guessed")).toHaveText("That is what happens.");
  const workers = page.workers().length;
  await both.getByRole("button", { name: "See both runs side by side" }).click();
  await expect(dock.locator(".side").nth(1)).toContainText("reduction sum");
  await phase("running");
  await expect.poll(() => page.workers().length).toBe(workers + 1);
});

test("keyboard alone, from the top of the page to a run that is finished, gone through and exported", async ({ page }) => {
  await page.goto("?v=1&t=5&n=1000&sparsity=0.99&steps=3000&step=0");
  await phase(page, "ready");
  for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // skips to the lab
  const tabTo = async (selector) => {
    for (let presses = 0; presses < 120; presses += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    }
    throw new Error(`Tab does not reach ${selector}`);
  };
  await tabTo('[data-part="start"]');
  await page.keyboard.press("Space");
  await phase(page, "finished");
  await tabTo(".track");
  await page.keyboard.press("Home");
  await expect(track(page)).toHaveAttribute("aria-valuenow", "0");
  for (const key of ["PageUp", "PageUp", "ArrowRight", "ArrowRight", "ArrowLeft"]) await page.keyboard.press(key);
  expect(await shown(page)).toBeGreaterThan(5);
  await expect(part(page, "verdict")).toContainText("At step ");
  await tabTo('[data-part="save-report"]');
  const download = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  expect(JSON.parse(await text(await download)).config.n).toBe(1000);
});

for (const [scheme, width] of [
  ["light", 1280],
  ["dark", 390],
]) {
  test(`axe finds nothing in two runs beside each other and in the history, ${scheme}, ${width} px`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 844 });
    await page.goto("?v=1&t=5&n=1000&sparsity=0.99&steps=400&b.reduction=sum&step=200&walls=1");
    await expect(page.locator(".side")).toHaveCount(2);
    await phase(page, "paused");
    await track(page).focus();
    await page.keyboard.press("PageDown");
    await page.getByText("A link for a class or an article", { exact: true }).click();
    await page.locator(".predict [data-guess]").first().click();
    await expect(page.locator(".side .verdict").nth(1)).toContainText("At step ");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)).toEqual([]);
  });
}

test("a reader draws a guess by pointer and keys, and then sees the stored runs over it", async ({ page }) => {
  await page.goto("?v=1&t=5&step=0");
  const predict = page.locator('[data-predict="draw"]');
  await predict.scrollIntoViewIfNeeded();
  const pad = predict.locator(".pad");
  await expect(pad).toBeVisible({ timeout: 30_000 });
  await expect(predict.locator("[data-reveal]")).toBeHidden();
  // Words below the axis stand apart, and inside the drawing.
  const words = await pad.locator("svg").evaluate((svg) => {
    const boxes = [...svg.querySelectorAll("text[text-anchor=middle]")].map((text) => text.getBoundingClientRect()).sort((a, b) => a.left - b.left);
    const { right } = svg.getBoundingClientRect();
    return {
      apart: boxes.every((box, k) => k === 0 || box.top !== boxes[k - 1].top || box.left > boxes[k - 1].right),
      inside: boxes.every((box) => box.right <= right),
    };
  });
  expect(words).toEqual({ apart: true, inside: true });
  const show = predict.getByRole("button", { name: "Show what happens" });
  await expect(show).toBeDisabled();
  await pad.focus();
  for (let presses = 0; presses < 8; presses += 1) await page.keyboard.press("ArrowUp");
  await expect(pad).toHaveAttribute("aria-valuetext", /^T = 3: test loss 1\.0[1-9]/);
  await page.keyboard.press("ArrowRight");
  await expect(pad).toHaveAttribute("aria-valuetext", /^T = 5: test loss 1\.0/);
  await expect(show).toBeEnabled();
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 0.2 * box.width, box.y + 0.3 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.95 * box.width, box.y + 0.8 * box.height, { steps: 5 });
  await page.mouse.up();
  await show.click();
  await expect(predict.locator("[data-reveal]")).toBeVisible();
  await expect(predict.getByRole("status")).toHaveText(/furthest off at T = [\d,]+, where you drew 1\.\d+ and the runs have/);
  const corners = (await pad.locator("path.truth").getAttribute("d")).split("L").length;
  expect(corners).toBeGreaterThan(10);
});
