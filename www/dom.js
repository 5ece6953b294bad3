// The few words for reaching into the document.

/** @template {HTMLElement} [E=HTMLElement] @param {string} id @returns {E} */
export const get = (id) => /** @type {E} */ (document.getElementById(id));

/** @template {HTMLElement} [E=HTMLElement] @param {string} selector @returns {E[]} */
export const all = (selector) => [...document.querySelectorAll(selector)].map((element) => /** @type {E} */ (element));

/** Writes words only where they differ, so that nothing is announced twice. @param {HTMLElement} element @param {string} words */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
