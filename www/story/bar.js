// The bar at the top: contents, theme, sharing, code.

import { all, one, say } from "../dom.js";
import { strings } from "./strings.js";

const words = strings.bar;
const THEMES = ["system", "light", "dark"];
const SAID_MS = 6000;

/** The repository of a page that GitHub serves. */
function repository() {
  const owner = /^([\w-]+)\.github\.io$/.exec(location.hostname)?.[1];
  const name = location.pathname.split("/")[1];
  return owner && name ? `https://github.com/${owner}/${name}` : "";
}

/** @param {HTMLElement} bar */
export function bindBar(bar) {
  contents(bar);
  theme(one(bar, '[data-bar="theme"]'));
  const said = one(bar, '[data-bar="said"]');
  one(bar, '[data-bar="share"]').addEventListener("click", () => share(said));
  const home = repository();
  if (home) {
    /** @type {HTMLAnchorElement} */ (one(bar, '[data-bar="code"]')).href = home;
    /** @type {HTMLAnchorElement} */ (one(bar, '[data-bar="report"]')).href = `${home}/issues/new`;
  }
}

/** The part that is read is marked; on narrow screens the list is a sheet that a button opens. @param {HTMLElement} bar */
function contents(bar) {
  const button = one(bar, ".contents-button");
  const links = all(bar, "#contents a").map((link) => /** @type {HTMLAnchorElement} */ (link));
  const open = (/** @type {boolean} */ wanted) => {
    bar.classList.toggle("open", wanted);
    button.setAttribute("aria-expanded", String(wanted));
  };
  button.addEventListener("click", () => open(!bar.classList.contains("open")));
  one(bar, "#contents").addEventListener("click", ({ target }) => target instanceof HTMLAnchorElement && open(false));
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !bar.classList.contains("open")) return;
    open(false);
    button.focus();
  });
  addEventListener("pointerdown", ({ target }) => target instanceof Node && !bar.contains(target) && open(false));

  // What lies on a line a third below the top is what is read.
  /** @type {Set<string>} */
  const reached = new Set();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) reached[isIntersecting ? "add" : "delete"](`#${target.id}`);
      // Where two meet, the one that begins there.
      const current = links.filter(({ hash }) => reached.has(hash)).at(-1);
      for (const link of links) {
        if (link === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-33% 0px -66% 0px" },
  );
  for (const { hash } of links) {
    const part = document.getElementById(hash.slice(1));
    if (part) watch.observe(part);
  }
}

/** @param {HTMLElement} button */
function theme(button) {
  const root = document.documentElement;
  const show = () => button.setAttribute("aria-label", words.themes[root.dataset.theme ?? "system"]);
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "system") + 1) % THEMES.length];
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // Not kept, then.
    }
    show();
    dispatchEvent(new Event("theme"));
  });
  show();
}

/** @param {HTMLElement} said */
async function share(said) {
  const data = { title: document.title, url: location.href };
  const touch = matchMedia("(pointer: coarse)").matches;
  try {
    if (touch && navigator.canShare?.(data)) return await navigator.share(data);
    await navigator.clipboard.writeText(location.href);
    say(said, words.copied);
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return;
    say(said, words.notCopied);
  }
  setTimeout(() => say(said, ""), SAID_MS);
}
