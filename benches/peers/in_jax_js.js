// What does a step take in jax-js, jitted, on its wasm backend?
import { defaultDevice, grad, init, jit, nn, numpy as np } from "./node_modules/@jax-js/jax/dist/index.js";

import { measure, read } from "./problem.js";

/** @param {string} url of the problem @param {string} version of the package */
export async function peer(url, version) {
  await init("wasm");
  defaultDevice("wasm");
  const problem = await read(url);
  const { n, m, t, weightDecay, beta1, beta2, eps } = problem;

  // Every use of an array but its last is a `ref`: jax-js frees what a function was given.
  const trainingLoss = (/** @type {any} */ [w, b], /** @type {any} */ x) => {
    const h = np.matmul(x.ref, w.ref.transpose());
    const r = nn.relu(np.matmul(h, w).add(b)).sub(x);
    return r.ref.mul(r).mean();
  };
  const adamw = (/** @type {any[]} */ [p, mean, square, d], /** @type {any} */ rate, /** @type {any} */ correction1, /** @type {any} */ correction2) => {
    mean = mean.mul(beta1).add(d.ref.mul(1 - beta1));
    square = square.mul(beta2).add(d.ref.mul(d).mul(1 - beta2));
    const root = np.sqrt(square.ref.div(correction2)).add(eps);
    const move = mean.ref.div(correction1).div(root).mul(rate.ref);
    return [p.mul(np.array(1).sub(rate.mul(weightDecay))).sub(move), mean, square];
  };
  const update = jit(
    (
      /** @type {any} */ w,
      /** @type {any} */ b,
      /** @type {any} */ x,
      /** @type {any} */ rate,
      /** @type {any} */ correction1,
      /** @type {any} */ correction2,
    ) => {
      const [dw, db] = grad(trainingLoss)([w[0].ref, b[0].ref], x);
      return [adamw([...w, dw], rate.ref, correction1.ref, correction2.ref), adamw([...b, db], rate, correction1, correction2)];
    },
  );

  const x = np.array(problem.x).reshape([t, n]);
  const zeros = (/** @type {number[]} */ shape) => np.zeros(shape);
  let w = [np.array(problem.w).reshape([m, n]), zeros([m, n]), zeros([m, n])];
  let b = [zeros([n]), zeros([n]), zeros([n])];

  const step = async (/** @type {number} */ k) => {
    const corrections = [beta1, beta2].map((beta) => np.array(1 - beta ** (k + 1)));
    [w, b] = update(w, b, x.ref, np.array(problem.rate(k)), corrections[0], corrections[1]);
    await w[0].blockUntilReady();
  };
  const params = async () => ({ w: await w[0].ref.data(), b: await b[0].ref.data() });
  return measure(problem, step, params, `jax-js ${version}`);
}
