// Reading answers in a browser exactly as the grader reads them: what all readers share.
//
// The scripts read*.js put their functions on one object, `Reading`. A page uses these:
//   load(grammar)                           once, before all others; from grammar.py
//   readNumber(text, decimal)               a number, blank, or why it is neither
//   namesOf(data)                           what a formula slot may speak of; from names.py
//   readFormula(text, names, decimal)       the sides of an equation, blank, or why neither
//   evaluateFormula(side, values, count)    values and magnitudes at points
//   walk(side)                              all parts of an expression
//   inLanguage(reason, reasons)             a reason in the language of the page
// `decimal` is "point" or "comma". What cannot be read is {kind: "unreadable", reason, column};
// columns count characters from 1, as Python does, and an emoji is one character. Inside, places
// are places of JavaScript strings. The patterns and tables are those of the Python readers.
"use strict";

globalThis.Reading = globalThis.Reading || {};

(function (Reading) {
  /** Why a text cannot be read, and the column at which; it never leaves the readers. */
  class NotRead extends Error {
    constructor(reason, column) {
      super(reason);
      this.reason = reason;
      this.column = column;
    }
  }

  /** A regular expression, to be used on a whole text, at a place, or everywhere. */
  class Pattern {
    constructor([source, flags]) {
      this.source = source;
      this.flags = flags;
      this.made = new Map();
    }

    /** The pattern with one more flag, made when it is first needed. */
    with(flag, source = this.source) {
      if (!this.made.has(flag)) this.made.set(flag, new RegExp(source, this.flags + flag));
      return this.made.get(flag);
    }

    /** The match of the whole text, or null; with the places of its groups. */
    whole(text) {
      return this.with("d", `^(?:${this.source})$`).exec(text);
    }

    /** The match that begins at a place, or null. */
    at(text, place = 0) {
      const sticky = this.with("y");
      sticky.lastIndex = place;
      return sticky.exec(text);
    }

    /** Whether it matches anywhere. */
    in(text) {
      return text.search(this.with("g")) >= 0;
    }

    /** All matches, first to last. */
    all(text) {
      return text.matchAll(this.with("g"));
    }

    /** The text with every match replaced. */
    replaced(text, replacement) {
      return text.replace(this.with("g"), replacement);
    }
  }

  /** The exported grammar: a pattern for each pair that is one, a Map for each table. */
  function load(grammar) {
    Reading.spaces = new Set(grammar.spaces);
    Reading.zeros = grammar.zeros;
    Reading.spellings = Reading.loadSpellings(grammar.spellings);
    Reading.numbers = Reading.loadNumbers(grammar.numbers);
    Reading.characters = Reading.loadCharacters(grammar.characters);
    Reading.scanner = Reading.loadScanner(grammar.scanner);
    Reading.words = Reading.loadWords(grammar.words);
    Reading.limits = Reading.loadLimits(grammar.parser);
  }

  /** An object's own entries as a Map: no key of a student's text is found in its prototype. */
  function tableOf(entries) {
    return new Map(Object.entries(entries));
  }

  /** The answer for what cannot be read. */
  function unreadable(reason, column) {
    return { kind: "unreadable", reason, column };
  }

  /** How many characters a text has. */
  function length(text) {
    let count = 0;
    for (const _ of text) count += 1;
    return count;
  }

  /** The first characters of a text. */
  function first(text, count) {
    return Array.from(text).slice(0, count).join("");
  }

  /** The character at a place. */
  function characterAt(text, place) {
    return place < text.length ? String.fromCodePoint(text.codePointAt(place)) : "";
  }

  /** The text without the blanks (or other characters) around it. */
  function strip(text, blanks = Reading.spaces) {
    return stripEnd(stripStart(text, blanks), blanks);
  }

  function stripStart(text, blanks = Reading.spaces) {
    let start = 0;
    while (start < text.length && blanks.has(text[start])) start += 1;
    return text.slice(start);
  }

  function stripEnd(text, blanks = Reading.spaces) {
    let end = text.length;
    while (end > 0 && blanks.has(text[end - 1])) end -= 1;
    return text.slice(0, end);
  }

  /** The value and the zero of a decimal digit of any script; null for all else. */
  function digitOf(character) {
    const code = character.codePointAt(0);
    const zero = Reading.zeros.find((one) => one <= code && code < one + 10);
    return zero === undefined ? null : { value: code - zero, zero };
  }

  Object.assign(Reading, { NotRead, Pattern, load, tableOf, unreadable, length, first, strip });
  Object.assign(Reading, { characterAt, stripStart, stripEnd, digitOf });
})(globalThis.Reading);
