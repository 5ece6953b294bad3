// One figure: canvas, summary, readout by pointer and keys, table, downloads. What it shows is its kind's business: those of
// a live run are in lab/kinds.js, those of stored runs in sweeps/kind.js.
//
//   const figure = new Figure(kind, api, { onselect: (selection) => figure.select(selection) });
//   place.append(figure.element);
//   figure.show(picture, true);

import { all, escaped, filesMayFail, made, one, save, say } from "./dom.js";
import { measured } from "./format.js";
import { strings } from "./strings.js";

/**
 * @typedef {wasm_bindgen.Axis} Axis
 * @typedef {{columns: string[], rows: (string | number)[][], rule: string}} Numbers rows in the order that matters; `rule` says which that is
 * @typedef {{key: string, text: string}} LegendEntry `key`: classes of the sign in front, as in figure.css; none if empty
 */

/**
 * What figures differ in. P is the data, S what the reader looks at: a plain object, empty for nothing.
 * @template P
 * @template {object} S
 * @typedef {object} Kind
 * @property {string} name of the figure, for files and selectors
 * @property {"square" | "wide" | "tall"} shape; a tall figure says its height
 * @property {string} title
 * @property {string} reading what the keys do, as the label of the slider
 * @property {LegendEntry[]} legend
 * @property {string} [hint] how to read it, where that is more than hovering and arrow keys
 * @property {(picture: P, width: number) => number} [height] of the plot, css pixels
 * @property {(api: typeof wasm_bindgen, ctx: CanvasRenderingContext2D, size: any, data: any) => any} draw returns the wasm's Area, if there is one
 * @property {(api: typeof wasm_bindgen, size: any, data: any) => string} svg
 * @property {(picture: P, selection: S) => any} data what `draw` and `svg` take; undefined while there is nothing to draw
 * @property {(picture: P) => string} summary one sentence
 * @property {(picture: P) => string} source one line: where the data are from
 * @property {(picture: P) => string} caption settings in full
 * @property {boolean} [told] the summary also stands above the numbers
 * @property {(picture: P) => string} file its name, without the figure's and without an ending
 * @property {(picture: P) => Numbers} numbers
 * @property {(picture: P) => string} [csv] where it is not simply all the numbers
 * @property {(picture: P) => ArrayLike<S>} stops what the keys step through
 * @property {(selection: S) => S} own the part of a selection that the keys move and the readout tells
 * @property {(selection: S) => S} [drawn] the part of a selection that is marked in the drawing, if more than its own
 * @property {boolean} [drags] a press is also told while the pointer moves
 * @property {(picture: P, selection: S) => string | undefined} read
 * @property {(picture: P, x: number, y: number, slack: {x: number, y: number}, pixelX: number, pixelY: number) => S} [pick] the nearest to a pair of values
 * @property {(picture: P, x: number, y: number) => S} [pickAt] the nearest to a pixel, where there is not one pair of axes
 */

const MOST_ROWS = 50;
const MOST_COLUMNS = 12;
/** Within so many pixels of a mark the pointer reads it. */
const REACH = 16;
const FORMATS = ["png", "svg", "csv"];

/** What the colours follow. */
const media = ["(prefers-color-scheme: dark)", "print"].map((query) => matchMedia(query));

/** @param {Axis} axis @param {number} pixel */
function valueAt(axis, pixel) {
  const share = (pixel - axis.pixel0) / (axis.pixel1 - axis.pixel0);
  return axis.log ? axis.value0 * (axis.value1 / axis.value0) ** share : axis.value0 + share * (axis.value1 - axis.value0);
}

/** @param {Numbers} numbers */
const csv = ({ columns, rows }) => [columns, ...rows].map((row) => row.join(",") + "\n").join("");

/** @param {Kind<any, any>} kind */
const markup = ({ name, shape, title, reading, legend, hint }) => `
  <figure class="figure ${shape}" data-figure="${name}">
    <h3>${escaped(title)}</h3>
    ${legend.length ? `<p class="legend">${legend.map(({ key, text }) => `<span>${key && `<i class="key ${key}" aria-hidden="true"></i>`}${escaped(text)}</span>`).join(" ")}</p>` : ""}
    <div class="plot">
      <canvas role="img" aria-label="${escaped(strings.noRun(title))}"></canvas>
      <div class="reader" role="slider" tabindex="0" aria-label="${escaped(reading)}" aria-valuemin="0" aria-valuemax="0" aria-valuenow="0" aria-valuetext="${strings.nothing}"></div>
    </div>
    <output class="readout">${hint ?? strings.hint}</output>
    <figcaption class="source"></figcaption>
    <div class="extras">
      <details class="numbers">
        <summary>${strings.numbers}</summary>
        <p class="measured"></p>
        <p class="caption"></p>
        <div class="scroller" tabindex="0" role="region" aria-label="${escaped(strings.asNumbers(title))}"><table></table></div>
      </details>
      <details class="save">
        <summary>${strings.save}</summary>
        <span class="downloads">
          ${FORMATS.map((format) => `<button type="button" data-download="${format}" aria-label="${escaped(strings.download(title, format))}">${format.toUpperCase()}</button>`).join("\n")}
        </span>
      </details>
    </div>
  </figure>`;

/**
 * @template P
 * @template {object} S
 */
export class Figure {
  /**
   * @param {Kind<P, S>} kind
   * @param {typeof wasm_bindgen | null} api null until the wasm is there; set it then
   * @param {object} on
   * @param {(selection: S) => void} on.onselect the reader looks at something; `select` shows it, here and wherever else
   * @param {(selection: S, x: number | null) => void} [on.onpress] the reader presses there, at that value of x, or Enter: x is null then, and where there is not one pair of axes
   * @param {() => void} [on.onvisible] the figure came on screen or left it
   */
  constructor(kind, api, { onselect, onpress, onvisible }) {
    this.kind = kind;
    this.name = kind.name;
    this.api = api;
    this.onselect = onselect;
    this.onpress = onpress ?? (() => {});
    this.onvisible = onvisible ?? (() => {});
    this.element = made(markup(kind));
    /** @type {HTMLCanvasElement} */
    this.canvas = one(this.element, "canvas");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.reader = one(this.element, ".reader");
    this.readout = one(this.element, ".readout");
    /** @type {HTMLDetailsElement} */
    this.details = one(this.element, "details.numbers");
    /** @type {HTMLTableElement} */
    this.table = one(this.element, "table");
    this.source = one(this.element, ".source");
    this.caption = one(this.element, ".caption");
    /** @type {P | null} */
    this.picture = null;
    /** @type {S} */
    this.selection = /** @type {S} */ ({});
    /** @type {{x: Axis, y: Axis} | null} */
    this.area = null;
    this.visible = false;
    this.width = 0;
    this.height = 0;
    /** How long the last drawing took, in ms. */
    this.cost = 0;
    this.tabledAt = 0;
    this.release = () => {};
    this.listen();
  }

  listen() {
    const { reader } = this;
    reader.addEventListener("pointermove", (event) => this.point(event));
    reader.addEventListener("pointerdown", (event) => this.point(event, true));
    // A touch that scrolls the page is no click.
    reader.addEventListener("click", () => this.kind.pickAt && this.onpress(this.selection, null));
    reader.addEventListener("pointerleave", () => this.onselect(/** @type {S} */ ({})));
    reader.addEventListener("keydown", (event) => this.key(event));
    reader.addEventListener("focus", () => this.tellReader());
    this.details.addEventListener("toggle", () => this.tabulate(true));
    for (const button of all(this.element, "[data-download]")) {
      button.addEventListener("click", () => this.download(button.dataset.download ?? ""));
    }
    const plot = /** @type {HTMLElement} */ (this.canvas.parentElement);
    const sizes = new ResizeObserver(([{ contentRect }]) => this.resize(Math.round(contentRect.width), Math.round(contentRect.height)));
    sizes.observe(plot);
    const screen = new IntersectionObserver((entries) => {
      this.visible = entries[entries.length - 1].isIntersecting;
      this.onvisible();
    });
    screen.observe(this.element);
    const redraw = () => this.draw();
    for (const query of media) query.addEventListener("change", redraw);
    // The reader chose a theme (story/bar.js).
    addEventListener("theme", redraw);
    // Another zoom, or another screen: each ratio has a query of its own.
    /** @type {MediaQueryList | undefined} */
    let ratio;
    const watchRatio = () => {
      ratio?.removeEventListener("change", watchRatio);
      if (ratio) redraw();
      ratio = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
      ratio.addEventListener("change", watchRatio);
    };
    watchRatio();
    this.release = () => {
      sizes.disconnect();
      screen.disconnect();
      for (const query of media) query.removeEventListener("change", redraw);
      removeEventListener("theme", redraw);
      ratio?.removeEventListener("change", watchRatio);
    };
  }

  /** Takes the figure away, with what would keep it alive. */
  destroy() {
    this.release();
    this.element.remove();
  }

  /** Which of several figures of this kind it is, in front of its names. @param {string} prefix */
  mark(prefix) {
    const { title, reading } = this.kind;
    say(one(this.element, "h3"), prefix + title);
    this.reader.setAttribute("aria-label", prefix + reading);
    one(this.element, ".scroller").setAttribute("aria-label", strings.asNumbers(prefix + title));
    for (const button of all(this.element, "[data-download]")) button.setAttribute("aria-label", strings.download(prefix + title, button.dataset.download ?? ""));
  }

  /** How much larger than usual text and marks are, as the style says: for a room to read. */
  get scale() {
    return Number(getComputedStyle(this.element).getPropertyValue("--figure-scale")) || 1;
  }

  get size() {
    const { scale } = this;
    return { width: this.width / scale, height: this.height / scale, ratio: scale * (devicePixelRatio || 1), theme: getComputedStyle(this.element).getPropertyValue("--theme").trim() || "light" };
  }

  /** Shows a picture; `rest` when nothing moves, so that words and tables may be made as well. @param {P} picture @param {boolean} rest */
  show(picture, rest) {
    this.picture = picture;
    if (this.kind.height) this.resize(this.width, this.height);
    else this.draw();
    this.read();
    // Of the run that is drawn, whether or not it is at rest.
    say(this.source, this.kind.source(picture));
    say(this.caption, this.kind.caption(picture));
    if (rest) {
      const summary = this.kind.summary(picture);
      this.canvas.setAttribute("aria-label", summary);
      // Numbers and their names don't part at the end of a line.
      if (this.kind.told) say(one(this.element, ".measured"), summary.replace(/ (?=[=%−])|(?<=[=−]) /g, "\u00a0"));
    }
    this.tabulate(rest);
  }

  /** @param {number} width @param {number} height css pixels */
  resize(width, height) {
    const { scale } = this;
    const wanted = this.picture && width ? this.kind.height?.(this.picture, width / scale) : undefined;
    if (wanted !== undefined && Math.round(wanted * scale) !== height) {
      // The observer comes again.
      /** @type {HTMLElement} */ (this.canvas.parentElement).style.height = `${Math.round(wanted * scale)}px`;
    }
    [this.width, this.height] = [width, height];
    this.draw();
  }

  draw() {
    const data = this.picture && this.kind.data(this.picture, this.selection);
    if (!data || !this.api || this.width < 20) return;
    const start = performance.now();
    const { width, height, ratio } = this.size;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) [this.canvas.width, this.canvas.height] = [w, h];
    const area = this.kind.draw(this.api, this.context, this.size, data);
    const axis = (/** @type {any} */ { pixel0, pixel1, value0, value1, log }) => ({ pixel0, pixel1, value0, value1, log });
    this.area = area ? { x: axis(area.x), y: axis(area.y) } : null;
    area?.free?.();
    this.cost = performance.now() - start;
  }

  /** @param {PointerEvent} event @param {boolean} [pressed] just now */
  point(event, pressed = false) {
    const { pick, pickAt } = this.kind;
    if (!this.picture) return;
    const box = this.reader.getBoundingClientRect();
    // A page may be zoomed, or a slide made smaller, after it was laid out.
    const scale = (this.scale * box.width) / this.reader.offsetWidth;
    const [px, py] = [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
    if (pickAt) this.onselect(pickAt(this.picture, px, py));
    if (!this.area || !pick) return;
    const { x, y } = this.area;
    const slack = {
      x: Math.abs(valueAt(x, px + REACH) - valueAt(x, px)),
      y: Math.abs(valueAt(y, py + REACH) - valueAt(y, py)),
    };
    const selection = pick(this.picture, valueAt(x, px), valueAt(y, py), slack, px, py);
    this.onselect(selection);
    const dragged = this.kind.drags && (event.buttons & 1) === 1;
    if (pressed || dragged) this.onpress(selection, valueAt(x, px));
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
    if (event.key === "Escape") {
      this.onselect(/** @type {S} */ ({}));
      return this.onpress(/** @type {S} */ ({}), null);
    }
    if (event.key === "Enter") return this.onpress(this.kind.own(this.selection), null);
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.onselect(stops[Math.min(last, Math.max(0, moves[event.key]))]);
  }

  /** @param {S} selection */
  select(selection) {
    const drawn = this.kind.drawn ?? this.kind.own;
    const changed = JSON.stringify(drawn(this.selection)) !== JSON.stringify(drawn(selection));
    this.selection = selection;
    if (changed) this.draw();
    this.read();
  }

  read() {
    const words = this.picture && this.kind.read(this.picture, this.selection);
    say(this.readout, words ?? this.kind.hint ?? strings.hint);
    this.readout.classList.toggle("read", Boolean(words));
    if (this.reader.matches(":focus")) this.tellReader();
  }

  /** What a screen reader says of the slider. */
  tellReader() {
    if (!this.picture) return;
    const stops = Array.from(this.kind.stops(this.picture));
    const own = JSON.stringify(this.kind.own(this.selection));
    const at = stops.findIndex((stop) => JSON.stringify(stop) === own);
    this.reader.setAttribute("aria-valuemax", String(stops.length));
    this.reader.setAttribute("aria-valuenow", String(at + 1));
    this.reader.setAttribute("aria-valuetext", this.kind.read(this.picture, this.selection) ?? strings.nothing);
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
    head.append(...columns.slice(0, MOST_COLUMNS).map((column) => Object.assign(cell("th", column), { scope: "col" })));
    const body = rows.slice(0, MOST_ROWS).map((row) => {
      const line = document.createElement("tr");
      line.append(
        ...row.slice(0, MOST_COLUMNS).map((value) => cell("td", typeof value === "string" || Number.isInteger(value) ? String(value) : measured(value))),
      );
      return line;
    });
    const caption = cell("caption", strings.tableCaption(body.length, rows.length, rule));
    this.table.replaceChildren(caption, head, ...body);
  }

  /** @param {string} format */
  async download(format) {
    if (!this.picture) return;
    const file = `${this.name}-${this.kind.file(this.picture)}.${format}`;
    if (format === "csv") {
      save(file, this.kind.csv?.(this.picture) ?? csv(this.kind.numbers(this.picture)), "text/csv");
    } else if (format === "svg") {
      const data = this.kind.data(this.picture, this.selection);
      if (data && this.api) save(file, this.kind.svg(this.api, { ...this.size, theme: "print" }, data), "image/svg+xml");
    } else {
      // The canvas itself is transparent.
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [this.canvas.width, this.canvas.height];
      const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext("2d"));
      context.fillStyle = getComputedStyle(this.element).getPropertyValue("--surface");
      context.fillRect(0, 0, copy.width, copy.height);
      context.drawImage(this.canvas, 0, 0);
      copy.toBlob((blob) => blob && save(file, blob, "image/png"));
    }
    if (filesMayFail()) say(this.readout, strings.fileMayFail);
  }
}
