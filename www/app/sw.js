// How does the page work without a network, and how does a tab keep to one version of it? This service worker keeps a copy of all
// files. Every address but the page's own says a version (xtask/src/site.rs), so what is in the copy is right for ever and is
// taken from there. The page itself comes from the network where that answers well, so that an update needs nobody's consent;
// else from the copy. The copy before this one stays, for tabs that were open when this version came.
//
// `VERSION` and `FILES` are filled in by the build: a checksum of all files, and the page's own.

/** @type {string} */
const VERSION = "";
/** @type {string[]} */
const FILES = [];

/** The copies of other pages of this host are theirs. */
const PREFIX = `superposition ${self.location.pathname} `;
const NAME = PREFIX + VERSION;
/** A network that is there but does not answer counts as none. */
const PATIENCE_MS = 4000;
/** Without these a copy would not work; without one of the others only what needs it. */
const NEEDED = /^\.\/$|\.(js|css|wasm)(\?|$)/;

/** Types of what only service workers have. @type {any} */
const worker = self;

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(copy()));

worker.addEventListener("activate", (/** @type {any} */ event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith(PREFIX) && name !== NAME).slice(0, -1));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});

/** Fails, to be tried again at the next visit, if what is needed isn't there or is another version's. */
async function copy() {
  await filled(await caches.open(NAME)).catch(async (error) => {
    await caches.delete(NAME);
    throw error;
  });
  worker.skipWaiting();
}

/** @param {Cache} cache */
async function filled(cache) {
  await Promise.all(
    FILES.map(async (name) => {
      const response = await fetch(new Request(name, { cache: "reload" })).catch(() => null);
      if (response && good(response, name === "./")) await cache.put(name, response);
      else if (NEEDED.test(name)) throw new Error(`${name} can’t be kept`);
    }),
  );
  const html = await (await cache.match("./"))?.text();
  if (!html?.includes(VERSION)) throw new Error("the page is of another version");
}

/** Whether an answer is what was asked for: no error, and no page instead of a file. @param {Response} response @param {boolean} asPage */
const good = (response, asPage) => response.ok && response.type === "basic" && /^text\/html/i.test(response.headers.get("content-type") ?? "") === asPage;

/** What the address asks of the page is for the page alone. @param {Request} request @returns {Promise<Response>} */
async function page(request) {
  const network = fetch(request);
  const whole = network.then(async (response) => {
    if (response.type === "opaqueredirect") return response; // the browser follows it
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    await response.clone().arrayBuffer(); // it may stall after its beginning
    return response;
  });
  try {
    return await Promise.race([whole, late()]);
  } catch {
    const kept = await (await caches.open(NAME)).match(request, { ignoreSearch: true });
    return kept ?? network;
  }
}

/** @param {Request} request @returns {Promise<Response>} */
async function file(request) {
  const cache = await caches.open(NAME);
  const kept = (await cache.match(request)) ?? (await caches.match(request));
  if (kept) return kept;
  const response = await fetch(request);
  if (good(response, /\.html$/.test(new URL(request.url).pathname))) await cache.put(request, response.clone()).catch(() => {}); // there may be no room
  return response;
}

/** @returns {Promise<never>} */
const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error("the network does not answer")), PATIENCE_MS));
