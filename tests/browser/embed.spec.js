// The page in one file, and its parts on other people's pages: from http, from a file, in sandboxed frames, in srcdoc.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { drawn, ends, expect, test } from "./fixtures.js";
import { showSweep, unfold } from "./runs.js";

const dist = path.resolve("../../dist");
const single = path.join(dist, "superposition.html");
const PENTAGON = /5 of 5 examples on one circle, a regular pentagon, radius 1\.\d+ \(1\.203 would do\)/;
const TIMEOUT = 90_000;

/** Trained to the end, with the verdict of T = 5. @param {any} place a page or a frame */
async function trains(place) {
  await ends(place, TIMEOUT);
  await expect(place.locator('[data-part="verdict"]')).toContainText(PENTAGON, { timeout: TIMEOUT });
}

/** @param {any} page @param {string[]} [but] rules that don't apply */
const violations = async (page, but = []) =>
  (await new AxeBuilder({ page }).disableRules(but).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`);

/** Another origin, whose page holds what is given. @param {string} body @param {(url: string) => Promise<void>} visit @param {Record<string, string>} [headers] */
async function onForeignPage(body, visit, headers = {}) {
  const server = createServer((_, response) =>
    response
      .writeHead(200, { "content-type": "text/html", ...headers })
      .end(`<!doctype html><html lang="en"><title>A blog</title><link rel="icon" href="data:,"><main><h1>A blog</h1>${body}</main>`),
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  try {
    await visit(`http://127.0.0.1:${/** @type {any} */ (server.address()).port}/`);
  } finally {
    server.close();
  }
}

test.describe.configure({ timeout: 3 * TIMEOUT });

test("the one file trains T = 5 from file://, in a worker, and asks for nothing", async ({ page }) => {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`${pathToFileURL(single).href}#lab`); // where the first figure does not train as well
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", "running");
  expect(page.workers()).toHaveLength(1);
  await trains(page);
  expect(requests.filter((url) => !/^(blob|data):/.test(url))).toEqual([pathToFileURL(single).href]);
});

test("the one file trains T = 5 over http, and asks for nothing more", async ({ page }) => {
  const requests = [];
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  await page.goto("superposition.html#lab");
  await trains(page);
  expect(requests.filter((name) => name.startsWith("/"))).toEqual(["/superposition.html"]);
});

test("the one file draws the figures that it carries, and says of another where it is, without a request", async ({ page }) => {
  await page.goto("superposition.html?begin=start");
  const requests = [];
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  await page.locator("#in-between").scrollIntoViewIfNeeded();
  await showSweep(page);
  const clusters = page.locator('[data-sweep="clusters"]');
  await unfold(clusters);
  await clusters.scrollIntoViewIfNeeded();
  await expect(clusters).toContainText("The page on the web shows them.");
  await expect(clusters.getByRole("alert")).toHaveCount(0);
  expect(requests.filter((name) => name.startsWith("/"))).toEqual([]);
});

test.describe("sandboxed", () => {
  test.use({ expectedErrors: [/Clipboard API has been blocked/] });
  for (const how of ["src", "srcdoc"]) {
    test(`in a frame with sandbox="allow-scripts" and ${how}, T = 5 is trained in a worker`, async ({ page, baseURL }) => {
      const attribute = how === "src" ? `src="${baseURL}superposition.html?embed=examples"` : "";
      await onForeignPage(`<iframe title="lab" width="900" height="900" sandbox="allow-scripts" ${attribute}></iframe>`, async (url) => {
        await page.context().route(url, (route) => route.continue());
        await page.goto(url);
        if (how === "srcdoc") await page.locator("iframe").evaluate((frame, html) => (frame.srcdoc = html), readFileSync(single, "utf8"));
        const frame = page.frameLocator("iframe");
        if (how === "srcdoc") await frame.locator("#lab").scrollIntoViewIfNeeded();
        await trains(frame);
        // The whole page trains its first figure as well.
        expect(page.workers()).toHaveLength(how === "src" ? 1 : 2);
        await expect(frame.locator('[data-part="trouble"]')).toBeHidden();
        if (how === "src") return;
        // Such a frame may not write to the clipboard, and has no address; nothing pretends otherwise.
        await frame.getByRole("button", { name: "Copy link" }).click();
        await expect(frame.getByLabel("The link", { exact: true })).toHaveValue("?v=1&t=5");
        await expect(frame.locator('[data-part="said"]')).toHaveText(/marked below\. This copy of the page has no address/);
        const link = await frame.getByLabel("The link", { exact: true }).inputValue();
        await page.goto(`${baseURL}${link}`);
        await trains(page);
      });
    });
  }
});

test("three embeds on a foreign page: each trains when it is seen, none touches the page, frames get their height", async ({ page }) => {
  await page.addInitScript(() => (window.namesBefore = Object.keys(window)));
  await page.goto("www/embed-example.html");
  const own = page.locator("superposition-lab .lab");
  await expect(own).toHaveAttribute("data-phase", "none");
  await page.locator("superposition-lab").scrollIntoViewIfNeeded();
  await expect(own).not.toHaveAttribute("data-phase", "none");
  await trains(page.locator("superposition-lab"));
  await expect(page.locator("#told")).toHaveText(/^memorised after 50000 steps, test loss 1\.\d+$/);

  const frames = page.locator("iframe");
  for (const [index, figures] of [
    [0, 4],
    [1, 1],
  ]) {
    const frame = page.frameLocator("iframe").nth(index);
    await frames.nth(index).scrollIntoViewIfNeeded();
    await ends(frame, TIMEOUT);
    await expect(frame.locator("figure:visible")).toHaveCount(figures); // the article has others
    const height = await frame.locator("body").evaluate((body) => Math.ceil(body.getBoundingClientRect().height));
    await expect(frames.nth(index)).toHaveAttribute("height", String(height));
    expect(await frame.locator("html").evaluate((html) => html.scrollHeight <= innerHeight)).toBe(true);
  }
  // The blog's rules for buttons, figures and fonts stay outside, and ours inside.
  const styles = await page.evaluate(() => {
    const inside = document.querySelector("superposition-lab").shadowRoot;
    const style = (element) => getComputedStyle(element);
    return {
      button: style(inside.querySelector("button")).textTransform,
      border: style(inside.querySelector("figure")).borderTopWidth,
      size: style(inside.querySelector(".status")).fontSize,
      paragraph: style(document.querySelector("p")).fontSize,
    };
  });
  expect(styles).toEqual({ button: "none", border: "0px", size: "15px", paragraph: "18px" });
  // Nothing global; numbers are the frames.
  expect(await page.evaluate(() => Object.keys(window).filter((name) => !window.namesBefore.includes(name) && !/^\d+$/.test(name)))).toEqual(["namesBefore"]);
  // Each frame is a document with landmarks of its own.
  expect(await violations(page, ["landmark-unique"])).toEqual([]);
});

test("an element takes settings from its attributes, follows them, and is let go of with its worker", async ({ page, baseURL }) => {
  await onForeignPage(`<script src="${baseURL}superposition-lab.js"></script>`, async (url) => {
    await page.goto(url);
    await page.evaluate(() => {
      document
        .querySelector("main")
        .insertAdjacentHTML("beforeend", `<superposition-lab scale="classroom" t="3" steps="300" lr="0.002" start="now" figures="losses"></superposition-lab>`);
      window.ends = [];
      document.addEventListener("end", ({ detail }) => window.ends.push(detail));
    });
    const ends = () => page.evaluate(() => window.ends.map(({ step, config }) => [step, config.t, config.n, config.lr]));
    await expect.poll(ends).toEqual([[300, 3, 1000, 0.002]]);
    await page.locator("superposition-lab").evaluate((element) => {
      element.setAttribute("t", "4");
      element.setAttribute("lr", "0.001");
    });
    await expect.poll(ends).toEqual([
      [300, 3, 1000, 0.002],
      [300, 4, 1000, 0.001],
    ]);
    expect(page.workers()).toHaveLength(1);
    // A link is not to the page around it.
    await page.getByText("A link for a class").click();
    await expect(page.getByLabel("The link", { exact: true })).toHaveValue(/^\?v=1&t=4&/);
    await page.locator("superposition-lab").evaluate((element) => element.remove());
    await expect.poll(() => page.workers().length).toBe(0);
  });
});

test("a wrong attribute is told, and nothing starts", async ({ page, baseURL }) => {
  await onForeignPage(`<script src="${baseURL}superposition-lab.js"></script><superposition-lab lr="5" start="now"></superposition-lab>`, async (url) => {
    await page.goto(url);
    await expect(page.locator('superposition-lab [data-error="lr"]')).toHaveText(/5 is out of range/);
    await expect(page.locator('superposition-lab [data-part="trouble"]')).toHaveText(/Nothing was started/);
    await expect(page.locator("superposition-lab .lab")).toHaveAttribute("data-phase", "none");
  });
});

test("every part of the page can be shown alone, by the name that the maker of links offers", async ({ page, context, baseURL }) => {
  test.setTimeout(6 * TIMEOUT); // some fifty addresses
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("?v=1&t=5&step=0");
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", "ready"); // a link tells the step from then on
  await page.locator("#lab").getByText("A link for a class").click();
  const choice = page.getByLabel("It shows");
  await expect(choice).toBeVisible();
  const offered = await choice.locator("option").evaluateAll((options) => options.map(({ value }) => value));
  expect(offered.slice(0, 6)).toEqual(["", "lab", "examples", "features", "losses", "dimensionalities"]);
  for (const name of ["main", "classroom", "in-between", "digits"]) expect(offered).toContain(name);
  const sections = await page.locator("main > section").evaluateAll((all) => all.map(({ id }) => id));
  const link = page.getByLabel("The link", { exact: true });
  /** @type {string[]} */
  const links = [];
  for (const name of offered.slice(1)) {
    await choice.selectOption(name);
    links.push(await link.inputValue());
  }
  await choice.selectOption("losses");
  await page.getByRole("button", { name: "Copy the HTML of a frame" }).click();
  await expect(page.locator('[data-part="said"]')).toHaveText(/HTML of a frame is in the clipboard/);
  const html = await page.evaluate(() => navigator.clipboard.readText());

  for (const [k, address] of links.entries()) {
    const name = offered[k + 1];
    expect(address).toMatch(new RegExp(`^${baseURL}\\?embed=${name}(&v=1&t=5&step=0)?$`));
    await page.goto(address);
    await expect(page.locator(".bar")).toBeHidden();
    // What is there is drawn, and nothing else is.
    if (name === "digits") {
      await expect(page.locator(".explorer canvas")).toBeVisible({ timeout: 30_000 });
      await expect(page.locator("#lab")).toBeHidden();
    } else if (offered.slice(1, 6).includes(name)) {
      await expect(page.locator(".lab canvas")).toHaveCount(name === "lab" ? 4 : 1);
      await expect(page.locator(".lab")).toHaveAttribute("data-phase", "ready");
      await expect(page.locator("#in-between")).toBeHidden();
    } else if (sections.includes(name)) {
      await expect(page.locator("main > section:visible")).toHaveAttribute("id", name);
      // Whatever of its figures is not folded away.
      const open = page.locator(`#${name} .sweep:not(details *)`);
      if (await open.count()) await expect(open.and(page.locator("[data-state=shown]")).first()).toBeVisible({ timeout: 30_000 });
    } else {
      await expect(page.locator(`[data-sweep="${name}"]`)).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
      await expect(page.locator("canvas:visible")).toHaveCount(1);
      await expect(page.locator("#lab")).toBeHidden();
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }

  // The frame works on somebody else's page, and is as high as it says.
  await onForeignPage(html, async (url) => {
    await page.goto(url);
    const frame = page.frameLocator("iframe");
    await expect(frame.locator(".lab canvas")).toHaveCount(1);
    await expect(frame.locator(".lab")).toHaveAttribute("data-phase", "ready", { timeout: TIMEOUT });
    const height = () => frame.locator("body").evaluate((body) => String(Math.ceil(body.getBoundingClientRect().height)));
    await expect.poll(async () => (await page.locator("iframe").getAttribute("height")) === (await height())).toBe(true);
  });
});

test("a part that is not there is told with the names of those that are, and one without runs says so", async ({ page }) => {
  await page.goto("?embed=<b>pentagon");
  await expect(page.getByRole("alert").filter({ hasText: "pentagon" })).toHaveText(
    /^This page has no part “<b>pentagon” .* It has lab, examples, features, losses, dimensionalities, .*main, .*digits, .*end\.$/,
  );
  await page.route("**/sweeps.json*", (route) => route.fulfill({ json: {} }));
  await page.goto("?embed=main");
  await expect(page.getByRole("alert").filter({ hasText: "not stored yet" })).toBeVisible();
});

for (const scheme of ["light", "dark"]) {
  for (const part of ["lab", "losses", "no-such-part"]) {
    test(`axe finds nothing in ?embed=${part}, ${scheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(`?embed=${part}`);
      if (part === "no-such-part") await expect(page.getByRole("alert").filter({ hasText: "no-such-part" })).toBeVisible();
      else await expect(page.locator(".lab")).toHaveAttribute("data-phase", "running");
      await expect(page.locator(".bar")).toBeHidden();
      await expect(page.locator("p.source")).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  }
}

test('an element follows theme="dark" on a light system, also later, and reads flags as links do', async ({ page, baseURL }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await onForeignPage(
    `<script src="${baseURL}superposition-lab.js"></script><script src="${baseURL}superposition-lab.js"></script><superposition-lab scale="classroom" t="3" steps="200" start="now" theme="dark" untied="0" hidden-relu="no" unit-length></superposition-lab>`,
    async (url) => {
      await page.goto(url);
      const element = page.locator("superposition-lab");
      await expect(element.locator(".lab")).toHaveAttribute("data-phase", "finished", { timeout: TIMEOUT });
      const surface = () => element.evaluate((host) => getComputedStyle(host).backgroundColor);
      expect(await surface()).toBe("rgb(20, 22, 26)");
      const { untied, hidden_relu, unit_length } = await element.evaluate((host) => /** @type {any} */ (host).lab.player.config);
      expect([untied, hidden_relu, unit_length]).toEqual([false, false, true]);
      const canvas = () =>
        element
          .locator("canvas")
          .first()
          .evaluate((drawn) => /** @type {HTMLCanvasElement} */ (drawn).toDataURL());
      const dark = await canvas();
      await element.evaluate((host) => host.setAttribute("theme", "light"));
      expect(await surface()).toBe("rgb(255, 255, 255)");
      await expect.poll(canvas).not.toBe(dark);
      await element.evaluate((host) => host.remove());
    },
  );
});

test("an address that names no part shows the page as a whole", async ({ page }) => {
  for (const query of ["?embed=", "?embed=.", "?ref=a;embed=lab"]) {
    await page.goto(query);
    await expect(page.locator("h1").first()).toBeVisible();
    await expect(page.locator("html")).not.toHaveClass(/embedded/);
  }
});

test("a word that an attribute does not know is told, and what it knows beside it is taken", async ({ page, baseURL }) => {
  const wrong = `figures="losses curves" without="walls" scale="class" start="later"`;
  await onForeignPage(`<script src="${baseURL}superposition-lab.js"></script><superposition-lab ${wrong}></superposition-lab>`, async (url) => {
    await page.goto(url);
    const notes = page.locator('superposition-lab [data-part="notes"]');
    for (const [name, word] of Object.entries({ figures: "curves", without: "walls", scale: "class", start: "later" }))
      await expect(notes).toContainText(`${name}: “${word}” is not one of `);
    await expect(page.locator("superposition-lab canvas")).toHaveCount(1);
    await expect(page.locator('superposition-lab [name="n"]')).toHaveValue("10,000");
  });
});

test("attributes that can’t be used are told by name, where no field is shown, too, and a decimal comma stands in its field", async ({ page, baseURL }) => {
  await onForeignPage(
    `<script src="${baseURL}superposition-lab.js"></script><superposition-lab start="now" untied="perhaps" lr="0,001"></superposition-lab>
     <superposition-lab start="never" without="settings" t="abc"></superposition-lab>
     <superposition-lab start="never" t="3"></superposition-lab>`,
    async (url) => {
      await page.goto(url);
      const [wrong, hidden, still] = [0, 1, 2].map((k) => page.locator("superposition-lab").nth(k));
      await expect(wrong.locator('[data-part="notes"]')).toHaveText(/These attributes.*lr: “0,001” is not a number.*untied: “perhaps” is not one of yes, no/);
      await expect(wrong.locator('[name="lr"]')).toHaveValue("0,001");
      await expect(wrong.locator('[data-error="lr"]')).toHaveText(/0\.001/);
      await expect(hidden.locator('[data-part="notes"]')).toHaveText(/t: “abc” is not a number/);
      await still.scrollIntoViewIfNeeded();
      await expect(still.locator('[data-part="status"]')).toHaveText(/Ready/, { timeout: TIMEOUT });
    },
  );
});

test("an element trains on a page that asks for trusted types, and on one that is written from right to left", async ({ page, baseURL }) => {
  await onForeignPage(
    `<script src="${baseURL}superposition-lab.js"></script><div dir="rtl"><superposition-lab scale="classroom" t="3" steps="200" start="now"></superposition-lab></div>`,
    async (url) => {
      await page.goto(url);
      await expect(page.locator("superposition-lab .lab")).toHaveAttribute("data-phase", "finished", { timeout: TIMEOUT });
      expect(page.workers()).toHaveLength(1);
      expect(await page.locator("superposition-lab .lab").evaluate((lab) => getComputedStyle(lab).direction)).toBe("ltr");
    },
    { "content-security-policy": "require-trusted-types-for 'script'" },
  );
});

test("after 20 elements came and went, with a comparison each, no node and no listener stays", async ({ page, baseURL }) => {
  await onForeignPage(`<script src="${baseURL}superposition-lab.js"></script>`, async (url) => {
    await page.goto(url);
    const client = await page.context().newCDPSession(page);
    const round = async () => {
      await page.evaluate(async () => {
        const element = /** @type {any} */ (document.createElement("superposition-lab"));
        for (const [name, value] of Object.entries({ scale: "classroom", t: "3", steps: "20", start: "now" })) element.setAttribute(name, value);
        document.querySelector("main")?.append(element);
        await new Promise((resolve) => element.addEventListener("end", resolve, { once: true }));
        await element.lab.compare();
        element.lab.alone();
        element.remove();
      });
    };
    const kept = async () => {
      await drawn(page);
      for (let k = 0; k < 3; k += 1) await client.send("HeapProfiler.collectGarbage");
      const { nodes, jsEventListeners } = await client.send("Memory.getDOMCounters");
      return [nodes, jsEventListeners];
    };
    for (let k = 0; k < 3; k += 1) await round();
    const before = await kept();
    for (let k = 0; k < 20; k += 1) await round();
    let after = [NaN, NaN];
    await expect(async () => {
      after = await kept();
      expect(after[0] - before[0]).toBeLessThan(100);
      expect(after[1] - before[1]).toBeLessThan(20);
    }).toPass({ timeout: 10_000 });
    console.log(`  nodes and listeners: ${before} after 3, ${after} after 23`);
  });
});

test.describe("without downloads", () => {
  test.use({ expectedErrors: [/Download is disallowed/] });
  test("in a frame that may not save files the report is there as a text, with a sentence", async ({ page, baseURL }) => {
    await onForeignPage(
      `<iframe title="lab" width="900" height="1400" sandbox="allow-scripts" src="${baseURL}superposition.html?embed=lab&v=1&t=3&n=1000&sparsity=0.99&steps=100"></iframe>`,
      async (url) => {
        await page.goto(url);
        const frame = page.frameLocator("iframe");
        await expect(frame.locator(".lab")).toHaveAttribute("data-phase", "finished", { timeout: TIMEOUT });
        await frame.getByRole("button", { name: "Save report" }).click();
        await expect(frame.locator('[data-part="said"]')).toHaveText(/If no file run-T3-step100\.json came/);
        await expect(frame.getByLabel("What the file holds")).toHaveValue(/"steps":\s*100/);
      },
    );
  });
});
