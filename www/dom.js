// The few words for making and reaching elements. Nothing here, nor in what is built on it, looks outside the element that
// it was given: several labs may stand on one page, or inside shadow roots.

import { trustedHtml } from "./trusted.js";

/** @template {HTMLElement} [E=HTMLElement] @param {ParentNode} root @param {string} selector @returns {E} */
export const one = (root, selector) => /** @type {E} */ (root.querySelector(selector));

/** @template {HTMLElement} [E=HTMLElement] @param {ParentNode} root @param {string} selector @returns {E[]} */
export const all = (root, selector) => [...root.querySelectorAll(selector)].map((element) => /** @type {E} */ (element));

/** The element that an HTML text of ours describes. @param {string} html @returns {HTMLElement} */
export function made(html) {
  const template = document.createElement("template");
  template.innerHTML = trustedHtml(html.trim());
  // A template's content is of another document. What is observed while it still is there stays for ever.
  return document.importNode(/** @type {HTMLElement} */ (template.content.firstElementChild), true);
}

/** A text as HTML that shows it. @param {string} text */
export const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * Lets a button do something or not. It keeps the focus meanwhile, which `disabled` would take from the reader who has just
 * pressed it; `heedless` keeps presses from it.
 * @param {HTMLElement} button @param {boolean} able
 */
export const enable = (button, able) => button.setAttribute("aria-disabled", String(!able));

/** No button inside that can't do anything just now hears of a press. @param {HTMLElement} root */
export function heedless(root) {
  const stop = (/** @type {Event} */ event) => {
    if (event.target instanceof Element && event.target.closest('[aria-disabled="true"]')) event.stopImmediatePropagation();
  };
  root.addEventListener("click", stop, true);
}

/** Whether the reader's system asks for less motion: then nothing starts by itself. */
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

let count = 0;

/** A prefix for ids that nobody else on the page has. @param {string} name */
export const unique = (name) => `${name}-${(count += 1)}`;

/** Writes words only where they differ, so that nothing is announced twice. @param {HTMLElement} element @param {string} words */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** A frame without an origin of its own may be denied files, and nobody tells it. */
export const filesMayFail = () => self.origin === "null" && self !== top;

/** Hands the reader a file. @param {string} name @param {BlobPart} content @param {string} type */
export function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
