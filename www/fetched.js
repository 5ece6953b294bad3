// How does the page fetch a file that it needs? Whole, and with a word on why where that fails: a server may not be there, may
// not have the file, may send a page in its place, or may stop in the middle.

import { beside } from "./beside.js";
import { strings } from "./strings.js";
import { trustedUrl } from "./trusted.js";

/** A file of which nothing more has come for so long is given up. */
const PATIENCE_MS = 20_000;
const words = strings.noFile;

/** Fails once a task has taken too long. @template T @param {Promise<T>} task @returns {Promise<T>} */
function soon(task) {
  let timer = 0;
  const late = new Promise((_, reject) => (timer = window.setTimeout(() => reject(new Error(words.stalled)), PATIENCE_MS)));
  return Promise.race([task, /** @type {Promise<never>} */ (late)]).finally(() => clearTimeout(timer));
}

/** The bytes of a file of the page's own. @param {string} path from www/ @returns {Promise<Uint8Array<ArrayBuffer>>} rejects with a word on why there is none */
export async function fetched(path) {
  const given = new AbortController();
  try {
    const response = await soon(fetch(beside(path), { signal: given.signal }).catch(() => Promise.reject(new Error(words.unreachable))));
    if (!response.ok) throw new Error(words.status(response.status));
    if (/^text\/html/i.test(response.headers.get("content-type") ?? "")) throw new Error(words.page);
    return await whole(response);
  } catch (error) {
    given.abort();
    throw error;
  }
}

/** @param {Response} response */
async function whole(response) {
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  for (;;) {
    const { done, value } = await soon(reader.read().catch(() => Promise.reject(new Error(words.broken))));
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    parts.push(value);
  }
}

/** @param {string} path */
export const fetchedText = async (path) => new TextDecoder().decode(await fetched(path));

/** Runs a classic script on the main thread. @param {string} path */
export function script(path) {
  const element = document.createElement("script");
  element.src = trustedUrl(beside(path));
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => reject(new Error(words.script));
    document.head.append(element);
  });
}
