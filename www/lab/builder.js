// How does a teacher or an author make a link of their own? A form says what it shows, and the link, or a frame with it, follows.
// It loads when somebody opens its place.

import { all, escaped, made, one } from "../dom.js";
import { kinds } from "./kinds.js";
import { PARTS, queryOf } from "./link.js";
import { linkState } from "./linked.js";
import { strings } from "./strings.js";

const words = strings.builder;

/** What a page in one file needs at most: to train, to hand out files and links, and to open the whole page. */
const RIGHTS = "allow-scripts allow-downloads allow-popups";
/** Gives a frame the height that it tells. */
const FOLLOW =
  'addEventListener("message", ({ data, source }) => { if (data?.type === "embed-size") ' +
  'for (const frame of document.querySelectorAll("iframe")) if (frame.contentWindow === source) frame.height = data.height; });';

/** @param {string} address @param {string} title @param {boolean} alone the page there is one file, and so needs no rights of its origin */
const frameOf = (address, title, alone) =>
  `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="600" style="border: 0" loading="lazy" ` +
  `allow="clipboard-write"${alone ? ` sandbox="${RIGHTS}"` : ""}></iframe>\n<script>${FOLLOW}</script>\n`;

export class Builder {
  /** @param {HTMLDetailsElement} element @param {import("./lab.js").Lab} lab @param {string} home @param {(text: string, said?: string) => void} copy */
  constructor(element, lab, home, copy) {
    this.element = element;
    element.append(made(markup()));
    this.lab = lab;
    this.home = home;
    /** @type {HTMLFormElement} */
    this.form = one(element, "form");
    /** @type {HTMLInputElement} */
    this.built = one(element, "output input");
    /** @type {HTMLSelectElement} */
    this.embed = one(element, '[name="embed"]');
    this.form.addEventListener("input", () => this.build());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      copy(this.build(), this.kind === "stored" ? words.copied : undefined);
    });
    one(element, '[data-part="copy-frame"]').addEventListener("click", () => copy(this.frame(), words.frameCopied));
    this.open();
    element.addEventListener("toggle", () => this.open());
  }

  /** Offers what of the page can be shown alone; asks for that once somebody makes a link. */
  async open() {
    this.build();
    const { embeds } = this.lab.options;
    if (!embeds || !this.home || this.embed.length > 1) return;
    for (const [name, title] of await embeds()) this.embed.add(new Option(title, name));
    one(this.element, '[data-part="embeds"]').hidden = false;
  }

  /** Has the reader copy a text by hand. @param {string} text */
  mark(text) {
    this.element.open = true;
    this.built.value = text;
    this.built.select();
  }

  /** What is shown: the "page", the "lab", a "figure" of it, or something "stored". */
  get kind() {
    const { value } = this.embed;
    return value === "" ? "page" : value === "lab" ? value : value in kinds ? "figure" : "stored";
  }

  /** The link that the form describes. */
  build() {
    for (const element of all(this.element, "[data-of]")) element.hidden = !element.dataset.of?.includes(this.kind);
    return (this.built.value = this.home + this.query());
  }

  query() {
    const { lab, form, kind, embed } = this;
    const checked = (/** @type {string} */ name) =>
      all(form, `:not([hidden]) > label > [name="${name}"]:checked`).map((box) => /** @type {HTMLInputElement} */ (box).value);
    const part = embed.value && `embed=${encodeURIComponent(embed.value)}`;
    if (kind === "stored") return `?${part}`;
    const figures = checked("figures");
    const [begins] = checked("begins");
    const state = {
      ...linkState(lab),
      ...(begins !== "shown" && { step: begins === "start" ? 0 : null }),
      figures: figures.length > 0 && figures.length < Object.keys(kinds).length ? figures : null,
      without: kind === "figure" ? [] : PARTS.filter((name) => !checked("parts").includes(name)),
      present: checked("present").length > 0,
    };
    return `?${part && `${part}&`}${queryOf(state, lab.settings.base)}`;
  }

  /** A frame with what the form describes, as HTML. */
  frame() {
    const alone = this.kind !== "stored";
    // The page in one file stands beside the page, and has all but what is behind stored runs.
    const { href } = new URL((alone ? "superposition.html" : "") + this.query(), this.home);
    return frameOf(href, this.embed.selectedOptions[0].text, alone);
  }
}

function markup() {
  const box = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ text, checked = true, type = "checkbox") =>
    `<label><input type="${type}" name="${name}" value="${value}"${checked ? " checked" : ""}> ${text}</label>`;
  const boxes = (/** @type {string} */ name, /** @type {Record<string, string>} */ texts) =>
    Object.entries(texts)
      .map(([value, text]) => box(name, value, text))
      .join("");
  const figures = Object.fromEntries(Object.entries(strings.figure.kinds).map(([name, { title }]) => [name, title]));
  const begins = Object.entries(words.begins).map(([value, text], k) => box("begins", value, text, k === 0, "radio"));
  return `
      <form class="builder">
        <label data-part="embeds" hidden>${words.embed} <select name="embed"><option value="">${words.page}</option></select></label>
        <fieldset data-of="page lab"><legend>${words.parts.legend}</legend>${boxes("parts", words.parts.texts)}</fieldset>
        <fieldset data-of="page lab"><legend>${words.figures}</legend>${boxes("figures", figures)}</fieldset>
        <fieldset data-of="page lab figure"><legend>${words.beginsLegend}</legend>${begins.join("")}</fieldset>
        <fieldset data-of="page"><legend>${words.look}</legend>${box("present", "1", words.present, false)}</fieldset>
        <output><input type="text" readonly aria-label="${words.built}"></output>
        <button>${words.copy}</button>
        <button type="button" data-part="copy-frame" data-of="lab figure stored">${words.copyFrame}</button>
      </form>`;
}
