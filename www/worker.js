// The trainer's side of the page: owns one Run at a time, trains it in slices short enough that a pause is heard, and
// answers what the main thread asks. Classic script: it is a worker's source (after the glue, in one Blob, or from its
// own URL), and the very same code runs on the main thread where a browser starts no worker.
//
// Every message carries the id of the run it belongs to; both sides drop what belongs to another run.
//
// in:  {type: "init", module}                      out: {type: "ready"} or {type: "broken", message}
//      {type: "create", run, config, path? | checkpoint, quiet?}  out: {type: "created", run, ...} or {type: "refused", run, field, message}
//      {type: "advance", run, to, ask}             out: {type: "progress", run, ...} now and then, {type: "paused", run, why, ...},
//                                                       {type: "snapshot", run, step, values} as the run moves on, unless it is quiet
//      {type: "speed", limit}                      trains at most this many steps a second, as fast as it can if 0
//      {type: "pause", run}                        out: {type: "paused", run, why: "asked", ...}
//      {type: "call", run, id, method, args}       out: {type: "answer", run, id, value}
//      {type: "free"}                              drops the run
//      anything that panics                        out: {type: "dead", run, message}: this instance is of no more use

/* global wasm_bindgen */
"use strict";

/**
 * @param {(message: any, transfer?: Transferable[]) => void} post
 * @param {(task: () => void) => void} later runs a task after the messages that wait have been heard
 * @param {number} sliceMs how long to train between two looks at the messages
 * @returns {(message: any) => void} what hears the main thread's messages
 */
function trainerServer(post, later, sliceMs) {
  /** A live loss costs a forward pass over the training set; above this it is left to the evaluation points. */
  const LIVE_LOSS_MS = 2;
  const PROGRESS_MS = 100;
  const ESTIMATE_MS = 250;
  const ESTIMATE_SLICES = 5;
  /** So long the slices without an evaluation may be in coming before the estimate does without. */
  const PATIENCE_MS = 10_000;
  /** Snapshots per decade of steps: a multiple of the eight points of a history, so that those are among them. */
  const SNAPSHOTS = 232;
  /** Snapshots take at most this share of the time of training, and this many ms besides. */
  const SNAPSHOT_SHARE = 0.1;
  const SNAPSHOT_MS = 200;
  /** A limited speed may catch up so much at once, in seconds. */
  const CATCH_UP = 0.1;

  /** @type {any} */
  let run = null;
  let id = 0;
  let training = false;
  let scheduled = false;
  let goal = 0;
  let chunk = 1;
  let liveLoss = true;
  let lastProgress = 0;
  /** What a step takes, and what one of the evaluations that the run makes by itself takes, in ms; 0: not known yet. */
  let pace = { step: 0, evaluation: 0 };
  /**
   * The question, still open, whether the run is to go on if it takes longer than this many seconds; how many slices have told
   * what a step takes, and the least they said: whatever else the machine does only makes a step slower.
   */
  let ask = { open: false, seconds: Infinity, started: 0, slices: 0, step: Infinity };
  /** The step of the next snapshot, and how long the run was trained and its snapshots taken so far, in ms. */
  let snapshot = { due: 0, trained: 0, cost: 0 };
  /** The most steps a second (0: any), and how many of them may be made now. */
  let speed = { limit: 0, credit: 0, at: 0 };

  const api = () => /** @type {any} */ (wasm_bindgen);

  /** Keeps the pace: a slice without an evaluation tells of steps, one with an evaluation of the rest. @param {number} steps @param {number} ms @param {number} evaluations */
  function keepPace(steps, ms, evaluations) {
    const blend = (/** @type {number} */ old, /** @type {number} */ now) => (old === 0 ? now : old + 0.15 * (now - old));
    if (evaluations === 0) {
      pace.step = blend(pace.step, ms / steps);
      ask.slices += 1;
      ask.step = Math.min(ask.step, ms / steps);
    } else {
      pace.evaluation = blend(pace.evaluation, Math.max(0, ms - steps * pace.step) / evaluations);
    }
  }

  /** Seconds to the goal. Evaluations come at even ratios of steps, about eight in each decade. */
  function secondsLeft(step = pace.step) {
    const evaluations = 8 * Math.log10(goal / Math.max(1, run.step));
    return ((goal - run.step) * step + evaluations * pace.evaluation) / 1000;
  }

  /** No snapshots: nobody looks at this run. */
  let quiet = false;

  /** @param {string} type @param {object} [more] */
  function tell(type, more) {
    post({
      type,
      run: id,
      step: run.step,
      steps: run.steps,
      finished: run.finished,
      divergedAt: run.divergedAt,
      ...more,
    });
  }

  /** What the reader is told: with the limit that the reader has set. */
  function forecast() {
    if (pace.step === 0) return {};
    const step = speed.limit ? Math.max(pace.step, 1000 / speed.limit) : pace.step;
    return { rate: 1000 / step, secondsLeft: secondsLeft(step) };
  }

  /** The first step after one at which a snapshot is due: evenly spaced on a logarithmic axis. @param {number} step */
  function nextSnapshot(step) {
    if (step < 1) return 1;
    const reached = Math.floor(SNAPSHOTS * Math.log10(step) + 1e-9);
    return Math.max(step + 1, Math.ceil(10 ** ((reached + 1) / SNAPSHOTS) - 1e-9));
  }

  /** Sends what the figures can be drawn of later. @param {boolean} must even if they come too often */
  function keep(must) {
    if (!quiet && (must || snapshot.cost <= SNAPSHOT_MS + SNAPSHOT_SHARE * snapshot.trained)) {
      const start = performance.now();
      const values = run.snapshot();
      post({ type: "snapshot", run: id, step: run.step, values }, [values.buffer]);
      snapshot.cost += performance.now() - start;
    }
    snapshot.due = quiet ? Infinity : nextSnapshot(run.step);
  }

  /** How many steps the speed allows now. */
  function allowed() {
    if (!speed.limit) return Infinity;
    const now = performance.now();
    const earned = (speed.limit * (now - speed.at)) / 1000;
    speed.credit = Math.min(speed.credit + earned, Math.max(1, CATCH_UP * speed.limit));
    speed.at = now;
    return Math.floor(speed.credit);
  }

  /** @param {"asked" | "goal" | "long" | "end"} why */
  function stop(why) {
    training = false;
    keep(true);
    tell("paused", { why, ...forecast() });
  }

  /** How many evaluations the run has made by itself. */
  const evaluations = () => run.history().steps.length;

  function slice() {
    scheduled = false;
    if (!training) return;
    const most = allowed();
    if (most < 1) return schedule(Math.ceil((1000 * (1 - speed.credit)) / speed.limit));
    const before = run.step;
    const evaluated = evaluations();
    const start = performance.now();
    guarded(() => run.advance(Math.min(chunk, goal - before, Math.max(1, snapshot.due - before), most)));
    if (!run) return;
    speed.credit -= run.step - before;
    const now = performance.now();
    const elapsed = Math.max(now - start, 0.01);
    snapshot.trained += elapsed;
    if (run.step > before) keepPace(run.step - before, elapsed, evaluations() - evaluated);
    if (pace.step > 0) chunk = Math.max(1, Math.min(2 * chunk, Math.floor(sliceMs / pace.step)));
    if (run.finished || run.step === before) return stop("end");
    if (run.step >= goal) return stop("goal");
    if (run.step >= snapshot.due) keep(false);
    const waited = now - ask.started;
    if (ask.open && ((waited > ESTIMATE_MS && ask.slices >= ESTIMATE_SLICES) || waited > PATIENCE_MS)) {
      ask.open = false;
      if (pace.step === 0) pace.step = elapsed;
      if (secondsLeft(Math.min(pace.step, ask.step)) > ask.seconds) return stop("long");
    }
    if (now - lastProgress > PROGRESS_MS) {
      lastProgress = now;
      tell("progress", forecast());
    }
    schedule();
  }

  /** @param {number} [ms] to wait */
  function schedule(ms) {
    if (scheduled) return;
    scheduled = true;
    if (ms) setTimeout(slice, ms);
    else later(slice);
  }

  /**
   * What the figures draw, as buffers to be transferred.
   * @param {{features: boolean, dimensionalities: boolean, losses: boolean, hidden: boolean}} want
   */
  function frame(want) {
    /** @type {any} */
    const value = { step: run.step };
    if (want.hidden) value.hidden = run.hidden();
    if (want.features) value.features = run.features();
    if (want.dimensionalities || want.features) value.featureDimensionality = run.featureDimensionality();
    if (want.dimensionalities || want.hidden) value.exampleDimensionality = run.exampleDimensionality();
    if (want.losses) {
      value.history = run.history();
      if (liveLoss) {
        const start = performance.now();
        value.trainLoss = run.trainLoss();
        liveLoss = performance.now() - start < LIVE_LOSS_MS;
      }
    }
    return value;
  }

  /** @type {Record<string, (...args: any[]) => any>} */
  const methods = {
    frame,
    measures: () => run.measures(),
    measuresAt: (params, step) => run.measuresAt(params, step),
    checksums: () => run.checksums(),
    report: (withData) => run.report(withData),
    record: () => run.record(),
    ended: () => ({ line: run.line(), weights: run.weights() }),
    checkpoint: () => run.checkpoint(),
  };

  /** Transfers rather than copies: the arrays in an answer belong to nobody else. @param {any} value @returns {Transferable[]} */
  function buffers(value) {
    if (ArrayBuffer.isView(value)) return [/** @type {ArrayBuffer} */ (value.buffer)];
    if (value && typeof value === "object") return Object.values(value).flatMap(buffers);
    return [];
  }

  /** Runs a task; a panic of the trainer ends this instance. @param {() => void} task */
  function guarded(task) {
    try {
      task();
    } catch (error) {
      training = false;
      run = null;
      post({ type: "dead", run: id, message: String(error instanceof Error ? error.message : error) });
    }
  }

  function free() {
    training = false;
    if (run) run.free();
    run = null;
  }

  return function receive(message) {
    if (message.type === "init") {
      Promise.resolve(api()({ module_or_path: message.module })).then(
        () => post({ type: "ready" }),
        (error) => post({ type: "broken", message: String(error) }),
      );
      return;
    }
    if (message.type === "create") {
      let next;
      try {
        next = message.checkpoint ? api().Run.resume(message.checkpoint) : new (api().Run)(message.config, message.path);
      } catch (error) {
        // A refusal leaves the run that is there as it is. A panic ends the instance.
        const text = String(error instanceof Error ? error.message : error);
        if (error instanceof WebAssembly.RuntimeError) post({ type: "dead", run: message.run, message: text });
        else post({ type: "refused", run: message.run, field: /** @type {any} */ (error).field, message: text });
        return;
      }
      free();
      run = next;
      id = message.run;
      chunk = 1;
      quiet = Boolean(message.quiet);
      pace = { step: 0, evaluation: 0 };
      liveLoss = true;
      snapshot = { due: 0, trained: 0, cost: 0 };
      guarded(() => {
        tell("created", { config: run.config() });
        keep(true);
      });
      return;
    }
    if (message.type === "free") return free();
    if (message.type === "speed") return void (speed = { limit: message.limit, credit: 0, at: performance.now() });
    if (message.run !== id || !run) return;
    if (message.type === "advance") {
      const now = performance.now();
      goal = Math.min(message.to, run.steps);
      ask = { open: message.ask !== undefined, seconds: message.ask ?? Infinity, started: now, slices: 0, step: Infinity };
      if (run.finished) return stop("end");
      training = true;
      schedule();
    } else if (message.type === "pause") {
      if (training) stop("asked");
    } else if (message.type === "call") {
      guarded(() => {
        const value = methods[message.method](...message.args);
        post({ type: "answer", run: id, id: message.id, value, step: run.step }, buffers(value));
      });
    }
  };
}

if (typeof document === "undefined") {
  // The glue stands before this script in the Blob; from a plain URL it is fetched here.
  if (typeof wasm_bindgen === "undefined") {
    /** @type {any} */ (self).importScripts("pkg/superposition.js");
  }
  // A message to oneself waits behind those that are already there, without a timer's 4 ms.
  const channel = new MessageChannel();
  /** @type {(() => void) | null} */
  let task = null;
  channel.port1.onmessage = () => {
    const next = task;
    task = null;
    if (next) next();
  };
  const receive = trainerServer(
    (message, transfer) => /** @type {any} */ (self).postMessage(message, transfer ?? []),
    (next) => {
      task = next;
      channel.port2.postMessage(0);
    },
    10,
  );
  self.onmessage = (event) => receive(event.data);
}
