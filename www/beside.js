// Where are the files that the page fetches? In the folder of this module, and below. The build puts what modules share
// there, wherever their sources are, so that only this one may ask for its own address. It also says which version they are
// (xtask/src/site.rs): after a deploy a tab still asks for its own, which its service worker has.

/** @type {string | undefined} */
const version = /** @type {any} */ (globalThis).SITE_VERSION;

/** The address of a file, by its path from www/. @param {string} path */
export const beside = (path) => new URL(version ? `${path}?${version}` : path, import.meta.url).href;
