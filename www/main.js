// The page: its story, its lab, the words in the prose that set a lab to work, and what loads when the reader comes near.

import { arrived, asked, follow } from "./address.js";
import { all, made, one, say } from "./dom.js";
import { embeddable, embedded, isolate, labOptions } from "./embed.js";
import { whenNear } from "./near.js";
import { keepCopy } from "./offline.js";
import { once } from "./once.js";
import { bindWords } from "./play.js";
import { bindPredictions } from "./predict.js";
import { bindBar } from "./story/bar.js";
import { mountHero } from "./story/hero.js";
import { bindPlaces, goTo, hold } from "./story/places.js";
import { mountTabs, sizeSwitches } from "./story/tabs.js";
import { strings } from "./strings.js";
import { bindTerms } from "./terms.js";
import { load, missing } from "./wasm.js";

const view = asked();
const present = view.present && !embedded;
// A sweep for a projector is as large as the screen by itself.
document.documentElement.classList.toggle("present", view.present && !view.swept);
const part = isolate();

/** Whether the trainer works here; a part that stands alone asks for itself. */
const works =
  part || missing()
    ? Promise.resolve(false)
    : load().then(
        () => true,
        () => false,
      );

const home = one(document, "#lab-section");
/** The lab. It is large, and built once somebody comes near it or wants it. */
const theLab = once(build);

async function build() {
  const place = one(document, "#lab");
  try {
    const { mountLab } = await import("./lab/lab.js");
    const lab = mountLab(place, { ...labOptions(view), embeds: embeddable });
    // The section has a heading.
    if (!embedded) one(lab.element, "h2").remove();
    lab.note(view.notes);
    follow(lab, view);
    return lab;
  } catch (error) {
    const notice = made(`<p class="notice" role="alert"></p>`);
    say(notice, strings.noLab(error instanceof Error ? error.message : String(error)));
    place.replaceChildren(notice);
    throw error;
  }
}

/** Takes the reader to the lab, and has it do something. @param {(lab: import("./lab/lab.js").Lab) => void} task */
async function inLab(task) {
  const lab = await theLab().catch(() => null);
  if (!lab) return goTo(home); // where it says why
  if (!(await lab.ready)) return;
  task(lab);
  goTo(home, lab.part("start"));
}

/** Takes the reader to the lab, and trains a run there. @param {Partial<wasm_bindgen.Config>} config */
const trainInLab = (config) => inLab((lab) => (lab.settings.set({ ...lab.settings.base, ...config }), lab.run()));

// A sweep of the reader's own loads when it is opened, by a press or by a link; if it can't, the next opening tries again.
/** @type {HTMLDetailsElement} */
const own = one(document, "#sweep-yourself");
own.addEventListener("toggle", async function open() {
  if (!own.open) return;
  own.removeEventListener("toggle", open);
  const place = one(own, ".own-place");
  try {
    const [{ mountClass }, lab] = await Promise.all([import("./class/class.js"), theLab()]);
    await mountClass(place, lab, trainInLab, view.swept && present);
    if (view.swept) hold(own);
  } catch (error) {
    const notice = made(`<p class="notice" role="alert"></p>`);
    say(notice, strings.noSweep(error instanceof Error ? error.message : String(error)));
    place.replaceChildren(notice);
    own.addEventListener("toggle", open);
  }
});
own.open ||= view.swept;

// A link to a run, or a frame that shows a lab, wants it at once.
if (view.asked) theLab().catch(() => {});
else if (!part) whenNear(home, 1500, theLab);

if (!embedded) {
  for (const place of all(document, '[data-story="tabs"]')) mountTabs(place);
  bindBar(one(document, ".bar"));
  bindPlaces();
  // A link to a run leads to the lab, unless it names another place.
  if (arrived() && !location.hash && (view.linked || view.swept)) hold(view.swept ? own : home);
  const dock = once(async () => new (await import("./story/dock.js")).Dock((query) => inLab((lab) => (lab.take(query), lab.run()))));
  bindWords(document, async (word) => (await dock()).play(word));
}
bindPredictions(document);
bindTerms(document);
keepCopy();

// Where nothing can be trained, readers see what readers without scripts see.
works.then((trains) => {
  if (trains || embedded) return;
  for (const hidden of all(document, ".hero .without")) hidden.classList.remove("without");
});

// Whoever arrives further down has not come for the first figure.
const hero = one(document, '[data-story="hero"]');
if (!part && !present) whenNear(hero, 0, async () => mountHero(hero, { open: trainInLab, linked: view.linked || view.swept }));

// Figures of closed forms load by themselves.
for (const place of all(document, '[data-story="tgon"]'))
  import("./story/tgon.js").then(
    ({ mount }) => mount(place),
    () => {},
  );
for (const place of all(document, '[data-story="fgon"]'))
  import("./story/fgon.js").then(
    ({ mount }) => mount(place),
    () => {},
  );

// What an input looks like. What draws it is large, and not wanted while a reader watches the first figure.
const inputs = one(document, ".inputs-place");
whenNear(inputs, 200, async () => (await import("./inputs/inputs.js")).mountInputs(inputs, one(document, ".sparsity")));

// The section on digits has a wasm and data of its own. They come when the reader does; without them its prose stands.
const digits = one(document, ".digits-place");
whenNear(digits, 600, async () => (await import("./digits/digits.js")).mountDigits(digits));

// The places of figures of stored runs come early, so that nothing moves where a reader goes next; each figure loads when it is about
// to be seen.
async function showSweeps() {
  const { mountSweeps } = await import("./sweeps/sweeps.js");
  const figures = await mountSweeps(part ?? document, {
    // A frame that shows one of them needs no other.
    only: part?.dataset.sweep,
    openInLab: embedded ? undefined : trainInLab,
  });
  for (const place of all(document, '[data-story="tabs"]')) sizeSwitches(place);
  const { mountMiddle } = await import("./story/middle.js");
  mountMiddle(one(document, '[data-story="middle"]'), figures);
}
if (!part)
  works.then(showSweeps).catch(() => {}); // without it the prose stands
else if (part.matches(":is([data-sweep], :has([data-sweep]))")) whenNear(part, 800, showSweeps);

const guess = one(document, '[data-predict="draw"]');
whenNear(guess, 800, async () => (await import("./sweeps/guess.js")).drawGuess(guess));

// Nothing has stopped it (first.js), even if it comes late.
document.documentElement.classList.add("scripts", "works");
