// What does a step take in Chromium? `node browser.js PEER PROBLEM.json [STATE.ckpt ...]` prints one line of JSON.
//
// PEER is ours, jax-js, or TensorFlow.js's wasm, cpu or webgl. One browser for one peer and one problem, so that what one of
// them leaves behind, or breaks, is nothing to the next. Chromium from the environment (CHROMIUM), else Playwright's own.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const { chromium } = createRequire(resolve(here, "../../tests/browser/package.json"))("playwright-core");

const KINDS = /** @type {Record<string, string>} */ ({
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
});
// The page is isolated: only then do the peers get SharedArrayBuffer, and with it threads, and clocks that are not rounded.
const HEADERS = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** @param {Record<string, string>} given files that were given by name */
function serve(given) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const file = given[path] ?? (path.startsWith("/pkg/") ? resolve(here, `../../www${path}`) : resolve(here, path.slice(1)));
    try {
      const bytes = await readFile(file);
      response.writeHead(200, { ...HEADERS, "Content-Type": KINDS[extname(file)] ?? "application/octet-stream" });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  return /** @type {Promise<typeof server>} */ (new Promise((done) => server.listen(0, "127.0.0.1", () => done(server))));
}

/** What runs in the page. @param {{peer: string, states: string[], jaxJs: string}} asked */
async function inPage({ peer, states, jaxJs }) {
  const problem = "/problem.json";
  if (peer === "ours") {
    const worker = new Worker("/in_ours.js");
    return new Promise((done) => {
      worker.onmessage = (event) => done(event.data);
      worker.onerror = (event) => done({ error: event.message });
      worker.postMessage({ problem, states });
    });
  }
  const source = peer === "jax-js" ? "/in_jax_js.js" : "/in_tfjs.js";
  const module = await import(source);
  return module.peer(problem, peer === "jax-js" ? jaxJs : peer);
}

async function main() {
  const [peer, problem, ...states] = process.argv.slice(2);
  const urls = states.map((_, i) => `/states/${i}`);
  const given = Object.fromEntries(urls.map((url, i) => [url, resolve(states[i])]));
  const server = await serve({ ...given, "/problem.json": resolve(problem) });
  const jaxJs = JSON.parse(await readFile(resolve(here, "node_modules/@jax-js/jax/package.json"), "utf8")).version;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || undefined,
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"],
  });
  const page = await browser.newPage();
  page.on("console", (message) => console.error(message.text()));
  page.on("requestfailed", (request) => console.error(request.url(), request.failure()?.errorText));
  const crashed = new Promise((_, reject) => page.on("crash", () => reject(new Error("out of memory: the page crashed"))));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  await page.goto(`http://127.0.0.1:${address.port}/page.html`);
  let result;
  try {
    result = await Promise.race([page.evaluate(inPage, { peer, states: urls, jaxJs }), crashed]);
  } catch (error) {
    result = { error: String(error instanceof Error ? error.message : error).split("\n")[0] };
  }
  console.log(JSON.stringify({ ...result, browser: `Chromium ${browser.version()}` }));
  await browser.close();
  server.close();
}

await main();
