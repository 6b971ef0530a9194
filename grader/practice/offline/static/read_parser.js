// One side of a formula: recursive descent from tokens to an expression.
// The counterpart of grader/symbolic/parser.py and building.py.
//
//     formula    product (+|-) product ...       product    sign (*|/| ) sign ...
//     sign       - sign | power                  power      atom ^ exponent
//     atom       number | name | function argument | (formula) | (formula > formula) | |formula|
//
// An expression is {kind: "number", value, exact}, {kind: "name", name, column} or
// {kind: "call", function, args, depth}. Only functions of the exported table can be built.
"use strict";

(function (Reading) {
  const { NotRead, exact } = Reading;
  const BRACKETS = { "(": ")", "[": "]", "{": "}" };
  const COMPARISONS = { ">": "gt", "<": "lt", ">=": "ge", "<=": "le" };
  const LARGEST = exact.exactly("1000000");
  const SMALLEST = exact.exactly("0.000001");
  const [ZERO, ONE, TWO] = ["0", "1", "2"].map(exact.exactly);

  function loadLimits(data) {
    return { ...data, arity: Reading.tableOf(data.arity) };
  }

  /** The expression that tokens, the last of them an end, stand for. Throws NotRead. */
  function parsed(side) {
    return new Parser(side).whole();
  }

  /** The expression and all its parts. */
  function* walk(expression) {
    yield expression;
    for (const part of expression.args ?? []) yield* walk(part);
  }

  // --- expressions -----------------------------------------------------------------------------

  function literal(value, column = 0) {
    return { kind: "number", value: exact.nearest(value), exact: value, column };
  }

  /** An op applied. Throws NotRead where too many are inside each other. */
  function apply(name, ...args) {
    const depth = 1 + Math.max(0, ...args.map((arg) => arg.depth ?? 1));
    if (depth > Reading.limits.depth)
      throw new NotRead("more operations inside each other than anybody can follow", 1);
    return { kind: "call", function: name, args, depth };
  }

  /** A function applied. Throws NotRead for one that is not known or has other arguments. */
  function called(name, args, { column }) {
    const { functions, arity } = Reading.limits;
    const isLeaky = ["leaky_relu", "leaky_relu'"].includes(name);
    if (!isLeaky && !functions.includes(name))
      throw new NotRead(`${name} is no function that is known here`, column);
    const given = isLeaky && args.length < 2 ? [...args, literal(exact.exactly("0.01"))] : args;
    const wanted = isLeaky ? 2 : (arity.get(name) ?? 1);
    if (given.length !== wanted)
      throw new NotRead(`${name} takes ${wanted}, found ${given.length} arguments`, column);
    return apply(name, ...given);
  }

  /** A sum or a product of one part or more. */
  function joined(name, parts) {
    return parts.length === 1 ? parts[0] : apply(name, ...parts);
  }

  /** A power; a square is an op of its own. */
  function toPower(base, exponent) {
    if (exact.compared(exponent, TWO) === 0) return apply("square", base);
    return apply("pow", base, literal(exponent));
  }

  /** The value of 2, -2 and 1/2; null for all else. */
  function valueOf(read) {
    if (read.kind === "number") return read.exact;
    if (read.function !== "neg" && read.function !== "div") return null;
    const [above, below] = read.args.map(valueOf);
    if (read.function === "neg") return above && exact.negative(above);
    return above && below && below.top ? exact.over(above, below) : null;
  }

  function shownToken({ kind, text }) {
    return kind === "end" ? "the end" : `'${Reading.first(text, 20)}'`;
  }

  /** Recursive descent over the tokens of one side; nesting is bounded. */
  class Parser {
    constructor(found) {
      this.found = found;
      this.place = 0;
      this.nesting = 0;
      this.bars = 0;
    }

    // --- tokens --------------------------------------------------------------------------------

    get token() {
      return this.found[this.place];
    }

    get column() {
      return this.token.column;
    }

    sees(...signs) {
      return this.token.kind === "sign" && signs.includes(this.token.text);
    }

    take() {
      this.place += 1;
      return this.found[this.place - 1];
    }

    expect(sign) {
      if (!this.sees(sign))
        throw new NotRead(`found ${shownToken(this.token)}, expected '${sign}'`, this.column);
      this.place += 1;
    }

    // --- sums and products ---------------------------------------------------------------------

    whole() {
      const read = this.formula();
      if (this.token.kind === "end") return read;
      const shown = shownToken(this.token);
      throw new NotRead(`found ${shown}, expected a sign or the end`, this.column);
    }

    formula() {
      const { nesting } = Reading.limits;
      this.nesting += 1;
      if (this.nesting > nesting)
        throw new NotRead(`brackets nested deeper than ${nesting}`, this.column);
      const terms = [this.product()];
      while (this.sees("+", "-")) {
        const isMinus = this.take().text === "-";
        const term = this.product();
        terms.push(isMinus ? apply("neg", term) : term);
      }
      this.nesting -= 1;
      return joined("add", terms);
    }

    product() {
      let factors = [this.signed()];
      let divided = false; // by a factor to which what follows without a sign might belong
      for (;;) {
        if (this.sees("*")) {
          this.take();
          factors.push(this.signed());
          divided = false;
        } else if (this.sees("/")) {
          this.take();
          factors = [this.quotient(factors)];
          divided = true;
        } else if (this.startsFactor()) {
          if (divided) this.refuseSlanted();
          factors.push(this.power());
        } else {
          return joined("mul", factors);
        }
      }
    }

    quotient(factors) {
      const above = joined("mul", factors);
      return apply("div", above, this.signed());
    }

    refuseSlanted() {
      const reason = "what follows a quotient without a sign may belong below or beside it: ";
      throw new NotRead(`${reason}write (a/b)*c or a/(b*c)`, this.column);
    }

    startsFactor() {
      const { kind, text } = this.token;
      if (kind !== "sign") return kind !== "end";
      return ["(", "[", "{", "frac"].includes(text) || (text === "|" && !this.bars);
    }

    signed() {
      let isMinus = false;
      while (this.sees("+", "-")) isMinus = (this.take().text === "-") !== isMinus;
      const power = this.power();
      return isMinus ? apply("neg", power) : power;
    }

    // --- powers --------------------------------------------------------------------------------

    power() {
      if (this.token.kind === "euler") return this.euler();
      const base = this.atom();
      if (!this.sees("^")) return base;
      const power = toPower(base, this.exponent());
      if (this.sees("^"))
        throw new NotRead("one exponent upon another: use brackets", this.column);
      return power;
    }

    /** The number behind ^, with or without brackets. */
    exponent() {
      const { column } = this.take();
      const most = Reading.limits.exponent;
      const value = valueOf(this.signedAtom());
      if (!value)
        throw new NotRead("an exponent has to be a number; e^x is written exp(x)", column);
      const size = value.top < 0n ? exact.negative(value) : value;
      if (exact.compared(size, exact.fraction(BigInt(most))) > 0 || value.bottom > 2n)
        throw new NotRead(`exponents are read up to ${most}`, column);
      return value;
    }

    signedAtom() {
      const isMinus = this.sees("-", "+") && this.take().text === "-";
      const atom = this.atom();
      return isMinus ? apply("neg", atom) : atom;
    }

    /** e^x, where no quantity is called e. */
    euler() {
      this.take();
      this.take();
      return apply("exp", this.signedAtom());
    }

    // --- atoms ---------------------------------------------------------------------------------

    atom() {
      const token = this.take();
      if (token.kind === "number") return this.number(token);
      if (token.kind === "name") return this.named(token);
      if (token.kind === "function") return this.call(token);
      if (token.kind === "asked")
        throw new NotRead(`${token.text} is what is asked for`, token.column);
      return this.enclosed(token);
    }

    /** Brackets of all kinds: (x), [x], {x}, \frac{x}{y}, |x|. */
    enclosed(token) {
      const sign = token.kind === "sign" ? token.text : "";
      if (sign in BRACKETS) return this.bracket(token);
      if (sign === "frac") return this.fraction();
      if (sign === "|") return this.absolute();
      throw new NotRead(`found ${shownToken(token)}, expected a number or a name`, token.column);
    }

    fraction() {
      const above = this.group();
      return apply("div", above, this.group());
    }

    named({ text, column }) {
      if (this.sees("'"))
        throw new NotRead(`${text}' is not a quantity of the forward pass`, this.column);
      return { kind: "name", name: text, column };
    }

    number({ text, column }) {
      const value = exact.exactly(text);
      const isTiny = value.top > 0n && exact.compared(value, SMALLEST) < 0;
      if (isTiny || exact.compared(value, LARGEST) > 0)
        throw new NotRead("a number beyond 1000000 or below 0.000001", column);
      if (exact.compared(value, ONE) === 0 && this.sees("_")) this.take(); // 1_{z > 0}
      return literal(value, column);
    }

    /** `{...}`, as behind \frac. */
    group() {
      if (!this.sees("{"))
        throw new NotRead("\\frac takes two groups in braces: \\frac{a}{b}", this.column);
      return this.bracket(this.take());
    }

    /** What stands in brackets; a comparison there is 1 or 0. */
    bracket(opened) {
      const { bars } = this;
      this.bars = 0;
      let inner = this.formula();
      if (this.sees(...Object.keys(COMPARISONS))) {
        const compared = COMPARISONS[this.take().text];
        inner = apply(compared, inner, this.formula());
      }
      this.expect(BRACKETS[opened.text]);
      this.bars = bars;
      return inner;
    }

    absolute() {
      this.bars += 1;
      const inner = this.formula();
      this.expect("|");
      this.bars -= 1;
      return apply("abs", inner);
    }

    // --- functions -----------------------------------------------------------------------------

    /** sigma(z), sigma'(z), tanh^2(z), tanh z. */
    call(token) {
      let name = this.primed(token);
      const exponent = this.sees("^") ? this.exponent() : null;
      if (exponent && exponent.top < 0n)
        throw new NotRead(`the inverse of ${token.text}, or one over it?`, token.column);
      if (this.sees("'")) name = this.primed(token);
      const read = called(name, this.arguments(token), token);
      return exponent ? toPower(read, exponent) : read;
    }

    /** The function with its prime: ', \prime or ^\prime. */
    primed({ text, column }) {
      const behind = this.sees("^") ? this.found[this.place + 1].text : "";
      const braced = behind === "{";
      if (behind && !this.isPrimeAt(this.place + 1 + (braced ? 1 : 0))) return text;
      this.place += (behind ? 1 : 0) + (braced ? 1 : 0);
      let primes = 0;
      while (this.sees("'")) {
        this.take();
        primes += 1;
      }
      if (braced) this.expect("}");
      if (primes > 1 || (primes && text.endsWith("'")))
        throw new NotRead("a second derivative is not asked for here", column);
      return primes ? `${text}'` : text;
    }

    isPrimeAt(place) {
      return this.found[place].text === "'";
    }

    arguments(token) {
      if (this.sees("(", "{", "[")) return this.listed(this.take());
      if (!["name", "number"].includes(this.token.kind))
        throw new NotRead(`${token.text} needs an argument in brackets`, token.column);
      const argument = this.atom();
      if (this.startsFactor() || this.sees("^"))
        throw new NotRead(`put the argument of ${token.text} in brackets`, token.column);
      return [argument];
    }

    listed(opened) {
      const { bars } = this;
      this.bars = 0;
      const args = [this.formula()];
      while (this.sees(",", ";")) {
        this.take();
        args.push(this.formula());
      }
      this.expect(BRACKETS[opened.text]);
      this.bars = bars;
      return args;
    }
  }

  Object.assign(Reading, { loadLimits, parsed, walk });
})(globalThis.Reading);
