// Tabs, of which one shows its figures at a time; and within one, a switch between the paper's size and the classroom's, where there are runs
// of both. Without scripts everything stands one below the other.

import { all, made } from "../dom.js";
import { strings } from "./strings.js";

/** @param {HTMLElement} place of the tabs @param {HTMLElement} tab @param {HTMLElement[]} tabs @param {HTMLElement[]} buttons */
function select(place, tab, tabs, buttons) {
  tabs.forEach((other, k) => {
    other.hidden = other !== tab;
    buttons[k].setAttribute("aria-selected", String(other === tab));
    buttons[k].tabIndex = other === tab ? 0 : -1;
  });
}

/** @param {HTMLElement} place */
export function mountTabs(place) {
  const tabs = all(place, ":scope > .tab");
  const list = made(`<div class="tablist" role="tablist" aria-label="${strings.tabs.label}"></div>`);
  const buttons = tabs.map((tab) => {
    const button = made(`<button type="button" role="tab" aria-controls="${tab.id}" id="${tab.id}-tab"></button>`);
    button.textContent = tab.dataset.tab ?? "";
    tab.setAttribute("role", "tabpanel");
    tab.setAttribute("aria-labelledby", button.id);
    button.addEventListener("click", () => select(place, tab, tabs, buttons));
    tab.addEventListener("reveal", () => select(place, tab, tabs, buttons));
    return button;
  });
  list.append(...buttons);
  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    const moves = /** @type {Record<string, number>} */ ({ ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 });
    if (!(event.key in moves)) return;
    event.preventDefault();
    const next = (moves[event.key] + buttons.length) % buttons.length;
    buttons[next].click();
    buttons[next].focus();
  });
  place.prepend(list);
  select(place, tabs[0], tabs, buttons);
  // On paper all stand below each other, and draw themselves as wide as they are on the screen.
  addEventListener("paper", () => tabs.forEach((tab) => (tab.hidden = false)));
  addEventListener("afterprint", () => select(place, tabs[buttons.findIndex((button) => button.tabIndex === 0)], tabs, buttons));
}

/** Once it is known which figures have runs: those of the paper's size first. @param {HTMLElement} place */
export function sizeSwitches(place) {
  for (const tab of all(place, ":scope > .tab")) {
    const figures = all(tab, ":scope > .sweep:not([hidden])");
    if (figures.length < 2) continue;
    const row = made(`<div class="sizes" role="group" aria-label="${strings.tabs.size}"></div>`);
    const show = (/** @type {HTMLElement} */ chosen) => {
      for (const figure of figures) figure.hidden = figure !== chosen;
      for (const button of all(row, "button")) button.setAttribute("aria-pressed", String(button.textContent === chosen.dataset.size));
    };
    for (const figure of figures) {
      const button = made(`<button type="button"></button>`);
      button.textContent = figure.dataset.size ?? "";
      button.addEventListener("click", () => show(figure));
      figure.addEventListener("reveal", () => show(figure));
      row.append(button);
    }
    tab.prepend(row);
    // Whoever was led to one of them sees that.
    show(figures.find(({ id }) => location.hash === `#${id}`) ?? figures[0]);
  }
}
