// What does the reader see of a sweep? Its figure, the chosen run, and words on how far it is.

import { enable, say } from "../dom.js";
import { Figure } from "../figure.js";
import { plain } from "../format.js";
import { MOST_MEMORY } from "../lab/demands.js";
import { sweepKind } from "../sweeps/kind.js";
import { strings } from "./strings.js";

/** The figure is drawn at most so often. */
const DRAW_MS = 300;

export class Shown {
  /** @param {import("./class.js").OwnSweep} sweep */
  constructor(sweep) {
    this.sweep = sweep;
    /** The chosen run. @type {number | undefined} */
    this.run = undefined;
    this.drawn = 0;
    this.figure = this.makeFigure();
  }

  makeFigure() {
    const { sweep } = this;
    const kind = {
      ...sweepKind("own"),
      title: strings.figure.title,
      source: () => {
        const runs = sweep.keys.map((_, run) => run).filter((run) => sweep.gathering?.isTaken(run));
        const own = runs.filter((run) => sweep.gathering?.isOwn(run)).length;
        return strings.figure.source(own, runs.length - own);
      },
      caption: () => strings.figure.caption(strings.form.base(sweep.plan?.base ?? {}), sweep.taken(), sweep.keys.length),
      /** Of the sweep as it is now: an earlier one is gone. @param {any} _ @param {any} picture @param {{run?: number}} selection */
      make: (_, picture, { run }) => sweep.gathering?.figure(run),
      file: () => `${sweep.taken()}-runs`,
    };
    /** @type {Figure<any, any>} */
    const figure = new Figure(kind, sweep.api, {
      onselect: (selection) => this.figure.select({ ...selection, run: this.figure.selection.run }),
      onpress: ({ place }) => this.choose(place),
    });
    sweep.part("figure").append(figure.element);
    return figure;
  }

  /** Draws soon. */
  draw() {
    if (this.drawn) return;
    this.drawn = window.setTimeout(() => {
      this.drawn = 0;
      const { gathering, group } = this.sweep;
      const there = gathering?.runOf(0) !== undefined;
      this.sweep.part("none").hidden = there;
      this.sweep.part("figure").hidden = !there;
      if (there) this.figure.show({}, true);
      group.show();
      this.sweep.changed();
    }, DRAW_MS);
  }

  /** @param {number | undefined} place of the figure */
  choose(place) {
    const { figure } = this;
    const { gathering, plan } = this.sweep;
    const record = place === undefined ? undefined : figure.places[place]?.record;
    this.run = record === undefined ? undefined : gathering?.runOf(record);
    if (this.run === undefined || !gathering) return this.close();
    figure.select({ ...figure.selection, run: record });
    const { t } = gathering.config(this.run);
    say(this.sweep.part("run"), strings.run(gathering.name(this.run), gathering.end(this.run) ?? {}, gathering.givers(this.run)));
    say(this.sweep.part("drop"), strings.drop(plain(t)));
    this.sweep.part("drop").hidden = (plan?.t.length ?? 0) < 2;
    this.sweep.part("check-run").hidden = gathering.isOwn(this.run);
    this.sweep.part("chosen").hidden = false;
    this.sweep.part("chosen").focus({ preventScroll: true });
  }

  /** Another sweep has come. */
  again() {
    this.close();
    this.figure.redraw();
  }

  close() {
    this.run = undefined;
    this.sweep.part("chosen").hidden = true;
    this.figure.select({});
  }

  /** Follows from the sweep. */
  words() {
    const { sweep } = this;
    const { pool, pace, state, gathering, share, keys, fields, group } = sweep;
    const missing = sweep.missing();
    const moving = pool.waiting.size > 0 && !pool.paused;
    const halted = state === "paused" || state === "hidden";
    sweep.element.dataset.state = moving ? "running" : state;
    const write = (/** @type {string} */ name, /** @type {string} */ words) => say(sweep.part(name), words);
    // On the wall it is everybody's sweep.
    if (fields === "wrong") write("counts", strings.wrongField);
    else if (!gathering) write("counts", "");
    else if (this.large) write("counts", strings.ofAll(sweep.taken(), keys.length));
    else write("counts", strings.count(share.length, share.length - missing.length, share.length < keys.length ? keys.length : undefined));
    const bytes = gathering && missing.length ? sweep.api.runMemory(gathering.config(missing[0])) : 0;
    const large = bytes > MOST_MEMORY;
    if (fields === "wrong" || !missing.length) write("estimate", "");
    else if (large) write("estimate", strings.tooLarge(bytes));
    else write("estimate", pace.known ? strings.estimate(pace.all(sweep.workers), sweep.workers, bytes) : strings.timing);
    const able = (/** @type {string} */ name, /** @type {boolean} */ can) => enable(sweep.part(name), can);
    const read = fields === "read";
    for (const name of ["seed", "drop", "save-plan", "copy-link", "class-link"]) able(name, read);
    able("forget", read && group.received.length > 0);
    able("start", read && !moving && !halted && missing.length > 0 && !large);
    able("pause", moving || (read && halted));
    able("stop", moving || halted);
    write("pause", halted ? strings.resume : strings.pause);
    const progress = pace.progress();
    /** @type {HTMLProgressElement} */ (sweep.part("progress")).value = progress.left + progress.done > 0 ? progress.done / (progress.left + progress.done) : 0;
    write("status", this.status(missing.length, pace.left(progress)));
    write("kept", pool.place === "page" ? strings.onPage : sweep.full ? strings.full : sweep.kept ? strings.kept : strings.notKept);
  }

  /** @param {number} missing @param {number} seconds that are left */
  status(missing, seconds) {
    const { pool, state, share, checks, config, fields } = this.sweep;
    if (state === "paused" || state === "hidden") return strings.state[state];
    if (pool.waiting.size) {
      const now = pool.busy.map(({ run, step, steps }) => strings.state.now(config.call(this.sweep, run ?? ""), steps ? step / steps : 0));
      return missing ? strings.state.running(share.length - missing, share.length, seconds, now) : strings.state.checking(checks.size, now);
    }
    if (fields === "wrong") return "";
    if (state === "stopped") return strings.state.stopped;
    if (!missing && share.length) return strings.state.done;
    return missing < share.length ? strings.state.some(missing) : strings.state.ready;
  }

  get large() {
    return this.sweep.element.classList.contains("large");
  }

  /** @param {boolean} large */
  enlarge(large) {
    this.sweep.element.classList.toggle("large", large);
    Object.assign(document.documentElement.style, large ? { overflow: "hidden", scrollbarGutter: "auto" } : { overflow: "", scrollbarGutter: "" });
    say(this.sweep.part("large"), large ? strings.small : strings.large);
    // Escape leads back from where the focus is.
    if (large) this.sweep.part("large").focus({ preventScroll: true });
    if (!large) {
      if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    } else if (navigator.userActivation?.isActive ?? true) {
      // Browsers complain where no press asked for it, as with a link.
      this.sweep.element.requestFullscreen?.().catch(() => {});
    }
    this.draw();
  }
}
