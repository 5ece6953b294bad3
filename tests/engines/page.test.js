// What the page promises, in each engine that is installed: it loads, makes the bits on record, trains, replays stored runs, is read by
// mouse and keys, and works as one file and in a sandboxed frame.
import assert from "node:assert/strict";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { made, onRecord } from "../browser/onrecord.js";
import { engines } from "./engines.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const single = path.join(root, "dist/superposition.html");
const PENTAGON = /5 of 5 examples on one circle, a regular pentagon, radius 1\.\d+ \(1\.203 would do\)/;

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** The built page at /dist/, its modules one by one at /www/. */
const host = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "", "http://host");
  const file = path.join(root, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
  if (pathname === "/frame") return response.writeHead(200, { "content-type": "text/html" }).end(FRAME);
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
});
const FRAME = `<!doctype html><title>A blog</title><iframe width="900" height="700" sandbox="allow-scripts" src="/dist/superposition.html?embed=examples"></iframe>`;

before(() => new Promise((resolve) => host.listen(0, "127.0.0.1", () => resolve(undefined))));
after(() => host.close());
const site = () => `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (host.address()).port}`;

for (const [name, start] of Object.entries(engines)) {
  describe(name, { skip: start ? false : `${name} is not installed`, timeout: 300_000 }, () => {
    /** @type {import("./engines.js").Engine} */
    let engine;
    before(async () => {
      engine = await /** @type {NonNullable<typeof start>} */ (start)();
      console.log(`${name} ${engine.version}`);
    });
    after(() => engine?.end());

    /** Waits until the page says what is expected. @param {Function} task @param {any} argument @param {(value: any) => boolean} fits */
    async function until(task, argument, fits, seconds = 60) {
      let value;
      for (const end = Date.now() + 1000 * seconds; Date.now() < end; await pause(100)) {
        value = await engine.evaluate(task, argument);
        if (fits(value)) return value;
      }
      throw new Error(`after ${seconds} s still ${JSON.stringify(value)}, of ${task}`);
    }

    const text = (selector) => document.querySelector(selector)?.textContent ?? "";
    const attribute = ([selector, name]) => document.querySelector(selector)?.getAttribute(name) ?? "";

    /** Trained to the end, with the verdict of T = 5. */
    async function trains() {
      const agree = () => {
        const lab = document.querySelector(".lab");
        const yes = document.querySelector('[data-part="question-yes"]');
        if (lab instanceof HTMLElement && lab.dataset.phase === "asking" && yes instanceof HTMLElement) yes.click();
        return lab instanceof HTMLElement ? lab.dataset.phase : "";
      };
      await until(agree, null, (phase) => phase === "finished", 90);
      await until(text, '[data-part="verdict"]', (words) => PENTAGON.test(words));
      assert.deepEqual(await complaints(), []);
    }

    /** What the page and the browser say of faults. */
    const complaints = async () => [
      ...engine.faults(),
      ...(await engine.evaluate(() =>
        [...document.querySelectorAll('.notice, [role="alert"], [data-part="trouble"]')]
          .filter((element) => element.checkVisibility())
          .map((element) => element.textContent?.trim())
          .filter(Boolean),
      )),
    ];

    /** Brings a figure of stored runs on screen. */
    async function show(figure) {
      const reveal = (figure) => {
        const place = document.querySelector(`[data-sweep="${figure}"]`);
        if (!place) return null;
        for (let at = place; at; at = /** @type {Element} */ (at.parentElement)) if (at instanceof HTMLDetailsElement) at.open = true;
        place.scrollIntoView({ block: "center" });
        return place.getAttribute("data-state") ?? place.querySelector(".notice")?.textContent;
      };
      assert.equal(await until(reveal, figure, Boolean), "shown");
      // Until nothing moves any more.
      const top = (figure) => document.querySelector(`[data-sweep="${figure}"] .reader`)?.getBoundingClientRect().top;
      for (let last; last !== (last = await engine.evaluate(top, figure));) await pause(300);
    }

    test("the runs on record end with the bits on record", async () => {
      await engine.open(`${site()}/www/style.css`);
      const wrong = [];
      for (const run of onRecord) {
        const [{ parameters, measures }, path] = await made(engine, run);
        if (parameters !== run.parameters || measures !== run.measures) wrong.push(`${run.name} (${path})`);
      }
      assert.deepEqual(wrong, []);
    });

    test("T = 5 is trained at the paper's size", async () => {
      await engine.open(`${site()}/dist/?v=1&t=5#lab-section`);
      await trains();
    });

    test("a stored figure is read by the mouse and by keys; what keys chose stays while the mouse rests; its run is replayed bit for bit", async () => {
      await engine.open(`${site()}/dist/#in-between`);
      await show("main");
      const readout = '[data-figure="main"] .readout';
      const box = () => engine.evaluate(() => document.querySelector('[data-figure="main"] .reader')?.getBoundingClientRect().toJSON());
      const { left, top, width, height } = await box();
      // Down a column of the figure, until a run is near.
      for (let y = 0.1; y < 0.9 && !/data seed/.test(await engine.evaluate(text, readout)); y += 0.02) await engine.point(left + width / 2, top + y * height);
      assert.match(await engine.evaluate(text, readout), /T = .*data seed \d+, init seed \d+: test loss \d/);
      await engine.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('[data-figure="main"] .reader')).focus({ preventScroll: true }));
      await engine.press("Home");
      const value = ['[data-figure="main"] .reader', "aria-valuetext"];
      while (!/T = 5, /.test(await engine.evaluate(attribute, value))) await engine.press("ArrowRight");
      const words = await engine.evaluate(attribute, value);
      for (const by of [3, -3]) {
        await engine.evaluate((by) => void scrollBy(0, by), by);
        await pause(300);
      }
      assert.equal(await engine.evaluate(attribute, value), words);
      await engine.press("Enter");
      await until(attribute, ['[data-sweep="main"] .chosen', "data-state"], (state) => state === "stored");
      await engine.evaluate(() => {
        const replay = [...document.querySelectorAll('[data-sweep="main"] .chosen button')].find((button) => button.textContent?.includes("Replay"));
        /** @type {HTMLElement} */ (replay).click();
      });
      await until(attribute, ['[data-sweep="main"] .chosen', "data-state"], (state) => state !== "stored" && state !== "replaying", 120);
      assert.equal(await engine.evaluate(attribute, ['[data-sweep="main"] .chosen', "data-state"]), "matches");
      assert.deepEqual(await complaints(), []);
    });

    test("the one file trains T = 5 from file://, and draws the figures that it carries", async () => {
      await engine.open(`${pathToFileURL(single).href}?v=1&t=5#lab-section`);
      await trains();
      await show("main");
      assert.deepEqual(await complaints(), []);
    });

    test('in a frame with sandbox="allow-scripts", T = 5 is trained', async () => {
      await engine.open(`${site()}/frame`);
      await engine.enter("iframe");
      await trains();
      await engine.enter(null);
    });

    test("on another screen, or at another zoom, a figure at rest is drawn again in its pixels", async (t) => {
      if (!engine.zoom) return t.skip("its driver can't change the zoom");
      await engine.open(`${site()}/dist/?v=1&t=5&step=100#lab-section`);
      await until(attribute, [".lab", "data-phase"], (phase) => phase === "paused");
      await until(text, '[data-part="verdict"]', Boolean);
      const drawn = () => {
        const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(".lab canvas"));
        return [
          canvas.width / canvas.getBoundingClientRect().width,
          canvas
            .getContext("2d")
            ?.getImageData(0, 0, canvas.width, canvas.height)
            .data.some((byte) => byte > 0),
        ];
      };
      for (const ratio of [2, 1.25, 1]) {
        await engine.zoom(ratio);
        await until(drawn, null, ([pixels, painted]) => Math.abs(pixels - ratio) < 0.01 && painted, 10);
      }
    });

    test("words of one line stand on it, and digits in rows", async () => {
      await engine.open(`${site()}/dist/`);
      const bring = (selector) => {
        document.querySelector(selector)?.scrollIntoView({ block: "center" });
        return document.querySelectorAll(`${selector} canvas`).length;
      };
      await until(bring, ".inputs-place", Boolean);
      const tops = await engine.evaluate(() => {
        const range = document.createRange();
        const top = (node) => (range.selectNodeContents(node), Math.round(range.getBoundingClientRect().top));
        return [...(document.querySelector(".sparsity")?.childNodes ?? [])].filter((node) => node.textContent?.trim()).map(top);
      });
      assert.equal(tops.length, 3);
      assert.ok(Math.max(...tops) - Math.min(...tops) <= 1, String(tops));

      await until(bring, ".digits-place", Boolean);
      const rows = await engine.evaluate(() => {
        const list = document.querySelector(".by-class");
        if (list instanceof HTMLDetailsElement) list.open = true;
        const labels = (row) =>
          [...row.querySelectorAll("small")].map((label) => Math.round(label.getBoundingClientRect().top - row.getBoundingClientRect().top)).join(" ");
        return [...document.querySelectorAll(".by-class .row:not(.heads)")].map(labels);
      });
      assert.equal(rows.length, 10);
      assert.deepEqual(
        [...new Set(rows)].map((row) => new Set(row.split(" ")).size),
        [1],
        JSON.stringify(rows),
      );
    });
  });
}
