// What does a run ask of this browser, before it has begun? Some must be refused, some are worth a question.

import { roughStepSeconds } from "./state.js";
import { strings } from "./strings.js";

/** A larger run asks first, a larger still is refused: wasm addresses 4 GB. */
const MUCH_MEMORY = 2 ** 29;
export const MOST_MEMORY = 2 ** 32;
/** A step that may take longer than this asks before it is even timed. */
const LONG_STEP_SECONDS = 2;

/** Why a run can't be, or what to ask first; nothing if it is no matter. @param {wasm_bindgen.Config} config @param {number} bytes it takes @returns {{refusal?: string, question?: string}} */
export function demands(config, bytes) {
  const seconds = roughStepSeconds(config);
  if (bytes > MOST_MEMORY) return { refusal: strings.tooLarge(bytes) };
  return bytes > MUCH_MEMORY || seconds > LONG_STEP_SECONDS ? { question: strings.questionSize(bytes, seconds) } : {};
}
