// The page: its lab, the words in the prose that set it to work, and what loads when the reader comes near.

import { asked, follow } from "./address.js";
import { made, one } from "./dom.js";
import { embeddable, embedded, isolate, labOptions } from "./embed.js";
import { mountLab } from "./lab/lab.js";
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

// The section on digits has a wasm and data of its own. They come when the reader does; without them its prose stands.
const digits = one(document, ".digits-place");
const near = new IntersectionObserver(
  (entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    near.disconnect();
    import("./digits/digits.js").then(({ mountDigits }) => mountDigits(digits), () => {});
  },
  { rootMargin: "600px" },
);
near.observe(digits);

// What shows stored runs loads when they are about to be seen.
const sweeps = one(document, "#sweeps");
const watch = new IntersectionObserver(
  async (entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    watch.disconnect();
    const { mountSweeps } = await import("./sweeps/sweeps.js");
    mountSweeps(sweeps, {
      // A frame that shows one of them needs no other.
      only: embedded === "sweeps" ? undefined : embedded || undefined,
      openInLab: embedded
        ? undefined
        : async (config) => {
            lab.element.scrollIntoView();
            if (await lab.ready) lab.settings.set(config);
          },
    });
    const { drawGuess } = await import("./sweeps/guess.js");
    drawGuess(one(sweeps, '[data-predict="draw"]'));
  },
  { rootMargin: "800px" },
);
watch.observe(sweeps);
