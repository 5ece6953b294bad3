// The runs on record, made by a page's wasm: as checksums, which `src/bits.rs` describes.
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";

/** @typedef {{evaluate: (task: Function, argument: any) => Promise<any>}} Page on which the page's modules can be imported */

const { base, runs } = JSON.parse(readFileSync(new URL("../reference/bits.json", import.meta.url), "utf8"));

/** @type {{name: string, config?: object, digits?: object, via?: number, parameters: string, measures: string}[]} */
export const onRecord = runs;

/** @param {Float32Array | Float64Array} numbers */
const checksum = (numbers) => crc32(Buffer.from(numbers.buffer)).toString(16).padStart(8, "0");

/** The checksums of a run, and the path that made it. @param {Page} page */
export const made = (page, { config, digits, via }) => (digits ? classifier(page, digits) : toyModel(page, { ...base, ...config }, via));

/** @param {Page} page */
async function toyModel(page, config, via) {
  const [snapshot, report] = await page.evaluate(
    async ([config, via]) => {
      const { load } = await import("/www/wasm.js");
      const api = await load();
      let run = new api.Run(config);
      if (via) {
        run.advance(via);
        run = api.Run.resume(run.checkpoint());
      }
      run.advance(config.steps);
      const result = [[...run.snapshot()], run.report(false)];
      run.free();
      return result;
    },
    [config, via],
  );
  const { final, history, path } = JSON.parse(report);
  const numbers = history.flatMap((point) => [point.step, point.train_loss, point.test_loss]);
  numbers.push(final.train_loss, final.test_loss, final.w_norm, final.b_norm, final.active_share);
  if (final.polygon) {
    const { on_ring, unlearned, radius, closed_form_radius, angular_error_degrees } = final.polygon;
    numbers.push(on_ring, unlearned, radius, ...(closed_form_radius === null ? [] : [closed_form_radius]), angular_error_degrees);
  }
  numbers.push(...final.feature_dimensionality, ...final.example_dimensionality);
  return [{ parameters: checksum(Float32Array.from(snapshot)), measures: checksum(Float64Array.from(numbers)) }, path];
}

/** The same of a run of the classifier. @param {Page} page */
async function classifier(page, { hidden, epochs, weight_decay, label_noise, seed }) {
  const [parameters, dStar] = await page.evaluate(
    async ([hidden, epochs, weight_decay, label_noise, seed]) => {
      const { loadDigits } = await import("/www/digits/wasm.js");
      const { dataFile } = await import("/www/data.js");
      const [api, file] = await Promise.all([loadDigits(), dataFile("digits-live.bin")]);
      const run = new api.DigitsRun(file, hidden, epochs, weight_decay, label_noise, seed);
      while (!run.finished) run.advance(10);
      return [run.checksum(), [...run.frame().dStar]];
    },
    [hidden, epochs, weight_decay, label_noise, seed],
  );
  return [{ parameters: parameters.toString(16).padStart(8, "0"), measures: checksum(Float64Array.from(dStar)) }, "classifier"];
}
