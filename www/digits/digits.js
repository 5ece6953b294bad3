// The section on digits that a classifier memorises. Without its data the rest of the page works as ever.

import { beside } from "../beside.js";
import { dataFile } from "../data.js";
import { made } from "../dom.js";
import { inlined } from "../inlined.js";
import { loadModule } from "../sweeps/module.js";
import { missing } from "../wasm.js";
import { Explorer } from "./explorer.js";
import { Live } from "./live.js";
import { strings } from "./strings.js";
import { loadDigits } from "./wasm.js";

const FILE = "digits.bin";

/** Fills a place in the section's prose. @param {HTMLElement} place */
export async function mountDigits(place) {
  if (missing()) return void (place.hidden = true); // the lab says so
  if (inlined) return void place.append(made(`<p class="notice">${strings.elsewhere}</p>`));
  await styled();
  await fill(place);
}

/** The section's style sheet, which the first view does without. */
function styled() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = beside("digits/digits.css");
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}

/** @param {HTMLElement} place */
async function fill(place) {
  place.replaceChildren(made(`<p class="loading">${strings.loading}</p>`));
  try {
    const [module, classifier, bytes] = await Promise.all([loadModule(), loadDigits(), dataFile(FILE)]);
    place.replaceChildren(new Explorer(module, classifier, bytes).element, new Live(module, classifier).element);
  } catch (error) {
    const notice = made(`<p class="notice" role="status"></p>`);
    const again = made(`<button type="button">${strings.retry}</button>`);
    notice.append(strings.failed(error instanceof Error ? error.message : String(error)), " ", again);
    again.addEventListener("click", () => fill(place));
    place.replaceChildren(notice);
  }
}
