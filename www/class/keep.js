// Where do finished runs stay when the tab is closed? In the browser's own database, by their settings and what made them, so that no
// run is ever trained twice; and what others gave, by its sweep. Where a browser refuses that, in this tab alone.

const NAME = "superposition-runs";
const STORE = "runs";

/** @typedef {{line: string, weights: number}} Kept a run as a line of a store, and the checksum of its weights */
/** @typedef {{name?: string, text: string}} Given a text with codes, or a file */

/** What is given for a sweep has keys that begin so. @param {string} sweep */
const begins = (sweep) => `given ${sweep} `;
/** @param {string} sweep */
const range = (sweep) => IDBKeyRange.bound(begins(sweep), `${begins(sweep)}:`);

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @returns {Promise<IDBDatabase>} */
async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  // Another tab that holds an older version open would keep this one waiting.
  return Promise.race([done(request), new Promise((_, reject) => (request.onblocked = () => reject(new Error("blocked"))))]);
}

export class Keep {
  constructor() {
    /** @type {Map<string, any>} */
    this.here = new Map();
    /** When something was given last. */
    this.last = 0;
    /** Whether runs outlive the tab. Settles once that is known. @type {Promise<IDBDatabase | null>} */
    this.base = Promise.resolve()
      .then(open)
      .catch(() => null);
  }

  /** Whether runs outlive the tab. */
  async lasts() {
    return (await this.base) !== null;
  }

  /** @param {string[]} keys @returns {Promise<(Kept | undefined)[]>} */
  async find(keys) {
    const lost = keys.filter((key) => !this.here.has(key));
    const base = lost.length ? await this.base : null;
    if (base) {
      const store = base.transaction(STORE).objectStore(STORE);
      const found = await Promise.all(lost.map((key) => done(store.get(key)).catch(() => undefined)));
      lost.forEach((key, k) => found[k] && this.here.set(key, found[k]));
    }
    return keys.map((key) => this.here.get(key));
  }

  /** @param {string} key @param {Kept | Given} kept @returns {Promise<boolean>} whether it outlives the tab, once it does */
  async put(key, kept) {
    this.here.set(key, kept);
    const base = await this.base;
    if (!base) return false;
    return new Promise((resolve, reject) => {
      const change = base.transaction(STORE, "readwrite");
      change.oncomplete = () => resolve(true);
      change.onabort = reject; // a full disk
      change.objectStore(STORE).put(kept, key);
    }).catch(() => false);
  }

  /** What others gave for a sweep, in the order in which it came. @param {string} sweep @returns {Promise<Given[]>} */
  async given(sweep) {
    const base = await this.base;
    if (base) return done(base.transaction(STORE).objectStore(STORE).getAll(range(sweep))).catch(() => []);
    return [...this.here].filter(([key]) => key.startsWith(begins(sweep))).map(([, given]) => given);
  }

  /** Each by itself, so that two tabs don't undo one another. @param {string} sweep @param {Given} given */
  give(sweep, given) {
    this.last = Math.max(Date.now(), this.last + 1);
    return this.put(begins(sweep) + this.last, given);
  }

  /** Forgets what others gave for a sweep. @param {string} sweep */
  async forget(sweep) {
    for (const key of this.here.keys()) if (key.startsWith(begins(sweep))) this.here.delete(key);
    const base = await this.base;
    if (base) await done(base.transaction(STORE, "readwrite").objectStore(STORE).delete(range(sweep))).catch(() => {});
  }

  /** Forgets a run that is no record of it. @param {string} key */
  async drop(key) {
    this.here.delete(key);
    const base = await this.base;
    if (base) await done(base.transaction(STORE, "readwrite").objectStore(STORE).delete(key)).catch(() => {});
  }
}
