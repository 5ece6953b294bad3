// Which mark of a drawing is a pixel on?

/** Within so many pixels of a mark the pointer reads it. */
const REACH = 20;

/** The place whose mark a pixel is in, or near; −1 for none. @param {import("./module.js").Place[]} places @param {number} x @param {number} y */
export function nearest(places, x, y) {
  let [best, least] = [-1, REACH * REACH];
  places.forEach((place, i) => {
    const [dx, dy] = [Math.abs(place.x - x) - place.half_width, Math.abs(place.y - y) - place.half_height].map((beyond) => Math.max(0, beyond));
    const distance = dx ** 2 + dy ** 2;
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}
