// Chromium from the environment (CHROMIUM), else Playwright's own. The page is the built one, served as `cargo xtask serve` serves it.
import { defineConfig } from "@playwright/test";

// Any port, so that two checkouts can be tested side by side; in the environment, because every worker reads this file anew.
process.env.PAGE_PORT ??= String(20000 + Math.floor(20000 * Math.random()));
const PORT = process.env.PAGE_PORT;

export default defineConfig({
  testDir: ".",
  outputDir: "results",
  globalSetup: "./setup.js",
  // What measures time runs alone: `cargo xtask timed`.
  workers: 2,
  // Patience for machines that have other things to do. What must be quick is measured by its test.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  // What a busy machine delays is tried once more. The tests that needed it are told, by the list and by `cargo xtask test`.
  retries: 1,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${PORT}/`,
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.CHROMIUM || undefined,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--no-first-run",
        "--no-default-browser-check",
      ],
    },
  },
  webServer: {
    command: `cargo xtask serve --no-build --port ${PORT}`,
    cwd: "../..",
    url: `http://127.0.0.1:${PORT}/`,
    timeout: 120_000,
  },
});
