// What does the page carry inside itself? Nothing here: it is a folder of files. Where all must be in one file, the build puts
// another module instead of this one (xtask/src/bundle.rs).

/**
 * @typedef {object} Inlined
 * @property {string} wasm as `unpacked` takes it
 * @property {() => typeof wasm_bindgen} glue a function of its own names alone, so that its text works in a worker too
 * @property {(api: typeof wasm_bindgen) => typeof trainerServer} worker likewise; in a worker it starts to listen
 * @property {string} css of figures and lab
 * @property {string} home where the page is published, if the build was told
 * @property {string} pytorch the script for PyTorch, before a run's settings are written into it
 */

/** @type {Inlined | null} */
export const inlined = null;
