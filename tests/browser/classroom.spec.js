// A class and its pages: twenty pupils, a file without a server, a frame that may do nothing, a projector, a network that fails.
import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures.js";
import { chooseFirst, counts, forged, give, native, open, own, part, paste, points, pupils, there, train } from "./own.js";

const single = path.resolve("../../dist/superposition.html");
/** Two runs of an instant. */
const TINY = "t-3x5.n-100.sparsity-0.9.steps-300.test_examples-100.seeds-1x1";

/** What somebody else's page gives for the second share of two. */
async function neighbour(browser, baseURL) {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await open(page, TINY, "&shares=2&part=2");
  await train(page);
  const code = await give(page, "Bo");
  await context.close();
  return code;
}

/** A share is trained, a neighbour's code joins it. @param {any} place a page or a frame @param {string} code */
async function joins(place, code) {
  await there(place);
  await expect(counts(place)).toHaveText("1 run of 2 is your share.");
  await train(place);
  await own(place).locator('[name="check"]').uncheck();
  await paste(place, `> ${code}`);
  await expect(part(place, "names").locator("li")).toHaveText(["Bo: 1 run"]);
  await expect(own(place).locator("figcaption").first()).toHaveText("1 run trained in your browser, 1 run given by others.");
  await part(place, "check-all").click();
  await expect(part(place, "checked")).toHaveText("1 of 1 given run checked here, bit for bit.", { timeout: 60_000 });
  await expect(part(place, "wrongs").locator("li")).toHaveCount(0);
}

test("the one file trains a share from file://, and a neighbour's code joins it, without a request", async ({ page, browser, baseURL }) => {
  const code = await neighbour(browser, baseURL);
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  const url = `${pathToFileURL(single).href}?v=1&sweep=${TINY}&shares=2&part=1`;
  await page.goto(url);
  await joins(page, code);
  expect(page.workers().length).toBeGreaterThan(0);
  await expect(part(page, "kept")).toHaveText(/Finished runs stay in this browser/);
  expect(requests.filter((address) => !/^(blob|data):/.test(address))).toEqual([url]);
});

test.describe("sandboxed", () => {
  test.use({ expectedErrors: [/Clipboard API has been blocked|Download is disallowed/] });
  test('in a frame with sandbox="allow-scripts" a share is trained, a code joins it, and what is not kept is said', async ({ page, browser, baseURL }) => {
    const code = await neighbour(browser, baseURL);
    const source = `${baseURL}superposition.html?v=1&sweep=${TINY}&shares=2&part=1`.replaceAll("&", "&amp;");
    const server = createServer((_, response) =>
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(
          `<!doctype html><html lang="en"><title>A course</title><link rel="icon" href="data:,"><iframe title="sweep" width="1000" height="1400" sandbox="allow-scripts" src="${source}"></iframe>`,
        ),
    );
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    await page.goto(`http://127.0.0.1:${/** @type {any} */ (server.address()).port}/`);
    const frame = page.frameLocator("iframe");
    await joins(frame, code);
    await expect(part(frame, "kept")).toHaveText(/keeps nothing for this page/);
    // Neither clipboard nor files: both are there as texts.
    expect(await give(frame, "Ada")).toMatch(/^dd1-/);
    await part(frame, "save-store").click();
    await expect(part(frame, "text")).toHaveValue(/^\{"numerics":/);
    server.close();
  });
});

test("a link for a projector shows the sweep at once in large type, takes codes there, and leads back to the page", async ({ page, browser, baseURL }) => {
  const code = await neighbour(browser, baseURL);
  await page.goto(`?v=1&sweep=${TINY}&present=1`);
  await expect(own(page)).toHaveClass(/large/, { timeout: 60_000 });
  await expect(counts(page)).toHaveText("0 of 2 runs");
  expect(await counts(page).evaluate((element) => parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThan(36);
  await paste(page, code);
  await expect(part(page, "names").locator("li")).toHaveText(["Bo: 1 run"]);
  await expect(counts(page)).toHaveText("1 of 2 runs");
  await expect(own(page).locator("canvas")).toBeVisible();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).include(".own").analyze()).violations).toEqual([]);
  }
  await page.keyboard.press("Escape");
  await expect(own(page)).not.toHaveClass(/large/);
  await expect(page.locator("#lab-section > h2")).toBeVisible();
});

test.describe("on a bad network", () => {
  test.use({ expectedErrors: [/ERR_FAILED|Failed to load resource/] });
  test("a part that did not load is loaded when it is opened once more", async ({ page }) => {
    await page.route(/\/class-\w+\.js/, (route) => route.abort());
    await page.goto("#lab-section");
    const summary = page.locator("#sweep-yourself > summary");
    await summary.click();
    await expect(page.locator("#sweep-yourself").getByRole("alert")).toHaveText(/^This part did not load .+ open it again to try once more\.$/);
    await page.unroute(/\/class-\w+\.js/);
    await summary.click();
    await summary.click();
    await expect(counts(page)).toHaveText("24 runs.", { timeout: 60_000 });
  });
});

test("a seed is added and a value dropped, and what is trained stays", async ({ page }) => {
  await open(page, TINY);
  await train(page);
  await part(page, "seed").click();
  await expect(counts(page)).toHaveText("4 runs: 2 of them are there.");
  await train(page);
  await chooseFirst(page);
  await part(page, "drop").click();
  await expect(own(page).locator('[name="t"]')).toHaveValue(/^[35]$/);
  await expect(counts(page)).toHaveText("2 runs: all of them are there.");
  await own(page).locator('[name="t"]').fill("3, 5, 8");
  await own(page).locator('[name="t"]').blur();
  await expect(counts(page)).toHaveText("6 runs: 4 of them are there.");
});

test("a run that diverges is a point of the figure, and comes back from a code", async ({ page, browser, baseURL }) => {
  const wild = "lr-1.beta1-0.99999.n-100.sparsity-0.9.steps-300.test_examples-100.seeds-1x1";
  // Even where there is no other.
  await open(page, `t-3x30.${wild}.weight_decay-10`);
  await train(page);
  await expect(own(page).locator("canvas")).toHaveAttribute("aria-label", "No run has ended with finite parameters.");
  await open(page, `t-3x30.weight_decay-0.01x10.${wild}`);
  await train(page);
  const code = await give(page, "Ada");
  const drawn = await points(page);
  const diverged = drawn.names.indexOf("diverged");
  expect(drawn.rows.map((row) => Number(row[diverged])).toSorted()).toEqual([0, 0, 1, 1]);
  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await open(other, `t-3x30.weight_decay-0.01x10.${wild}`);
  await paste(other, code);
  await expect(part(other, "checked")).toHaveText("3 of 4 given runs checked here, bit for bit.", { timeout: 60_000 });
  await expect(part(other, "wrongs").locator("li")).toHaveCount(0);
  expect(await points(other)).toEqual(drawn);
  await context.close();
});

test("twenty pupils' codes, pasted in any order, make the sweep's figure, and each of five that don't fit is named", async ({
  page,
  browser,
  baseURL,
}, info) => {
  const T = [3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 50, 60];
  const sweep = `t-${T.join("x")}.n-100.sparsity-0.9.steps-200.test_examples-100.seeds-2x1`;
  const codes = await pupils({ browser, baseURL }, sweep, 20, "2 runs of 40");
  const another = (code, header) => code.replace(/^dd1-\w+/, `dd1-${header}`);
  const messages = [...codes, codes[5], another(forged(codes[16], "loss"), codes[0].split("-")[1])];
  messages[3] = forged(codes[3], "loss");
  messages[8] = codes[8].slice(0, -60);
  messages[12] = forged(codes[12], "version");
  // A chat's order is nobody's.
  messages.sort((a, b) => crc32(a.slice(-40)) - crc32(b.slice(-40)));

  await open(page, sweep);
  await own(page).locator('[name="check"]').uncheck();
  for (let at = 0; at < messages.length; at += 6) await paste(page, messages.slice(at, at + 6).join("\nand mine, with greetings:\n“"));
  await expect(part(page, "took")).toHaveText(/^4 codes: \d+ new runs\./);
  const wrongs = part(page, "wrongs").locator("li");
  const named = async (words) => expect(wrongs.filter({ hasText: words })).toHaveCount(1);
  await named("Code of Pupil 9: its end is missing: 1 of 2 runs could be read.");
  await named(
    /^Code of Pupil 13, T = .+: it was made with version 2 of the (\w+) gradient, and this page has version 1 of the \1 gradient\. It is left out\.$/,
  );
  await named(/Pupil (1|17) gave test loss [\d.e-]+, Pupil (1|17) gave test loss .+ They can’t both be right/);
  await expect(counts(page)).toHaveText("40 runs: 38 of them are there.");
  // What came twice is told when it comes.
  await paste(page, messages.filter((message) => message === codes[5]).join("\n"));
  await expect(part(page, "took")).toHaveText("2 codes: 0 new runs. Pupil 6: 0 new runs, 2 known already. Pupil 6: 0 new runs, 2 known already.");

  await train(page);
  await part(page, "wrongs").getByRole("button", { name: "Check it" }).click();
  await named(/Pupil 1 gave test loss .+, where training it here gave test loss .+ What was trained here counts\./);
  const sweeps = (await native(page, info))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  /** The values of T at which the figure has other numbers than the sweep. */
  const differing = async () => {
    const { names, rows } = await points(page);
    const [lowest, highest] = ["lowest", "highest"].map((what) => names.findIndex((name) => name.endsWith(what)));
    expect(rows.map(([t]) => Number(t))).toEqual(T);
    return rows
      .filter((row) => {
        const losses = sweeps.filter(({ config }) => config.t === Number(row[0])).map(({ measures }) => measures.test_loss);
        expect(losses.length).toBe(2);
        return Number(row[lowest]) !== Math.min(...losses) || Number(row[highest]) !== Math.max(...losses);
      })
      .map(([t]) => Number(t));
  };
  // A forged run that nobody else gave is found by training it.
  expect((await differing()).length).toBe(1);
  await part(page, "check-all").click();
  await named(/Pupil 4 gave test loss .+, where training it here gave test loss .+ What was trained here counts\./);
  await expect(part(page, "checked")).toHaveText("38 of 38 given runs checked here, bit for bit.", { timeout: 60_000 });
  expect(await differing()).toEqual([]);
  await expect(wrongs).toHaveCount(4);
});
