// How does a lab follow a link, and what would a link to it say?

import { stateOf } from "./link.js";
import { strings } from "./strings.js";

/** More notes on a link than this help nobody. */
const MOST_NOTES = 12;

/** Follows a link, and tells what of it is wrong. @param {import("./lab.js").Lab} lab @param {string} query */
export function take(lab, query) {
  const { config, other, step, selection, notes } = stateOf(query, lab.settings.api);
  if (config) lab.settings.set(config);
  lab.other = other;
  lab.goal = step;
  lab.view.pin(selection, true);
  lab.note(notes);
}

/** What a link to a lab says: the step if one is shown or stood at, else that the run goes to its end. @param {import("./lab.js").Lab} lab */
export function linkState({ player, view, timeline, settings, beside }) {
  const past = view.step !== null;
  const stands = ["ready", "paused", "asking"].includes(player.phase);
  const config = player.config ?? settings.config;
  const first = beside?.player.config;
  return { config: first ?? config, other: first ? config : null, step: past ? timeline.step : stands ? player.step : null, selection: view.pinned };
}

/** Shows notes in a box, after those that it has. @param {HTMLElement} box @param {string} heading @param {string[]} notes @param {() => void} onclose the box, and the button that was pressed, are gone */
export function tell(box, heading, notes, onclose) {
  if (!notes.length) return;
  const all = [...box.querySelectorAll("li")].map(({ textContent }) => textContent ?? "").concat(notes);
  const title = Object.assign(document.createElement("strong"), { textContent: heading });
  const list = document.createElement("ul");
  list.append(...[...new Set(all)].slice(0, MOST_NOTES).map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: strings.link.close });
  close.addEventListener("click", () => {
    box.hidden = true;
    onclose();
  });
  box.replaceChildren(title, list, close);
  box.hidden = false;
}
