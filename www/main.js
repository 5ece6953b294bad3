// The page: its lab, the words in the prose that set it to work, and what loads when the reader comes near.

import { asked, follow } from "./address.js";
import { made, one } from "./dom.js";
import { embeddable, embedded, isolate, labOptions } from "./embed.js";
import { mountLab } from "./lab/lab.js";
import { whenNear } from "./near.js";
import { keepCopy } from "./offline.js";
import { bindWords } from "./play.js";
import { bindPredictions } from "./predict.js";
import { bindTerms } from "./terms.js";

const view = asked();
document.documentElement.classList.toggle("present", view.present);
isolate();
const lab = mountLab(one(document, "#lab"), { ...labOptions(view), embeds: embeddable });
lab.note(view.notes);
follow(lab, view);

bindWords(document, lab);
bindPredictions(document);
bindTerms(document);
keepCopy();

// Where the lab can't work, readers see what readers without scripts see.
lab.ready.then((works) => {
  const still = one(document, "#still");
  if (!works && !embedded) still.replaceWith(made(still.textContent ?? ""));
});

/** Is its beginning on the screen? @param {Element} element */
function visible(element) {
  const { top } = element.getBoundingClientRect();
  return top >= -1 && top < innerHeight;
}

// What an input looks like. What draws it is large, and not wanted while a reader watches the lab.
whenNear(one(document, ".inputs-place"), 200, async () => {
  const { mountInputs } = await import("./inputs/inputs.js");
  await mountInputs(one(document, ".inputs-place"), one(document, ".sparsity"));
});

// The section on digits has a wasm and data of its own. They come when the reader does; without them its prose stands.
const digits = one(document, ".digits-place");
whenNear(digits, 600, async () => (await import("./digits/digits.js")).mountDigits(digits));

// The places of figures of stored runs come once the lab has begun, so that nothing moves where a reader goes next; each figure
// loads when it is about to be seen.
const sweeps = one(document, "#sweeps");
async function showSweeps() {
  const { mountSweeps } = await import("./sweeps/sweeps.js");
  const target = document.getElementById(location.hash.slice(1));
  const seen = target && visible(target);
  await mountSweeps(sweeps, {
    // A frame that shows one of them needs no other.
    only: embedded === "sweeps" ? undefined : embedded || undefined,
    openInLab: embedded
      ? undefined
      : async (config) => {
          lab.element.scrollIntoView();
          if (await lab.ready) lab.settings.set(config);
        },
  });
  // The address names a place below them.
  if (target && seen && !visible(target)) target.scrollIntoView();
}
// In a frame only where they are what it shows.
if (embedded) whenNear(sweeps, 800, showSweeps);
else lab.ready.then(showSweeps).catch(() => {}); // without it the prose stands

const guess = one(sweeps, '[data-predict="draw"]');
whenNear(guess, 800, async () => (await import("./sweeps/guess.js")).drawGuess(guess));
