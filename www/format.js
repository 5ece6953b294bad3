// How is a number written for a reader?

/** The language of the strings, whatever the document around an embedded lab is in. */
export const LOCALE = "en";
const number = new Intl.NumberFormat(LOCALE);
const plural = new Intl.PluralRules(LOCALE);

/** Thousands grouped. @param {number} value */
export const grouped = (value) => number.format(value);

/** @param {number} count @param {string} one @param {string} other */
export const counted = (count, one, other) => `${grouped(count)} ${plural.select(count) === "one" ? one : other}`;

/** A whole number or a setting. @param {number | "inf"} value */
export function plain(value) {
  if (value === "inf") return "∞";
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : value.toLocaleString(LOCALE, { maximumFractionDigits: 8 });
}

/** @param {string} exponent */
const ten = (exponent) => `10${[...exponent.replace("+", "")].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("")}`;

/** A setting in a sentence, 10⁻⁹ where it is small. @param {number} value */
export function inWords(value) {
  const [digits, exponent] = plain(value).split("e");
  if (exponent === undefined) return digits;
  return digits === "1" ? ten(exponent) : `${digits}·${ten(exponent)}`;
}

/** 2.63·10⁻¹¹ @param {number} value */
function power(value) {
  const [digits, exponent] = value.toExponential(2).split("e");
  return `${digits.replace("-", "−")}·${ten(exponent)}`;
}

/** A number of hundredths; its sign follows it without a space, so that no line ends between them. @param {number | string} number */
export const percent = (number) => `${number}%`;

/** A measured number: three or four significant digits. @param {number | null | undefined} value */
export function measured(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return power(value);
  const text = value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.95 ? 3 : 4);
  return text.replace("-", "−");
}
