// When does a part of the page load? Once it is near the screen, or wanted on paper.

/** Parts that wait, and how each begins. @type {Map<HTMLElement, () => void>} */
const waiting = new Map();
/** Parts that load. @type {Set<Promise<unknown>>} */
const loading = new Set();
/** A print waits so long for what loads. */
const PATIENCE_MS = 15_000;

/**
 * Does something once an element is near the screen. Where that fails, what is there without it stands.
 * @param {HTMLElement} element @param {number} px @param {() => Promise<unknown>} task @returns {() => void} no longer waits
 */
export function whenNear(element, px, task) {
  const stop = () => {
    near.disconnect();
    waiting.delete(element);
  };
  const start = () => {
    stop();
    const begun = task()
      .catch(() => {})
      .finally(() => loading.delete(begun));
    loading.add(begun);
  };
  const near = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && start(), { rootMargin: `${px}px` });
  near.observe(element);
  waiting.set(element, start);
  return stop;
}

/** Loads whatever waits and is not folded away; parts that stand only on paper hear of it first. */
function everything() {
  dispatchEvent(new Event("paper"));
  for (const [element, start] of [...waiting]) if (element.getClientRects().length) start();
  return Promise.allSettled(loading);
}

// A browser that was asked by its menu does not wait: what is not there then is there when it is asked again.
addEventListener("beforeprint", everything);
addEventListener("keydown", async (event) => {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (key.toLowerCase() !== "p" || ctrlKey === metaKey || altKey || shiftKey || !(waiting.size || loading.size)) return;
  event.preventDefault();
  await Promise.race([everything(), new Promise((enough) => setTimeout(enough, PATIENCE_MS))]);
  print();
});
