// The page on real hosts: servers that send wrong types, pages instead of files, or half of a file; policies that stop
// scripts; deploys.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ends, expect, laidOut, openAt, test } from "./fixtures.js";
import { readRun, showSweep } from "./runs.js";

const dist = path.resolve("../../dist");

test.use({ expectedErrors: [/./] });
test.describe.configure({ timeout: 120_000 });

/** Answers from the built page, with other headers or another body. */
const answer = async (route, { headers = {}, ...rest }) => {
  const response = await route.fetch();
  await route.fulfill({ response, headers: { ...response.headers(), ...headers }, ...rest });
};
/** The stills are there, and a sentence. @param {any} page */
async function stands(page) {
  await expect(page.locator(".still .notice")).toBeVisible({ timeout: 25_000 });
  await expect(page.locator(".still .notice")).toContainText("did not start here");
  await expect(page.locator(".still figure").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Test loss rises again before it falls" })).toBeVisible();
  await expect(page.locator("#lab")).toBeHidden();
}

for (const type of ["application/wasm; charset=utf-8", "application/octet-stream", "text/plain"]) {
  test(`wasm that a server sends as ${type} trains`, async ({ page }) => {
    await page.route("**/*.wasm*", (route) => answer(route, { headers: { "content-type": type } }));
    await openAt(page, "running");
  });
}

for (const [what, name, headers, words] of [
  ["is not there", "superposition_bg.wasm", { status: 404 }, /there is no such file/],
  ["is a page", "superposition_bg.wasm", { status: 200, contentType: "text/html", body: "<!doctype html>" }, /sends a web page in its place/],
  ["is cut", "superposition_bg.wasm", { status: 200, contentType: "application/wasm", body: Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 1]) }, /WebAssembly/],
  ["has glue that is a page", "superposition.js", { status: 200, contentType: "text/html", body: "<!doctype html>" }, /could not be started/],
]) {
  test(`a lab whose wasm ${what} says why and what can be done, and the stills are there`, async ({ page }) => {
    await page.route(`**/pkg/${name}*`, (route) => route.fulfill(/** @type {any} */ (headers)));
    await openAt(page, "unsupported");
    await expect(page.locator('[data-part="unsupported"]')).toHaveText(/** @type {RegExp} */ (words));
    await expect(page.locator('[data-part="unsupported"]')).toHaveText(/Reload the page.*superposition\.html/);
    await expect(page.locator(".still figure").first()).toBeVisible();
  });
}

test("a lab whose wasm stops after its headers says so", async ({ page }) => {
  const wasm = readFileSync(path.join(dist, "www/pkg/superposition_bg.wasm"));
  const server = createServer(
    (_, response) =>
      void response
        .writeHead(200, { "content-type": "application/wasm", "access-control-allow-origin": "*", "content-length": wasm.length })
        .write(wasm.subarray(0, 1000)),
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {any} */ (server.address());
  await page.addInitScript((url) => {
    const { fetch } = window;
    window.fetch = (address, how) => fetch(String(address).includes("superposition_bg.wasm") ? url : address, how);
  }, `http://127.0.0.1:${port}/`);
  await page.goto("#lab");
  await expect(page.locator('[data-part="unsupported"]')).toHaveText(/it stopped coming/, { timeout: 40_000 });
  server.closeAllConnections();
  server.close();
});

test.describe("whatever stops the script, the stills and one sentence are there:", () => {
  test("a module that is not there", async ({ page }) => {
    await page.route("**/main-*.js", (route) => route.fulfill({ status: 404 }));
    await page.goto("");
    await stands(page);
  });
  test("one of its chunks that is not there", async ({ page }) => {
    const chunk = /from"\.\/(chunk-\w+\.js)"/.exec(
      readFileSync(path.join(dist, /www\/main-\w+\.js/.exec(readFileSync(path.join(dist, "index.html"), "utf8"))?.[0] ?? ""), "utf8"),
    )?.[1];
    await page.route(`**/${chunk}`, (route) => route.fulfill({ status: 404 }));
    await page.goto("");
    await stands(page);
  });
  test("JavaScript as text/plain", async ({ page }) => {
    await page.route("**/*.js*", (route) => answer(route, { headers: { "content-type": "text/plain", "x-content-type-options": "nosniff" } }));
    await page.goto("");
    await stands(page);
  });
  test("a page instead of JavaScript", async ({ page }) => {
    await page.route("**/*.js*", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.goto("");
    await stands(page);
  });
  test("a module that does not come", async ({ page }) => {
    await page.route("**/main-*.js", () => {});
    await page.goto("", { waitUntil: "commit" });
    await stands(page);
  });
  test("a module that fails, also where a part of the page is asked for", async ({ page }) => {
    await page.route("**/main-*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "throw new Error('old browser')" }));
    for (const query of ["", "?embed=main"]) {
      await page.goto(query);
      await stands(page);
    }
  });
  test("index.html by a double click", async ({ page }) => {
    await page.goto(pathToFileURL(path.join(dist, "index.html")).href);
    await stands(page);
    const [image] = await page.locator(".still img").all();
    await image.scrollIntoViewIfNeeded();
    await expect.poll(() => image.evaluate((element) => /** @type {HTMLImageElement} */ (element).naturalWidth)).toBeGreaterThan(0);
  });
  for (const [policy, file] of [
    ["sandbox", ""],
    ["sandbox", "superposition.html"],
    ["default-src 'self'", "superposition.html"],
  ]) {
    test(`${file || "index.html"} under the policy ${policy}`, async ({ page }) => {
      await page.route(/\/(superposition\.html)?$/, (route) => answer(route, { headers: { "content-security-policy": policy } }));
      await page.goto(file);
      await expect(page.locator(".still .notice")).toBeVisible();
      await expect(page.locator(".still figure").first()).toBeVisible();
    });
  }
  test("an address without its last slash leads to the one with it", async ({ page, baseURL }) => {
    const html = readFileSync(path.join(dist, "index.html"), "utf8");
    await page.route("**/sub/repo", (route) => route.fulfill({ contentType: "text/html", body: html }));
    await page.route(/\/repo\/(\?.*)?$/, (route) => route.fulfill({ contentType: "text/html", body: "<h1>There</h1>" }));
    await page.route("**/sub/repo?t=3", (route) => route.fulfill({ contentType: "text/html", body: html }));
    await page.goto("sub/repo?t=3");
    await expect(page).toHaveURL(`${baseURL}sub/repo/?t=3`);
  });
});

test("a script that comes late takes over from the stills", async ({ page }) => {
  await page.route("**/main-*.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 17_000));
    await route.continue();
  });
  await page.goto("", { waitUntil: "commit" });
  await stands(page);
  await expect(page.locator(".still")).toBeHidden({ timeout: 20_000 });
  await expect(page.locator(".player canvas").first()).toBeVisible();
});

test("stills of readers with scripts are not fetched", async ({ page }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await openAt(page, "running");
  expect(asked.filter((url) => /still\//.test(url))).toEqual([]);
});

test("a copy of the page that a browser saved draws everything once", async ({ page }, info) => {
  // A chosen run has canvases of its own once the figure's data are there.
  const CANVAS = "canvas:not(.chosen canvas)";
  const drawnOnce = async () => {
    await page.locator("#in-between").scrollIntoViewIfNeeded();
    await expect(page.locator('[data-sweep="main"]')).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
    await expect(page.locator(`[data-sweep="main"] ${CANVAS}`)).toHaveCount(1);
    await expect(page.locator('[data-sweep="main"] .chosen')).toHaveCount(1);
  };
  await page.goto("superposition.html");
  await drawnOnce();
  const counts = () =>
    page.evaluate(
      (CANVAS) =>
        [CANVAS, "[data-guess]", ".gloss", ".lab", ".self", ".guessed", "[role=tablist]"].map((name) => `${name} ${document.querySelectorAll(name).length}`),
      CANVAS,
    );
  await expect(page.locator(".pad")).toHaveCount(1);
  const before = await counts();
  const saved = info.outputPath("saved.html");
  const { writeFileSync } = await import("node:fs");
  writeFileSync(saved, `<!doctype html>\n${await page.evaluate(() => document.documentElement.outerHTML)}`);
  await page.goto(pathToFileURL(saved).href);
  await drawnOnce();
  await expect(page.locator(".pad")).toHaveCount(1);
  await expect.poll(counts).toEqual(before);
});

test("a finger that goes up or down on the guess pad scrolls the page; one that goes sideways draws", async ({ browser, baseURL }) => {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, baseURL });
  await page.goto("");
  await page.locator('[data-predict="draw"]').scrollIntoViewIfNeeded();
  const pad = page.locator(".pad");
  await expect(pad).toBeVisible({ timeout: 30_000 });
  await pad.evaluate((element) => element.scrollIntoView({ block: "center" }));
  await laidOut(page);
  const box = /** @type {{x: number, y: number, width: number, height: number}} */ (await pad.boundingBox());
  const client = await page.context().newCDPSession(page);
  const drag = async (dx, dy) => {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
    for (let k = 1; k <= 10; k += 1)
      await client.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: x + (dx * k) / 10, y: y + (dy * k) / 10 }] });
    await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
  const drawn = () => page.locator(".pad .guess").getAttribute("d");
  const top = () => page.evaluate(() => Math.round(scrollY));
  const before = await top();
  await drag(0, -100);
  await expect.poll(top).toBeGreaterThan(before + 40);
  await laidOut(page);
  expect(await drawn()).toBe("");
  await pad.evaluate((element) => element.scrollIntoView({ block: "center" }));
  await laidOut(page);
  await drag(100, 0);
  await expect.poll(drawn).toMatch(/^M.*L/);
  await page.close();
});

test("from right to left, and with type of 32 px on a narrow screen, nothing lies beside the page", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const change of [(root) => (root.dir = "rtl"), (root) => ((root.dir = ""), (root.style.fontSize = "32px"))]) {
    await page.goto("#lab-section");
    await page.evaluate(change, undefined).catch(() => {});
    await page.evaluate(`(${change})(document.documentElement)`);
    await laidOut(page);
    // Beside a scroll bar, where the browser has one, a page is less than 390 px wide.
    const wide = () => page.evaluate(() => [Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth), Math.round(scrollX)]);
    expect(await wide()).toEqual([0, 0]);
    await page.evaluate(() => scrollTo(-5000, scrollY));
    expect((await wide())[1]).toBe(0);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto("");
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  await page.evaluate(() => scrollTo(-5000, 0));
  expect(await page.evaluate(() => [Math.round(scrollX), document.documentElement.scrollWidth <= innerWidth])).toEqual([0, true]);
});

test("a percent sign never leaves its number", async ({ page }) => {
  await openAt(page, "running");
  const apart = await page.evaluate(() => /\d\s%/.exec(document.body.innerText)?.[0] ?? "");
  expect(apart).toBe("");
});

test("a page whose words a browser translates goes on", async ({ page }) => {
  await openAt(page, "running");
  // As translators do: each text, also those that come later, is put into elements of theirs and written anew.
  await page.evaluate(() => {
    const translate = (root) => {
      const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walk.nextNode()) texts.push(walk.currentNode);
      for (const text of texts) {
        if (!text.data.trim() || text.parentElement.closest("script, style, font")) continue;
        const [outer, inner] = [document.createElement("font"), document.createElement("font")];
        text.replaceWith(outer);
        outer.append(inner);
        inner.append(text.data.toUpperCase());
      }
    };
    translate(document.body);
    new MutationObserver((changes) =>
      changes.forEach(({ addedNodes }) =>
        addedNodes.forEach((node) => node.parentElement && !node.parentElement.closest("font") && translate(node.parentElement)),
      ),
    ).observe(document.body, { childList: true, subtree: true });
  });
  await ends(page);
  await expect(page.locator('[data-part="verdict"]')).toContainText(/5 OF 5 EXAMPLES/i);
  const place = await showSweep(page);
  const words = await readRun(place, "T = 5, data seed");
  await expect(place.locator(".readout").first()).toHaveText(words, { ignoreCase: true });
});
