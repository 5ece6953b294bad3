// What do you expect? A reader picks a guess and then sees what happens. Without scripts all of it stands open.
//
//   <div class="predict" data-predict="pick">
//     <p>Question</p>
//     <button type="button" data-guess>One answer</button>
//     <button type="button" data-guess data-right>The right one</button>
//     <div data-reveal>What happens, and why, with words that play it (play.js).</div>
//   </div>

import { all, made, one, say } from "./dom.js";
import { strings } from "./strings.js";

/** @param {ParentNode} root */
export function bindPredictions(root) {
  for (const element of all(root, '[data-predict="pick"]')) pick(element);
}

/** @param {HTMLElement} element */
function pick(element) {
  const guesses = all(element, "[data-guess]");
  const reveal = one(element, "[data-reveal]");
  const said = made(`<p class="guessed" role="status"></p>`);
  reveal.before(said);
  reveal.hidden = true;
  for (const guess of guesses) {
    guess.setAttribute("aria-pressed", "false");
    guess.addEventListener("click", () => {
      for (const other of guesses) {
        other.setAttribute("aria-pressed", String(other === guess));
        other.classList.toggle("right", "right" in other.dataset);
      }
      say(said, "right" in guess.dataset ? strings.guessedRight : strings.guessedWrong);
      reveal.hidden = false;
    });
  }
}
