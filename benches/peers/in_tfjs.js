// What does a step take in TensorFlow.js, on one of its backends?
import { measure, read } from "./problem.js";

/**
 * @param {string} url of the problem
 * @param {"wasm" | "cpu" | "webgl"} backend
 */
export async function peer(url, backend) {
  // The two bundles are classic scripts, which leave `tf` behind.
  for (const file of ["tfjs/dist/tf.es2017.min.js", "tfjs-backend-wasm/dist/tf-backend-wasm.es2017.min.js"]) {
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: `/node_modules/@tensorflow/${file}`, onload: resolve, onerror: reject });
      document.head.append(script);
    });
  }
  const { tf } = /** @type {any} */ (globalThis);
  tf.wasm.setWasmPaths("/node_modules/@tensorflow/tfjs-backend-wasm/dist/");
  // By itself it would use half of the cores.
  tf.wasm.setThreadsCount(navigator.hardwareConcurrency);
  if (!(await tf.setBackend(backend))) return { error: `no ${backend} in this browser` };
  await tf.ready();

  const problem = await read(url);
  const { n, m, t, weightDecay, beta1, beta2, eps } = problem;
  const x = tf.tensor2d(problem.x, [t, n]);
  const adam = (/** @type {any} */ start) => ({ p: tf.variable(start), mean: tf.variable(tf.zerosLike(start)), square: tf.variable(tf.zerosLike(start)) });
  const w = adam(tf.tensor2d(problem.w, [m, n]));
  const b = adam(tf.zeros([n]));

  // By hand, since tf.variableGrads computes more: the gradient is r = x' - x where x' > 0, else 0, times 2 / (T n).
  function gradient() {
    const h = tf.matMul(x, w.p, false, true);
    const out = tf.fused.matMul({ a: h, b: w.p, bias: b.p, activation: "relu" });
    const r = tf.mul(tf.sub(out, x), tf.step(out));
    const up = tf.matMul(h, r, true, false);
    const down = tf.matMul(tf.matMul(r, w.p, false, true), x, true, false);
    const scale = 2 / (t * n);
    return [tf.mul(tf.add(up, down), scale), tf.mul(tf.sum(r, 0), scale)];
  }

  function update(/** @type {any} */ variable, /** @type {any} */ d, /** @type {number} */ k) {
    const rate = problem.rate(k);
    const { p, mean, square } = variable;
    mean.assign(tf.add(tf.mul(mean, beta1), tf.mul(d, 1 - beta1)));
    square.assign(tf.add(tf.mul(square, beta2), tf.mul(tf.square(d), 1 - beta2)));
    const root = tf.add(tf.sqrt(tf.div(square, 1 - beta2 ** (k + 1))), eps);
    const move = tf.mul(tf.div(mean, root), rate / (1 - beta1 ** (k + 1)));
    p.assign(tf.sub(tf.mul(p, 1 - rate * weightDecay), move));
  }

  const step = async (/** @type {number} */ k) => {
    tf.tidy(() => {
      const [dw, db] = gradient();
      update(w, dw, k);
      update(b, db, k);
    });
    // A GPU has finished when a number can be read back.
    await w.p.slice([0, 0], [1, 1]).data();
  };
  const params = async () => ({ w: await w.p.data(), b: await b.p.data() });
  const threads = backend === "wasm" ? `, ${tf.wasm.getThreadsCount()} threads` : "";
  return measure(problem, step, params, `TensorFlow.js ${tf.version.tfjs} ${backend}${threads}`);
}
