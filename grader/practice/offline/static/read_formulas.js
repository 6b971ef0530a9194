// Reading a formula: from a text to the sides of an equation, each an expression; and what the
// readers say, in the language of the page. The counterpart of grader/symbolic/reader.py and
// grader/feedback/unread.py.
"use strict";

(function (Reading) {
  const { NotRead, unreadable, token } = Reading;

  /**
   * The formula that a text means: {kind: "formula", sides}, all meant to be equal; {kind: "blank"};
   * or {kind: "unreadable", reason, column}.
   */
  function readFormula(text, names, decimal = "point") {
    const { longest } = Reading.limits;
    if (Reading.length(text) > longest)
      return unreadable(`longer than ${longest} characters`, longest + 1);
    if (!Reading.strip(text)) return { kind: "blank" };
    try {
      const found = Reading.tokens(Reading.respelled(ended(text)), decimal, names.steps);
      return { kind: "formula", sides: sidesOf(Reading.resolve(found, names)) };
    } catch (error) {
      if (!(error instanceof NotRead)) throw error;
      return unreadable(error.reason, error.column);
    }
  }

  /** The text without a full stop at its end. */
  function ended(text) {
    const body = Reading.stripEnd(text);
    return /[.;]$/.test(body) && !body.endsWith("..") ? body.slice(0, -1) : body;
  }

  /** Every side of the equation, without the asked quantity on the left. */
  function sidesOf(found) {
    const most = Reading.limits.sides;
    let sides = [[]];
    for (const one of found) {
      const isEqual = one.kind === "sign" && one.text === "=";
      sides[sides.length - 1].push(isEqual ? token("end", "", one.column) : one);
      if (isEqual) sides.push([]);
    }
    if (sides.length > most) {
      const { column } = sides[most][sides[most].length - 1];
      throw new NotRead(`more than ${most} sides of an equation`, column);
    }
    if (sides.length > 1 && sides[0].map((one) => one.kind).join() === "asked,end")
      sides = sides.slice(1);
    return sides.map(Reading.parsed);
  }

  const FITTED = "{}";

  /** A reason of the readers, translated where its sentence is known; reasons: pairs, in order. */
  function inLanguage(reason, reasons) {
    for (const [english, translated] of reasons)
      if (english === reason && !english.includes(FITTED)) return translated;
    for (const [english, translated] of reasons) {
      const found = english.includes(FITTED) ? form(english).exec(reason) : null;
      if (found) return fitted(translated, [...found.slice(1), found[1]]);
    }
    return reason;
  }

  /** A sentence with something of the answer in it, as a pattern. */
  function form(sentence) {
    const parts = sentence.split(FITTED).map((part) => part.replace(/[^\w ]/g, "\\$&"));
    return new RegExp(`^${parts.join("([^]*)")}$`);
  }

  /** What stands there of the answer itself, put into the places of a translation. */
  function fitted(sentence, texts) {
    const [first, ...parts] = sentence.split(FITTED);
    return first + parts.map((part, place) => texts[place] + part).join("");
  }

  Object.assign(Reading, { readFormula, inLanguage });
})(globalThis.Reading);
