// How does the page's address follow its lab? The query says what a link to it would say, so that reloading, or copying the
// address, brings back the same run at the same step.

import { embedded } from "./embed.js";
import { kinds } from "./lab/kinds.js";
import { viewOf } from "./lab/link.js";
import { readQuery } from "./query.js";

/** So often at most. */
const PAUSE_MS = 300;

/**
 * What the address asks for; `linked`: a run. `asked`: the lab at once.
 * @returns {import("./lab/lab.js").Options & {present: boolean, notes: string[], linked: boolean, asked: boolean}}
 */
export function asked() {
  const query = location.search;
  const { figures, without, present, notes } = viewOf(query, Object.keys(kinds));
  const { given } = readQuery(query);
  const linked = given.has("v") || given.has("t");
  const alone = embedded === "lab" || embedded in kinds;
  return { query, ...(figures && { figures }), ...(without.length && { without }), present, notes, linked, asked: alone || (!embedded && (linked || present || notes.length > 0)) };
}

/** @param {import("./lab/lab.js").Lab} lab @param {ReturnType<typeof asked>} view what stays as it was asked for */
export function follow(lab, { figures, without, present }) {
  let waiting = 0;
  lab.addEventListener("state", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      if (!lab.player.config) return;
      const query = lab.query({ figures, without: /** @type {any} */ (without), present });
      try {
        history.replaceState(history.state, "", `?${embedded && `embed=${encodeURIComponent(embedded)}&`}${query}${location.hash}`);
      } catch {
        // A frame without an origin of its own has no address to change.
      }
    }, PAUSE_MS);
  });
}
