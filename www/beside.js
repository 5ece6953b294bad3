// Where are the files that the page fetches? In the folder of this module, and below. The build puts what modules share
// there, wherever their sources are, so that only this one may ask for its own address.

/** The address of a file, by its path from www/. @param {string} path */
export const beside = (path) => new URL(path, import.meta.url).href;
