// How fast is a sweep in the tab with k workers, beside the native program with k threads? Minutes of a machine that has nothing else to
// do: npx playwright test throughput.spec.js
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { expect, lab, test } from "./fixtures.js";
import { open, own, part, setWorkers, train } from "./own.js";

const REPEATS = 3;
const T = [3, 5, 8, 10, 15, 30, 50, 100, 200, 500, 1000, 2000];
const BASE = { n: 1000, sparsity: 0.99, steps: 5000 };

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(1);

test.describe.configure({ timeout: 3_600_000 });

test("the classroom's curve, from start to figure, with one worker and with two @timed", async ({ browser, baseURL }, info) => {
  const plan = info.outputPath("own.json");
  writeFileSync(plan, JSON.stringify({ base: BASE, t: T, data_seeds: 2, init_seeds: 1 }));
  for (const k of [1, 2]) {
    const [tab, wall, processor] = [[], [], []];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      const context = await browser.newContext({ baseURL });
      const page = await context.newPage();
      await open(page, `t-${T.join("x")}.n-${BASE.n}.sparsity-${BASE.sparsity}.steps-${BASE.steps}.seeds-2x1`);
      await expect(part(page, "estimate")).toHaveText(/on this machine/, { timeout: 60_000 });
      await setWorkers(page, k);
      const start = performance.now();
      await train(page, 600_000);
      await expect(own(page).locator(".caption").first()).toContainText("24 of 24 runs");
      tab.push((performance.now() - start) / 1000);
      await context.close();

      const store = info.outputPath("own.jsonl");
      rmSync(store, { force: true });
      const command = `TIMEFORMAT="%R %U"; time "${lab}" sweep --plan "${plan}" --jobs ${k} --checkpoints "${info.outputPath("checkpoints")}" > /dev/null 2>&1`;
      const [seconds, user] = execFileSync("bash", ["-c", `{ ${command}; } 2>&1`], { encoding: "utf8" })
        .trim()
        .split(" ")
        .map(Number);
      wall.push(seconds);
      processor.push(user);
    }
    console.log(`  ${k} at once: in the tab ${median(tab)} s; native ${median(wall)} s, ${median(processor)} s of processor time`);
  }
});
