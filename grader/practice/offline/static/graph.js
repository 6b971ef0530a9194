"use strict";
/* Graphs of scalars as lists of numbers (see nodes.py), and their values. */

const truth = (holds) => (holds ? 1 : 0);

function logaddexp(a, b) {
  if (a === b) return a + Math.LN2;
  const larger = Math.max(a, b);
  return larger + Math.log1p(Math.exp(-Math.abs(a - b)));
}

function decimals(a) {
  /* As many as `a` needs to be written, within rounding; ten stands for more than nine. */
  if (!Number.isFinite(a)) return 10;
  for (let places = 0; places <= 9; places += 1) {
    const scaled = a * Number(`1e${places}`);
    const slack = Math.max(1e-13 * Number(`1e${places}`), 4e-15 * Math.abs(scaled));
    if (Math.abs(scaled - Math.round(scaled)) <= slack) return places;
  }
  return 10;
}

function decimalsOver(a, denominator) {
  for (let places = 0; places <= 9; places += 1) {
    if ((a * Number(`1e${places}`)) % denominator === 0) return places;
  }
  return 10;
}

/* The forward rule of every op of examgen.ops, on float64. */
const FORWARD = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  copy: (a) => a,
  use: (a) => a,
  carry: (a) => a,
  square: (a) => a * a,
  // numpy has 1 to any power 1, JavaScript has not for what is no number.
  pow: (a, b) => (a === 1 ? 1 : a ** b),
  relu: (a) => Math.max(a, 0),
  "relu'": (a) => truth(a > 0),
  leaky_relu: (a, slope) => (a > 0 ? a : a * slope),
  "leaky_relu'": (a, slope) => (a > 0 ? 1 : slope),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  "sigmoid'": (a, value) => (1 - value) * value,
  tanh: (a) => Math.tanh(a),
  "tanh'": (a, value) => 1 - value * value,
  softplus: (a) => logaddexp(0, a),
  exp: (a) => Math.exp(a),
  log: (a) => Math.log(a),
  softmax: (a, whole) => Math.exp(a - whole),
  logsumexp: logaddexp,
  sqrt: (a) => Math.sqrt(a),
  abs: (a) => Math.abs(a),
  sign: (a) => Math.sign(a),
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  "max'": (a, b) => truth(a > b),
  decimals,
  decimals_over: decimalsOver,
  gt: (a, b) => truth(a > b),
  ge: (a, b) => truth(a >= b),
  lt: (a, b) => truth(a < b),
  le: (a, b) => truth(a <= b),
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  and: (a, b) => truth(a !== 0 && b !== 0),
  or: (a, b) => truth(a !== 0 || b !== 0),
  not: (a) => truth(a === 0),
};

class Graph {
  /* table: {ops, constants, givens, nodes}, as NodeTable.written gives it. */
  constructor(table) {
    this.names = table.givens;
    this.constants = table.constants;
    this.nodes = [];
    const codes = table.nodes;
    for (let at = 0; at < codes.length; ) {
      const name = table.ops[codes[at]];
      const rule = FORWARD[name];
      const count = rule ? rule.length : 1;
      const numbers = codes.slice(at + 1, at + 1 + count);
      const here = this.nodes.length;
      this.nodes.push({ name, rule, args: rule ? numbers.map((back) => here - back) : numbers });
      at += 1 + count;
    }
    this.cones = new Map();
  }

  /* All that some nodes depend on, arguments first. */
  cone(roots) {
    const key = roots.join();
    if (!this.cones.has(key)) this.cones.set(key, this.reached(roots));
    return this.cones.get(key);
  }

  reached(roots) {
    const seen = new Set(roots);
    const waiting = [...seen];
    while (waiting.length) {
      const node = this.nodes[waiting.pop()];
      for (const arg of node.rule ? node.args : []) {
        if (!seen.has(arg)) {
          seen.add(arg);
          waiting.push(arg);
        }
      }
    }
    return [...seen].sort((a, b) => a - b);
  }

  /* The values of some nodes. givens: a Map by name. overrides: a Map of own values by node. */
  values(roots, givens, overrides = new Map()) {
    const found = new Map();
    for (const place of this.cone(roots)) {
      found.set(place, overrides.has(place) ? overrides.get(place) : this.value(place, givens, found));
    }
    return roots.map((root) => found.get(root));
  }

  value(place, givens, found) {
    const { name, rule, args } = this.nodes[place];
    if (name === "constant") return this.constants[args[0]];
    if (name === "given") return givens.get(this.names[args[0]]);
    return rule(found.get(args[0]), found.get(args[1]));
  }
}
