// One figure: canvas, summary, readout by pointer and keys, table, downloads. What it shows Rust says, in an object that each
// kind makes of its data: those of a live run in lab/kinds.js, those of stored runs in sweeps/kind.js.
//
//   const figure = new Figure(kind, api, { onselect: (selection) => figure.select(selection) });
//   place.append(figure.element);
//   figure.show(picture, true);

import { all, escaped, filesMayFail, made, one, save, say } from "./dom.js";
import { savePng, tabulate } from "./figure-data.js";
import { strings } from "./strings.js";

/**
 * @typedef {wasm_bindgen.Axis} Axis
 * @typedef {wasm_bindgen.Figure & {places?: () => wasm_bindgen.Place[]}} Plot what Rust makes of a picture; the module of all other figures also says where marks are
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
 * @property {string} rule the order of its numbers
 * @property {(api: any, picture: P, selection: S) => Plot | undefined} make undefined while there is nothing to draw; `api` is the wasm module that draws
 * @property {(picture: P) => string} source one line: where the data are from
 * @property {(picture: P) => string} caption settings in full
 * @property {boolean} [told] the summary also stands above the numbers
 * @property {(picture: P) => string} file its name, without the figure's and without an ending
 * @property {(picture: P, selection: S) => number[]} marked which stops of the plot a selection reads; the keys go on from the first
 * @property {(stop: number, picture: P) => S} selected the selection that reads a stop
 * @property {(selection: S) => unknown} [drawn] what of a selection is drawn, if that is not what is marked
 * @property {boolean} [drags] a press is told at once, and while the pointer moves
 */

const FORMATS = ["png", "svg", "csv"];

/** Where the mouse was last, on the screen. */
let mouse = [NaN, NaN];
addEventListener("pointermove", ({ screenX, screenY }) => (mouse = [screenX, screenY]), { passive: true });

/** Whether the page moved under a mouse that rests, which browsers tell as if the mouse had moved. @param {MouseEvent} event */
const rests = ({ screenX, screenY }) => screenX === mouse[0] && screenY === mouse[1];

/** What the colours follow. */
const media = ["(prefers-color-scheme: dark)", "print"].map((query) => matchMedia(query));

/** @param {Axis} axis @param {number} pixel */
function valueAt(axis, pixel) {
  const share = (pixel - axis.pixel0) / (axis.pixel1 - axis.pixel0);
  return axis.log ? axis.value0 * (axis.value1 / axis.value0) ** share : axis.value0 + share * (axis.value1 - axis.value0);
}

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
   * @param {any} api the wasm module that draws; null until it is there, set it then
   * @param {object} on
   * @param {(selection: S) => void} on.onselect the reader looks at something; `select` shows it, here and wherever else
   * @param {(selection: S, x: number | null) => void} [on.onpress] the reader presses there, or Enter; where that drags, at that value of x
   * @param {() => void} [on.ondrawn] there are new places
   * @param {() => void} [on.onvisible] the figure came on screen or left it
   */
  constructor(kind, api, { onselect, onpress, ondrawn, onvisible }) {
    this.kind = kind;
    this.name = kind.name;
    this.api = api;
    this.onselect = onselect;
    this.onpress = onpress ?? (() => {});
    this.ondrawn = ondrawn ?? (() => {});
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
    /** @type {Plot | undefined} */
    this.plot = undefined;
    /** @type {S} */
    this.selection = /** @type {S} */ ({});
    /** What the pointer is on. @type {S} */
    this.pointed = /** @type {S} */ ({});
    /** @type {{x: Axis, y: Axis} | null} */
    this.area = null;
    /** @type {wasm_bindgen.Place[] | null} */
    this.placed = null;
    /** The selection was made by keys. */
    this.keyed = false;
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
    // What keys have chosen stays until the mouse moves.
    reader.addEventListener("pointermove", (event) => (this.keyed && rests(event)) || this.point(event));
    reader.addEventListener("pointerdown", (event) => this.point(event, true));
    // A touch that scrolls the page is no click.
    reader.addEventListener("click", () => this.kind.drags || this.onpress(this.pointed, null));
    reader.addEventListener("pointerleave", (event) => (this.keyed && rests(event)) || this.leave());
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
    this.plot?.free();
    this.plot = undefined;
    this.picture = null;
    this.element.remove();
  }

  /** Which of several figures of this kind it is, in front of its names. @param {string} prefix */
  mark(prefix) {
    const { title, reading } = this.kind;
    say(one(this.element, "h3"), prefix + title);
    this.reader.setAttribute("aria-label", prefix + reading);
    one(this.element, ".scroller").setAttribute("aria-label", strings.asNumbers(prefix + title));
    for (const button of all(this.element, "[data-download]"))
      button.setAttribute("aria-label", strings.download(prefix + title, button.dataset.download ?? ""));
  }

  /** How much larger than usual text and marks are, as the style says: for a room to read. */
  get scale() {
    return Number(getComputedStyle(this.element).getPropertyValue("--figure-scale")) || 1;
  }

  /** @returns {wasm_bindgen.Size} */
  get size() {
    const { scale } = this;
    return {
      width: this.width / scale,
      height: this.height / scale,
      ratio: scale * (devicePixelRatio || 1),
      theme: /** @type {wasm_bindgen.Size["theme"]} */ (getComputedStyle(this.element).getPropertyValue("--theme").trim() || "light"),
    };
  }

  /** Shows a picture; `rest` when nothing moves, so that words and tables may be made as well. @param {P} picture @param {boolean} rest */
  show(picture, rest) {
    this.picture = picture;
    this.make();
    if (this.kind.shape === "tall") this.resize(this.width, this.height);
    else this.draw();
    this.read();
    // Of the run that is drawn, whether or not it is at rest.
    say(this.source, this.kind.source(picture));
    say(this.caption, this.kind.caption(picture));
    if (rest && this.plot) {
      const summary = this.plot.summary();
      this.canvas.setAttribute("aria-label", summary);
      // Numbers and their names don't part at the end of a line.
      if (this.kind.told) say(one(this.element, ".measured"), summary.replace(/ (?=[=−])|(?<=[=−]) /g, "\u00a0"));
    }
    this.tabulate(rest);
  }

  /** Of what is shown and looked at. */
  make() {
    this.plot?.free();
    this.plot = this.picture && this.api ? this.kind.make(this.api, this.picture, this.selection) : undefined;
  }

  /** @param {number} width @param {number} height css pixels */
  resize(width, height) {
    const { scale } = this;
    const wanted = width && this.kind.shape === "tall" ? this.plot?.height(width / scale) : undefined;
    if (wanted !== undefined && Math.round(wanted * scale) !== height) {
      // The observer comes again.
      /** @type {HTMLElement} */ (this.canvas.parentElement).style.height = `${Math.round(wanted * scale)}px`;
    }
    [this.width, this.height] = [width, height];
    this.draw();
  }

  draw() {
    if (!this.plot || this.width < 20) return;
    const start = performance.now();
    const { width, height, ratio } = this.size;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) [this.canvas.width, this.canvas.height] = [w, h];
    this.area = this.plot.draw(this.context, this.size) ?? null;
    this.placed = null;
    this.ondrawn();
    this.cost = performance.now() - start;
  }

  /** Where in the drawing the pointer is, in the drawing's pixels. @param {MouseEvent} event */
  pixel(event) {
    const box = this.reader.getBoundingClientRect();
    // A page may be zoomed, or a slide made smaller, after it was laid out.
    const scale = (this.scale * box.width) / this.reader.offsetWidth;
    return [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
  }

  /** What the axes say there; NaN before the first drawing. @param {MouseEvent} event */
  value(event) {
    const { area } = this;
    const [x, y] = this.pixel(event);
    return area ? [valueAt(area.x, x), valueAt(area.y, y)] : [NaN, NaN];
  }

  /** @param {PointerEvent} event @param {boolean} [pressed] just now */
  point(event, pressed = false) {
    const { picture, plot, kind } = this;
    if (!picture || !plot) return;
    this.keyed = false;
    const [x, y] = this.pixel(event);
    const stop = plot.stop(x, y);
    this.pointed = stop === undefined ? /** @type {S} */ ({}) : kind.selected(stop, picture);
    this.onselect(this.pointed);
    const dragged = pressed || (event.buttons & 1) === 1;
    if (kind.drags && dragged) this.onpress(this.pointed, this.area && this.value(event)[0]);
  }

  /** All stops of the keys, and at which of them they are; −1 for none. */
  get stops() {
    const { picture, plot, kind, selection } = this;
    const stops = plot ? Array.from(plot.stops()) : [];
    return { stops, at: picture ? stops.indexOf(kind.marked(picture, selection)[0]) : -1 };
  }

  leave() {
    this.keyed = false;
    this.onselect(/** @type {S} */ ({}));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { picture, kind } = this;
    const { stops, at } = this.stops;
    if (!picture || !stops.length) return;
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
    const nothing = /** @type {S} */ ({});
    if (event.key === "Escape") {
      this.leave();
      return this.onpress(nothing, null);
    }
    const [own] = kind.marked(picture, this.selection);
    if (event.key === "Enter") return this.onpress(own === undefined ? nothing : kind.selected(own, picture), null);
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.keyed = true;
    this.onselect(kind.selected(stops[Math.min(last, Math.max(0, moves[event.key]))], picture));
  }

  /** @param {S} selection */
  select(selection) {
    const { picture, kind } = this;
    const drawn = () => JSON.stringify(kind.drawn ? kind.drawn(this.selection) : picture && kind.marked(picture, this.selection));
    const before = drawn();
    this.selection = selection;
    if (drawn() !== before) this.redraw();
    this.read();
  }

  /** Where marks are in the last drawing. @returns {wasm_bindgen.Place[]} */
  get places() {
    return (this.placed ??= this.plot?.places?.() ?? []);
  }

  /** Something of it is another: what is looked at, or what the figure beside it takes of the axes. */
  redraw() {
    this.make();
    this.draw();
  }

  /** What is read, in words. */
  get words() {
    const { picture, plot, kind, selection } = this;
    const stops = picture && plot ? kind.marked(picture, selection) : [];
    return stops.flatMap((stop) => plot?.read(stop) ?? []).join(" · ");
  }

  read() {
    const { words } = this;
    say(this.readout, words || (this.kind.hint ?? strings.hint));
    this.readout.classList.toggle("read", Boolean(words));
    if (this.reader.matches(":focus")) this.tellReader();
  }

  /** What a screen reader says of the slider. */
  tellReader() {
    const { stops, at } = this.stops;
    this.reader.setAttribute("aria-valuemax", String(stops.length));
    this.reader.setAttribute("aria-valuenow", String(at + 1));
    this.reader.setAttribute("aria-valuetext", this.words || strings.nothing);
  }

  /** @param {boolean} rest */
  tabulate(rest) {
    const now = performance.now();
    if (!this.plot || !this.details.open || (!rest && now - this.tabledAt < 1000)) return;
    this.tabledAt = now;
    tabulate(this.table, this.plot, this.kind.rule);
  }

  /** @param {string} format */
  async download(format) {
    if (!this.picture || !this.plot) return;
    const file = `${this.name}-${this.kind.file(this.picture)}.${format}`;
    if (format === "csv") save(file, this.plot.csv(), "text/csv");
    else if (format === "svg") save(file, this.plot.svg({ ...this.size, theme: "print" }), "image/svg+xml");
    else savePng(file, this.canvas, getComputedStyle(this.element).getPropertyValue("--surface"));
    if (filesMayFail()) say(this.readout, strings.fileMayFail);
  }
}
