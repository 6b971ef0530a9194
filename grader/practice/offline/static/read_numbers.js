// What a student may write for a number: the counterpart of grader/reading/numbers.py.
// What can be read in exactly one way is read; nothing is calculated, and nothing is guessed.
"use strict";

(function (Reading) {
  const { exact, unreadable } = Reading;
  const BLANK = Object.freeze({ kind: "blank" });
  const PATTERNS = ["simple", "number", "grouped", "layer", "looseBlank", "negated", "date"];
  const SWAPPED = { ",": ".", ".": "," };
  const SCRIPTED = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉";

  function loadNumbers(data) {
    const patterns = PATTERNS.map((name) => [name, new Reading.Pattern(data[name])]);
    return {
      ...data,
      ...Object.fromEntries(patterns),
      joining: new Set(data.joining),
      rows: data.rows.map(([pattern, reason]) => [new Reading.Pattern(pattern), reason]),
    };
  }

  /**
   * Read what a student wrote: {kind: "number", value, plain}, {kind: "blank"}, or
   * {kind: "unreadable", reason, column}. value is the nearest float64; plain is what was written,
   * in ASCII.
   */
  function readNumber(text, decimal = "point") {
    if (Reading.length(text) > Reading.numbers.longest) return readLong(text, decimal);
    if (!Reading.holdsMarkup(text)) return read(text, decimal, (place) => place, text);
    const { text: plain, places } = Reading.withoutMarkup(text);
    return read(plain, decimal, (place) => places[place], text);
  }

  /** A long text counts only if it is blanks for the most part. */
  function readLong(text, decimal) {
    const { longest } = Reading.numbers;
    const { blanks } = Reading.spellings;
    const body = Reading.strip(text, blanks);
    const start = text.length - Reading.stripStart(text, blanks).length;
    if (Reading.length(body) > longest)
      return unreadable(`longer than ${longest} characters`, start + longest + 1);
    const answer = readNumber(body, decimal);
    return answer.kind === "unreadable"
      ? unreadable(answer.reason, start + answer.column)
      : answer;
  }

  /** Read a text without mark-up; `former` is where its places were in what was written. */
  function read(text, decimal, former, written) {
    const spelled = Reading.sameSigns(text);
    const answer = readSpelled(spelled, decimal);
    if (answer.kind !== "unreadable") return answer;
    const characters = Reading.length(spelled.slice(0, answer.column - 1));
    const place = Array.from(text).slice(0, characters).join("").length;
    return unreadable(answer.reason, Reading.length(written.slice(0, former(place))) + 1);
  }

  /** The grammar itself knows the decimal point only; here a column is a place, from 1. */
  function readSpelled(spelled, decimal) {
    const comma = decimal === "comma";
    const pointed = comma ? spelled.replace(/[,.]/g, (sign) => SWAPPED[sign]) : spelled;
    let body = Reading.strip(pointed.replace(/٫/g, "."));
    if (Reading.numbers.simple.whole(body)) return finite(body, 0);
    if (!body) return BLANK;
    body = Reading.numbers.looseBlank.replaced(body, " ");
    const start = pointed.length - Reading.stripStart(pointed).length;
    const number = parse(body, start);
    if (number) return number;
    if (Reading.numbers.date.in(Reading.strip(spelled)))
      return unreadable("looks like a date: a spreadsheet may have changed it", start + 1);
    return readDressed(body, start, comma);
  }

  /** Take off one layer after the other (quotes, a name with `=`) until a number is left. */
  function readDressed(body, start, comma) {
    for (let layers = 0; layers < Reading.numbers.layers; layers++) {
      const layer = Reading.numbers.layer.whole(body);
      if (!layer) break;
      const [kind, inside] = Object.entries(layer.groups).find(([, one]) => one !== undefined);
      start += layer.indices.groups[kind][0] + inside.length - Reading.stripStart(inside).length;
      body = Reading.strip(inside);
      const number = parse(body, start);
      if (number) return number;
    }
    const match = Reading.numbers.number.at(body);
    const blank = new RegExp(Reading.spellings.groupBlank, "g");
    return explain(body.replace(blank, " "), start, match ? match[0].length : 0, comma);
  }

  /** Why a body is no number: the first row that fits names the reason and the place. */
  function explain(body, start, stop, comma) {
    const [mark, others] = comma ? ["point", "commas"] : ["comma", "points"];
    for (const [pattern, reason] of Reading.numbers.rows) {
      const found = pattern.at(body);
      if (!found) continue;
      const said = reason.replace("{mark}", mark).replace("{others}", others);
      return unreadable(said, start + found[1].length + 1);
    }
    return unreadable("not a number on its own", start + stop + 1);
  }

  /** The number that the body is from end to end, or null. */
  function parse(body, start) {
    const { number, joining, grouped, negated } = Reading.numbers;
    const match = number.whole(body);
    if (match) return evaluated(match.groups, start);
    if (!Array.from(body).some((one) => joining.has(one))) return null;
    const plain = grouped.replaced(body, (group) => group.replace(/[^0-9]/g, ""));
    const signed = negated.replaced(plain, "$1$2");
    const other = signed === body ? null : number.whole(signed);
    return other && evaluated(other.groups, start);
  }

  function evaluated(found, start) {
    const { sign, top, bottom, vulgar, whole, upper, lower } = found;
    if (top) return quotient(sign, top, bottom, start);
    if (vulgar) return rational(sign, exact.plus(exact.exactly(whole || "0"), vulgarOf(vulgar)));
    if (upper) return quotient(sign, unscripted(upper), unscripted(lower), start);
    const shift = found.scale || found.power || unscripted(found.raised || "0");
    return scientific(sign + (found.plain || found.mantissa || "1"), shift, start);
  }

  function unscripted(text) {
    return text.replace(/[^-+0-9]/g, (digit) => String(SCRIPTED.indexOf(digit) % 10));
  }

  function scientific(digits, shift, start) {
    const exponent = Number(shift.replace(/[(){} ]/g, ""));
    const most = Reading.numbers.exponent;
    if (Math.abs(exponent) > most) return unreadable(`an exponent beyond ±${most}`, start + 1);
    return finite(exponent ? `${digits}e${exponent}` : digits, start);
  }

  function quotient(sign, top, bottom, start) {
    if (top.includes(".") && bottom.includes("."))
      return unreadable("a decimal over a decimal: a quotient, or two answers", start + 1);
    const divisor = signed(bottom);
    if (divisor.top === 0n) return unreadable("a division by zero", start + 1);
    return rational(sign, exact.over(signed(top), divisor));
  }

  function vulgarOf(character) {
    const [top, bottom] = character.normalize("NFKC").split("⁄");
    return exact.over(exact.exactly(top), exact.exactly(bottom));
  }

  function signed(term) {
    return exact.exactly(term.replace(/[() ]/g, ""));
  }

  function rational(sign, magnitude) {
    const value = sign === "-" ? exact.negative(magnitude) : magnitude;
    return { kind: "number", value: exact.nearest(value), plain: exact.printed(value) };
  }

  function finite(plain, start) {
    const value = Number(plain) + 0; // -0 becomes 0
    if (!Number.isFinite(value)) return unreadable("too large", start + 1);
    if (value === 0 && /[1-9]/.test(plain.split("e")[0]))
      return unreadable("too close to zero", start + 1);
    return { kind: "number", value, plain };
  }

  Object.assign(Reading, { loadNumbers, readNumber });
})(globalThis.Reading);
