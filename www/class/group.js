// How does a class make a sweep together? Shares by number or at random, codes that fit into a chat, and a box that takes them, says what does
// not fit, and checks some by training them here.

import { made, one, say } from "../dom.js";
import { parseNumber } from "./plan.js";
import { strings } from "./strings.js";

const words = strings.group;
/** So many runs that others gave are trained here unless more are asked for. */
const CHECKED = 3;
/** Lines of a file that are read at once. */
const BATCH = 25;
/** More sentences than these are not read. */
const MOST_TOLD = 200;

/**
 * What became of a run: its kind, and its place, or its name and what else there is to say.
 * @typedef {"new" | "again" | "differs" | "foreign" | "other"} Kind
 * @typedef {{kind: Kind, name: string, reason: string}} Taken
 */

/** @param {string} text as Rust says it @returns {Taken} */
function read(text) {
  const [kind, name, reason = ""] = text.split("\n");
  return { kind: /** @type {Kind} */ (kind), name, reason };
}

export class Group {
  /** @param {import("./class.js").OwnSweep} sweep */
  constructor(sweep) {
    this.sweep = sweep;
    this.shares = 1;
    /** This tab's share, from 1 on. @type {number | null} */
    this.part = null;
    /** What was given so far, to be taken anew when the plan changes. @type {({text: string} | {name: string, text: string})[]} */
    this.received = [];
    /** What was wrong with it. @type {string[]} */
    this.wrongs = [];
    const click = (/** @type {string} */ name, /** @type {() => void} */ task) => sweep.part(name).addEventListener("click", task);
    click("class-link", () => sweep.copy(sweep.link({ shares: this.shares }), sweep.part("gave"), sweep.copied(), sweep.part("mine")));
    click("give", () => this.give());
    click("take", () => this.takeText());
    click("check-all", () => sweep.check(this.unchecked()));
    for (const name of ["shares", "part"]) sweep.form.control(name).addEventListener("change", () => sweep.follow());
    const box = sweep.part("box");
    box.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
    box.addEventListener("dragleave", () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("over");
      sweep.open([...(event.dataTransfer?.files ?? [])]);
    });
  }

  /** As a link says. Without a number of its own a tab draws lots. @param {number | null} shares @param {number | null} part */
  set(shares, part) {
    const { form, api } = this.sweep;
    const count = shares ?? 1;
    const lot = count > 1 && part === null ? (api.freshSeed() % count) + 1 : part;
    form.control("shares").value = String(count);
    form.control("part").value = lot === null ? "" : String(lot);
    if (count > 1 && part === null && lot !== null) say(this.sweep.part("gave"), words.lot(lot, count));
  }

  /** Reads the fields; whether they are right. */
  read() {
    const { form } = this.sweep;
    const most = 2000;
    const [shares, part] = ["shares", "part"].map((name) => form.control(name).value.trim());
    const count = parseNumber(shares);
    const right = Number.isInteger(count) && count >= 1 && count <= most;
    form.mark("shares", right ? "" : words.sharesRange(most));
    const own = part === "" ? null : parseNumber(part);
    const fits = own === null || (Number.isInteger(own) && own >= 1 && own <= count);
    form.mark("part", fits ? "" : words.partRange(right ? count : most));
    if (!right || !fits) return false;
    [this.shares, this.part] = [count, own];
    return true;
  }

  // A student

  async give() {
    const { sweep } = this;
    const runs = sweep.share.filter((run) => sweep.gathering?.isOwn(run));
    if (!runs.length || !sweep.gathering) return say(sweep.part("gave"), words.noneYet);
    const text = sweep.gathering.codes(new Uint32Array(runs), sweep.form.control("nickname").value.trim());
    await sweep.copy(text, sweep.part("gave"), words.copied(runs.length), sweep.part("mine"));
    // To be seen, even where it could be copied.
    /** @type {HTMLTextAreaElement} */
    const mine = sweep.part("mine");
    [mine.hidden, mine.value] = [false, text];
  }

  // A teacher

  takeText() {
    const { sweep } = this;
    const field = sweep.form.control("codes");
    const text = field.value;
    if (!text.trim() || !sweep.gathering) return;
    const told = this.readCodes(text);
    // It stays, to be mended.
    if (!told) return say(sweep.part("took"), words.noCode);
    this.received.push({ text });
    field.value = "";
    say(sweep.part("took"), told);
    this.taken();
  }

  /** @param {string} text @returns {string} what came of its codes; empty if there are none */
  readCodes(text) {
    const { gathering } = this.sweep;
    if (!gathering) return "";
    const codes = gathering.takeCodes(text).map(([who, taken, wrong]) => {
      for (const why of wrong) this.wrong(words.wrong(who, why));
      return { who, counts: this.tell(who, taken.map(read), true) };
    });
    // Of many the usual is said once.
    const told = codes.filter(({ counts }) => codes.length === 1 || counts.again || counts.differs).map(({ who, counts }) => words.took(who, counts));
    if (codes.length > 1)
      told.unshift(
        words.tookAll(
          codes.length,
          codes.reduce((sum, { counts }) => sum + counts.new, 0),
        ),
      );
    return told.join(" ");
  }

  /** Tells what can't be compared, and by name what is not of this sweep. @param {string} who @param {Taken[]} taken @param {boolean} byName */
  tell(who, taken, byName) {
    const counts = { new: 0, again: 0, differs: 0, foreign: 0, other: 0 };
    for (const { kind, name, reason } of taken) {
      counts[kind] += 1;
      if (kind === "foreign" && byName) this.wrong(words.foreign(who, name));
      if (kind === "other") this.wrong(words.other(who, name, reason));
    }
    return counts;
  }

  /** Takes the lines of a file. @param {string} name @param {string} text @returns {Promise<string>} what came of it */
  async takeFile(name, text) {
    const told = await this.readFile(name, text);
    this.received.push({ name, text });
    this.taken();
    return told;
  }

  /** @param {string} name @param {string} text */
  async readFile(name, text) {
    const { gathering } = this.sweep;
    if (!gathering) return "";
    // A text of codes has been saved by somebody.
    if (/(^|\W)dd\d+-/i.test(text) && !text.trimStart().startsWith("{")) return this.readCodes(text);
    /** @type {Taken[]} */
    const taken = [];
    /** @type {string[]} */
    const refused = [];
    for (const [k, line] of text.split("\n").entries()) {
      if (k % BATCH === BATCH - 1) await new Promise((resolve) => setTimeout(resolve, 0));
      // Another plan has come meanwhile, and takes what was given by itself.
      if (gathering !== this.sweep.gathering) return "";
      if (!line.trim()) continue;
      try {
        taken.push(read(gathering.take(JSON.parse(line), undefined, name, false)));
      } catch (error) {
        refused.push(strings.out.line(k + 1, error instanceof Error ? error.message : String(error)));
      }
    }
    if (!taken.length) return strings.out.notOpened(name, refused[0] ?? strings.out.noLines, refused.length);
    for (const why of refused) this.wrong(`${name}, ${why}.`);
    return strings.out.opened(name, { ...this.tell(name, taken, false), refused: refused.length });
  }

  /** All that was given, for another plan. */
  again() {
    this.wrongs = [];
    for (const given of this.received) {
      if ("name" in given) this.readFile(given.name, given.text);
      else this.readCodes(given.text);
    }
  }

  /** There are new runs of others. */
  taken() {
    const { sweep } = this;
    sweep.shown.draw();
    if (!sweep.form.control("check").checked) return sweep.work();
    const left = this.unchecked();
    // By lot: whoever forges does not know which.
    while (left.length > CHECKED) left.splice(sweep.api.freshSeed() % left.length, 1);
    sweep.check(left);
  }

  /** Runs that others gave and that were not made here. */
  unchecked() {
    const { gathering, keys } = this.sweep;
    return keys.map((_, run) => run).filter((run) => gathering?.isTaken(run) && !gathering.isOwn(run));
  }

  /** @param {string} sentence */
  wrong(sentence) {
    if (!this.wrongs.includes(sentence) && this.wrongs.length < MOST_TOLD) this.wrongs.push(sentence);
  }

  show() {
    const { sweep } = this;
    const { gathering, keys } = sweep;
    if (!gathering) return;
    const by = gathering.byWhom();
    sweep.part("names").replaceChildren(...by.map(([who, runs]) => Object.assign(document.createElement("li"), { textContent: words.from(who, runs) })));
    const given = keys.map((_, run) => run).filter((run) => gathering.givers(run).length > 0);
    if (given.length) say(sweep.part("checked"), words.checked(given.length, given.filter((run) => gathering.isOwn(run)).length));
    const items = this.wrongs.map((sentence) => ({ sentence, run: -1 }));
    for (const [run, name, settled, said] of gathering.conflicts()) items.push({ sentence: words.conflict(name, settled, said), run: settled ? -1 : run });
    const told = [...sweep.part("wrongs").children];
    const now = items.map(({ sentence, run }) => {
      const same = told.find((item) => one(/** @type {HTMLElement} */ (item), "span").textContent === sentence);
      if (same) return same;
      const item = made(`<li><span></span></li>`);
      say(one(item, "span"), sentence);
      if (run >= 0) {
        const button = made(`<button type="button"></button>`);
        say(button, words.checkRun);
        button.addEventListener("click", () => sweep.check([run]));
        item.append(button);
      }
      return item;
    });
    if (now.length !== told.length || now.some((item, k) => item !== told[k])) sweep.part("wrongs").replaceChildren(...now);
  }
}
