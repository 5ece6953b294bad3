// The page without a network: kept by its service worker, and updated when there is one.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { expect, openAt, test } from "./fixtures.js";

const dist = path.resolve("../../dist");
const TYPES = { html: "text/html", js: "text/javascript", css: "text/css", wasm: "application/wasm", json: "application/json", webmanifest: "application/manifest+json", svg: "image/svg+xml", png: "image/png" };

/** Serves the built page, until told not to, with some files changed. */
async function server() {
  const state = { up: true, /** @type {(name: string, bytes: Buffer) => Buffer | string} */ change: (_, bytes) => bytes, url: "", close: () => {} };
  const http = createServer((request, response) => {
    if (!state.up) return request.socket.destroy();
    const name = new URL(request.url ?? "", "http://host").pathname.replace(/\/$/, "/index.html");
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

/** The copy is complete. */
const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active?.state));
const version = async (page) => (await page.evaluate(() => caches.keys())).join();

test.use({ expectedErrors: [/ERR_(CONNECTION|EMPTY|FAILED)/, /Failed to load resource/] });
test.describe.configure({ timeout: 180_000 });

test("after the first visit the page opens without a network and trains, also from a link", async ({ page }) => {
  const site = await server();
  await page.goto(site.url);
  await kept(page);
  site.up = false;
  for (const address of ["", "?v=1&t=3&n=1000&sparsity=0.99&steps=2000"]) {
    await page.goto(site.url + address);
    await expect(page.locator(".lab")).toHaveAttribute("data-phase", "finished", { timeout: 90_000 });
  }
  await expect(page.locator('[name="t"]')).toHaveValue("3");
  site.close();
});

test("a new version is seen at the next visit, and replaces the copy of the old one", async ({ page }) => {
  const site = await server();
  await page.goto(site.url);
  await kept(page);
  const old = await version(page);
  site.change = (name, bytes) => {
    if (name === "/index.html") return bytes.toString().replace(/<h1>[^<]*/, "<h1>The new version");
    return name === "/sw.js" ? bytes.toString().replace(/"[0-9a-f]{8}"/, '"00000000"') : bytes;
  };
  await page.goto(site.url);
  await expect(page.locator("h1")).toHaveText("The new version");
  await expect.poll(() => version(page), { timeout: 30_000 }).not.toContain(old);
  await expect.poll(() => version(page), { timeout: 30_000 }).toContain("00000000");
  site.up = false;
  await page.goto(site.url);
  await expect(page.locator("h1")).toHaveText("The new version");
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
