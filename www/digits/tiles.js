// Digits as small pictures, cut out of one sheet.

import { strings } from "./strings.js";

const SIDE = 28;
const COLUMNS = 50;

/**
 * @typedef {object} Tile an example that is shown
 * @property {number} at place on the sheet
 * @property {number} index among the training examples
 * @property {number} rank
 * @property {number} digit what it shows
 * @property {number} label what the network is told
 * @property {number} prediction what the network says
 * @property {number} ratio D* over the median
 */

export class Sheet {
  /** @param {Uint8Array} images of 28 × 28 bytes, 255 being full ink */
  constructor(images) {
    const count = images.length / (SIDE * SIDE);
    const canvas = document.createElement("canvas");
    canvas.width = COLUMNS * SIDE;
    canvas.height = Math.ceil(count / COLUMNS) * SIDE;
    this.rows = canvas.height / SIDE;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const sheet = context.createImageData(canvas.width, canvas.height);
    for (let k = 0; k < images.length; k += 1) {
      const image = Math.floor(k / (SIDE * SIDE));
      const [row, column] = [Math.floor((k % (SIDE * SIDE)) / SIDE), k % SIDE];
      const x = (image % COLUMNS) * SIDE + column;
      const y = Math.floor(image / COLUMNS) * SIDE + row;
      // Black ink on nothing, so that the page's surface is the paper.
      sheet.data[4 * (y * canvas.width + x) + 3] = images[k];
    }
    context.putImageData(sheet, 0, 0);
    /** @type {Promise<string>} a picture's address */
    this.address = new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ? URL.createObjectURL(blob) : canvas.toDataURL())));
  }

  /** Makes the sheet that of an element's tiles. @param {HTMLElement} element */
  async ink(element) {
    element.style.setProperty("--sheet", `url("${await this.address}")`);
    element.style.setProperty("--columns", String(COLUMNS));
    element.style.setProperty("--rows", String(this.rows));
  }

  /** @param {Tile} tile */
  tile(tile) {
    const { at, digit, label, prediction, ratio } = tile;
    const item = document.createElement("li");
    const picture = document.createElement("span");
    picture.className = "digit";
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", strings.tile(tile));
    picture.title = strings.tile(tile);
    picture.style.setProperty("--x", String(at % COLUMNS));
    picture.style.setProperty("--y", String(Math.floor(at / COLUMNS)));
    const words = document.createElement("small");
    words.ariaHidden = "true";
    const wrong = prediction !== label;
    item.classList.toggle("wrong", wrong);
    item.classList.toggle("mislabelled", label !== digit);
    words.textContent = [strings.times(ratio), label !== digit && strings.labelled(label), wrong && strings.taken(prediction)].filter(Boolean).join(" ");
    item.append(picture, words);
    return item;
  }

  /** @param {HTMLElement} list @param {Tile[]} tiles */
  fill(list, tiles) {
    list.replaceChildren(...tiles.map((tile) => this.tile(tile)));
  }
}

/** At most this many of a list, evenly spaced, with both ends. @template T @param {T[]} list @param {number} most */
export function spread(list, most) {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, k) => list[Math.round((k * (list.length - 1)) / (most - 1))]);
}
