// The classifier's trainer: one run at a time, in slices short enough that a pause is heard. Classic script: a worker's source
// after the glue, and the very same code on the main thread where a browser starts no worker.
//
// in:  {type: "create", run, file, hidden, epochs, decay, noise, seed}   out: {type: "frame", run, epoch, frame, ended, diverged}
//      {type: "train", run, on}                                          out: a frame after every epoch
//      {type: "free"}
//      what is refused, or panics                                        out: {type: "dead", run, message}

/* global digits_bindgen */
"use strict";

/**
 * @param {(message: any) => void} post
 * @param {(task: () => void) => void} later runs a task after the messages that wait have been heard
 * @param {number} sliceMs how long to train between two looks at the messages
 * @returns {(message: any) => void}
 */
function digitsServer(post, later, sliceMs) {
  /** @type {any} */
  let run = null;
  let id = 0;
  let perEpoch = 1;
  let training = false;
  let scheduled = false;

  function free() {
    training = false;
    run?.free();
    run = null;
  }

  /** Runs a task; a refusal or a panic ends the run. @param {() => void} task */
  function guarded(task) {
    try {
      task();
    } catch (error) {
      training = false;
      run = null;
      post({ type: "dead", run: id, message: String(error instanceof Error ? error.message : error) });
    }
  }

  function tell() {
    const diverged = run.divergedAt !== undefined;
    post({ type: "frame", run: id, epoch: Math.round(run.step / perEpoch), frame: run.frame(), ended: run.finished, diverged });
  }

  function slice() {
    scheduled = false;
    if (!training) return;
    guarded(() => {
      const start = performance.now();
      do {
        run.advance(1);
        if (run.finished || run.step % perEpoch === 0) {
          training = !run.finished;
          tell();
          break;
        }
      } while (performance.now() - start < sliceMs);
    });
    schedule();
  }

  function schedule() {
    if (scheduled || !training) return;
    scheduled = true;
    later(slice);
  }

  return function receive(message) {
    if (message.type === "free") return free();
    if (message.type === "create") {
      free();
      id = message.run;
      guarded(() => {
        const { file, hidden, epochs, decay, noise, seed } = message;
        run = new digits_bindgen.DigitsRun(file, hidden, epochs, decay, noise, seed);
        perEpoch = run.steps / epochs;
        tell();
      });
    } else if (message.type === "train" && message.run === id && run) {
      training = message.on && !run.finished;
      schedule();
    }
  };
}

if (typeof document === "undefined") {
  // A message to oneself waits behind those that are already there, without a timer's 4 ms.
  const channel = new MessageChannel();
  /** @type {(() => void) | null} */
  let task = null;
  channel.port1.onmessage = () => {
    const next = task;
    task = null;
    next?.();
  };
  const post = (/** @type {any} */ message) => /** @type {any} */ (self).postMessage(message);
  const receive = digitsServer(
    post,
    (next) => {
      task = next;
      channel.port2.postMessage(0);
    },
    10,
  );
  self.onmessage = ({ data }) => {
    if (data.type !== "init") return receive(data);
    Promise.resolve(digits_bindgen({ module_or_path: data.module })).then(
      () => post({ type: "ready" }),
      (error) => post({ type: "broken", message: String(error) }),
    );
  };
}
