// What a figure gives away: its numbers as a table, its picture as a file.

import { save } from "./dom.js";
import { measured } from "./format.js";
import { strings } from "./strings.js";

const MOST_ROWS = 50;
const MOST_COLUMNS = 12;

/**
 * Fills a table with the first numbers of a figure.
 * @param {HTMLTableElement} table
 * @param {wasm_bindgen.Figure} plot
 * @param {string} rule the order of the numbers
 */
export function tabulate(table, plot, rule) {
  const { columns, rows, count } = plot.table(MOST_ROWS);
  const cell = (/** @type {string} */ tag, /** @type {string} */ content) => {
    const element = document.createElement(tag);
    element.textContent = content;
    return element;
  };
  const head = document.createElement("tr");
  head.append(...columns.slice(0, MOST_COLUMNS).map((column) => Object.assign(cell("th", column), { scope: "col" })));
  const body = rows.map((cells) => {
    const line = document.createElement("tr");
    line.append(
      ...cells.slice(0, MOST_COLUMNS).map((value) => cell("td", typeof value === "string" || Number.isInteger(value) ? String(value) : measured(value))),
    );
    return line;
  });
  table.replaceChildren(cell("caption", strings.tableCaption(body.length, count, rule)), head, ...body);
}

/** @param {string} file @param {HTMLCanvasElement} canvas which is transparent itself @param {string} background */
export function savePng(file, canvas, background) {
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext("2d"));
  context.fillStyle = background;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  copy.toBlob((blob) => blob && save(file, blob, "image/png"));
}
