// How long, and how large, is that in words?

import { counted } from "./format.js";
import { strings } from "./strings.js";

const { time, memory } = strings;

/** About how many seconds a nanosecond of `StoredRun.work` takes in a browser. */
export const WORK_SECONDS = 1e-9;

/** Without a word for how sure that is. @param {number} seconds */
export function length(seconds) {
  if (seconds < 1) return time.instant;
  const [size, unit] = seconds < 90 ? [1, time.second] : seconds < 5400 ? [60, time.minute] : seconds < 172800 ? [3600, time.hour] : [86400, time.day];
  return counted(Math.round(seconds / size), unit[0], unit[1]);
}

/** From minutes on it is told that this is rounded. @param {number} seconds */
export const duration = (seconds) => (seconds < 90 ? length(seconds) : time.about(length(seconds)));

/** @param {number} bytes */
export const size = (bytes) => (bytes < 2 ** 30 ? memory.mega(Math.round(bytes / 2 ** 20)) : memory.giga(Math.round(bytes / 2 ** 30)));
