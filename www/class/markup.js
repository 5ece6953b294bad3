// What stands where? The form, the figure, and the box of a class.

import { made, unique } from "../dom.js";
import { VARIES } from "./plan.js";
import { strings } from "./strings.js";

const { form, group, out } = strings;

export function ownElement() {
  const uid = unique("own");
  /** @param {string} name @param {string} label @param {string} [more] attributes @param {string} [hint] */
  const field = (name, label, more = "", hint = "") => `
    <div data-field="${name}">
      <label>${label}<input type="text" name="${name}" autocomplete="off" spellcheck="false" aria-describedby="${hint && `${uid}-${name}-hint `}${uid}-${name}-error" ${more}></label>
      ${hint && `<p class="hint" id="${uid}-${name}-hint">${hint}</p>`}
      <p class="error" id="${uid}-${name}-error" data-error="${name}" role="alert"></p>
    </div>`;
  const button = (/** @type {string} */ name, /** @type {string} */ words, kind = "") => `<button type="button" data-part="${name}" ${kind}>${words}</button>`;
  return made(`
  <div class="own" role="group" aria-label="${strings.title}">
    <div class="notice" data-part="trouble" role="alert" hidden></div>
    <div class="bench-row">
      <form>
        <div class="presets-row" role="group" aria-label="${form.begin}">${Object.entries(form.presets)
          .map(([name, words]) => `<button type="button" data-preset="${name}">${words}</button>`)
          .join("")}</div>
        ${field("t", form.t, "", form.hintT)}
        <label>${form.vary}<select name="vary">${["none", ...Object.keys(VARIES)].map((name) => `<option value="${name}">${form.settings[name]}</option>`).join("")}</select></label>
        ${field("values", form.values)}
        <div class="pairs">${field("data_seeds", form.dataSeeds, `inputmode="numeric"`)}${field("init_seeds", form.initSeeds, `inputmode="numeric"`)}${field("workers", form.workers, `inputmode="numeric"`)}</div>
        <p class="base"><b>${form.rest}:</b> <span data-part="base"></span></p>
        <div class="buttons">${button("lab", form.takeLab)}</div>
        <label class="tick"><input type="checkbox" name="hidden">${form.hidden}</label>
      </form>
      <div class="result">
        <p class="counts" data-part="counts" role="status"></p>
        <p class="hint" data-part="estimate"></p>
        <p class="error" data-error="plan" role="alert"></p>
        <div class="buttons acts">${button("start", strings.start, `class="primary"`)}${button("pause", strings.pause)}${button("stop", strings.stop)}${button("seed", strings.oneMoreSeed)}${button("large", strings.large)}</div>
        <progress data-part="progress" max="1" value="0" aria-label="${strings.start}"></progress>
        <p class="status" data-part="status"></p>
        <p class="empty" data-part="none">${strings.figure.none}</p>
        <div data-part="figure" hidden></div>
        <section class="chosen-run" data-part="chosen" aria-label="${strings.chosen}" tabindex="-1" hidden>
          <p data-part="run"></p>
          <div class="buttons">${button("open-lab", strings.openInLab)}${button("check-run", strings.checkThis)}${button("drop", "")}</div>
        </section>
        <div class="outs">
          <div class="buttons">${button("save-store", out.store)}<label class="upload">${out.open}<input type="file" data-part="open-store" multiple></label>${button("save-plan", out.plan)}${button("copy-link", out.link)}</div>
          <p class="said hint" data-part="said" role="status"></p>
          <textarea data-part="text" rows="5" readonly aria-label="${out.text}" hidden></textarea>
          <p class="hint kept" data-part="kept"></p>
          <p class="hint">${out.hint}</p>
        </div>
      </div>
    </div>
    <section class="group-box" aria-label="${group.title}">
      <h4>${group.title}</h4>
      <p>${group.intro}</p>
      <div class="group-halves">
        <div class="group-half">
          <div class="pairs">${field("shares", group.shares, `inputmode="numeric"`)}${field("part", group.part, `inputmode="numeric"`)}</div>
          <p class="hint">${group.hintShares}</p>
          <div class="buttons">${button("class-link", group.link)}</div>
          ${field("nickname", group.nickname, `maxlength="24"`, group.hintNickname)}
          <div class="buttons">${button("give", group.give)}</div>
          <p class="said hint" data-part="gave" role="status"></p>
          <textarea data-part="mine" rows="4" readonly aria-label="${group.mine}" hidden></textarea>
        </div>
        <div class="group-half" data-part="box">
          <div class="take-part group-half">
            <label>${group.paste}<textarea name="codes" rows="4" spellcheck="false" autocomplete="off" aria-describedby="${uid}-codes-hint"></textarea></label>
            <p class="hint" id="${uid}-codes-hint">${group.hintPaste}</p>
            <div class="buttons">${button("take", group.take)}${button("check-all", group.checkAll)}${button("forget", group.forget)}</div>
            <label class="tick"><input type="checkbox" name="check" checked>${group.check}</label>
          </div>
          <p class="hint" data-part="took" role="status"></p>
          <p class="hint" data-part="checked"></p>
          <ul class="names" data-part="names" aria-label="${group.came}"></ul>
          <div role="log" aria-label="${group.wrongs}"><ul class="wrongs" data-part="wrongs"></ul></div>
        </div>
      </div>
    </section>
  </div>`);
}
