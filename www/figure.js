// One figure of the page: canvas, summary, readout by pointer and keys, table, downloads. What it shows is in `kinds`.

import { kinds } from "./kinds.js";
import { measured, strings } from "./strings.js";

/** @typedef {wasm_bindgen.Axis} Axis */
/** @typedef {import("./kinds.js").Picture} Picture */
/** @typedef {import("./kinds.js").Selection} Selection */

const MOST_ROWS = 50;
const text = strings.figure;

/** @param {Axis} axis @param {number} pixel */
function valueAt(axis, pixel) {
  const share = (pixel - axis.pixel0) / (axis.pixel1 - axis.pixel0);
  return axis.log ? axis.value0 * (axis.value1 / axis.value0) ** share : axis.value0 + share * (axis.value1 - axis.value0);
}

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Within so many pixels of a mark the pointer reads it. */
const REACH = 16;

export class Figure {
  /**
   * @param {HTMLElement} element
   * @param {typeof wasm_bindgen} api
   * @param {(selection: Selection) => void} onselect
   */
  constructor(element, api, onselect) {
    const find = (/** @type {string} */ selector) => /** @type {any} */ (element.querySelector(selector));
    this.element = element;
    this.name = /** @type {string} */ (element.dataset.figure);
    this.kind = kinds[this.name];
    this.api = api;
    this.onselect = onselect;
    /** @type {HTMLCanvasElement} */
    this.canvas = find("canvas");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** @type {HTMLElement} */
    this.reader = find(".reader");
    /** @type {HTMLOutputElement} */
    this.readout = find(".readout");
    this.hint = this.readout.textContent ?? "";
    /** @type {HTMLDetailsElement} */
    this.details = find("details");
    /** @type {HTMLTableElement} */
    this.table = find("table");
    /** @type {HTMLElement} */
    this.caption = find(".caption");
    /** @type {Picture | null} */
    this.picture = null;
    /** @type {Selection} */
    this.selection = {};
    /** @type {{x: Axis, y: Axis} | null} */
    this.area = null;
    this.visible = false;
    this.width = 0;
    this.height = 0;
    /** How long the last drawing took, in ms. */
    this.cost = 0;
    this.tabledAt = 0;

    this.reader.addEventListener("pointermove", (event) => this.point(event));
    this.reader.addEventListener("pointerdown", (event) => this.point(event));
    this.reader.addEventListener("pointerleave", () => this.onselect({}));
    this.reader.addEventListener("keydown", (event) => this.key(event));
    this.reader.addEventListener("focus", () => this.tellReader());
    this.details.addEventListener("toggle", () => this.tabulate(true));
    for (const button of element.querySelectorAll("[data-download]")) {
      button.addEventListener("click", () => this.download(/** @type {HTMLElement} */ (button).dataset.download ?? ""));
    }
  }

  get size() {
    return { width: this.width, height: this.height, ratio: devicePixelRatio || 1, theme: dark.matches ? "dark" : "light" };
  }

  /** Shows a picture; `rest` when nothing moves, so that words and tables may be made as well. @param {Picture} picture @param {boolean} rest */
  show(picture, rest) {
    this.picture = picture;
    this.draw();
    this.read();
    if (rest) {
      this.canvas.setAttribute("aria-label", this.kind.summary(picture));
      this.caption.textContent = strings.caption(picture.config);
    }
    this.tabulate(rest);
  }

  /** @param {number} width @param {number} height css pixels */
  resize(width, height) {
    [this.width, this.height] = [width, height];
    this.draw();
  }

  draw() {
    const data = this.picture && this.kind.data(this.picture, this.selection);
    if (!data || this.width < 20) return;
    const start = performance.now();
    const { width, height, ratio } = this.size;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) [this.canvas.width, this.canvas.height] = [w, h];
    const area = this.kind.draw(this.api, this.context, this.size, data);
    const axis = (/** @type {any} */ { pixel0, pixel1, value0, value1, log }) => ({ pixel0, pixel1, value0, value1, log });
    this.area = { x: axis(area.x), y: axis(area.y) };
    area.free?.();
    this.cost = performance.now() - start;
  }

  /** @param {PointerEvent} event */
  point(event) {
    if (!this.picture || !this.area) return;
    const box = this.reader.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const { x, y } = this.area;
    const slack = {
      x: Math.abs(valueAt(x, px + REACH) - valueAt(x, px)),
      y: Math.abs(valueAt(y, py + REACH) - valueAt(y, py)),
    };
    this.onselect(this.kind.pick(this.picture, valueAt(x, px), valueAt(y, py), slack, px));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.picture) return;
    const stops = Array.from(this.kind.stops(this.picture));
    if (!stops.length) return;
    const own = JSON.stringify(this.kind.own(this.selection));
    const at = stops.findIndex((stop) => JSON.stringify(stop) === own);
    const last = stops.length - 1;
    const page = Math.max(1, Math.round(stops.length / 10));
    /** @type {Record<string, number>} */
    const moves = {
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      ArrowLeft: at < 0 ? last : at - 1,
      ArrowDown: at < 0 ? last : at - 1,
      PageUp: at + page,
      PageDown: at - page,
      Home: 0,
      End: last,
    };
    if (event.key === "Escape") return this.onselect({});
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.onselect(stops[Math.min(last, Math.max(0, moves[event.key]))]);
  }

  /** @param {Selection} selection */
  select(selection) {
    const before = this.picture && JSON.stringify(this.kind.data({ ...this.picture, ...NO_ARRAYS }, this.selection));
    this.selection = selection;
    const after = this.picture && JSON.stringify(this.kind.data({ ...this.picture, ...NO_ARRAYS }, selection));
    if (before !== after) this.draw();
    this.read();
  }

  read() {
    const words = this.picture && this.kind.read(this.picture, this.selection);
    const shown = words ?? this.hint;
    if (this.readout.textContent !== shown) this.readout.textContent = shown;
    this.readout.classList.toggle("read", Boolean(words));
    if (document.activeElement === this.reader) this.tellReader();
  }

  /** What a screen reader says of the slider. */
  tellReader() {
    if (!this.picture) return;
    const stops = Array.from(this.kind.stops(this.picture));
    const own = JSON.stringify(this.kind.own(this.selection));
    const at = stops.findIndex((stop) => JSON.stringify(stop) === own);
    this.reader.setAttribute("aria-valuemax", String(stops.length));
    this.reader.setAttribute("aria-valuenow", String(at + 1));
    this.reader.setAttribute("aria-valuetext", this.kind.read(this.picture, this.selection) ?? text.nothing);
  }

  /** @param {boolean} rest */
  tabulate(rest) {
    const now = performance.now();
    if (!this.picture || !this.details.open || (!rest && now - this.tabledAt < 1000)) return;
    this.tabledAt = now;
    const { columns, rows, rule } = this.kind.numbers(this.picture);
    const cell = (/** @type {string} */ tag, /** @type {string} */ content) => {
      const element = document.createElement(tag);
      element.textContent = content;
      return element;
    };
    const head = document.createElement("tr");
    head.append(...columns.slice(0, 12).map((column) => Object.assign(cell("th", column), { scope: "col" })));
    const body = rows.slice(0, MOST_ROWS).map((row) => {
      const line = document.createElement("tr");
      line.append(
        ...row.slice(0, 12).map((value) => cell("td", typeof value === "string" || Number.isInteger(value) ? String(value) : measured(value))),
      );
      return line;
    });
    const caption = cell("caption", text.tableCaption(body.length, rows.length, rule));
    this.table.replaceChildren(caption, head, ...body);
  }

  /** @param {string} format */
  async download(format) {
    if (!this.picture) return;
    const { config } = this.picture;
    const file = `${this.name}-T${config.t}-n${config.n}-m${config.m}.${format}`;
    if (format === "csv") {
      const { columns, rows } = this.kind.numbers(this.picture);
      save(file, [columns, ...rows].map((row) => row.join(",")).join("\n") + "\n", "text/csv");
    } else if (format === "svg") {
      const data = this.kind.data(this.picture, this.selection);
      if (data) save(file, this.kind.svg(this.api, { ...this.size, theme: "print" }, data), "image/svg+xml");
    } else {
      // The canvas itself is transparent.
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [this.canvas.width, this.canvas.height];
      const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext("2d"));
      context.fillStyle = getComputedStyle(document.body).backgroundColor;
      context.fillRect(0, 0, copy.width, copy.height);
      context.drawImage(this.canvas, 0, 0);
      copy.toBlob((blob) => blob && save(file, blob, "image/png"));
    }
  }
}

/** Stands for the arrays where only the selection's part of the data is compared. */
const EMPTY = new Float64Array();
const NO_ARRAYS = {
  hidden: new Float32Array(),
  features: new Float32Array(),
  featureDimensionality: EMPTY,
  exampleDimensionality: EMPTY,
  history: { steps: EMPTY, train: EMPTY, test: EMPTY },
  liveSteps: [],
  liveTrain: [],
};

/** Hands the reader a file. @param {string} name @param {BlobPart} content @param {string} type */
export function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
