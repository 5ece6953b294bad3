// Can the page be translated? Whatever a reader meets is in index.html, in a strings.js, or said by Rust: with all strings marked,
// everything on the page but the words of index.html has marks.
import { readFileSync } from "node:fs";
import { expect, settled, test } from "./fixtures.js";
import { reader, showSweep } from "./runs.js";

const SOURCES = "../..";

/** A strings module whose every text, also what its functions say, stands between marks. @param {string} source */
const marked = (source) => `${source.replace("export const strings =", "const translated =")}
const mark = (value, key) =>
  typeof value === "string" ? (key === "key" ? value : "⟦" + value + "⟧")
  : typeof value === "function" ? (...all) => mark(value.apply(null, all))
  : value && typeof value === "object" ? (Array.isArray(value) ? value.map((item) => mark(item)) : Object.fromEntries(Object.entries(value).map(([k, item]) => [k, mark(item, k)])))
  : value;
export const strings = mark(translated);`;

/**
 * Words outside of marks. Not those of options, which are values that links and files name, nor what Rust says in figures.
 * @param {Element} root
 */
function unmarked(root) {
  const found = [];
  const RUST = "canvas, table, .readout, .reader, .measured, .gon-verdict";
  const OF_RUST = ".figure, [data-story], .inputs-place";
  const WORD = /\p{L}{2,}/u;
  const isRust = (/** @type {Element | null | undefined} */ element) => element?.matches(RUST) && element.closest(OF_RUST);
  let depth = 0;
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    if (node instanceof Element) {
      for (const name of ["aria-label", "aria-valuetext", "title", "alt", "placeholder"]) {
        const value = node.getAttribute(name);
        if (value && WORD.test(value) && !value.includes("⟦") && !(isRust(node) && (name === "aria-valuetext" || node.matches("canvas"))))
          found.push(`${name}: ${value}`);
      }
      continue;
    }
    const text = node.textContent ?? "";
    const outside = [...text].filter((c) => {
      depth += c === "⟦" ? 1 : 0;
      const kept = depth === 0;
      depth -= c === "⟧" ? 1 : 0;
      return kept;
    });
    const { parentElement } = node;
    if (WORD.test(outside.join("")) && !parentElement?.closest("option, .without, style, script") && !isRust(parentElement?.closest(RUST)))
      found.push(text.trim());
  }
  return found;
}

test("all words of the page are in index.html and in the strings files, or are Rust's", async ({ page }) => {
  await page.route("**/www/**", (route) => {
    const path = SOURCES + new URL(route.request().url()).pathname;
    return path.endsWith("strings.js") ? route.fulfill({ contentType: "text/javascript", body: marked(readFileSync(path, "utf8")) }) : route.fulfill({ path });
  });
  // The built page names its files by their content; the source has the modules one by one.
  await page.route(
    ({ pathname }) => pathname === "/",
    (route) => route.fulfill({ contentType: "text/html", path: `${SOURCES}/index.html` }),
  );
  await page.goto("?v=1&t=5&n=1000&sparsity=0.99&steps=300&b.reduction=sum&walls=1&lr=7");
  await expect(page.locator(".lab")).toHaveAttribute("data-phase", "finished", { timeout: 30_000 });
  await settled(page);
  await page.locator(".advanced summary").click();
  for (const summary of await page.locator(".lab .numbers summary").all()) await summary.click();
  await page.locator("#lab summary").filter({ hasText: "A link for a class or an article" }).click();
  await page.locator('[name="steps"]').fill("none");
  await page.locator('[name="steps"]').blur();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.locator('.lab [data-figure="examples"] .reader').first().focus();
  await page.keyboard.press("ArrowRight");
  const lab = await page.locator(".lab").evaluate(unmarked);
  // Formats, settings as links and files name them, and symbols, which are the same in every language.
  const symbols = /^(PNG|SVG|CSV|mean|sum|no|h\d|W\d)$/;
  expect(lab.filter((words) => !symbols.test(words))).toEqual([]);

  await page.locator("#sweep-yourself > summary").click();
  await expect(page.locator(".own .counts")).toHaveText(/^⟦.+⟧$/, { timeout: 30_000 });
  for (const [name, value] of [
    ["t", "three"],
    ["shares", "none"],
    ["codes", "hello"],
  ])
    await page.locator(`.own [name="${name}"]`).fill(value);
  await page.locator('.own [data-part="take"]').click();
  await expect(page.locator('.own [data-error="t"]')).toHaveText(/^⟦.+⟧$/);
  expect((await page.locator(".own").evaluate(unmarked)).filter((words) => !symbols.test(words))).toEqual([]);

  await page.locator("#task").scrollIntoViewIfNeeded();
  await expect(page.locator(".inputs-place")).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
  await page.locator(".inputs-place .numbers summary").click();
  await page.locator(".inputs-place .reader").focus();
  await page.keyboard.press("ArrowRight");
  expect((await page.locator(".inputs-place").evaluate(unmarked)).filter((words) => !symbols.test(words))).toEqual([]);

  await page.locator('[data-predict="pick"] [data-guess]').first().click();
  await expect(page.locator(".guessed").first()).toHaveText(/^⟦.+⟧$/);
  await page.locator("#in-between").scrollIntoViewIfNeeded();
  await expect(page.locator('[data-sweep="main"]')).toBeVisible({ timeout: 30_000 });
  await reader(await showSweep(page)).focus();
  for (const key of ["ArrowRight", "Enter"]) await page.keyboard.press(key);
  await expect(page.locator(".chosen[data-state=stored]")).toBeVisible({ timeout: 30_000 });
  expect((await page.locator('[data-sweep="main"] .sweep-plot').evaluate(unmarked)).filter((words) => !symbols.test(words))).toEqual([]);
  expect((await page.locator(".chosen").first().evaluate(unmarked)).filter((words) => !symbols.test(words))).toEqual([]);

  for (const name of ["tgon", "fgon"]) {
    await page.evaluate(async (name) => {
      const place = Object.assign(document.createElement("div"), { id: `story-${name}` });
      place.dataset.story = name;
      document.body.prepend(place);
      (await import(`/www/story/${name}.js`)).mount(place);
      place.scrollIntoView();
    }, name);
    const place = page.locator(`#story-${name}`);
    await expect(place).toHaveAttribute("data-state", "shown", { timeout: 30_000 });
    expect((await place.evaluate(unmarked)).filter((words) => !symbols.test(words))).toEqual([]);
  }

  await page.locator("#digits").scrollIntoViewIfNeeded();
  await expect(page.locator(".explorer canvas")).toBeVisible({ timeout: 30_000 });
  expect((await page.locator(".digits-place").evaluate(unmarked)).filter((words) => !symbols.test(words))).toEqual([]);
});
