// The figures of stored runs, against the stores that they are made from.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { crc32, gzipSync } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import { expect, lab, openBare, save, test } from "./fixtures.js";
import { chooseRun, openSection, openSweep, readRun, reader, replay, unfold } from "./runs.js";

const DATA = "../../www/data";
const store = (grid) =>
  readFileSync(`${DATA}/${grid}.jsonl`, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const main = (page) => page.locator('[data-sweep="main"]');
const status = (page) => main(page).locator('.chosen [data-run-part="status"]');

async function downloaded(page, figure, format) {
  const download = page.waitForEvent("download");
  await save(figure, format);
  const chunks = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The CSV that `lab figures` writes from the stores. */
function nativeCsv(name, info) {
  execFileSync(lab, ["figures", "--store", DATA, "--out", info.outputPath("figures")], { stdio: "ignore" });
  return readFileSync(info.outputPath(`figures/${name}.csv`), "utf8");
}

const sealed = (bytes) => {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(crc32(copy.subarray(0, -4)), copy.length - 4);
  return copy;
};

test("each figure with stored runs draws, and says what it shows", async ({ page }) => {
  await openSection(page);
  await expect(main(page)).toBeVisible();
  const stored = JSON.parse(readFileSync(`${DATA}/sweeps.json`, "utf8"));
  let shown = 0;
  for (const place of await page.locator("[data-sweep]").all()) {
    const needs = await place.evaluate(({ dataset }) => (dataset.needs ?? dataset.sweep).split(" "));
    if (!needs.every((grid) => grid in stored)) {
      await expect(place).toBeHidden();
      continue;
    }
    shown += 1;
    await unfold(place);
    await place.scrollIntoViewIfNeeded();
    await expect(place).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
    const canvas = place.locator("canvas").first();
    await expect(canvas).toHaveAttribute("aria-label", /\d/);
    await expect(place.locator("figcaption").first()).toHaveText(/^[\d,]+ runs, trained beforehand; each can be replayed\.$/);
    await expect(place.locator(".caption").first()).toHaveText(/n = .+, m = .+, T = .+, S = .+, reduction .+, .+ data seeds?.*(runs|stored)\.$/s);
    // Its own name in the code is no title.
    const name = await place.getAttribute("data-sweep");
    await expect(place.locator('[data-download="csv"]').first()).not.toHaveAttribute("aria-label", `Download ${name} as CSV`);
    const painted = await canvas.evaluate((canvas) =>
      canvas
        .getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height)
        .data.some((byte) => byte > 0),
    );
    expect(painted).toBe(true);
  }
  expect(shown).toBeGreaterThan(0);
});

test("the keys and the pointer read the store's values", async ({ page }) => {
  await openSweep(page);
  const records = store("main");
  for (const { config, measures } of [records[0], records[1], records.at(-1)]) {
    const t = config.t === "inf" ? "∞" : config.t >= 1000 ? `${config.t / 1000}k` : config.t;
    const text = await readRun(main(page), `T = ${t}, data seed ${config.data_seed}, init seed ${config.init_seed}: test loss`);
    expect(text).toContain(measures.test_loss.toFixed(4));
    // The pointer, put where the key has put the mark, reads a run that lies there.
    const position = await main(page).evaluate((place) => {
      const [mark, reader] = [[...place.querySelectorAll(".mark")].at(-1), place.querySelector(".reader")].map((element) => element.getBoundingClientRect());
      return { x: mark.x + mark.width / 2 - reader.x, y: mark.y + mark.height / 2 - reader.y };
    });
    await reader(main(page)).hover({ position }); // once it stands still
    const readout = page.locator('[data-figure="main"] .readout');
    await expect(readout).toHaveText(/data seed \d+, init seed \d+: test loss/);
    const read = await readout.textContent();
    const [, seed, init, value] = /data seed (\d+), init seed (\d+): test loss (.+)/.exec(read);
    const same = records.find(({ config: c }) => c.t === config.t && c.data_seed === Number(seed) && c.init_seed === Number(init));
    expect(value).toBe(same.measures.test_loss.toFixed(4));
  }
});

test("the numbers of a figure are those of the store", async ({ page }, info) => {
  const place = await openSweep(page);
  const csv = await downloaded(page, place, "csv");
  expect(csv).toBe(nativeCsv("main", info));

  await place.locator("summary").first().click();
  await expect(place.locator("table").first().locator("tr")).toHaveCount(csv.trim().split("\n").length);
  // A mean, from the store alone: of each data seed's inits one counts. All memorise, so it is the one of least norm.
  const [columns, ...cells] = await place.locator("table tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  const mean = columns.indexOf("test loss, mean");
  const row = cells.find(([t]) => t === "5");
  const best = new Map();
  for (const { config, measures } of store("main").filter(({ config }) => config.t === 5)) {
    expect(measures.train_loss).toBeLessThan(1e-6);
    if (!(best.get(config.data_seed)?.w_norm <= measures.w_norm)) best.set(config.data_seed, measures);
  }
  const losses = [...best.values()].map(({ test_loss: loss }) => loss);
  expect(Number(row[mean])).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 3);
});

test("every point inside the heat map is read as the cell that it is in", async ({ page }) => {
  const place = await openSweep(page, "map");
  const readout = place.locator(".sweep-plot .readout");
  const { width, height } = await reader(place).boundingBox();
  // A walk over the grid, which ends before the labels and the cuts.
  for (let k = 0; k < 40; k += 1) {
    await reader(place).hover({ position: { x: 60 + 0.7 * (width - 60) * ((0.618 * k) % 1), y: 160 + (height - 230) * (k / 40) } });
    await expect(readout).toHaveText(/^T = \S+, m = \d+: test loss /);
  }
});

test("a T is marked in the losses, and its planes are drawn and told", async ({ page }) => {
  await openBare(page);
  const place = page.locator("#planes");
  await page.evaluate(async () => {
    document.body.innerHTML = `<div id="planes"></div>`;
    const { mountSweepFigure } = await import("/www/sweeps/sweeps.js");
    Object.assign(window, { planes: mountSweepFigure(document.body.firstElementChild, "planes") });
  });
  await expect(place).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
  for (const [t, words] of [
    [5, /^At T = 5 the model memorises: a regular polygon of 5 corners;/],
    [Infinity, /^At T = ∞ the model generalises: D is at most/],
  ]) {
    await page.evaluate((t) => window.planes.showT(t), t);
    await expect(place.locator("canvas").first()).toHaveAttribute("aria-label", words);
  }
});

test("a chosen run of T = 5 at paper scale shows what is stored, and its replay matches bit for bit", async ({ page }) => {
  test.slow(); // a whole run, on whatever else the machine has to do
  await openSweep(page);
  const { config, measures, history } = store("main").find((record) => record.config.t === 5);
  const chosen = await chooseRun(main(page), `T = 5, data seed ${config.data_seed}, init seed ${config.init_seed}`);
  await expect(chosen.locator('[data-run-part="outcome"]')).toContainText(`radius ${measures.polygon.radius.toFixed(3)}`);
  await expect(status(page)).toHaveText(/in roughly \d+ seconds?/);
  await expect(chosen.locator('[data-figure="run-examples"] canvas')).toHaveAttribute("aria-label", /5 examples/);
  await chosen.locator('[data-figure="run-losses"] .reader').focus();
  await page.keyboard.press("End");
  await expect(chosen.locator('[data-figure="run-losses"] .readout')).toContainText(`Step ${history.at(-1).step.toLocaleString("en")}`);
  await replay(chosen);
  await expect(status(page)).toHaveText(new RegExp(`Matches, bit for bit: all ${2 * history.length} losses`));
  await expect(chosen.locator('[data-figure="run-features"] figcaption')).toContainText("All 10,000 features, replayed");
});

test("a run of T = 200 at classroom scale, replayed, matches bit for bit", async ({ page }) => {
  test.slow(); // a whole run, on whatever else the machine has to do
  const place = await openSweep(page, "classroom");
  await replay(await chooseRun(place, "T = 200, "));
});

test("a failure, replayed, ends on the same two circles bit for bit", async ({ page }) => {
  test.slow(); // a whole run, on whatever else the machine has to do
  const place = await openSweep(page, "failures");
  const chosen = await chooseRun(place, "T = 10: two circles");
  await expect(chosen.locator('[data-figure="run-examples"] canvas')).toHaveAttribute("aria-label", /10 examples/);
  await replay(chosen);
});

test("a word about repeated examples trains them beside the text, and the lab takes them over", async ({ page }) => {
  const place = await openSweep(page, "repeated");
  await place.locator("button.play").first().click();
  await expect(page.locator(".dock .dock-title")).toHaveText("T = 4,000, classroom size", { timeout: 30_000 });
  await page.locator('[data-dock="open"]').click();
  await expect(page.locator("#lab")).toBeInViewport();
  await expect(page).toHaveURL(/t=4000.*repeats=0x32/, { timeout: 30_000 });
});

test("a nudged run, replayed, matches, and a word trains one whose link says so", async ({ page }) => {
  test.slow(); // a whole run, on whatever else the machine has to do
  const place = await openSweep(page, "nudged");
  const chosen = await chooseRun(place, ""); // the first
  await expect(chosen.locator('[data-run-part="settings"]')).toContainText("a kick of size 0.05 to the biases after 10,000 steps");
  await replay(chosen);
  await place.locator("button.play").first().click();
  await expect(page.locator(".dock .lab")).toHaveAttribute("data-phase", "running", { timeout: 30_000 });
  await page.locator('[data-dock="open"]').click();
  await expect(page).toHaveURL(/t=10.*nudge=10000x0.1/, { timeout: 30_000 });
});

test("a kick of a link is taken as it is, or left out with a note", async ({ page }) => {
  await page.goto("?v=1&t=5&n=1000&sparsity=0.99&steps=300&nudge=100x0.5");
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", "finished", { timeout: 30_000 });
  await expect(page).toHaveURL(/nudge=100x0.5/);
  for (const [wrong, note] of [
    ["300x0.5", "it must come after fewer"],
    ["100", "10000x0.1"],
  ]) {
    await page.goto(`?v=1&t=5&n=1000&sparsity=0.99&steps=300&nudge=${wrong}`);
    await expect(page.locator(".lab")).toContainText(note, { timeout: 30_000 });
  }
});

test("a replay can be stopped, and the stored run stays", async ({ page }) => {
  await openSweep(page);
  const chosen = await chooseRun(main(page), "T = 100, data seed 1");
  await chosen.getByRole("button", { name: "Replay" }).click();
  await expect(status(page)).toHaveText(/^Step [\d,]+ of 50,000/, { timeout: 20_000 });
  await page.keyboard.press("Enter"); // the focus is on Stop
  await expect(status(page)).toHaveText("Stopped. Nothing was compared.");
  await expect(chosen.getByRole("button", { name: "Replay" })).toBeFocused();
  await chosen.getByRole("button", { name: "Close this run" }).click();
  await expect(chosen).toBeHidden();
  await expect(reader(main(page))).toBeFocused();
});

test("a run that differs in one bit is told, with the place and both values", async ({ page }) => {
  await openBare(page);
  const said = await page.evaluate(async () => {
    const { firstDifference } = await import("/www/sweeps/replay.js");
    const run = {
      step: 2,
      history: [
        { step: 0, test_loss: 0.1 },
        { step: 1, test_loss: 0.30000000000000004 },
      ],
    };
    const line = JSON.stringify(run);
    run.history[1].test_loss = 0.3;
    return [firstDifference(line, line), firstDifference(line, JSON.stringify(run)), firstDifference('{"b":0.0}', '{"b":-0.0}')];
  });
  expect(said).toEqual([undefined, "history[1].test_loss is 0.30000000000000004 and 0.3", "b is 0 and -0"]);
});

test("a run opens in the lab with all its settings, and trains", async ({ page }) => {
  await openSweep(page);
  const { config } = store("main").find((record) => record.config.t === 8);
  await chooseRun(main(page), `T = 8, data seed ${config.data_seed}, init seed ${config.init_seed}`);
  await main(page).getByRole("button", { name: "Open in the lab" }).click();
  for (const name of ["t", "n", "data_seed", "init_seed", "steps"]) {
    const field = page.locator(`.lab [name="${name}"]`);
    await expect.poll(async () => (await field.inputValue()).replaceAll(",", "")).toBe(String(config[name]));
  }
  await expect(page.locator("#lab .lab")).toHaveAttribute("data-phase", /running|finished/);
});

test("data that the page carries inside are not fetched", async ({ page }) => {
  const carried = Object.fromEntries(["sweeps.json", "main.pack"].map((name) => [name, gzipSync(readFileSync(`${DATA}/${name}`)).toString("base64")]));
  await page.addInitScript((carried) => (globalThis.__superpositionData = carried), carried);
  const fetched = [];
  page.on("request", (request) => fetched.push(request.url()));
  await openSweep(page);
  expect(fetched.filter((url) => /sweeps\.json|main\.pack/.test(url))).toEqual([]);
});

test.describe("what is wrong with a file is said in the figure's place, and the rest works:", () => {
  test.use({ expectedErrors: [/status of (404|500)|Failed to load/] });
  const good = () => readFileSync(`${DATA}/main.pack`);
  const altered = () => {
    const bytes = good();
    bytes[bytes.length >> 1] ^= 4;
    return bytes;
  };
  const newer = () => {
    const bytes = good();
    bytes[8] = 7;
    return sealed(bytes);
  };
  const renamed = () => {
    const bytes = good();
    bytes[bytes.indexOf("sparsity")] = 83;
    return bytes;
  };
  for (const [name, file, answer, words] of [
    ["an altered byte", "main.pack", () => ({ body: altered() }), /can’t be shown: main\.pack, it is damaged: its checksum does not match\./],
    ["half a file", "main.pack", () => ({ body: good().subarray(0, 1000) }), /main\.pack, it is damaged/],
    ["another file", "main.pack", () => ({ body: "<!doctype html>" }), /main\.pack, it is no file of a sweep's runs/],
    ["a newer format", "main.pack", () => ({ body: newer() }), /main\.pack, it has format 7, and this page reads format 4/],
    [
      "fields of another version",
      "main.pack",
      () => ({ body: sealed(renamed()) }),
      /main\.pack, it was made by another version of the program; `cargo lab pack` makes it again/,
    ],
    ["a missing file", "main.pack", () => ({ status: 404 }), /could not be loaded: main\.pack, there is no such file/],
    ["a missing list", "sweeps.json", () => ({ status: 404 }), /could not be loaded: sweeps\.json, there is no such file/],
    ["a server in trouble", "sweeps_bg.wasm", () => ({ status: 500 }), /could not be drawn.*the server answers 500/],
  ]) {
    test(name, async ({ page }) => {
      await page.route(`**/${file}*`, (route) => route.fulfill(answer()));
      await openSection(page);
      // What is wrong with all of them is said once, where the first would be that is not folded away.
      const place = main(page);
      await place.scrollIntoViewIfNeeded();
      await expect(place.locator(".notice").first()).toBeVisible();
      await expect(place.locator(".notice").first()).toHaveText(words);
      await expect(place.locator(".notice").first()).toHaveText(/Everything else works/);
      await page.locator(".lab").scrollIntoViewIfNeeded();
      await page.locator('#lab [data-steps="10"]').click();
      await expect(page.locator(".lab")).toHaveAttribute("data-phase", "paused");
    });
  }

  test("details of another edition", async ({ page }) => {
    const details = readFileSync(`${DATA}/main-details.pack`);
    details[12] ^= 1;
    await page.route("**/main-details.pack*", (route) => route.fulfill({ body: sealed(details) }));
    await openSweep(page);
    await readRun(main(page), "T = 5, data seed 1");
    await page.keyboard.press("Enter");
    await expect(main(page).locator('.chosen [data-run-part="trouble"]')).toHaveText(/main-details\.pack, it belongs to another edition of the results/);
    await expect(main(page).getByRole("button", { name: "Replay" })).toBeDisabled();
  });
});

for (const scheme of ["light", "dark"]) {
  test(`axe finds nothing in the figures and a chosen run, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    const place = await openSweep(page);
    await place.locator("summary").first().click();
    await chooseRun(main(page), "T = 5, data seed 1");
    const { violations } = await new AxeBuilder({ page }).include("#in-between").analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)).toEqual([]);
  });
}

for (const width of [320, 390]) {
  test(`${width} px wide, a figure and its run need no sideways scrolling`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openSweep(page);
    await chooseRun(main(page), "T = 5, data seed 1");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test("all data that the page can load have at most 3 MB compressed, those of the first view at most 300 kB", () => {
  const grids = Object.keys(JSON.parse(readFileSync(`${DATA}/sweeps.json`, "utf8")));
  const size = (name) => gzipSync(readFileSync(`${DATA}/${name}`), { level: 9 }).length;
  const total = grids.reduce((sum, grid) => sum + size(`${grid}.pack`) + size(`${grid}-details.pack`), 0);
  console.log(`  data of stored runs: ${(total / 1000).toFixed(0)} kB compressed, first view ${(size("main.pack") / 1000).toFixed(0)} kB`);
  expect(total).toBeLessThan(3e6);
  expect(size("main.pack")).toBeLessThan(3e5);
});
