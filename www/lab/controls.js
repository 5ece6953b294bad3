// What do the buttons of a lab do, and what do they and the line below them say? Both follow from the player's phase.

import { all, enable, heedless, say, still } from "../dom.js";
import { same } from "./state.js";
import { SPEEDS } from "./timeline.js";
import { strings } from "./strings.js";

/** Words below a live run change at most this often, so that they can be read. */
const WORDS_MS = 400;

/** @param {import("./lab.js").Lab} lab whose settings are there */
export function bindControls(lab) {
  const { settings, element } = lab;
  heedless(element);
  const click = (/** @type {string} */ name, /** @type {() => void} */ task) => lab.part(name).addEventListener("click", task);
  click("start", () => {
    if (lab.player.creating) return;
    if (lab.timeline.playing) lab.timeline.stop();
    else if (lab.player.phase === "running") lab.pause();
    else if (recorded(lab)) lab.timeline.play();
    else lab.run();
  });
  click("reset", () => lab.reset());
  click("next-init", () => {
    settings.next("init_seed");
    lab.part("start").focus();
    lab.run();
  });
  click("restore", () => lab.restore());
  click("compare", () => (lab.beside ? lab.alone() : lab.compare()));

  for (const button of all(element, "[data-steps]")) button.addEventListener("click", () => lab.fewSteps(Number(button.dataset.steps)));
  /** @type {HTMLSelectElement} */
  const speed = lab.part("speed");
  speed.addEventListener("change", () => {
    const { timeline } = lab;
    timeline.speed = /** @type {keyof typeof SPEEDS} */ (speed.value);
    if (timeline.playing) timeline.playing.speed = undefined;
    for (const { player } of [lab, ...(lab.beside ? [lab.beside] : [])]) player.setSpeed(SPEEDS[timeline.speed].steps);
  });
  for (const button of all(element, ".chips [data-t]")) {
    button.addEventListener("click", () => lab.play({ t: button.dataset.t === "inf" ? "inf" : Number(button.dataset.t) }));
  }
  for (const radio of settings.scaleRadios()) {
    radio.addEventListener("change", () => lab.play({ t: settings.config.t }));
  }
  settings.form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && /** @type {HTMLElement} */ (event.target).matches("input[type=text]")) lab.run();
  });
}

/** Is what comes next known already: an earlier step is shown, or the run has ended? @param {import("./lab.js").Lab} lab */
function recorded({ settings, player, view, timeline }) {
  return same(settings.config, player.config) && (view.step !== null || player.ended) && timeline.items.length > 1;
}

/** @param {import("./lab.js").Lab} lab whose settings are there */
export function showPhase(lab) {
  const { player, element } = lab;
  const { phase } = player;
  const busy = player.creating !== null;
  const running = phase === "running";
  const before = element.dataset.phase;
  element.dataset.phase = busy ? "creating" : phase;

  const another = player.config !== null && !same(lab.settings.config, player.config);
  const goesOn = phase === "paused" || phase === "asking";
  /** @type {HTMLButtonElement} */
  const start = lab.part("start");
  const { timeline } = lab;
  say(
    start,
    strings.still[running || timeline.playing ? "pause" : recorded(lab) ? (timeline.atEnd ? "again" : "play") : goesOn && !another ? "continue" : "start"],
  );
  start.disabled = false;
  for (const button of all(element, '[data-steps], [data-part="reset"]')) enable(button, !running && !busy);
  lab.part("next-init").hidden = running || busy || player.config === null || !lab.stage.failed;
  lab.part("restore").hidden = lab.rescue === null;
  say(lab.part("compare"), lab.beside ? strings.compare.end : strings.compare.begin);
  enable(lab.part("compare"), !busy && (lab.beside !== null || player.config !== null));
  lab.beside?.describe();

  const now = performance.now();
  if (!running || before !== element.dataset.phase || now - lab.wordsAt > WORDS_MS) {
    lab.wordsAt = now;
    say(lab.part("status"), strings.status(player, still()));
    /** @type {HTMLProgressElement} */ (lab.part("progress")).value = player.steps ? player.step / player.steps : 0;
  }
  if (phase === "asking" && before === "running") lab.question.ask(strings.questionTime(player.secondsLeft), () => lab.train());
  if (!running) clearTimeout(lab.patience);
  if (!running && lab.question.yes === strings.replace) lab.question.withdraw();
}
