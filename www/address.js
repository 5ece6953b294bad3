// How does the page's address follow its lab? The query says what a link to it would say, so that reloading, or copying the
// address, brings back the same run at the same step.

import { embedded } from "./embed.js";
import { kinds } from "./lab/kinds.js";
import { viewOf } from "./lab/link.js";
import { readQuery } from "./query.js";

/** So often at most. */
const PAUSE_MS = 300;

/**
 * What the address asks for; `linked`: a run. `asked`: the lab at once. `swept`: a sweep of the reader's own.
 * @returns {import("./lab/lab.js").Options & {present: boolean, notes: string[], linked: boolean, asked: boolean, swept: boolean}}
 */
export function asked() {
  const query = location.search;
  const { figures, without, present, notes } = viewOf(query, Object.keys(kinds));
  const { given } = readQuery(query);
  const linked = given.has("v") || given.has("t");
  const alone = embedded === "lab" || embedded in kinds;
  return {
    query,
    ...(figures && { figures }),
    ...(without.length && { without }),
    present,
    notes,
    linked,
    swept: !embedded && given.has("sweep"),
    asked: alone || (!embedded && (linked || present || notes.length > 0)),
  };
}

/** Keys of a sweep of the reader's own, which stay as they are while the lab changes. */
const SWEEP = ["sweep", "shares", "part"];
let sweepQuery = sweepOf(readQuery(location.search).given);

/** @param {{get: (key: string) => string | null}} given */
function sweepOf(given) {
  return SWEEP.map((key) => (given.get(key) ? `&${key}=${encodeURIComponent(given.get(key) ?? "")}` : "")).join("");
}

/** Whether somebody came here, and did not load the page again or go back to it. */
export function arrived() {
  const [arrival] = performance.getEntriesByType("navigation");
  return /** @type {PerformanceNavigationTiming | undefined} */ (arrival)?.type === "navigate";
}

/** The sweep that the address names. */
export function readSweepKeys() {
  const { given } = readQuery(location.search);
  const whole = (/** @type {string} */ key) => (/^\d{1,4}$/.test(given.get(key) ?? "") && Number(given.get(key)) > 0 ? Number(given.get(key)) : null);
  return { sweep: given.get("sweep"), shares: whole("shares"), part: whole("part") };
}

/** The address names this sweep from now on. @param {{sweep: string, shares: number, part: number | null}} now */
export function tellSweep({ sweep, shares, part }) {
  const now = new Map([
    ["sweep", sweep],
    ["shares", shares > 1 ? String(shares) : ""],
    ["part", part === null ? "" : String(part)],
  ]);
  sweepQuery = sweepOf({ get: (key) => now.get(key) ?? null });
  const rest = location.search
    .replace(/^\?/, "")
    .split("&")
    .filter((piece) => piece && !SWEEP.includes(piece.split("=")[0]));
  replace(`?${rest.join("&")}${sweepQuery}`.replace("?&", "?"));
}

/** @param {string} query */
function replace(query) {
  try {
    history.replaceState(history.state, "", `${query}${location.hash}`);
  } catch {
    // A frame without an origin of its own has no address to change.
  }
}

/** @param {import("./lab/lab.js").Lab} lab @param {ReturnType<typeof asked>} view what stays as it was asked for */
export function follow(lab, { figures, without, present }) {
  let waiting = 0;
  lab.addEventListener("state", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      if (!lab.player.config) return;
      const query = lab.query({ figures, without: /** @type {any} */ (without), present });
      replace(`?${embedded && `embed=${encodeURIComponent(embedded)}&`}${query}${sweepQuery}`);
    }, PAUSE_MS);
  });
}
