// The value of a formula at many points, and how large its summands are: the counterpart of
// grader/symbolic/evaluation.py, which says what a magnitude is.
"use strict";

(function (Reading) {
  /**
   * A formula at points: {value, magnitude}, each a Float64Array of `count`. values: a Map or an
   * object from names to such arrays. What is undefined is not finite.
   */
  function evaluateFormula(expression, values, count) {
    const points = values instanceof Map ? values : Reading.tableOf(values);
    return measured(expression, points, count);
  }

  function measured(expression, points, count) {
    if (expression.kind === "number") return leaf(new Float64Array(count).fill(expression.value));
    if (expression.kind === "name") return leaf(valuesOf(expression.name, points));
    const args = expression.args.map((arg) => measured(arg, points, count));
    const rule = RULES.get(expression.function);
    return CHAINS.has(expression.function) ? args.reduce(lifted(rule)) : lifted(rule)(...args);
  }

  function valuesOf(name, points) {
    if (!points.has(name)) throw new Error(`bug: no values of ${name}`);
    return points.get(name);
  }

  function leaf(value) {
    return { value, magnitude: value.map(Math.abs) };
  }

  /** A rule for one point, [value, magnitude] of each argument, at all points. */
  function lifted(rule) {
    return (...given) => {
      const args = given.slice(0, rule.length); // a reduction hands over more
      const [value, magnitude] = [0, 1].map(() => new Float64Array(args[0].value.length));
      for (let k = 0; k < value.length; k++)
        [value[k], magnitude[k]] = rule(...args.map((arg) => [arg.value[k], arg.magnitude[k]]));
      return { value, magnitude };
    };
  }

  // --- functions of numbers --------------------------------------------------------------------

  const { abs } = Math;
  const relu = (a) => Math.max(a, 0);
  const sigmoid = (a) => 1 / (Math.exp(-a) + 1);
  const softplus = (a) => Math.max(a, 0) + Math.log1p(Math.exp(-abs(a)));
  const truth = (holds) => (holds ? 1 : 0);

  // --- a rule for each function: [value, magnitude] --------------------------------------------

  function multiply([a, sizeA], [b, sizeB]) {
    return [a * b, abs(a) * sizeB + sizeA * abs(b)];
  }

  function divide([a, sizeA], [b, sizeB]) {
    const value = a / b;
    return [value, (sizeA + abs(value) * sizeB) / abs(b)];
  }

  function power([a, size], [exponent]) {
    const value = a ** exponent;
    return [value, abs(value) + abs(exponent * a ** (exponent - 1)) * size];
  }

  /** A function with the absolute value of its derivative, of the argument and the value. */
  function steep(forward, slope) {
    return ([a, size]) => {
      const value = forward(a);
      return [value, abs(value) + slope(a, value) * size];
    };
  }

  /** A function of one number that is constant between its jumps. */
  function step(forward) {
    return ([a]) => [forward(a), abs(forward(a))];
  }

  /** The same of two numbers. */
  function step2(forward) {
    return ([a], [b]) => [forward(a, b), abs(forward(a, b))];
  }

  /** The derivative of a function, from the function's value. */
  function slope(forward, derivative) {
    return ([a, size]) => {
      const value = derivative(forward(a));
      return [value, abs(value) + size];
    };
  }

  function choice(forward) {
    return ([a, sizeA], [b, sizeB]) => [forward(a, b), sizeA + sizeB];
  }

  function leaky([a, size], [below]) {
    return [a > 0 ? a : a * below, size * (1 + abs(below))];
  }

  const CHAINS = new Set(["add", "mul"]);
  const RULES = new Map([
    ["add", ([a, sizeA], [b, sizeB]) => [a + b, sizeA + sizeB]],
    ["mul", multiply],
    ["div", divide],
    ["neg", ([a, size]) => [-a, size]],
    ["square", (a) => multiply(a, a)],
    ["pow", power],
    ["relu", steep(relu, (a) => truth(a > 0))],
    ["abs", steep(abs, () => 1)],
    ["sigmoid", steep(sigmoid, (_, out) => out * (1 - out))],
    ["tanh", steep(Math.tanh, (_, out) => 1 - out * out)],
    ["softplus", steep(softplus, () => 1)],
    ["exp", steep(Math.exp, (_, out) => out)],
    ["log", steep(Math.log, (a) => 1 / abs(a))],
    ["sqrt", steep(Math.sqrt, (_, out) => 0.5 / out)],
    ["sigmoid'", slope(sigmoid, (out) => (1 - out) * out)],
    ["tanh'", slope(Math.tanh, (out) => 1 - out * out)],
    ["leaky_relu", leaky],
    ["max", choice(Math.max)],
    ["min", choice(Math.min)],
    ["relu'", step((a) => truth(a > 0))],
    ["leaky_relu'", step2((a, below) => (a > 0 ? 1 : below))],
    ["sign", step(Math.sign)],
    ["gt", step2((a, b) => truth(a > b))],
    ["lt", step2((a, b) => truth(a < b))],
    ["ge", step2((a, b) => truth(a > b))], // by the convention relu'(0) = 0
    ["le", step2((a, b) => truth(a < b))],
  ]);

  Reading.evaluateFormula = evaluateFormula;
})(globalThis.Reading);
