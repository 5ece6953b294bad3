// How does a class make a sweep together? Shares by number or at random, codes that fit into a chat, and a box that takes them, says what does
// not fit, and checks some by training them here.

import { arrived } from "../address.js";
import { made, one, say } from "../dom.js";
import { parseNumber, reasonOf } from "./plan.js";
import { strings } from "./strings.js";

const words = strings.group;
/** So many runs that others gave are trained here unless more are asked for. */
const CHECKED = 3;
/** Lines of a file that are read at once. */
const BATCH = 25;
/** More sentences than these are not read. */
const MOST_TOLD = 200;

/** @typedef {import("./keep.js").Given} Given */

/** A tab that hands out shares and has none: it draws no lots when it is loaded again. */
const HOST = "superposition-host";

/** @returns {Partial<Storage>} where a frame has none, one that keeps nothing */
function ofTab() {
  try {
    return sessionStorage;
  } catch {
    return {};
  }
}

/**
 * What became of a run: its kind, and its place, or its name and what else there is to say.
 * @typedef {"new" | "again" | "differs" | "foreign" | "other"} Kind
 * @typedef {{kind: Kind, name: string, reason: string}} Taken
 */

/** Whether the sweep has the run. @param {Taken} taken */
const belongs = ({ kind }) => kind !== "foreign" && kind !== "other";

/** What came of a text, which says nothing if there was nothing in it; and whether it has runs of the sweep. @typedef {{told: string, fit: boolean}} Read @type {Read} */
const NOTHING = { told: "", fit: false };

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
    /** What was given so far, to be taken anew when the plan changes. @type {Given[]} */
    this.received = [];
    /** What was wrong with it, with whose code, and which of its runs could be read. @type {{sentence: string, who: string, runs: string[]}[]} */
    this.wrongs = [];
    const click = (/** @type {string} */ name, /** @type {() => void} */ task) => sweep.part(name).addEventListener("click", task);
    click("class-link", () => sweep.copy(sweep.link({ shares: this.shares }), sweep.part("gave"), sweep.copied(), sweep.part("mine")));
    click("give", () => this.give());
    click("take", () => this.takeText());
    click("check-all", () => {
      const left = this.unchecked();
      if (left.length) sweep.check(left);
      else say(sweep.part("took"), words.noneToCheck);
    });
    click("forget", () => this.forget());
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

  /** As a link says. Without a number of its own a tab draws lots. @param {number} shares @param {number | null} part @returns {string[]} what was mended */
  set(shares, part) {
    const { form, api } = this.sweep;
    const above = part !== null && part > shares;
    const draws = shares > 1 && (above || (part === null && (arrived() || !ofTab()[HOST])));
    const own = draws ? (api.freshSeed() % shares) + 1 : above ? null : part;
    form.control("shares").value = String(shares);
    form.control("part").value = own === null ? "" : String(own);
    if (draws) say(this.sweep.part("gave"), words.lot(Number(own), shares));
    return above ? [words.partAbove(part, shares)] : [];
  }

  /** Reads the fields; whether they are right. */
  read() {
    const { form, module } = this.sweep;
    // A share has a run at least.
    const most = module.mostRuns();
    const [shares, part] = ["shares", "part"].map((name) => form.control(name).value.trim());
    const count = parseNumber(shares);
    const right = Number.isInteger(count) && count >= 1 && count <= most;
    form.mark("shares", right ? "" : words.sharesRange(most));
    const own = part === "" ? null : parseNumber(part);
    const fits = own === null || (Number.isInteger(own) && own >= 1 && own <= count);
    form.mark("part", fits ? "" : words.partRange(right ? count : most));
    if (!right || !fits) return false;
    [this.shares, this.part] = [count, own];
    if (count > 1 && own === null) ofTab().setItem?.(HOST, "1");
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

  async takeText() {
    const { sweep } = this;
    const field = sweep.form.control("codes");
    const text = field.value;
    if (!sweep.gathering) return;
    const { told } = this.readCodes(text);
    // It stays, to be mended.
    if (!told) return say(sweep.part("took"), text.trim() ? words.noCode : words.emptyBox);
    await this.receive({ text });
    field.value = "";
    say(sweep.part("took"), told);
    this.taken();
  }

  /** Remembers what was given; it is told as there once it lasts. @param {Given} given */
  async receive(given) {
    if (this.received.some(({ text }) => text === given.text)) return;
    this.received.push(given);
    await this.sweep.keepGiven(given);
  }

  /** @param {string} text @param {boolean} [elsewhere] for another sweep: without runs of this one it is passed over @returns {Read} */
  readCodes(text, elsewhere = false) {
    const { gathering } = this.sweep;
    if (!gathering) return NOTHING;
    const all = gathering.takeCodes(text).map(([who, taken, wrong]) => ({ who, runs: taken.map(read), wrong }));
    const fit = all.some(({ runs }) => runs.some(belongs));
    if (elsewhere && !fit) return NOTHING;
    // A share may take several codes: of those in one text, what is whole takes nothing back of what is not.
    for (const { who, runs, wrong } of all) if (!wrong.length) this.mend(who, runs);
    const codes = all.map(({ who, runs, wrong }) => {
      for (const why of wrong) this.wrong(words.wrong(who, why), who, runs);
      return { who, counts: this.tell(who, runs, true) };
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
    return { told: told.join(" "), fit };
  }

  /** Somebody's whole code has come: it takes back what was wrong with their code before, if it has the runs that could be read of that. @param {string} who @param {Taken[]} taken */
  mend(who, taken) {
    const names = taken.map(({ name }) => name);
    this.wrongs = this.wrongs.filter(({ who: whose, runs }) => {
      // Whose a code is may be what could not be read of it.
      const same = whose ? whose === who : runs.length > 0;
      return !same || !runs.every((name) => names.includes(name));
    });
  }

  /** Tells what can't be compared, and by name what is not of this sweep. @param {string} who @param {Taken[]} taken @param {boolean} byName */
  tell(who, taken, byName) {
    const counts = { new: 0, again: 0, differs: 0, foreign: 0, other: 0 };
    for (const { kind, name, reason } of taken) {
      counts[kind] += 1;
      if (kind === "foreign" && byName) this.wrong(words.foreign(who, name), who);
      if (kind === "other") this.wrong(words.other(who, name, reason), byName ? who : "");
    }
    return counts;
  }

  /** Takes the lines of a file. @param {string} name @param {string} text @returns {Promise<string>} what came of it */
  async takeFile(name, text) {
    const { told, fit } = await this.readFile(name, text);
    if (fit) await this.receive({ name, text });
    this.taken();
    return told;
  }

  /** @param {string} name @param {string} text @param {boolean} [elsewhere] as of codes @returns {Promise<Read>} */
  async readFile(name, text, elsewhere) {
    const { gathering } = this.sweep;
    if (!gathering) return NOTHING;
    // A text of codes has been saved by somebody.
    if (/(^|\W)dd\d+-/i.test(text) && !text.trimStart().startsWith("{")) return this.readCodes(text, elsewhere);
    /** @type {Taken[]} */
    const taken = [];
    /** @type {string[]} */
    const refused = [];
    let json = false;
    for (const [k, line] of text.split("\n").entries()) {
      if (k % BATCH === BATCH - 1) await new Promise((resolve) => setTimeout(resolve, 0));
      // Another plan has come meanwhile, and takes what was given by itself.
      if (gathering !== this.sweep.gathering) return NOTHING;
      if (!line.trim()) continue;
      try {
        taken.push(read(gathering.take(JSON.parse(line), undefined, name, false)));
        json = true;
      } catch (error) {
        const broken = error instanceof SyntaxError;
        json ||= !broken;
        refused.push(strings.out.line(k + 1, broken ? strings.out.noJson : reasonOf(error)));
      }
    }
    const fit = taken.some(belongs);
    if (elsewhere && !fit) return NOTHING;
    if (!taken.length) {
      const told =
        json || !refused.length
          ? strings.out.notOpened(name, refused[0] ?? strings.out.noLines, refused.length)
          : strings.out.notOpened(name, strings.out.neither, 1);
      return { told, fit };
    }
    for (const why of refused) this.wrong(`${name}, ${why}.`);
    return { told: strings.out.opened(name, { ...this.tell(name, taken, false), refused: refused.length }), fit };
  }

  /** Takes what was given for this sweep before, and what of all else has runs of it. @param {Given[]} kept */
  async again(kept) {
    const { sweep } = this;
    const { gathering } = sweep;
    this.wrongs = [];
    const known = new Set(kept.map(({ text }) => text));
    this.received = [...kept, ...this.received.filter(({ text }) => !known.has(text))];
    for (const given of [...this.received]) {
      const { name, text } = given;
      const elsewhere = !known.has(text);
      const { fit } = name === undefined ? this.readCodes(text, elsewhere) : await this.readFile(name, text, elsewhere);
      if (elsewhere && fit && gathering === sweep.gathering) await sweep.keepGiven(given);
      if (gathering !== sweep.gathering) return;
    }
  }

  /** Codes can be taken once more, should it have been a mistake. */
  async forget() {
    const { sweep } = this;
    if (!sweep.plan) return;
    const codes = this.received.filter(({ name }) => name === undefined);
    sweep.form.control("codes").value = codes.map(({ text }) => text).join("\n");
    this.received = [];
    sweep.checks.clear();
    await sweep.keep.forget(sweep.nameOf(sweep.plan));
    sweep.plan = null;
    await sweep.follow();
    say(sweep.part("took"), words.forgotten);
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

  /** @param {string} sentence @param {string} [who] @param {Taken[]} [taken] what could be read of the code */
  wrong(sentence, who = "", taken = []) {
    if (this.wrongs.some((other) => other.sentence === sentence) || this.wrongs.length >= MOST_TOLD) return;
    this.wrongs.push({ sentence, who, runs: taken.map(({ name }) => name) });
  }

  show() {
    const { sweep } = this;
    const { gathering, keys } = sweep;
    if (!gathering) return;
    const by = gathering.byWhom();
    sweep.part("names").replaceChildren(...by.map(([who, runs]) => Object.assign(document.createElement("li"), { textContent: words.from(who, runs) })));
    const given = keys.map((_, run) => run).filter((run) => gathering.givers(run).length > 0);
    say(sweep.part("checked"), given.length ? words.checked(given.length, given.filter((run) => gathering.isOwn(run)).length) : "");
    const items = this.wrongs.map(({ sentence }) => ({ sentence, run: -1 }));
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
