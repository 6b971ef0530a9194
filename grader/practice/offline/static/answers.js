"use strict";
/* An answer that stands alone: with which decimal sign it is written, and whether it is rounded as
   asked; as grader/marking/either_sign.py and rounded.py. */

const LONGEST = 2000;
const OTHER = { point: "comma", comma: "point" };
const AFTER = new Set(" .,;");
const MARKS = { point: ".", comma: "," };
const BESIDE_A_LETTER = /(?<=[\p{L}\p{Nl}\p{No}])[.,]/gu;
const DOUBT = /^a (?:comma|point), where /;

/* What a text is read as: with the usual sign, or else with the other if it can be nothing else.
   sure: a sign that no student sets between thousands. */
function readEither(text, read, usual, sure) {
  const found = read(text, usual);
  const other = found.kind === "unreadable" && isWrittenInOther(text, usual, sure);
  return other ? read(text, OTHER[usual]) : found;
}

function isWrittenInOther(text, usual, sure) {
  const spelled = Reading.stripEnd(Reading.sameSigns(Reading.first(text, LONGEST)), AFTER);
  const mark = MARKS[OTHER[usual]];
  const escaped = `[${mark}]`;
  const thousands = `(?<![0-9.,])[1-9][0-9]{0,2}(?:${escaped}[0-9]{3})+(?![0-9])`;
  const noDecimal = `${escaped}(?![0-9])`;
  const doubtful = new RegExp(sure === OTHER[usual] ? noDecimal : `${thousands}|${noDecimal}`, "u");
  return spelled.includes(mark) && !spelled.includes(MARKS[usual]) && !doubtful.test(spelled);
}

/* The number that a text is. Where neither sign will do, a word that is not understood is told. */
function readAlone(text, usual, sure) {
  const doubts = ({ kind, reason }) => kind === "unreadable" && DOUBT.test(reason);
  const found = readEither(text, (one, sign) => Reading.readNumber(one, sign), usual, sure);
  if (!doubts(found)) return found;
  const wordless = text.replace(BESIDE_A_LETTER, " ");
  const anew = [usual, OTHER[usual]].map((sign) => Reading.readNumber(wordless, sign));
  return anew.find((one) => one.kind === "unreadable" && !doubts(one)) ?? found;
}

/* Whether a right number is the key to so many decimals, or better; printed: the key to these. */
function isRounded({ value, plain }, key, printed, places) {
  const exact = exactly(plain);
  if (toPlaces(exact, places) === printed) return true;
  const half = plain.includes("/") ? 0 : 0.5 * Number(`1e-${Math.max(places, decimalsOf(plain))}`);
  return Math.abs(value - key) <= half + Math.abs(key) * ROUNDING;
}

/* Whether a number is the key to fewer decimals than asked, one at least. */
function isCoarse({ value, plain }, key, places) {
  const written = plain.includes("/") ? 0 : decimalsOf(plain);
  if (!value || written <= 0 || written >= places) return false;
  return Math.abs(value - key) <= 0.5 * Number(`1e-${written}`) + Math.abs(key) * ROUNDING;
}

/* The fraction of whole numbers that a number in ASCII is: `-0.5`, `1.5e-3`, `13/20`. */
function exactly(plain) {
  const [above, below = "1"] = plain.split("/").map((part) => part.trim());
  return Reading.exact.over(scaled(above), scaled(below));
}

function scaled(text) {
  const [digits, exponent = "0"] = text.toLowerCase().split("e");
  const power = 10n ** BigInt(Math.abs(Number(exponent)));
  const one = Reading.exact.fraction(1n);
  const factor = Number(exponent) < 0 ? Reading.exact.fraction(1n, power) : Reading.exact.fraction(power);
  return Reading.exact.over(Reading.exact.exactly(digits), Reading.exact.over(one, factor));
}

/* How many decimals a number is written with; a negative count for trailing zeros of 1e3. */
function decimalsOf(plain) {
  const [digits, exponent = "0"] = plain.toLowerCase().split("e");
  return (digits.split(".")[1] ?? "").length - Number(exponent);
}

/* A fraction as a decimal, rounded half up to so many places, without zeros at its end. */
function toPlaces({ top, bottom }, places) {
  const scale = 10n ** BigInt(places);
  const size = (top < 0n ? -top : top) * scale;
  const rounded = (2n * size + bottom) / (2n * bottom);
  const digits = places ? `${rounded % scale}`.padStart(places, "0").replace(/0+$/, "") : "";
  return `${top < 0n && rounded ? "-" : ""}${rounded / scale}${digits ? "." : ""}${digits}`;
}
