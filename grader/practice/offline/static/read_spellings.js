// One spelling for what has many: signs, digits, blanks and quotation marks; LaTeX and HTML.
// The counterpart of grader/reading/spellings.py.
"use strict";

(function (Reading) {
  function loadSpellings(data) {
    const kin = Object.entries(data.kin);
    return {
      ...data,
      table: new Map(kin.flatMap(([one, several]) => Array.from(several, (each) => [each, one]))),
      blanks: new Set(data.blanks),
      latinZeros: new Set(data.latinZeros),
      foreign: new Reading.Pattern(data.foreign),
      markup: new Reading.Pattern(data.markup),
      entity: new Reading.Pattern(data.entity),
      rewritings: data.rewritings.map(([found, text]) => [new Reading.Pattern(found), text]),
    };
  }

  /** One spelling for each sign, digit and blank, character for character. */
  function sameSigns(text) {
    const { table, foreign } = Reading.spellings;
    const spelled = Array.from(text, (one) => table.get(one) ?? one);
    if (!foreign.in(spelled.join(""))) return spelled.join("");
    const scripts = new Set(spelled.map(Reading.digitOf).filter(Boolean).map(script));
    return spelled.map((one) => sameSign(one, scripts.size > 1)).join("");
  }

  /** Digits of another script stay as they are where they stand among Latin ones. */
  function sameSign(character, mixed) {
    if (character === Reading.spellings.groupBlank) return character;
    if (Reading.spaces.has(character)) return " ";
    const digit = Reading.digitOf(character);
    return digit && !(mixed && script(digit)) ? String(digit.value) : character;
  }

  /** A number for the script of a digit: its zero, or 0 for all Latin ones. */
  function script(digit) {
    return Reading.spellings.latinZeros.has(digit.zero) ? 0 : digit.zero;
  }

  /** Whether a text may hold LaTeX, HTML or characters that nobody sees. */
  function holdsMarkup(text) {
    return Reading.spellings.markup.in(text);
  }

  /** The text as it looks when set, and for each of its places, also its end, the former one. */
  function withoutMarkup(text) {
    let now = { text, places: Array.from({ length: text.length + 1 }, (_, place) => place) };
    now = rewrite(now, Reading.spellings.entity, (match) => unescaped(match[0]));
    for (const [pattern, form] of Reading.spellings.rewritings)
      now = rewrite(now, pattern, (match) => filled(form, match));
    return now;
  }

  function rewrite({ text, places }, pattern, replacement) {
    let [rewritten, kept, end] = ["", [], 0];
    for (const match of pattern.all(text)) {
      const piece = replacement(match);
      rewritten += text.slice(end, match.index) + piece;
      kept.push(...places.slice(end, match.index), ...Array(piece.length).fill(places[match.index]));
      end = match.index + match[0].length;
    }
    return { text: rewritten + text.slice(end), places: [...kept, ...places.slice(end)] };
  }

  /** `(\1)/(\2)` with the groups of a match. */
  function filled(form, match) {
    return form.replace(/\\([0-9])/g, (_, number) => match[number] ?? "");
  }

  const NO_CHARACTER = /[\x01-\x08\x0b\x0e-\x1f\x7f\ufdd0-\ufdef\p{Noncharacter_Code_Point}]/u;

  /** What an entity stands for; Python leaves out what is no character. */
  function unescaped(entity) {
    const inert = new DOMParser().parseFromString(`<title>.${entity}</title>`, "text/html");
    const text = inert.querySelector("title").textContent.slice(1);
    return entity.startsWith("&#") && NO_CHARACTER.test(text) ? text.slice(1) : text;
  }

  Object.assign(Reading, { loadSpellings, sameSigns, holdsMarkup, withoutMarkup });
})(globalThis.Reading);
