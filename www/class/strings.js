// Every text of a reader's own sweep and of a class, but for what Rust says of plans, codes and charts.

import { duration, length, size } from "../duration.js";
import { counted, grouped, inWords, measured, plain } from "../format.js";

/** @param {string[]} list */
const listed = (list) => (list.length < 2 ? list.join("") : `${list.slice(0, -1).join(", ")} and ${list[list.length - 1]}`);

/** @param {string} who */
const named = (who) => who || "someone unnamed";

/** How many runs, by what became of them. @typedef {{new: number, again: number, differs: number, foreign: number, refused?: number}} Counts */

/** @param {Counts} counts */
function tally({ new: fresh, again, differs, foreign, refused = 0 }) {
  const rest = [
    [again, "known already"],
    [differs, "with other bits than before"],
    [foreign, "not of this sweep"],
    [refused, "refused"],
  ];
  return [counted(fresh, "new run", "new runs"), ...rest.filter(([count]) => count).map(([count, words]) => `${grouped(Number(count))} ${words}`)].join(", ");
}

/** @type {Record<string, string>} */
const settings = {
  none: "nothing",
  m: "m, hidden dimensions",
  weight_decay: "weight decay",
  lr: "learning rate",
  eps: "Adam’s ε",
  sparsity: "S, sparsity",
  steps: "number of steps",
  reduction: "reduction of the loss",
  times: "R, copies of one example",
};

const CURVE = "The curve, small";

export const strings = {
  title: "Your own sweep",
  noTrainer: "the trainer did not start; the lab above says why",
  plan: {
    empty: "Nothing is written here; give at least one value.",
    noInfinity: "This can’t be infinite.",
    /** @param {string} text */
    noNumber: (text) => `“${text}” is no number. Separate values with commas, or write a range as in “3 to 2,000 in 12”.`,
    /** @param {string} text */
    twoWays: (text) => `“${text}” can be read in two ways. Put a space behind each comma that stands between values.`,
    noWhole: "This takes one whole number, such as 2.",
    infiniteRange: "A range can’t end at infinity; put ∞ behind it, after a comma.",
    /** @param {string} from @param {string} to */
    reversed: (from, to) => `A range begins with its smaller end: write “${to} to ${from}”.`,
    /** @param {string} from */
    fromZero: (from) => `A range has even ratios, so it begins above 0, not at ${from}. Put 0 in front of it, before a comma.`,
    /** @param {number} count @param {number} most */
    countOfRange: (count, most) => `A range has from 2 to ${most} values, not ${grouped(count)}.`,
    /** @param {number} count @param {number} most */
    tooMany: (count, most) => `These are ${grouped(count)} values; a figure shows up to ${most}.`,
    /** @param {string} word @param {string[]} options */
    noWord: (word, options) => `“${word}” is not one of ${options.join(", ")}.`,
    /** @param {string} piece */
    badLink: (piece) => `The link’s part “${piece}” gives no values.`,
    /** @param {string} first @param {string} second */
    oneMore: (first, second) => `The link varies both ${first} and ${second}; besides T one setting can vary.`,
    noT: "The link names no values of T.",
  },

  form: {
    begin: "Begin with",
    /** @type {Record<string, string>} */
    presets: { curve: CURVE, map: "My own map, 6 × 6", decay: "Weight decay", eps: "Does ε matter?" },
    t: "T, numbers of examples",
    hintT: "A list, or a range as in “3 to 2,000 in 12”.",
    vary: "What else varies",
    settings,
    values: "Its values",
    dataSeeds: "Data seeds",
    initSeeds: "Init seeds each",
    workers: "Runs at once",
    hidden: "Go on while this tab is hidden",
    rest: "Everything else",
    takeLab: "Take the lab’s settings",
    /** @param {Partial<wasm_bindgen.Config>} base */
    base(base) {
      const shown = Object.entries({ n: 10_000, m: 2, sparsity: 0.999, steps: 50_000, ...base });
      /** @type {Record<string, string>} */
      const names = {
        sparsity: "S",
        lr: "learning rate",
        weight_decay: "weight decay",
        eps: "ε",
        test_examples: "test examples",
        hidden_relu: "hidden ReLU",
        unit_length: "unit length",
      };
      return `${shown.map(([name, value]) => (name === "steps" ? `${plain(/** @type {number} */ (value))} steps` : `${names[name] ?? name} = ${typeof value === "number" ? inWords(value) : typeof value === "object" ? "as in the lab" : value}`)).join(", ")}.`;
    },
    linkTrouble: "This link could not be used as it is:",
    /** @param {string} why */
    instead: (why) => `${why} Taken instead: “${CURVE}”.`,
    /** @param {number} most */
    workersRange: (most) => `From 1 to ${grouped(most)} runs at once.`,
  },

  /** @param {number} runs @param {number} have @param {number} [shareOf] */
  count(runs, have, shareOf) {
    const share = shareOf ? ` of ${grouped(shareOf)} ${runs === 1 ? "is" : "are"} your share` : "";
    const there = have === 0 ? "" : have < runs ? `${grouped(have)} of them ${have === 1 ? "is" : "are"} there` : "all of them are there";
    return `${counted(runs, "run", "runs")}${share}${there ? `${share ? "," : ":"} ${there}` : ""}.`;
  },
  wrongField: "A field is wrong. Until that is mended, there is nothing to train or to pass on.",
  /** @param {number} have @param {number} runs */
  ofAll: (have, runs) => `${grouped(have)} of ${counted(runs, "run", "runs")}`,
  /** @param {number} seconds @param {number} workers @param {number} bytes */
  estimate: (seconds, workers, bytes) =>
    `About ${length(Math.max(1, seconds))} on this machine with ${counted(workers, "run", "runs")} at once, and up to ${size(Math.max(bytes, 2 ** 20))} of memory each.`,
  timing: "Timing a slice of the slowest run and of the fastest …",
  /** @param {number} bytes */
  tooLarge: (bytes) => `One of these runs takes ${size(bytes)} of memory, more than a browser gives. Take the largest values out.`,

  start: "Train them",
  pause: "Pause",
  resume: "Go on",
  stop: "Stop",
  oneMoreSeed: "One more data seed",
  /** @param {string} t */
  drop: (t) => `Drop T = ${t}`,
  openInLab: "Open in the lab",
  checkThis: "Check this run",
  chosen: "The chosen run",
  large: "For a projector",
  small: "Back to the page",

  state: {
    ready: "Nothing is trained yet.",
    paused: "Paused.",
    hidden: "Paused while this tab is hidden.",
    stopped: "Stopped. What is done stays.",
    done: "All runs are done.",
    /** @param {number} missing */
    some: (missing) => `${counted(missing, "run is", "runs are")} missing.`,
    /** @param {number} left @param {string[]} now */
    checking: (left, now) => `${counted(left, "run", "runs")} by others to check. In training: ${now.join("; ") || "a moment …"}`,
    /** @param {number} done @param {number} all @param {number} seconds @param {string[]} now */
    running: (done, all, seconds, now) =>
      `${grouped(done)} of ${counted(all, "run", "runs")}${Number.isFinite(seconds) ? `, ${duration(seconds)} left` : ""}. In training: ${now.join("; ") || "a moment …"}`,
    /** @param {wasm_bindgen.Config} config @param {number} share */
    now: ({ t, data_seed: seed }, share) => `T = ${plain(t)}, data seed ${seed} (${Math.floor(100 * share)}%)`,
  },
  /** @param {string} name @param {string} why @param {boolean} again */
  loss: (name, why, again) => `A worker ended by itself at ${name}${why ? ` (${why})` : ""}. ${again ? "That run is made again." : "That run is given up."}`,
  /** @param {string} why @param {boolean} again */
  noWorker: (why, again) => `A worker did not start${why ? ` (${why})` : ""}. ${again ? "Another is tried." : "Reload the page to try again."}`,
  onPage: "This browser starts no workers here, so runs are trained one by one on the page itself.",
  notKept: "This browser keeps nothing for this page, so finished runs, and codes that you took, are gone when the tab is closed: save the file of runs first.",
  full: "The browser’s store is full: save the file of runs, and keep the codes, before you close the tab.",
  kept: "Finished runs stay in this browser, and so do the codes and files you took. No run is trained twice.",

  figure: {
    title: "Test loss of these runs",
    /** @param {number} own @param {number} given */
    source: (own, given) =>
      [...(own ? [`${counted(own, "run", "runs")} trained in your browser`] : []), ...(given ? [`${counted(given, "run", "runs")} given by others`] : [])].join(
        ", ",
      ) + ".",
    /** @param {string} base @param {number} have @param {number} planned */
    caption: (base, have, planned) => `${base} ${grouped(have)} of ${counted(planned, "run", "runs")}.`,
    none: "The figure appears with the first run.",
  },
  /** @param {string} name @param {{divergedAt?: number, testLoss?: number, trainLoss?: number}} end @param {string[]} who */
  run: (name, { divergedAt, testLoss, trainLoss }, who) =>
    `${name}. ${divergedAt !== undefined ? `Diverged at step ${grouped(divergedAt)}.` : `Test loss ${measured(testLoss)}, train loss ${measured(trainLoss)}.`}${who.length ? ` From ${listed(who)}.` : ""}`,

  out: {
    store: "Save the runs",
    plan: "Save the plan",
    open: "Open a file of runs",
    link: "Copy the link",
    copied: "Copied.",
    byHand: "This browser copies nothing by itself; take it from here.",
    text: "To be copied",
    nowhere: "The link leads to this file of yours; others need their own copy of the page.",
    hint: "Runs are lines of JSON, as in the stores of this page: “lab verify FILE” makes them again on the command line. “lab sweep --plan FILE” trains a plan on all cores, or on a cluster.",
    /** @param {string} name @param {Counts} counts */
    opened: (name, counts) => `${name}: ${tally(counts)}.`,
    noneOwn: "There is nothing to save: none of these runs was trained here, and the file holds only those that were.",
    /** @param {string} name */
    planTaken: (name) => `${name}: its plan is in the form.`,
    noLines: "it is empty",
    neither: "it should have runs, codes or a plan, as this page saves or copies them",
    noJson: "it is cut off, or no JSON",
    /** @param {number} line @param {string} why */
    line: (line, why) => `line ${grouped(line)} is no record of a run (${why})`,
    /** @param {string} name @param {string} why @param {number} refused */
    notOpened: (name, why, refused) => `${name} was not taken: ${why}${refused > 1 ? ", and neither is any other" : ""}.`,
  },

  group: {
    title: "With a class",
    intro: "Each tab trains a share of the sweep, and gives back a code that fits into a chat message. Nothing is sent by the page itself.",
    shares: "Shares",
    part: "Mine",
    hintShares: "As many as there are pupils. Without a number of its own, a tab takes one at random.",
    link: "Copy the link for the class",
    nickname: "Nickname",
    hintNickname: "It is in your code and in your teacher’s list, and nowhere else.",
    give: "Copy my code",
    mine: "My code",
    /** @param {number} part @param {number} shares */
    lot: (part, shares) => `Share ${grouped(part)} of ${grouped(shares)}, drawn at random.`,
    noneYet: "No run of your share has finished yet.",
    /** @param {number} runs */
    copied: (runs) => `Copied: ${counted(runs, "run", "runs")}. Paste it into your chat.`,
    paste: "Codes of the class",
    hintPaste: "Paste whole messages; what stands around the codes does no harm. Files of runs may be dropped here.",
    take: "Take them",
    noCode: "There is no code in this text. A code begins with “dd1-” and ends with “-end”.",
    emptyBox: "The box is empty: paste codes into it first.",
    check: "Check a few by training them here",
    checkAll: "Check all",
    noneToCheck: "There is no given run left to check.",
    forget: "Forget all",
    forgotten: "Forgotten. In case it was a mistake, the codes are in the box again; files have to be opened again.",
    /** @param {number} shares */
    sharesRange: (shares) => `From 1 to ${grouped(shares)} shares.`,
    /** @param {number} shares */
    partRange: (shares) => `From 1 to ${grouped(shares)}, or nothing.`,
    /** @param {number} part @param {number} shares */
    partAbove: (part, shares) =>
      `The number in the link, ${grouped(part)}, is above its ${counted(shares, "share", "shares")}. Taken instead: ${shares > 1 ? "a share by lot" : "the whole sweep"}.`,
    came: "Received",
    /** @param {string} who @param {number} runs */
    from: (who, runs) => `${named(who)}: ${counted(runs, "run", "runs")}`,
    /** @param {number} runs @param {number} checked */
    checked: (runs, checked) => `${grouped(checked)} of ${counted(runs, "given run", "given runs")} checked here, bit for bit.`,
    /** @param {string} who @param {Counts} counts */
    took: (who, counts) => `${named(who)}: ${tally(counts)}.`,
    /** @param {number} codes @param {number} fresh */
    tookAll: (codes, fresh) => `${counted(codes, "code", "codes")}: ${counted(fresh, "new run", "new runs")}.`,
    /** @param {string} who @param {string} why */
    wrong: (who, why) => `Code of ${named(who)}: ${why}.`,
    /** @param {string} who @param {string} name */
    foreign: (who, name) => `Code of ${named(who)}: this sweep has no run ${name}.`,
    /** @param {string} who @param {string} name @param {string} reason */
    other: (who, name, reason) => `Code of ${named(who)}, ${name}: ${reason}. It is left out.`,
    /** @param {string} name @param {boolean} settled @param {[string[], string][]} said */
    conflict: (name, settled, said) =>
      settled
        ? `${name}: ${said
            .slice(1)
            .map(([who, words]) => `${listed(who.map(named))} gave ${words}`)
            .join("; ")}, where training it here gave ${said[0][1]}. What was trained here counts.`
        : `${name}: ${said.map(([who, words]) => `${listed(who.map(named))} gave ${words}`).join(", ")}. They can’t both be right, so the point is left out until it is checked.`,
    checkRun: "Check it",
    wrongs: "Mismatches",
  },
};
