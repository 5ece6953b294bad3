// The text goes through T while the figures stay: whichever step of it is read, its T is marked, and its planes are drawn.

import { all } from "../dom.js";

/** @param {HTMLElement} place @param {import("../sweeps/sweeps.js").SweepFigure[]} figures all that are mounted */
export function mountMiddle(place, figures) {
  const own = figures.filter(({ element }) => place.contains(element));
  const steps = all(place, ".middle-steps > li");
  /** @param {HTMLElement} step */
  const show = (step) => {
    if (step.hasAttribute("aria-current")) return;
    for (const other of steps) other.toggleAttribute("aria-current", other === step);
    step.setAttribute("aria-current", "step");
    for (const figure of own) figure.showT(step.dataset.t === "inf" ? Infinity : Number(step.dataset.t));
  };
  // The last step above the middle of the window: a quick reader may jump over some.
  const watch = new IntersectionObserver(() => show(steps.findLast((step) => step.getBoundingClientRect().top < innerHeight / 2) ?? steps[0]), {
    rootMargin: "-45% 0px -50% 0px",
  });
  for (const step of steps) {
    watch.observe(step);
    step.addEventListener("focusin", () => show(step));
    step.addEventListener("click", () => show(step));
  }
  show(steps[0]);
}
