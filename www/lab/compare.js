// How do two runs look beside each other? The run that is there stays as A, and the form, the transport and the link's `b.`
// settings lead another, B, in a worker of its own. Both have the same axes, step and selection.

import { made, one, say } from "../dom.js";
import { Player } from "./player.js";
import { Stage } from "./stage.js";
import { strings } from "./strings.js";

const words = strings.compare;

/** What one side says above its figures. @param {string} letter */
const sideMarkup = (letter) => `
  <div class="side" role="group" aria-label="${words.side(letter)}">
    <h3>${words.side(letter)}</h3>
    <p class="settings-of"></p>
    <p class="verdict"></p>
  </div>`;

export class Comparison {
  /** Keeps the lab's run as A, and gives it another player and stage, B's. @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    const { player, stage } = lab;
    this.player = player;
    this.stage = stage;
    this.sides = ["A", "B"].map((letter) => made(sideMarkup(letter)));
    const [a, b] = this.sides.map((side) => one(side, ".verdict"));
    player.on = {
      change: () => {
        stage.frame();
        this.describe();
        lab.timeline.update();
      },
      death: () => this.describe(),
      snapshot: () => lab.timeline.update(),
    };
    lab.player = new Player(lab.on);
    if (player.limit) lab.player.setSpeed(player.limit).catch(() => {});
    const figures = lab.part("figures");
    lab.stage = new Stage(
      { figures, verdicts: [stage.verdicts[0], b] },
      lab.player,
      stage.figures.map(({ name }) => name),
      lab.view,
      stage.ondrawn,
    );
    if (stage.api) lab.stage.begin(stage.api);
    stage.ondrawn = () => this.describe();
    stage.verdicts = [a];
    stage.peer = lab.stage;
    lab.stage.peer = stage;
    stage.figures.forEach((figure, k) => {
      const other = lab.stage.figures[k];
      figure.mark(words.letter("A"));
      other.mark(words.letter("B"));
      figures.append(figure.element, other.element);
    });
    figures.prepend(...this.sides);
    // B's sentence stands above its figures; here it is only read aloud.
    lab.stage.verdicts[0].classList.add("visually-hidden");
    figures.classList.add("pair");
    // A is judged anew, into its own place.
    stage.shown = "";
    stage.turn();
    this.describe();
  }

  /** The player that knows most of its history. */
  get longest() {
    const last = (/** @type {Player} */ { snapshots: { items } }) => items[items.length - 1]?.step ?? -1;
    return last(this.player) > last(this.lab.player) ? this.player : this.lab.player;
  }

  /** What the settings of the two differ in. */
  describe() {
    const configs = [this.player.config, this.lab.player.config ?? this.player.config];
    const [a, b] = /** @type {Record<string, any>[]} */ (configs);
    if (!a || !b) return;
    const differing = this.lab.settings.rows.filter(({ name }) => a[name] !== b[name]);
    [a, b].forEach((config, k) => say(one(this.sides[k], ".settings-of"), words.settings(differing.map(({ name }) => [name, config[name]]))));
  }

  /** Gives up A. */
  end() {
    const { lab, stage, player, sides } = this;
    lab.stage.peer = null;
    lab.stage.verdicts.length = 1;
    lab.stage.verdicts[0].classList.remove("visually-hidden");
    for (const figure of lab.stage.figures) figure.mark("");
    for (const side of sides) side.remove();
    lab.part("figures").classList.remove("pair");
    stage.destroy();
    player.end();
    if (lab.stage.picture) {
      lab.stage.picture.beside = undefined;
      for (const figure of lab.stage.figures) figure.redraw();
    }
  }
}
