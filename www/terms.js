// What does a word mean, or a number behind it? Such a word is a link to its definition, a note or a source at the end of the
// page, which comes to whoever points at it, reaches it with the keys or touches it. Without scripts the link leads there.
//
//   <a class="term" href="#w-seed">seed</a> … <dd id="w-seed">What a run’s random numbers follow from.</dd>

import { all, made, one } from "./dom.js";

/** The pointer rests so long before anything opens, and may be away so long before it closes. */
const REST_MS = 150;
const AWAY_MS = 250;
/** Px to the edge of the window and to the word. */
const EDGE = 8;

/** @param {Document} page */
export function bindTerms(page) {
  const box = made(`<div class="gloss" popover="manual" role="tooltip"></div>`);
  if (!("popover" in box)) return;
  one(page, "main").append(box);
  let waiting = 0;
  /** The word whose meaning is open. @type {HTMLElement | null} */
  let open = null;

  /** Below the word, or above where there is no room. */
  const place = () => {
    if (!open) return;
    const [at] = open.getClientRects(); // the first of its lines
    const { width, height } = box.getBoundingClientRect();
    const below = at.bottom + EDGE;
    box.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE))}px`;
    box.style.top = `${below + height + EDGE > innerHeight ? Math.max(EDGE, at.top - height - EDGE) : below}px`;
  };
  /** @param {HTMLElement} word @param {Element} meaning */
  const show = (word, meaning) => {
    clearTimeout(waiting);
    open = word;
    box.replaceChildren(...[...meaning.childNodes].map((node) => node.cloneNode(true)));
    for (const back of all(box, ".back")) back.remove();
    box.showPopover();
    place();
  };
  const hide = () => {
    clearTimeout(waiting);
    open = null;
    box.hidePopover();
  };
  const later = (/** @type {() => void} */ task, /** @type {number} */ ms) => {
    clearTimeout(waiting);
    waiting = window.setTimeout(task, ms);
  };

  for (const word of all(page, "a.term, a.cite, a.note")) {
    const id = /** @type {HTMLAnchorElement} */ (word).hash.slice(1);
    const meaning = page.getElementById(id);
    if (!meaning) continue;
    word.setAttribute("aria-describedby", id);
    let touched = false;
    word.addEventListener("pointerdown", ({ pointerType }) => (touched = pointerType === "touch" && open !== word));
    word.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && later(() => show(word, meaning), REST_MS));
    word.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && later(hide, AWAY_MS));
    word.addEventListener("focus", () => word.matches(":focus-visible") && show(word, meaning));
    word.addEventListener("blur", () => open === word && hide());
    word.addEventListener("click", (event) => {
      // The first touch opens, a second one leads there.
      if (touched) event.preventDefault();
      if (touched) show(word, meaning);
      else hide();
      touched = false;
    });
  }
  box.addEventListener("pointerenter", () => clearTimeout(waiting));
  box.addEventListener("pointerleave", () => later(hide, AWAY_MS));
  page.addEventListener("keydown", ({ key }) => key === "Escape" && open && hide());
  page.addEventListener("pointerdown", ({ target }) => open && target instanceof Node && !open.contains(target) && !box.contains(target) && hide());
  // A word that is reached with the keys may come into view only then.
  page.addEventListener("scroll", place, { passive: true });
}
