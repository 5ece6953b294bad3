// Where do the files come from that load late? The page may carry them in itself (`__superpositionData`, packed, by
// name); else they are in www/data/.

import { fetched } from "./fetched.js";
import { inlined } from "./inlined.js";
import { strings } from "./strings.js";
import { unpacked } from "./wasm.js";

/** @type {Map<string, Promise<Uint8Array>>} */
const files = new Map();

/** @param {string} name @param {string} folder @returns {Promise<Uint8Array>} rejects with a word on why there is no such file */
async function read(name, folder) {
  const carried = /** @type {any} */ (globalThis).__superpositionData?.[name];
  if (carried) return unpacked(carried);
  if (inlined) throw new Error(strings.notInside);
  return fetched(`${folder}/${name}`);
}

/** The bytes of a file, fetched once; after a failure the next to ask tries again. @param {string} name @param {string} [folder] */
export function dataFile(name, folder = "data") {
  const file = files.get(name) ?? read(name, folder);
  files.set(name, file);
  file.catch(() => files.delete(name));
  return file;
}
