// A sweep of the reader's own: its parts on the page, and codes as a forger makes them.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { expect, lab, save } from "./fixtures.js";

/** @param {any} place a page or a frame */
export const own = (place) => place.locator(".own");
export const part = (place, name) => own(place).locator(`[data-part="${name}"]`);
export const counts = (place) => part(place, "counts");

/** Waits until a sweep is read. */
export const there = (place) => expect(counts(place)).toHaveText(/\d+ runs?\b/, { timeout: 60_000 });

/** Opens the page at a sweep, and waits until it is read. */
export async function open(page, sweep, more = "") {
  await page.goto(`?v=1&sweep=${sweep}${more}`);
  await there(page);
}

export async function setWorkers(place, workers) {
  await own(place).locator('[name="workers"]').fill(String(workers));
  await own(place).locator('[name="workers"]').blur();
}

/** Trains all of it. */
export async function train(place, timeout = 120_000) {
  await part(place, "start").click();
  await expect(part(place, "status")).toHaveText("All runs are done.", { timeout });
}

/** Chooses the first run of the figure by keys, once that is drawn. */
export const chooseFirst = (place) =>
  expect(async () => {
    await own(place).locator(".reader").press("Home", { timeout: 1000 });
    await own(place).locator(".reader").press("Enter", { timeout: 1000 });
    await expect(part(place, "chosen")).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });

/** What the page saves. @param {any} page @param {() => Promise<void>} press */
async function saved(page, press) {
  const download = page.waitForEvent("download");
  await press();
  return readFileSync(await (await download).path(), "utf8");
}

/** The store that the page hands out. */
export const store = (page) => saved(page, () => part(page, "save-store").click());

/** The figure's table: the names of its columns, and its rows. */
export async function points(page) {
  const csv = await saved(page, () => save(own(page), "csv"));
  const [names, ...rows] = csv
    .trim()
    .split("\n")
    .map((line) => line.match(/"[^"]*"|[^,]+/g).map((cell) => cell.replaceAll('"', "")));
  return { names, rows };
}

/** The store that `lab sweep` makes of the plan that the page hands out. */
export async function native(page, info) {
  const plan = info.outputPath("own.json");
  writeFileSync(plan, await saved(page, () => part(page, "save-plan").click()));
  execFileSync(lab, ["sweep", "--plan", plan, "--checkpoints", info.outputPath("checkpoints")], { stdio: "ignore" });
  return readFileSync(info.outputPath("own.jsonl"), "utf8");
}

/** Codes of a share, as a student's tab gives them. */
export async function give(place, nickname) {
  await own(place).locator('[name="nickname"]').fill(nickname);
  await part(place, "give").click();
  await expect(part(place, "mine")).toHaveValue(/^dd1-[^]+-end$/);
  return part(place, "mine").inputValue();
}

/** The codes of so many pupils, each of whom trains a share in a page of their own. @param {string} share how much that is @param {(page: any) => Promise<void>} [also] */
export async function pupils({ browser, baseURL }, sweep, count, share, also = async () => {}) {
  const codes = [];
  for (let number = 1; number <= count; number += 1) {
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    await open(page, sweep, `&shares=${count}&part=${number}`);
    await expect(counts(page)).toHaveText(`${share} are your share.`);
    await train(page);
    codes.push(await give(page, `Pupil ${number}`));
    await also(page);
    await context.close();
  }
  return codes;
}

export async function paste(place, text) {
  await own(place).locator('[name="codes"]').fill(text);
  await part(place, "take").click();
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** How many digits so many bytes take. */
const LENGTHS = [0, 2, 3, 5, 6, 7, 9, 10, 11];

/** @param {string} piece */
function bytesOf(piece) {
  const chunks = piece.match(/.{1,11}/g) ?? [];
  return Buffer.concat(
    chunks.map((chunk) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE([...chunk].reduceRight((value, digit) => value * 62n + BigInt(DIGITS.indexOf(digit)), 0n));
      return bytes.subarray(0, LENGTHS.indexOf(chunk.length));
    }),
  );
}

/** @param {Buffer} bytes */
function digitsOf(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8) {
    const chunk = Buffer.alloc(8);
    const length = bytes.copy(chunk, 0, at, at + 8);
    let value = chunk.readBigUInt64LE();
    for (let k = 0; k < LENGTHS[length]; k += 1, value /= 62n) text += DIGITS[Number(value % 62n)];
  }
  return text;
}

/**
 * A code whose first run is altered, with a checksum that fits: what a forger sends.
 * @param {string} code @param {"loss" | "version"} what
 */
export function forged(code, what) {
  const pieces = code.split("-");
  const bytes = bytesOf(pieces[2]).subarray(0, -4);
  // From its end: the checksum of the weights, five numbers of which the second is the test loss, how it ended, the version.
  const numbers = bytes.length - 4 - 5 * 8;
  if (what === "loss") bytes.writeDoubleLE(bytes.readDoubleLE(numbers + 8) * 0.5, numbers + 8);
  else bytes[numbers - 2] += 1;
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(bytes));
  pieces[2] = digitsOf(Buffer.concat([bytes, sum]));
  return pieces.join("-");
}
