// Firefox over WebDriver BiDi, and WebKit over WebDriver on a screen of its own, each as the few things that a test does with a page.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { Builder, By, Key, Origin } from "selenium-webdriver";

/**
 * @typedef {object} Engine
 * @property {string} version
 * @property {(url: string) => Promise<void>} open
 * @property {(task: Function | string, argument?: any) => Promise<any>} evaluate in the page, or in the frame that was entered
 * @property {(key: string) => Promise<void>} press a key, by its name
 * @property {(x: number, y: number) => Promise<void>} point moves the mouse to a place on the screen
 * @property {(x: number, y: number) => Promise<void>} click there
 * @property {(selector: string | null) => Promise<void>} enter a frame, or leave it
 * @property {(ratio: number) => Promise<void>} [zoom] as on another screen, with so many pixels to each of the page's
 * @property {() => string[]} faults uncaught errors and complaints on the console, where the browser tells them
 * @property {() => Promise<void>} end
 */

const SIZE = { width: 1280, height: 800 };
/** One step of a test may wait for a whole run. */
const PATIENCE = 120_000;

// Ubuntu has a `firefox` that only says where the real one can be had.
const firefox = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => spawnSync(path, ["--version"]).status === 0);

/** WebKit's browser for tests is not in PATH. */
function miniBrowser() {
  const libraries = existsSync("/usr/lib") ? readdirSync("/usr/lib").map((name) => path.join("/usr/lib", name)) : [];
  const folders = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];
  return libraries.flatMap((library) => folders.map((folder) => path.join(library, folder, "MiniBrowser"))).find(existsSync);
}

const driver = "/usr/bin/WebKitWebDriver";
const screen = "/usr/bin/Xvfb";

/** What there is to test with here, by name; null for what is not installed. @type {Record<string, (() => Promise<Engine>) | null>} */
export const engines = {
  Firefox: firefox ? startFirefox : null,
  WebKit: miniBrowser() && [driver, screen].every(existsSync) ? startWebKit : null,
};

/** @returns {Promise<Engine>} */
async function startFirefox() {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true, defaultViewport: SIZE, protocolTimeout: PATIENCE });
  const page = await browser.newPage();
  /** @type {string[]} */
  let faults = [];
  page.on("pageerror", (error) => faults.push(`uncaught: ${error instanceof Error ? error.message : error}`));
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && faults.push(`console: ${message.text()}`));
  /** @type {import("puppeteer-core").Page | import("puppeteer-core").Frame} */
  let place = page;
  return {
    version: (await browser.version()).replace("firefox/", ""),
    open: async (url) => {
      faults = [];
      place = page;
      // What is in the address after # alone loads nothing.
      await page.goto("about:blank");
      await page.goto(url);
    },
    evaluate: (task, argument) => place.evaluate(/** @type {any} */ (task), argument),
    press: (key) => page.keyboard.press(/** @type {any} */ (key)),
    point: (x, y) => page.mouse.move(x, y),
    click: (x, y) => page.mouse.click(x, y),
    enter: async (selector) => {
      const frame = selector === null ? page : await (await page.waitForSelector(selector))?.contentFrame();
      if (!frame) throw new Error(`no frame at ${selector}`);
      place = frame;
    },
    zoom: (ratio) => page.setViewport({ ...SIZE, deviceScaleFactor: ratio }),
    faults: () => faults,
    end: () => browser.close(),
  };
}

/** A port that nobody listens at. @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

/** @returns {Promise<Engine>} */
async function startWebKit() {
  const display = spawn(screen, ["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
  const number = await new Promise((resolve) => display.stdout.once("data", (data) => resolve(String(data).trim())));
  const port = await freePort();
  const server = spawn(driver, [`--port=${port}`], { env: { ...process.env, DISPLAY: `:${number}` }, stdio: "ignore" });
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100 && !(await fetch(`${address}/status`).catch(() => null)); tries += 1) await pause(100);
  const options = { "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] } };
  const browser = await new Builder()
    .usingServer(address)
    .withCapabilities({ browserName: "MiniBrowser", ...options })
    .build();
  await browser.manage().setTimeouts({ script: PATIENCE, pageLoad: PATIENCE });
  await browser
    .manage()
    .window()
    .setRect({ ...SIZE, x: 0, y: 0 });
  const move = (x, y) => browser.actions().move({ x: Math.round(x), y: Math.round(y), origin: Origin.VIEWPORT, duration: 0 });
  return {
    version: (await browser.getCapabilities()).getBrowserVersion() ?? "",
    open: async (url) => {
      await browser.switchTo().defaultContent();
      await browser.get("about:blank");
      await browser.get(url);
    },
    evaluate: async (task, argument) => {
      const call = typeof task === "string" ? `async () => (${task})` : String(task);
      const script = `const done = arguments[1]; (async () => (${call})(arguments[0]))().then((value) => done(JSON.stringify({ value })), (error) => done(JSON.stringify({ error: String(error) })));`;
      const { value, error } = JSON.parse(await browser.executeAsyncScript(script, argument));
      if (error) throw new Error(error);
      return value;
    },
    press: (key) =>
      browser
        .actions()
        .sendKeys(/** @type {Record<string, string>} */ (/** @type {unknown} */ (Key))[KEYS[key]] ?? key)
        .perform(),
    point: (x, y) => move(x, y).perform(),
    click: (x, y) => move(x, y).click().perform(),
    enter: async (selector) => {
      await browser.switchTo().defaultContent();
      if (selector !== null) await browser.switchTo().frame(browser.findElement(By.css(selector)));
    },
    faults: () => [],
    end: async () => {
      await browser.quit().catch(() => {});
      server.kill();
      display.kill();
    },
  };
}

/** The names of keys, as Selenium has them. @type {Record<string, string>} */
const KEYS = { ArrowRight: "ARROW_RIGHT", ArrowLeft: "ARROW_LEFT", Home: "HOME", End: "END", Enter: "ENTER", Escape: "ESCAPE" };
