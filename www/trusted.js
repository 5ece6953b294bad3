// Some pages let only texts that a policy has passed become HTML or scripts (Trusted Types). Ours are all our own.

/** @typedef {{createHTML(text: string): any, createScriptURL(url: string): any}} Policy */

/** @type {Policy} */
const rules = { createHTML: (text) => text, createScriptURL: (url) => url };
/** @type {Policy} */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("superposition", rules) ?? rules;

/** @param {string} text */
export const trustedHtml = (text) => policy.createHTML(text);
/** @param {string} url */
export const trustedUrl = (url) => policy.createScriptURL(url);
