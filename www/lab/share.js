// How does a reader pass a run on? A link that repeats it, a link for a class, a citation, files.

import { all, one, save, say } from "../dom.js";
import { inlined } from "../inlined.js";
import { PARTS, queryOf } from "./link.js";
import { linkState } from "./linked.js";
import { strings } from "./strings.js";

const words = strings.share;
const SAID_MS = 4000;

/** The address of this page with another query. @param {string} query */
function address(query) {
  const url = new URL(location.href);
  [url.search, url.hash] = [query, ""];
  return url.href;
}

/** Into the clipboard, which a frame may be denied. @param {string} text @returns {Promise<boolean>} */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The script of a run for PyTorch. @param {import("./player.js").Player} player */
async function pytorch(player) {
  const template = inlined ? inlined.pytorch : await (await fetch(new URL("pytorch.py", import.meta.url))).text();
  const values = { CONFIG: player.config, EXPECTED: await player.call("checksums") };
  return Object.entries(values).reduce((text, [name, value]) => text.replace(`${name} = json.loads("""{}""")`, () => `${name} = json.loads("""${JSON.stringify(value)}""")`), template);
}

export class Share {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.element = lab.part("share");
    const part = (/** @type {string} */ name) => one(this.element, `[data-part="${name}"]`);
    this.said = part("said");
    /** @type {HTMLFormElement} */
    this.builder = one(this.element, "form");
    /** @type {HTMLInputElement} */
    this.built = one(this.builder, "output input");
    this.quiet = 0;

    part("copy-link").addEventListener("click", () => this.copy(address(lab.query())));
    part("save-report").addEventListener("click", () => this.save("report", "json", "application/json"));
    part("save-checkpoint").addEventListener("click", () => this.save("checkpoint", "checkpoint", "application/octet-stream"));
    /** @type {HTMLInputElement} */
    const open = one(this.element, '[data-part="open-checkpoint"]');
    open.addEventListener("change", async () => {
      const file = open.files?.[0];
      open.value = "";
      if (!file) return;
      lab.question.withdraw();
      await lab.create({ checkpoint: new Uint8Array(await file.arrayBuffer()) });
    });
    part("cite").addEventListener("click", async () => {
      const entry = words.bibtex(location.protocol.startsWith("http") ? address("") : "", new Date().getFullYear());
      if (await copied(entry)) return this.say(words.citationCopied);
      save("superposition.bib", entry, "text/plain");
    });
    part("save-pytorch").addEventListener("click", async () => {
      const { player } = lab;
      if (!player.config || !player.alive) return;
      const script = await pytorch(player).catch(() => null);
      if (script) save(`run-T${player.config.t}-n${player.config.n}-m${player.config.m}.py`, script, "text/x-python");
      else this.say(words.noScript);
    });
    this.builder.addEventListener("input", () => this.build());
    this.builder.addEventListener("submit", (event) => {
      event.preventDefault();
      this.copy(this.build());
    });
    this.builder.closest("details")?.addEventListener("toggle", () => this.build());
  }

  /** @param {"report" | "checkpoint"} what @param {string} ending @param {string} type */
  async save(what, ending, type) {
    const { player } = this.lab;
    if (!player.config || !player.alive) return;
    const name = `run-T${player.config.t}-step${player.step}.${ending}`;
    const content = await player.call(what, true).catch(() => null);
    if (content) save(name, content, type);
  }

  /** @param {string} link */
  async copy(link) {
    const done = await copied(link);
    if (!done) {
      this.builder.closest("details")?.setAttribute("open", "");
      this.built.value = link;
      this.built.select();
    }
    this.say(done ? words.copied : words.copyYourself);
  }

  /** @param {string} text */
  say(text) {
    say(this.said, text);
    clearTimeout(this.quiet);
    this.quiet = window.setTimeout(() => say(this.said, ""), SAID_MS);
  }

  /** The link that the form describes. */
  build() {
    const { lab, builder } = this;
    const checked = (/** @type {string} */ name) => all(builder, `[name="${name}"]:checked`).map((box) => /** @type {HTMLInputElement} */ (box).value);
    const figures = checked("figures");
    const begins = checked("begins")[0];
    this.built.value = address(
      queryOf(
        {
          ...linkState(lab),
          ...(begins !== "shown" && { step: begins === "start" ? 0 : null }),
          figures: figures.length > 0 && figures.length < all(builder, '[name="figures"]').length ? figures : null,
          without: PARTS.filter((name) => !checked("parts").includes(name)),
          present: checked("present").length > 0,
        },
        lab.settings.base,
      ),
    );
    return this.built.value;
  }
}

/** @param {string} uid */
export function shareMarkup(uid) {
  const box = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ text, checked = true, type = "checkbox") =>
    `<label><input type="${type}" name="${name}" value="${value}"${checked ? " checked" : ""}> ${text}</label>`;
  const boxes = (/** @type {string} */ name, /** @type {Record<string, string>} */ texts) => Object.entries(texts).map(([value, text]) => box(name, value, text)).join("");
  const figures = Object.fromEntries(Object.entries(strings.figure.kinds).map(([name, { title }]) => [name, title]));
  const begins = Object.entries(words.begins).map(([value, text], k) => box("begins", value, text, k === 0, "radio"));
  return `
    <div class="share" data-part="share" role="group" aria-label="${words.title}">
      <div class="files">
        <button type="button" data-part="copy-link">${words.copyLink}</button>
        <button type="button" data-part="save-report">${words.report}</button>
        <button type="button" data-part="save-pytorch">${words.pytorch}</button>
        <button type="button" data-part="save-checkpoint">${words.saveCheckpoint}</button>
        <label class="upload">${words.openCheckpoint}<input type="file" data-part="open-checkpoint" aria-describedby="${uid}-checkpoint-error"></label>
        <button type="button" data-part="cite">${words.cite}</button>
        <p class="error" id="${uid}-checkpoint-error" data-error="checkpoint" role="alert"></p>
        <p class="said" data-part="said" role="status"></p>
      </div>
      <details>
        <summary>${words.builder}</summary>
        <form class="builder">
          <fieldset><legend>${words.parts.legend}</legend>${boxes("parts", words.parts.texts)}</fieldset>
          <fieldset><legend>${words.figures}</legend>${boxes("figures", figures)}</fieldset>
          <fieldset><legend>${words.beginsLegend}</legend>${begins.join("")}</fieldset>
          <fieldset><legend>${words.look}</legend>${box("present", "1", words.present, false)}</fieldset>
          <output><input type="text" readonly aria-label="${words.built}"></output>
          <button>${words.copyBuilt}</button>
        </form>
      </details>
    </div>`;
}
