// What is the lab made of? Its elements, from the tables of presets and settings. Parts are found by `data-part`, never by
// id: a document may hold several labs. Ids are only what labels and descriptions need, and unique to each lab.

import { made, unique } from "../dom.js";
import { presets, scales } from "./presets.js";
import { shareMarkup } from "./share.js";
import { strings } from "./strings.js";

const words = strings.still;
const FEW_STEPS = [1, 10, 100];

/** @param {string} uid */
const presetsMarkup = (uid) => `
  <div class="presets" role="group" aria-label="${words.presets}" data-part="presets">
    <span class="label">${words.presetsLabel}</span>
    <span class="chips">
      ${presets.map(({ t }) => `<button type="button" data-t="${t}"${t === "inf" ? ` aria-label="${words.infinity}">∞` : `>${t}`}</button>`).join("\n")}
    </span>
    <span class="scale" role="radiogroup" aria-label="${words.scale}">
      ${Object.keys(scales)
        .map(
          (name) =>
            `<label><input type="radio" name="${uid}-scale" data-scale="${name}"><span>${words.scales[/** @type {import("./presets.js").Scale} */ (name)]}</span></label>`,
        )
        .join("\n")}
    </span>
  </div>`;

/** @param {string} uid */
const runMarkup = (uid) => `
  <div class="run" role="group" aria-label="${words.run}">
    <p class="notice" data-part="unsupported" role="alert" hidden></p>
    <div class="notice" data-part="notes" role="alert" hidden></div>
    <div class="transport" role="group" aria-label="${words.training}">
      <button type="button" data-part="start" class="primary" disabled>${words.start}</button>
      <span class="steps" role="group" aria-label="${words.steps}">
        ${FEW_STEPS.map((count) => `<button type="button" data-steps="${count}" aria-label="${words.step(count)}" aria-disabled="true">+${count}</button>`).join("\n")}
      </span>
      <button type="button" data-part="reset" aria-disabled="true" title="${words.resetTitle}">${words.reset}</button>
      <label class="speed">${strings.speed.label} <select data-part="speed">
        ${Object.entries(strings.speed.names)
          .map(([name, text]) => `<option value="${name}"${name === "fast" ? " selected" : ""}>${text}</option>`)
          .join("")}
      </select></label>
    </div>
    <progress data-part="progress" max="1" value="0" aria-label="${words.progress}"></progress>
    <p data-part="status" class="status">${strings.loading}</p>
    <p data-part="verdict" class="verdict"></p>
    <p data-part="spoken" class="visually-hidden" role="status"></p>
    <div class="after">
      <button type="button" data-part="compare" aria-disabled="true">${strings.compare.begin}</button>
      <button type="button" data-part="next-init" hidden>${words.nextInit}</button>
      <button type="button" data-part="restore" hidden>${words.restore}</button>
    </div>
    <div data-part="question" class="question" role="alertdialog" aria-labelledby="${uid}-question" hidden>
      <p id="${uid}-question" data-part="question-text"></p>
      <button type="button" data-part="question-yes" class="primary">${words.yes}</button>
      <button type="button" data-part="question-no">${words.no}</button>
    </div>
    <p data-part="trouble" class="notice" role="alert" hidden></p>
  </div>`;

function timelineMarkup() {
  const { title, track, newest, fromHere } = strings.timeline;
  return `
    <div class="timeline" data-part="timeline" role="group" aria-label="${title}">
      <div class="track" role="slider" tabindex="0" aria-label="${track}" aria-valuemin="0" aria-valuemax="0" aria-valuenow="0">
        <span class="known"></span><span class="knob"></span>
      </div>
      <output></output>
      <button type="button" data-part="newest" hidden>${newest}</button>
      <button type="button" data-part="from-here" hidden>${fromHere}</button>
    </div>`;
}

/** @param {string} uid @param {wasm_bindgen.Setting} row */
function fieldMarkup(uid, row) {
  const { name, kind, options, only } = row;
  const { label, hint } = strings.setting(name, row);
  const common = `id="${uid}-${name}" name="${name}" aria-describedby="${hint ? `${uid}-${name}-hint ` : ""}${uid}-${name}-error"`;
  const mode = kind === "count" ? "text" : kind === "real" ? "decimal" : "numeric";
  const control =
    kind === "flag"
      ? `<input ${common} type="checkbox">`
      : kind === "choice"
        ? `<select ${common}>${options.map((option) => `<option value="${option}">${words.options[option] ?? option}</option>`).join("")}</select>`
        : `<input ${common} type="text" inputmode="${mode}" autocomplete="off" spellcheck="false">`;
  const seeds = `<span class="beside"><button type="button" data-next="${name}">${words.next}</button> <button type="button" data-fresh="${name}">${words.random}</button></span>`;
  return `
    <div class="field"${only ? ` data-only="${only}" hidden` : ""}>
      <label for="${uid}-${name}">${label}</label>
      ${control}
      ${kind === "seed" ? seeds : ""}
      ${hint ? `<p class="hint" id="${uid}-${name}-hint">${hint}</p>` : ""}
      <p class="error" id="${uid}-${name}-error" data-error="${name}" role="alert"></p>
    </div>`;
}

/** The fields, in their groups. @param {wasm_bindgen.Setting[]} rows */
export function formMarkup(rows) {
  const uid = unique("form");
  const fields = (/** @type {string} */ group) =>
    rows
      .filter((row) => row.group === group)
      .map((row) => fieldMarkup(uid, row))
      .join("");
  const group = (/** @type {"data" | "model" | "training"} */ name) => `<fieldset><legend>${words.groups[name]}</legend>${fields(name)}</fieldset>`;
  const closed = (/** @type {"others" | "advanced"} */ name) => `
      <details class="${name}">
        <summary>${words.groups[name]}</summary>
        <fieldset><legend class="visually-hidden">${words.groups[name]}</legend>${fields(name)}</fieldset>
      </details>`;
  return made(`<div>${group("data")} ${group("model")} ${group("training")} ${closed("others")} ${closed("advanced")}</div>`).childNodes;
}

/** The lab without its figures, which go into the part "figures", and without its fields, which are known once the wasm is there. @returns {HTMLElement} */
export function labElement() {
  const uid = unique("lab");
  return made(`
    <div class="lab" role="group" aria-labelledby="${uid}-title" data-phase="none">
      <h2 id="${uid}-title" class="visually-hidden">${words.lab}</h2>
      <div class="bench">
        ${presetsMarkup(uid)}
        ${runMarkup(uid)}
        <div class="charts">
          <div class="figures" data-part="figures"></div>
          ${timelineMarkup()}
        </div>
        <form class="settings" data-part="settings" aria-label="${words.settings}" novalidate>
          <p class="changed" data-part="changed" aria-live="polite"></p>
        </form>
        ${shareMarkup(uid)}
      </div>
    </div>`);
}
