// The page: its lab, and the words in the prose that set it to work.

import { asked, follow } from "./address.js";
import { all, one } from "./dom.js";
import { mountLab } from "./lab/lab.js";

const view = asked();
document.documentElement.classList.toggle("present", view.present);
const lab = mountLab(one(document, "#lab"), { ...view, start: "now" });
lab.note(view.notes);
follow(lab, view);

for (const button of all(document, "button.play[data-t]")) {
  button.addEventListener("click", () => {
    lab.play(preset(button.dataset));
    lab.element.scrollIntoView();
  });
}

/** A word of the prose says in its attributes what it starts: data-t, data-scale, and settings by scale as JSON. @param {DOMStringMap} data @returns {import("./lab/presets.js").Preset} */
function preset({ t, scale, paper, classroom }) {
  return {
    t: t === "inf" ? "inf" : Number(t),
    scale: /** @type {import("./lab/presets.js").Scale} */ (scale),
    ...(paper && { paper: JSON.parse(paper) }),
    ...(classroom && { classroom: JSON.parse(classroom) }),
  };
}
