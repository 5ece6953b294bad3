// Which labels of an axis stand? Those that come first, and of the others those with room beside them.

/**
 * @template {{x: number}} T
 * @param {T[]} labels @param {(label: T) => boolean} first @param {(a: T, b: T) => number} room how far their middles are apart at least
 */
export function apart(labels, first, room) {
  /** @type {T[]} */
  const kept = [];
  for (const label of [...labels.filter(first), ...labels.filter((other) => !first(other))])
    if (kept.every((other) => Math.abs(other.x - label.x) >= room(other, label))) kept.push(label);
  return kept;
}
