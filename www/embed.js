// Which part of the page does another page show? `?embed=lab`, `?embed=examples` or any figure of the lab, `?embed=main` or
// any figure of stored runs, `?embed=ID` of a section. In a frame that part is all there is, and the page around it is told
// how high it is.

import { all, made, one, say } from "./dom.js";
import { titleOf } from "./heading.js";
import { kinds } from "./lab/kinds.js";
import { PARTS } from "./lab/link.js";
import { readQuery } from "./query.js";
import { RENAMED } from "./story/renamed.js";
import { strings } from "./strings.js";

/** What is asked for; empty for the page as a whole. */
export const embedded = readQuery(location.search).given.get("embed") ?? "";

/** How the lab is set up for its place. @template {import("./lab/lab.js").Options & {asked: boolean, swept: boolean}} O @param {O} asked what the address says @returns {O} */
export function labOptions(asked) {
  // A tab that came for a sweep has other runs to train.
  if (!embedded) return { ...asked, start: asked.swept ? "ready" : asked.asked ? "now" : "visible" };
  if (embedded === "lab") return asked;
  return { ...asked, figures: [embedded], without: [...PARTS] };
}

/** Leaves only the part that is asked for on the page, if one is. @returns {HTMLElement | null} the part */
export function isolate() {
  const root = document.documentElement;
  // What first.js took for such an address may be none.
  if (!embedded) {
    root.classList.remove("embedded");
    return null;
  }
  const place = found();
  const title = one(document, "h1").textContent ?? "";
  for (let element = place; element !== document.body; element = /** @type {HTMLElement} */ (element.parentElement)) {
    for (const sibling of element.parentElement?.children ?? []) {
      if (sibling !== element) /** @type {HTMLElement} */ (sibling).hidden = true;
    }
    if (element instanceof HTMLDetailsElement) element.open = true;
  }
  // Its heading may stand on what it was folded behind.
  if (place.dataset.sweep && !place.querySelector(":scope > h3")) place.prepend(Object.assign(made(`<h3></h3>`), { textContent: titleOf(place) }));
  place.hidden = false;
  // Without the lab its words play nothing.
  for (const word of all(place, "button.play")) word.replaceWith(...word.childNodes);
  // Headings begin at the first level, and the reader can see where the figure is from.
  place.before(Object.assign(made(`<h1 class="visually-hidden"></h1>`), { textContent: title }));
  const section = place.parentElement?.closest("section");
  if (section) place.before(Object.assign(made(`<h2 class="visually-hidden"></h2>`), { textContent: one(section, "h2").textContent }));
  const source = made(`<p class="source"><a target="_blank" rel="noopener"></a></p>`);
  const link = one(source, "a");
  /** @type {HTMLAnchorElement} */ (link).href = location.pathname;
  say(link, title);
  place.after(source);
  root.classList.add("embedded", "isolated");
  framed();
  return place;
}

/** Parts of the page that are not the lab's, by name. */
function parts() {
  const named = all(document, "[data-sweep], main > section[id]:not(#top, #lab-section)").map(
    (element) => /** @type {const} */ ([element.dataset.sweep ?? element.id, element]),
  );
  // A figure of the lab keeps its name.
  return new Map(named.filter(([name]) => !(name in kinds)));
}

/** What can be shown alone now, and its title. @returns {Promise<[string, string][]>} */
export async function embeddable() {
  const module = await import("./sweeps/sweeps.js").catch(() => null);
  const sweeps = (await module?.drawable(document).catch(() => null)) ?? [];
  const others = [...parts()].filter(([, element]) => !element.dataset.sweep || sweeps.includes(element));
  const titled = (/** @type {HTMLElement} */ element) => {
    const title = (element.dataset.sweep && module?.titleOfSweep(element)) || titleOf(element);
    return element.dataset.size ? `${title} (${element.dataset.size})` : title;
  };
  return [
    ["lab", strings.lab],
    ...Object.entries(kinds).map(([name, { title }]) => /** @type {[string, string]} */ ([name, title])),
    ...others.map(([name, element]) => /** @type {[string, string]} */ ([name, titled(element)])),
  ];
}

/** The part, or words in its place. @returns {HTMLElement} */
function found() {
  if (embedded === "lab" || embedded in kinds) return one(document, "#lab");
  const part = parts().get(RENAMED[embedded] ?? embedded);
  if (part) return part;
  const notice = made(`<p class="notice" role="alert"></p>`);
  say(notice, strings.noSuchPart(embedded, ["lab", ...Object.keys(kinds), ...parts().keys()]));
  one(document, "main").prepend(notice);
  return notice;
}

/** In a frame. The page around it may follow its height, by a message that AMP and others understand. */
function framed() {
  if (parent === window) return;
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    parent.postMessage({ sentinel: "amp", type: "embed-size", height }, "*");
  }).observe(document.body);
}
