// The page without a network: kept by its service worker, and updated when there is one.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { ends, expect, openAt, test } from "./fixtures.js";

const dist = path.resolve("../../dist");
const TYPES = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  wasm: "application/wasm",
  json: "application/json",
  webmanifest: "application/manifest+json",
  svg: "image/svg+xml",
  png: "image/png",
};

/** Serves the built page, until told not to, with some files changed. */
async function server() {
  const state = {
    up: true,
    /** The file behind an address. */ named: (/** @type {string} */ name) => name,
    /** What a file is answered with, if not with itself. @type {(name: string, response: import("node:http").ServerResponse) => boolean} */ instead: () =>
      false,
    /** @type {(name: string, bytes: Buffer) => Buffer | string} */ change: (_, bytes) => bytes,
    url: "",
    close: () => {},
  };
  const http = createServer((request, response) => {
    if (!state.up) return request.socket.destroy();
    const name = state.named(new URL(request.url ?? "", "http://host").pathname.replace(/\/$/, "/index.html"));
    if (state.instead(name, response)) return;
    let bytes;
    try {
      bytes = readFileSync(path.join(dist, name));
    } catch {
      return response.writeHead(404).end();
    }
    response.writeHead(200, { "content-type": TYPES[name.split(".").pop() ?? ""] ?? "application/octet-stream" }).end(state.change(name, bytes));
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", () => resolve(undefined)));
  state.url = `http://127.0.0.1:${/** @type {any} */ (http.address()).port}/`;
  state.close = () => http.close();
  return state;
}

/** A version of the page in which every file has another address, as after a deploy; the server has no module of the old one. */
function deploy(site) {
  const old = /VERSION="([0-9a-f]{8})"/.exec(readFileSync(path.join(dist, "sw.js"), "utf8"))?.[1] ?? "";
  const MODULE = /-([A-Z0-9]{8})\.js/g;
  const renamed = (text) => text.replace(MODULE, (_, hash) => `-${[...hash].reverse().join("")}.js`);
  site.named = renamed;
  site.change = (name, bytes) =>
    /\.(html|js)$/.test(name)
      ? renamed(bytes.toString())
          .replaceAll(old, "0badcafe")
          .replace(/<h1>[^<]*/, "<h1>The new version")
      : bytes;
}

/** The copy is complete. */
const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active?.state));
/** The worker of the deployed version has its copy, and answers. The copy is looked for first: where it has begun, the worker is seen. */
const replaced = (page) =>
  page.evaluate(async () => {
    const begun = (await caches.keys()).join().includes("0badcafe");
    const worker = await navigator.serviceWorker.getRegistration();
    return begun && !worker?.installing && !worker?.waiting && worker?.active?.state === "activated";
  });

test.use({ expectedErrors: [/ERR_(CONNECTION|EMPTY|FAILED)|Failed to load resource/] });
test.describe.configure({ timeout: 180_000 });

test("after the first visit the page opens without a network and trains, also from a link", async ({ page }) => {
  const site = await server();
  await page.goto(site.url);
  await kept(page);
  site.up = false;
  for (const address of ["?begin=1#lab", "?v=1&t=3&n=1000&sparsity=0.99&steps=2000"]) {
    await page.goto(site.url + address);
    await ends(page);
  }
  await expect(page.locator('[name="t"]')).toHaveValue("3");
  site.close();
});

test("a new version is seen at the next visit, and replaces the copy of the old one", async ({ page }) => {
  const site = await server();
  await page.goto(site.url);
  await kept(page);
  deploy(site);
  await page.goto(site.url);
  await expect(page.locator("h1")).toHaveText("The new version");
  await expect.poll(() => replaced(page), { timeout: 90_000 }).toBe(true);
  site.up = false;
  await page.goto(site.url);
  await expect(page.locator("h1")).toHaveText("The new version");
  site.close();
});

test("a tab that was open before a deploy goes on with its own files, and a new one has the new ones only", async ({ page, context }) => {
  const site = await server();
  await page.goto(site.url);
  await kept(page);
  await page.goto(site.url); // from now on the worker answers
  deploy(site);
  const other = await context.newPage();
  await other.goto(site.url);
  await expect(other.locator("h1")).toHaveText("The new version");
  await expect.poll(() => replaced(page), { timeout: 90_000 }).toBe(true);
  // Nor has the server its data any more.
  site.instead = (name, response) => (/\/(main|main-sum)\.pack|sweeps/.test(name) ? Boolean(response.writeHead(404).end()) : false);
  const addresses = await other.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  expect(addresses.filter((url) => /\.(css|wasm)/.test(url) && !url.endsWith("0badcafe"))).toEqual([]);
  await page.locator("#in-between").scrollIntoViewIfNeeded();
  await expect(page.locator('[data-sweep="main"]')).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
  await expect(page.getByRole("alert").filter({ hasText: /loaded|drawn/ })).toHaveCount(0);
  site.close();
});

for (const [what, broken] of [
  ["503", (response) => response.writeHead(503, { "content-type": "text/html" }).end("<h1>Down</h1>")],
  ["404", (response) => response.writeHead(404, { "content-type": "text/html" }).end("<h1>Gone</h1>")],
  ["a body that stalls after its headers", (response) => response.writeHead(200, { "content-type": "text/html", "content-length": 9999 }).write("<h1>Half")],
]) {
  test(`a good copy is shown where the server answers ${what} for the page`, async ({ page }) => {
    const site = await server();
    await page.goto(site.url);
    await kept(page);
    site.instead = (name, response) => (name === "/index.html" ? (broken(response), true) : false);
    await page.goto(site.url);
    await expect(page.locator("h1")).toHaveText("Memorise, then generalise");
    await page.locator("#lab").scrollIntoViewIfNeeded();
    await expect(page.locator(".lab")).toHaveAttribute("data-phase", /running|none|ready/, { timeout: 30_000 });
    site.close();
  });
}

test("a page instead of scripts, wasm and data neither hides nor replaces the copy of them", async ({ page }) => {
  const site = await server();
  await page.goto(site.url);
  await kept(page);
  site.instead = (name, response) =>
    /\.(js|wasm|pack|json)$/.test(name) ? Boolean(response.writeHead(200, { "content-type": "text/html" }).end("<h1>Log in")) : false;
  await page.goto(`${site.url}?begin=1#lab`);
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", "running", { timeout: 30_000 });
  site.up = false;
  await page.goto(`${site.url}?again=1#lab`);
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", "running", { timeout: 30_000 });
  site.close();
});

test("one file that is missing does not cost the whole copy", async ({ page }) => {
  const site = await server();
  site.instead = (name, response) => (/manifest|card\.png|wavering\.pack/.test(name) ? Boolean(response.writeHead(404).end()) : false);
  await page.goto(site.url);
  await kept(page);
  site.up = false;
  await page.goto(`${site.url}?begin=1#lab`);
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", "running", { timeout: 30_000 });
  site.close();
});

test("the page can be installed: its manifest names icons that are there", async ({ page, baseURL }) => {
  await openAt(page, "running");
  const address = new URL(await page.locator('link[rel="manifest"]').getAttribute("href"), baseURL);
  const manifest = await (await page.request.get(address.href)).json();
  expect(new URL(manifest.start_url, address).href).toBe(baseURL);
  expect(new URL(manifest.scope, address).href).toBe(baseURL);
  for (const { src, sizes } of manifest.icons) {
    const size = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, new URL(src, address).href);
    if (sizes !== "any") expect(size).toBe(sizes);
  }
});
