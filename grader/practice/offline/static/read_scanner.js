// From text to tokens: numbers, signs, and words with their subscripts.
// The counterpart of grader/symbolic/scanner.py and tokens.py.
//
// A token is {kind, text, column, units, partial, tail, raised}; its units are {text, glued}.
// partial: a word after ∂ or an upright d. tail: `-1` or `+1` right behind a word that ends in t.
// raised: a word with an index such as ^{(2)}, which may be a power.
"use strict";

(function (Reading) {
  const { NotRead } = Reading;
  const LETTER = /^[A-Za-z]$/;
  const DIGIT = /^[0-9]$/;
  const MOST_OF_GROUP = 80;

  function loadScanner(data) {
    const patterns = Object.entries(data.patterns).map(compiled);
    const numbers = Object.entries(data.numbers).map(compiled);
    return {
      ...data,
      patterns: Object.fromEntries(patterns),
      numbers: Object.fromEntries(numbers),
      digits: new Set(data.digits),
      skipped: new Set(data.skipped),
      fonts: new Set(data.fonts),
      signs: Reading.tableOf(data.signs),
      accents: Reading.tableOf(data.accents),
      behind: Reading.tableOf(data.behind),
      letters: Reading.tableOf(data.letters),
    };
  }

  function compiled([name, pattern]) {
    return [name, new Reading.Pattern(pattern)];
  }

  function token(kind, text, column, more = {}) {
    return { kind, text, column, units: [], partial: false, tail: "", raised: false, ...more };
  }

  function unit(text, glued = false) {
    return { text, glued };
  }

  /** The word in its one spelling. */
  function keyOf(word) {
    return word.units.map((one) => one.text).join("");
  }

  /** All tokens, an `end` last. steps: whether t is an index. Throws NotRead. */
  function tokens(spelled, decimal, steps) {
    return new Scanner(spelled, decimal, steps).all();
  }

  /** One pass over the text, from left to right. */
  class Scanner {
    constructor({ text, columns }, decimal, steps) {
      this.text = text;
      this.columns = columns;
      this.decimal = decimal;
      this.steps = steps;
      this.place = 0;
    }

    all() {
      const found = [];
      for (;;) {
        this.skip();
        const next = this.next();
        found.push(next);
        if (next.kind === "end") return found;
        if (found.length === Reading.scanner.tokens)
          throw new NotRead("too long to be the formula asked for", next.column);
      }
    }

    // --- where the scanner is ------------------------------------------------------------------

    get column() {
      return this.columns[Math.min(this.place, this.columns.length - 1)];
    }

    get character() {
      return Reading.characterAt(this.text, this.place);
    }

    get isLetter() {
      return LETTER.test(this.character);
    }

    at(...starts) {
      return starts.some((start) => this.text.startsWith(start, this.place));
    }

    match(name) {
      return Reading.scanner.patterns[name].at(this.text, this.place);
    }

    /** The name of the command that stands here, or nothing. */
    command() {
      const found = this.at("\\") ? this.match("command") : null;
      return found ? found[1] : "";
    }

    // --- what means nothing --------------------------------------------------------------------

    /** Move over blanks and commands without a meaning of their own. */
    skip() {
      while (this.place < this.text.length) {
        const command = this.command();
        if (this.at(" ", "~", "$")) this.place += 1;
        else if (Reading.scanner.skipped.has(command)) this.place += command.length + 1;
        else break;
      }
    }

    // --- tokens --------------------------------------------------------------------------------

    next() {
      const { column, character } = this;
      if (this.place === this.text.length) return token("end", "", column);
      return (
        this.commanded(this.command(), column) ??
        (LETTER.test(character) ? this.word(column) : null) ??
        (this.startsNumber(character) ? this.number(column) : null) ??
        this.sign(column)
      );
    }

    /** The token that begins with a command; null where there is none. */
    commanded(command, column) {
      const { signs, fonts } = Reading.scanner;
      if (!command) return null;
      if (signs.has(command)) {
        this.place += command.length + 1;
        return token("sign", signs.get(command), column);
      }
      const one = fonts.has(command) ? this.match("one") : null; // an indicator
      if (one) {
        this.place += one[0].length;
        return token("number", "1", column);
      }
      const upright = fonts.has(command) ? this.match("upright_d") : null;
      return command === "partial" || upright ? this.partial(column) : this.word(column);
    }

    startsNumber(character) {
      return DIGIT.test(character) || ".,".includes(character) || this.isOddDigit(character);
    }

    isOddDigit(character) {
      return Reading.scanner.digits.has(character);
    }

    sign(column) {
      const found = this.match("sign");
      if (!found) throw new NotRead(`'${this.character}' has no meaning in a formula`, column);
      this.place += found[0].length;
      return token("sign", found[0] === "**" ? "^" : found[0], column);
    }

    number(column) {
      const found = Reading.scanner.numbers[this.decimal].at(this.text, this.place);
      if (!found) throw new NotRead(this.noNumber(), column);
      this.place += found[0].length;
      if (this.match("scientific"))
        throw new NotRead("powers of ten such as 1e-3 are not read in formulas", column);
      return token("number", found[0].replace(",", "."), column);
    }

    noNumber() {
      if (this.at(",") || (this.decimal === "point" && this.text.includes(",")))
        return "a comma has no meaning here";
      const other = this.decimal === "comma" ? "point" : "comma";
      return `a ${other}, or a number too long to be read`;
    }

    /** `\partial h_t` and `\mathrm{d} h_t` are one word. */
    partial(column) {
      const upright = this.match("upright_d");
      this.place += upright ? upright[0].length : "\\partial".length;
      this.skip();
      const { letters, accents, fonts } = Reading.scanner;
      const command = this.command();
      if (!this.isLetter && ![letters, accents, fonts].some((table) => table.has(command)))
        return token("word", "d", column, { units: [unit("d")], partial: true });
      const word = this.word(column);
      return { ...word, units: [unit("d"), ...word.units], partial: true, text: `d${word.text}` };
    }

    // --- words ---------------------------------------------------------------------------------

    word(column) {
      const start = this.place;
      const most = Reading.scanner.units;
      const units = [];
      let raised = false;
      while (units.length <= most) {
        const added = this.units(units.length > 0);
        if (added === null) break;
        units.push(...added);
        const index = this.raised(units.length > 0);
        if (index) units.splice(1, 0, unit(index, true));
        raised = raised || index !== "";
      }
      const text = this.text.slice(start, this.place);
      if (!units.length || units.length > most) {
        const shown = Reading.first(text, 20) || Reading.first(this.text.slice(start), 12);
        throw new NotRead(`'${shown}' has no meaning in a formula`, column);
      }
      const tail = this.steps && text.endsWith("t") ? this.match("tail") : null;
      return token("word", text, column, { units, tail: tail ? tail[0] : "", raised });
    }

    /** The next units of a word; null where it ends. */
    units(goingOn) {
      if (this.place >= this.text.length) return null;
      const command = this.command();
      const { character } = this;
      if (command) return this.commandUnits(command, goingOn);
      if (LETTER.test(character) || (DIGIT.test(character) && goingOn)) {
        this.place += 1;
        return [unit(character)];
      }
      if (character === "_" && goingOn) {
        this.place += 1;
        return this.script();
      }
      return goingOn ? this.index() : null;
    }

    raised(goingOn) {
      const found = goingOn && this.at("^") ? this.match("raised") : null;
      if (!found) return "";
      this.place += found[0].length;
      return found[1];
    }

    index() {
      let found = this.at("[") ? this.match("bracketed") : null;
      if (this.steps && this.at("(", "^")) found = this.match("at_step");
      if (!found) return null;
      this.place += found[0].length;
      const inner = found.slice(1).find(Boolean);
      return [unit(withoutBlanks(inner).replace(/,/g, ""), true)];
    }

    commandUnits(command, goingOn) {
      const { behind, letters, accents, fonts } = Reading.scanner;
      if (behind.has(command)) {
        this.afterCommand(command);
        return [unit(behind.get(command), true)];
      }
      if (goingOn) return null;
      if (letters.has(command)) {
        this.afterCommand(command);
        return [unit(letters.get(command))];
      }
      if (accents.has(command)) {
        this.place += command.length + 1;
        return this.accented(accents.get(command));
      }
      if (!fonts.has(command)) return null;
      this.place += command.length + 1;
      return Array.from(this.argument().replace(/ /g, ""), (letter) => unit(letter));
    }

    /** Move behind a command; blanks before a script belong to it. */
    afterCommand(command) {
      this.place += command.length + 1;
      const found = this.match("before_script");
      if (found) this.place += found[0].length;
    }

    /** `\hat y`, `\hat{y}`, `\hat{y_t}`: the accent follows its letter. */
    accented(accent) {
      const [first, ...others] = this.nested(this.argument());
      return [first, unit(accent, true), ...others.map((other) => unit(other.text, true))];
    }

    /** What a command acts on: a group without groups inside, or one character. */
    argument() {
      while (this.at(" ")) this.place += 1;
      const found = this.match("group");
      if (found) {
        this.place += found[0].length;
        return found[1];
      }
      if (!this.isLetter) throw new NotRead("a letter is missing here", this.column);
      this.place += 1;
      return this.text[this.place - 1];
    }

    /** The units of a group's content, which is one word. */
    nested(text) {
      const columns = Array(text.length + 1).fill(this.column);
      const inner = new Scanner({ text, columns }, this.decimal, false);
      inner.skip();
      const { units } = inner.word(this.column);
      inner.skip();
      if (inner.place < text.length) throw new NotRead(`'${text}' is no name`, this.column);
      return units;
    }

    // --- subscripts ----------------------------------------------------------------------------

    /** What stands behind an underscore. */
    script() {
      const { column, character } = this;
      if (character === "\\") {
        const [first, ...others] = this.units(false) ?? [unit("")];
        return [unit(first.text, true), ...others];
      }
      if (this.at("{", "(", "[")) return [unit(this.scriptGroup(), true)];
      if (!LETTER.test(character) && !DIGIT.test(character))
        throw new NotRead("an index is missing after the underscore", column);
      this.place += 1;
      return [unit(character, true)];
    }

    /** `{t-1}`, `(t-1)`, `{\tilde{c},t}` without blanks, commas and braces. */
    scriptGroup() {
      const { column, place: start } = this;
      let depth = 0;
      for (let count = 0; this.place < this.text.length && count < MOST_OF_GROUP; count++) {
        depth += (this.at("{", "(", "[") ? 1 : 0) - (this.at("}", ")", "]") ? 1 : 0);
        this.place += this.character.length;
        if (depth > 0) continue;
        const parts = this.scriptParts(start);
        if (!parts.length) break;
        return parts.map((part) => this.scriptPart(part)).join("");
      }
      throw new NotRead("an index in brackets is empty, or too long", column);
    }

    scriptParts(start) {
      const parts = this.text.slice(start + 1, this.place - 1).split(",");
      return parts.filter((part) => Reading.strip(part));
    }

    scriptPart(part) {
      const bare = Reading.strip(part, new Set(" ()"));
      const found = Reading.scanner.patterns.script_word.whole(bare);
      if (found) return found[1].replace(/ /g, "");
      return this.nested(Reading.strip(part)).map((one) => one.text).join("");
    }
  }

  function withoutBlanks(text) {
    return Array.from(text).filter((one) => !Reading.spaces.has(one)).join("");
  }

  Object.assign(Reading, { loadScanner, tokens, token, unit, keyOf });
})(globalThis.Reading);
