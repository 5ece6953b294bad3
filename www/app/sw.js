// How does the page work without a network? This service worker keeps a copy of it and answers from the copy where the
// network does not answer. Where it does, what comes from it is the truth, so that an update needs nobody's consent.
//
// `VERSION` and `FILES` are filled in by the build (xtask/src/site.rs): a checksum of all files, and the page's own.

/** @type {string} */
const VERSION = "";
/** @type {string[]} */
const FILES = [];

/** The copies of other pages of this host are theirs. */
const PREFIX = `superposition ${self.location.pathname} `;
const NAME = PREFIX + VERSION;
/** A network that is there but does not answer counts as none. */
const PATIENCE_MS = 4000;

/** Types of what only service workers have. @type {any} */
const worker = self;

worker.addEventListener("install", (/** @type {any} */ event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith(PREFIX) && name !== NAME));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === self.location.origin) event.respondWith(answer(request));
});

/** @param {Request} request @returns {Promise<Response>} */
async function answer(request) {
  const cache = await caches.open(NAME);
  const network = fetch(request);
  try {
    const response = await Promise.race([network, late()]);
    if (response.ok && response.type === "basic" && request.mode !== "navigate") await cache.put(request, response.clone());
    return response;
  } catch {
    // What the address asks of the page is for the page alone.
    const copy = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
    return copy ?? network;
  }
}

/** @returns {Promise<never>} */
const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error("the network does not answer")), PATIENCE_MS));
