// The same bits everywhere: what a worker's wasm reports is, letter for letter, what the native program writes.
import { expect, labReport, openBare, test } from "./fixtures.js";
import { made, onRecord } from "./onrecord.js";

/** The page's own player, without the page. Runs `steps` of a config, by way of a checkpoint at `via` if told. */
async function workerReport(page, config, via) {
  return page.evaluate(
    async ([config, via]) => {
      const { load } = await import("/www/wasm.js");
      const { Player } = await import("/www/lab/player.js");
      await load();
      const until = async (player, phases) => {
        while (!phases.includes(player.phase)) await new Promise((resolve) => (player.on.change = resolve));
      };
      let player = new Player({ change: () => {}, death: () => {} });
      await player.create({ config });
      if (via) {
        await player.start(via);
        await until(player, ["paused", "diverged"]);
        const checkpoint = await player.call("checkpoint");
        await player.replace("");
        player = new Player({ change: () => {}, death: () => {} });
        await player.create({ checkpoint });
        if (player.step !== via) throw new Error(`resumed at ${player.step}`);
      }
      player.agreed = true;
      await player.start();
      await until(player, ["finished", "diverged"]);
      const report = await player.call("report", false);
      (await player.port).end();
      return report;
    },
    [config, via],
  );
}

for (const m of [1, 2, 3, 4, 8]) {
  test(`a worker's report equals the native one byte for byte, m = ${m}, before and after a checkpoint`, async ({ page }, info) => {
    await openBare(page);
    for (const t of [1, 5, 100, 1000, "inf"]) {
      const n = t === 1000 || t === "inf" ? 400 : 2000;
      const config = { n, m, t, sparsity: 0.99, steps: 300, test_examples: 500, data_seed: 7, init_seed: 3, ...(t === "inf" ? { batch: 200 } : {}) };
      const native = labReport(config, info);
      const trimmed = native.trimEnd();
      expect((await workerReport(page, config)) === trimmed, `T = ${t}`).toBe(true);
      expect((await workerReport(page, config, 137)) === trimmed, `T = ${t}, by way of a checkpoint`).toBe(true);
    }
  });
}

/** Every combination of the options. */
function* models() {
  for (const untied of [false, true])
    for (const hidden_relu of [false, true])
      for (const loss of ["l2", "l1", "l4", "cross-entropy"])
        for (const importance of [1, 0.01])
          for (const unit_length of [true, false])
            for (const reduction of ["mean", "sum"]) yield { untied, hidden_relu, loss, importance, unit_length, reduction };
}

for (const m of [1, 2, 3, 8]) {
  test(`fifty steps of every other model equal the native ones byte for byte, m = ${m}`, async ({ page }, info) => {
    test.setTimeout(180_000);
    const configs = [...models()].map((model) => ({
      n: 37,
      m,
      t: 9,
      sparsity: 0.85,
      steps: 50,
      lr: 0.01,
      test_examples: 20,
      data_seed: 3,
      init_seed: 5,
      ...model,
    }));
    expect(configs.length).toBe(128);
    await openBare(page);
    const reports = await page.evaluate(async (configs) => {
      const { load } = await import("/www/wasm.js");
      const api = await load();
      return configs.map((config) => {
        // By way of a checkpoint, which has to know the model.
        const begun = new api.Run(config);
        begun.advance(20);
        const run = api.Run.resume(begun.checkpoint());
        run.advance(30);
        const report = run.report(false);
        const snapshot = run.snapshot();
        const same = JSON.stringify(run.measures()) === JSON.stringify(run.measuresAt(snapshot, 50));
        for (const one of [begun, run]) one.free();
        return { report, same };
      });
    }, configs);
    for (const [k, config] of configs.entries()) {
      expect(reports[k].report === labReport(config, info).trimEnd(), JSON.stringify(config)).toBe(true);
      expect(reports[k].same, `measures of a snapshot, ${JSON.stringify(config)}`).toBe(true);
    }
  });
}

test("the runs on record end with the bits on record", async ({ page }) => {
  test.setTimeout(180_000);
  await openBare(page);
  for (const run of onRecord) {
    const [checksums, path] = await made(page, run);
    expect.soft(checksums, `${run.name} (${path})`).toEqual({ parameters: run.parameters, measures: run.measures });
  }
});

test("a large run stays under 256 MiB of wasm memory: n = 10,000, T = 50,000, m = 2", async ({ page }) => {
  await openBare(page);
  const bytes = await page.evaluate(async () => {
    const { load } = await import("/www/wasm.js");
    const api = await load();
    const run = new api.Run({ n: 10000, t: 50000, m: 2 });
    run.advance(2);
    run.measures();
    run.checkpoint();
    const { memory } = await api();
    return memory.buffer.byteLength;
  });
  console.log(`  wasm memory at (10,000, 50,000, 2): ${(bytes / 2 ** 20).toFixed(0)} MiB`);
  expect(bytes).toBeLessThan(256 * 2 ** 20);
});
