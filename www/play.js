// What can a word of the prose do in a lab? Start a run, go to a step, play a range of steps, mark a vector, put a second run beside.
// The reader stays where they are: the lab comes to them (story/dock.js).
//
//   <button type="button" class="play" data-t="10" data-scale="paper" data-paper='{"init_seed":1}'>T = 10</button>
//
// data-t          trains T examples ("inf" for ∞); without it the word speaks of the run that is there
// data-scale      at this scale, "paper" or "classroom"; without it at the reader's
// data-paper      settings of its own at that scale, as JSON; data-classroom likewise
// data-step       shows this step, as soon as the run has reached it
// data-from       plays from this step …
// data-to         … up to this one, or to the end
// data-speed      at this speed: slowest, slow, normal, fast (lab/timeline.js)
// data-example    marks this example, counted from 1; data-feature likewise
// data-beside     puts a run beside it whose settings differ by these, as JSON
//
// A word with a step or a range trains nothing that is there already: it goes through the run's history.

import { all } from "./dom.js";
import { same } from "./lab/state.js";

/** What the last word is up to: a word that is pressed later takes its place. @type {object | null} */
let present = null;

/** @param {ParentNode} root @param {(word: HTMLElement) => void} play */
export function bindWords(root, play) {
  for (const word of all(root, "button.play")) word.addEventListener("click", () => play(word));
}

/** @param {string | undefined} json */
const parsed = (json) => (json ? JSON.parse(json) : undefined);

/** Does what the attributes say. @param {import("./lab/lab.js").Lab} lab @param {DOMStringMap} word */
export async function perform(lab, { t, scale, paper, classroom, step, from, to, speed, example, feature, beside }) {
  const own = {};
  present = own;
  if (!(await lab.ready)) return;
  const ranged = step !== undefined || from !== undefined;
  if (t !== undefined) {
    lab.alone();
    const preset = {
      ...(scale && { scale: /** @type {any} */ (scale) }),
      ...(paper && { paper: parsed(paper) }),
      ...(classroom && { classroom: parsed(classroom) }),
    };
    lab.settings.preset(t === "inf" ? "inf" : Number(t), Object.keys(preset).length ? preset : undefined);
    const config = lab.follow();
    if (!(ranged && same(config, lab.player.config) && lab.player.alive)) lab.run();
    // A run that has not started would not start any more once another takes its place beside it.
    const started = () => same(config, lab.player.config) && lab.player.alive && !lab.player.creating && lab.player.phase !== "ready";
    if (!config || !(await until(lab, own, started))) return;
  }
  if (beside) await lab.compare(parsed(beside));
  const marked = { ...(example && { example: Number(example) - 1 }), ...(feature && { feature: Number(feature) - 1 }) };
  if (Object.keys(marked).length) lab.view.pin(marked, true);
  if (!ranged) return;
  const { player } = lab;
  const known = () => player.snapshots.items.at(-1)?.step ?? -1;
  const goal = Number(step ?? from);
  const reached = () => known() >= goal || player.ended;
  if (!reached() && player.phase !== "running") lab.run();
  if (!(await until(lab, own, reached))) return;
  if (step !== undefined) lab.timeline.go(goal);
  else lab.timeline.play(goal, to === undefined ? undefined : Number(to), /** @type {any} */ (speed ?? "normal"));
}

/** Waits for the lab; false if another word was pressed meanwhile. @param {import("./lab/lab.js").Lab} lab @param {object} own @param {() => boolean} condition */
async function until(lab, own, condition) {
  while (present === own && !condition()) await new Promise((resolve) => lab.addEventListener("change", resolve, { once: true }));
  return present === own;
}
