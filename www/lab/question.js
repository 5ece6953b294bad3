// What must a reader confirm before it happens? A question in the page, never a dialog of the browser's.

import { one, say } from "../dom.js";
import { strings } from "./strings.js";

export class Question {
  /** @param {HTMLElement} box @param {() => void} onanswer before what was confirmed happens */
  constructor(box, onanswer) {
    this.box = box;
    this.words = one(box, '[data-part="question-text"]');
    this.button = one(box, '[data-part="question-yes"]');
    /** @type {(() => void) | null} */
    this.confirmed = null;
    const answer = (/** @type {(() => void) | null} */ then) => {
      this.withdraw();
      onanswer();
      then?.();
    };
    this.button.addEventListener("click", () => answer(this.confirmed));
    one(box, '[data-part="question-no"]').addEventListener("click", () => answer(null));
  }

  /** What a yes says. */
  get yes() {
    return this.button.textContent;
  }

  /** @param {string} words @param {() => void} then @param {string} [yes] */
  ask(words, then, yes) {
    const opens = this.box.hidden;
    this.confirmed = then;
    say(this.button, yes ?? strings.still.yes);
    say(this.words, words);
    this.box.hidden = false;
    // Only for a reader who is at work here: a lab takes the focus from nothing else on the page.
    if (opens && this.box.closest(".lab")?.matches(":focus-within")) this.button.focus();
  }

  withdraw() {
    this.confirmed = null;
    say(this.button, strings.still.yes);
    this.box.hidden = true;
  }
}
