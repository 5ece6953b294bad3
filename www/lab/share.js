// How does a reader pass a run on? A link that repeats it, a link for a class, a citation, files.

import { filesMayFail, one, save, say } from "../dom.js";
import { inlined } from "../inlined.js";
import { fetchedText } from "../fetched.js";
import { once } from "../once.js";
import { strings } from "./strings.js";

const words = strings.share;
const SAID_MS = 8000;

/**
 * Where links to this page lead: to itself on the web; a copy elsewhere knows where the page was published, if its build did; a
 * file of the reader's is good for the reader. Empty where none of that is.
 */
function home() {
  const own = location.href.replace(/[?#].*/s, "");
  return /^http/.test(own) ? own : inlined?.home || (/^file:/.test(own) ? own : "");
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
  const template = inlined ? inlined.pytorch : await fetchedText("lab/pytorch.py");
  const values = { CONFIG: player.config, EXPECTED: await player.call("checksums") };
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`${name} = json.loads("""{}""")`, () => `${name} = json.loads("""${JSON.stringify(value)}""")`),
    template,
  );
}

export class Share {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.element = lab.part("share");
    const part = (/** @type {string} */ name) => one(this.element, `[data-part="${name}"]`);
    this.said = part("said");
    this.quiet = 0;
    this.home = lab.options.home ?? home();
    /** The maker of links, once it is wanted. */
    this.builder = once(async () => {
      const { Builder } = await import("./builder.js");
      return new Builder(one(this.element, '[data-part="builder"]'), lab, this.home, (text, said) => this.copy(text, said));
    });
    part("builder").addEventListener("toggle", () => this.builder().catch(() => this.say(words.noScript)));

    part("copy-link").addEventListener("click", () => this.copy(`${this.home}?${lab.query()}`));
    part("save-report").addEventListener("click", () => this.save("report", "json", "application/json"));
    part("save-checkpoint").addEventListener("click", () => this.save("checkpoint", "checkpoint", "application/octet-stream"));
    /** @type {HTMLInputElement} */
    const open = one(this.element, '[data-part="open-checkpoint"]');
    open.addEventListener("change", async () => {
      const file = open.files?.[0];
      open.value = "";
      if (!file) return;
      lab.question.withdraw();
      const bytes = await file.arrayBuffer().catch((/** @type {Error} */ error) => lab.refuseCheckpoint(error.message));
      if (bytes) await lab.create({ checkpoint: new Uint8Array(bytes) });
    });
    part("cite").addEventListener("click", async () => {
      const entry = words.bibtex(/^http/.test(this.home) ? this.home : "", new Date().getFullYear());
      if (await copied(entry)) return this.say(words.citationCopied);
      this.hand("superposition.bib", entry, "text/plain");
    });
    part("save-pytorch").addEventListener("click", async () => {
      const { player } = lab;
      if (!player.config || !player.alive) return;
      const script = await pytorch(player).catch(() => null);
      if (script) this.hand(`run-T${player.config.t}-n${player.config.n}-m${player.config.m}.py`, script, "text/x-python");
      else this.say(words.noScript);
    });
  }

  /** @param {"report" | "checkpoint"} what @param {string} ending @param {string} type */
  async save(what, ending, type) {
    const { player } = this.lab;
    if (!player.config || !player.alive) return;
    const { t } = player.config;
    const answer = await player.ask(what, true).catch(() => null);
    if (answer) this.hand(`run-T${t}-step${answer.step}.${ending}`, answer.value, type);
  }

  /** Hands the reader a file; where it may not come, also as a text. @param {string} name @param {string | Uint8Array<ArrayBuffer>} content @param {string} type */
  hand(name, content, type) {
    save(name, content, type);
    if (!filesMayFail()) return;
    const readable = typeof content === "string";
    /** @type {HTMLTextAreaElement} */
    const text = one(this.element, '[data-part="text"]');
    text.hidden = !readable;
    text.value = readable ? content : "";
    text.select();
    this.say(readable ? words.fileAsText(name) : words.fileMayFail(name));
  }

  /** @param {string} text @param {string} [said] once it is copied */
  async copy(text, said = words.copied) {
    const done = await copied(text);
    if (!done)
      await this.builder().then(
        (builder) => builder.mark(text),
        () => {},
      );
    this.say((done ? said : words.copyYourself) + (this.home ? "" : ` ${words.nowhere}`));
  }

  /** @param {string} text */
  say(text) {
    say(this.said, text);
    clearTimeout(this.quiet);
    this.quiet = window.setTimeout(() => say(this.said, ""), SAID_MS);
  }
}

/** @param {string} uid */
export function shareMarkup(uid) {
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
        <textarea data-part="text" rows="8" readonly aria-label="${words.text}" hidden></textarea>
      </div>
      <details data-part="builder"><summary>${strings.builder.title}</summary></details>
    </div>`;
}
