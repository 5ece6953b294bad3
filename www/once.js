// What is made once and then kept, but not if it failed: then the next to ask has it made again.

/** @template T @param {() => Promise<T>} make @returns {() => Promise<T>} */
export function once(make) {
  /** @type {Promise<T> | null} */
  let kept = null;
  return () => {
    const own = (kept ??= make());
    own.catch(() => {
      if (kept === own) kept = null;
    });
    return own;
  };
}
