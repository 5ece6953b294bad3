// Where is a reader, and how do they come back? Headings and figures have links to themselves, an address with a place opens what
// is folded around it, and whoever is taken elsewhere by the page can return.

import { all, made, one, say } from "../dom.js";
import { decoded } from "../query.js";
import { RENAMED } from "./renamed.js";
import { strings } from "./strings.js";

/** After so long whatever loads has loaded. */
const HOLD_MS = 5000;

/** Opens everything around an element that may be folded. @param {Element} element */
function unfold(element) {
  for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
    // A tab shows itself, and so does a figure of the other size (tabs.js).
    if (at.matches(".tab, .sweep")) at.dispatchEvent(new Event("reveal"));
  }
}

/** The element of a place's name, by today's or by an earlier one. @param {string} id */
const placeOf = (id) => document.getElementById(RENAMED[id] ?? id);

/** Goes to what the address names, if it names a place. */
function follow() {
  const target = placeOf(decoded(location.hash.slice(1)));
  if (!target) return;
  unfold(target);
  hold(target);
}

let release = () => {};

/** Keeps a place where it is on the screen while what stands above it loads, until the reader moves. @param {Element} target */
export function hold(target) {
  release();
  target.scrollIntoView();
  const sizes = new ResizeObserver(() => target.scrollIntoView());
  sizes.observe(one(document, "main"));
  const moves = ["wheel", "touchstart", "pointerdown", "keydown"];
  const end = () => {
    sizes.disconnect();
    clearTimeout(patience);
    for (const move of moves) removeEventListener(move, end);
  };
  const patience = setTimeout(end, HOLD_MS);
  for (const move of moves) addEventListener(move, end, { passive: true });
  release = end;
}

/** Adds what a page without scripts does without. */
export function bindPlaces() {
  for (const place of all(document, "[data-sweep]")) place.id ||= `fig-${place.dataset.sweep}`;
  for (const heading of all(document, "main h2, main h3")) {
    // A summary is pressed to open it, so that its link would be one control in another.
    if (heading.closest("summary") || heading.closest("[data-figure]")) continue;
    const place = heading.id ? heading : heading.closest("[id]");
    if (place) heading.append(" ", Object.assign(made(`<a class="self"></a>`), { href: `#${place.id}`, ariaLabel: strings.linkTo(heading.textContent ?? "") }));
  }
  // An entry of the history that bears a mark has been here before: the browser puts the reader where they were.
  const mark = () => {
    try {
      history.replaceState(history.state ?? { seen: true }, "");
    } catch {
      // A frame without an origin of its own has no history to mark.
    }
  };
  addEventListener("hashchange", () => {
    if (history.state) return;
    follow();
    mark();
  });
  mark();
  if (location.hash) follow();
}

/** @type {{from: Element | null, y: number, box: HTMLElement}[]} */
const trail = [];

/**
 * Takes the reader to another place of the page. The browser's Back brings them back, and so does a button.
 * @param {HTMLElement} target with an id @param {HTMLElement} [focus] what gets the focus there
 */
export function goTo(target, focus = target) {
  const [from, y] = [document.activeElement, scrollY];
  try {
    history.pushState({ place: target.id }, "", `${location.pathname}${location.search}#${target.id}`);
  } catch {
    // A frame without an origin of its own keeps its history.
  }
  unfold(target);
  hold(target);
  focus.focus({ preventScroll: true });
  const box = made(`<p class="way-back"><button type="button"></button></p>`);
  say(one(box, "button"), strings.back);
  one(box, "button").addEventListener("click", () => history.back());
  trail.at(-1)?.box.remove();
  document.body.append(box);
  trail.push({ from, y, box });
}

addEventListener("popstate", () => {
  const last = trail.pop();
  if (!last) return;
  release();
  last.box.remove();
  if (last.from instanceof HTMLElement) last.from.focus({ preventScroll: true });
  // Not every browser brings back the place, and one that does comes first.
  requestAnimationFrame(() => scrollTo({ top: last.y, behavior: "instant" }));
});
