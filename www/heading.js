// What is a part of the page called? By its own heading, or by that of the summary behind which it is folded.

/** @param {Element} place @returns {HTMLElement | null} */
export const headingOf = (place) =>
  place.querySelector(":scope > h3, :scope > h2, :scope > .prose > h2") ?? place.closest("details")?.querySelector("summary h3") ?? null;

/** @param {Element} place */
export const titleOf = (place) => headingOf(place)?.textContent?.trim() ?? "";
