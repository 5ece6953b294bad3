// The page: its story, its lab, the words in the prose that set a lab to work, and what loads when the reader comes near.

import { asked, follow } from "./address.js";
import { all, one } from "./dom.js";
import { embeddable, embedded, isolate, labOptions } from "./embed.js";
import { mountLab } from "./lab/lab.js";
import { take } from "./lab/linked.js";
import { whenNear } from "./near.js";
import { keepCopy } from "./offline.js";
import { bindWords } from "./play.js";
import { bindPredictions } from "./predict.js";
import { readQuery } from "./query.js";
import { bindBar } from "./story/bar.js";
import { mountHero } from "./story/hero.js";
import { bindPlaces, goTo, hold } from "./story/places.js";
import { mountTabs, sizeSwitches } from "./story/tabs.js";
import { bindTerms } from "./terms.js";

const view = asked();
const present = view.present && !embedded;
document.documentElement.classList.toggle("present", view.present);
const part = isolate();

const home = one(document, "#lab-section");
const lab = mountLab(one(document, "#lab"), { ...labOptions(view), embeds: embeddable });
// The section has a heading.
if (!embedded) one(lab.element, "h2").remove();
lab.note(view.notes);
follow(lab, view);

/** Takes the reader to the lab, and has it do something. @param {() => void} task */
async function inLab(task) {
  if (!(await lab.ready)) return;
  task();
  goTo(home, lab.part("start"));
}

if (!embedded) {
  for (const place of all(document, '[data-story="tabs"]')) mountTabs(place);
  bindBar(one(document, ".bar"));
  bindPlaces();
  // A link to a run leads to the lab, unless it names another place.
  const [arrival] = performance.getEntriesByType("navigation");
  const anew = /** @type {PerformanceNavigationTiming | undefined} */ (arrival)?.type === "navigate";
  if (anew && !location.hash && ["v", "t"].some((key) => readQuery(location.search).given.has(key))) hold(home);
  /** @type {Promise<import("./story/dock.js").Dock> | null} */
  let dock = null;
  const built = () => import("./story/dock.js").then(({ Dock }) => new Dock((query) => inLab(() => (take(lab, query), lab.run()))));
  bindWords(document, async (word) => (await (dock ??= built())).play(word));
}
bindPredictions(document);
bindTerms(document);
keepCopy();

// Where the lab can't work, readers see what readers without scripts see.
lab.ready.then((works) => {
  if (works || embedded) return;
  for (const hidden of all(document, ".hero .without")) hidden.classList.remove("without");
});

// Whoever arrives further down has not come for the first figure.
const hero = one(document, '[data-story="hero"]');
if (!part && !present) whenNear(hero, 0, async () => mountHero(hero, { open: (config) => inLab(() => (lab.settings.set(config), lab.run())) }));

// Figures of closed forms load by themselves.
for (const place of all(document, '[data-story="tgon"]')) import("./story/tgon.js").then(({ mount }) => mount(place), () => {});
for (const place of all(document, '[data-story="fgon"]')) import("./story/fgon.js").then(({ mount }) => mount(place), () => {});

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
    openInLab: embedded ? undefined : (config) => inLab(() => lab.settings.set(config)),
  });
  for (const place of all(document, '[data-story="tabs"]')) sizeSwitches(place);
  const { mountMiddle } = await import("./story/middle.js");
  mountMiddle(one(document, '[data-story="middle"]'), figures);
}
if (!part) lab.ready.then(showSweeps).catch(() => {}); // without it the prose stands
else if (part.matches(":is([data-sweep], :has([data-sweep]))")) whenNear(part, 800, showSweeps);

const guess = one(document, '[data-predict="draw"]');
whenNear(guess, 800, async () => (await import("./sweeps/guess.js")).drawGuess(guess));

// Nothing has stopped it (first.js), even if it comes late.
document.documentElement.classList.add("scripts", "works");
