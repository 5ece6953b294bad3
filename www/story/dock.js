// A small lab beside the text. Words of the prose play in it, so that nobody is taken away from what they read: it lies over a corner of the
// window where the words are not, and takes neither the focus nor the place of the page.

import { made, one, say } from "../dom.js";
import { mountLab } from "../lab/lab.js";
import { perform } from "../play.js";
import { strings } from "./strings.js";

const words = strings.dock;
/** Kept free around what the word stands in, px. */
const GAP = 8;
const CORNERS = ["bottom right", "top right", "bottom left", "top left"];

const markup = () => `
  <section class="dock" aria-label="${words.name}" hidden>
    <header>
      <button type="button" class="dock-title" aria-expanded="true">${words.name}</button>
      <button type="button" data-dock="open">${words.open}</button>
      <button type="button" data-dock="close" aria-label="${words.close}" title="${words.close}">×</button>
    </header>
    <div class="dock-lab"></div>
  </section>`;

export class Dock {
  /** @param {(query: string) => void} open the reader wants the run in the lab; its link's query */
  constructor(open) {
    this.element = made(markup());
    document.body.append(this.element);
    /** @type {HTMLElement | null} */
    this.word = null;
    this.lab = mountLab(one(this.element, ".dock-lab"), { figures: ["examples", "features"], without: ["presets", "settings", "share"], start: "never" });
    // The page has a heading for its lab already.
    one(this.lab.element, "h2").remove();
    this.lab.element.setAttribute("aria-label", words.name);
    this.lab.addEventListener("change", () => this.lab.player.config && say(one(this.element, ".dock-title"), words.title(this.lab.player.config)));
    one(this.element, '[data-dock="open"]').addEventListener("click", () => {
      const query = this.lab.query();
      this.close(false);
      open(query);
    });
    one(this.element, '[data-dock="close"]').addEventListener("click", () => this.close());
    addEventListener("keydown", ({ key }) => key === "Escape" && !this.element.hidden && this.close());
    one(this.element, ".dock-title").addEventListener("click", () => this.fold(!this.element.classList.contains("away")));
    addEventListener("resize", () => this.settle());
    // Once the reader has moved on it is a bar, and hides nothing of what they read then.
    this.watch = new IntersectionObserver((entries) => this.fold(!entries[entries.length - 1].isIntersecting), { rootMargin: "20% 0px" });
  }

  /** @param {boolean} away only its bar is left */
  fold(away) {
    this.element.classList.toggle("away", away);
    one(this.element, ".dock-title").setAttribute("aria-expanded", String(!away));
    if (!away) this.settle();
  }

  /** Plays a word. @param {HTMLElement} word */
  play(word) {
    this.word?.removeAttribute("aria-expanded");
    this.word = word;
    word.setAttribute("aria-expanded", "true");
    // Next in the order of the keys, wherever it lies on the screen.
    let block = word;
    while (block.parentElement && !block.parentElement.matches("main, section, body")) block = block.parentElement;
    if (this.element.previousElementSibling !== block) block.after(this.element);
    this.element.hidden = false;
    this.watch.disconnect();
    this.watch.observe(word);
    this.fold(false);
    return perform(this.lab, word.dataset);
  }

  /** Lies in the first corner in which it hides nothing of what the word speaks of, or the least. */
  settle() {
    const { element, word } = this;
    if (element.hidden || !word) return;
    const told = (word.closest("p, li, .predict") ?? word).getBoundingClientRect();
    const hidden = CORNERS.map((corner) => {
      element.dataset.corner = corner;
      const box = element.getBoundingClientRect();
      const width = Math.min(box.right, told.right) - Math.max(box.left, told.left) + GAP;
      const height = Math.min(box.bottom, told.bottom) - Math.max(box.top, told.top) + GAP;
      return Math.max(0, width) * Math.max(0, height);
    });
    element.dataset.corner = CORNERS[hidden.indexOf(Math.min(...hidden))];
  }

  /** @param {boolean} [back] the focus, if it is inside, goes back to the word */
  close(back = true) {
    const { element, word, lab } = this;
    const inside = element.matches(":focus-within");
    if (lab.player.phase === "running") lab.pause();
    element.hidden = true;
    this.watch.disconnect();
    word?.removeAttribute("aria-expanded");
    if (back && inside) word?.focus({ preventScroll: true });
  }
}
