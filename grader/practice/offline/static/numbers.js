"use strict";
/* Verdicts on numbers: right, following from an own slip, a known mistake; as grader.marking. */

const EDGE = 1e-9;
const ROUNDING = 1e-12;
const WIDEST = 0.05;
const WIDEST_MISTAKE = 10;
const STEEPEST = 1e100;
const SLACK = 1.01;
const NO_GUARD = 0;
const OUT_OF_DOMAIN = 1;
const DEGENERATE = 2;

function isRight(response, expected, tolerance) {
  const edge = tolerance * (1 + EDGE) + Math.abs(expected) * ROUNDING;
  return Number.isFinite(response) && Math.abs(response - expected) <= edge;
}

const power = (exponent) => Number(`1e${exponent}`);

/* The next number of two significant digits. */
function roundedUp(value) {
  let exponent = Math.floor(Math.log10(value));
  while (value < power(exponent)) exponent -= 1;
  while (value >= power(exponent + 1)) exponent += 1;
  const down = power(Math.max(exponent - 1, 0));
  const up = power(Math.max(1 - exponent, 0));
  return (Math.ceil((value / down) * up - 1e-9) * down) / up;
}

const width = (arriving, decimals) => roundedUp(power(-decimals) + SLACK * arriving);

const numberOf = (one) => one ?? NaN;

/* One student's numbers on one variant: arrays by slot, NaN where there is none. */
class Sheet {
  constructor(marker, variant, responses) {
    Object.assign(this, { marker, responses });
    this.program = marker.program;
    this.expected = variant.expected.map(numberOf);
    this.tolerance = variant.tolerance.map(numberOf);
    this.givens = new Map(Object.entries(variant.givens));
    this.answered = responses.map(Number.isFinite);
    this.right = responses.map((one, k) => isRight(one, this.expected[k], this.tolerance[k]));
    this.wrong = responses.map((_, k) => this.answered[k] && !this.right[k]);
  }

  /* What became of the number in a slot: {verdict, mistakes, follows, guard}. */
  judge(place) {
    if (this.right[place]) return { verdict: "right", mistakes: [], follows: [], guard: NO_GUARD };
    const carried = this.carried(place);
    if (carried.follows) return { verdict: "follows", mistakes: [], follows: carried.sources, guard: NO_GUARD };
    const mistakes = carried.guard === DEGENERATE ? [] : this.diagnosed(place);
    const guard = mistakes.length ? NO_GUARD : carried.guard;
    return { verdict: mistakes.length ? "mistake" : "wrong", mistakes, follows: [], guard };
  }

  /* --- carry.py --- */

  carried(place) {
    let found = { follows: false, guard: NO_GUARD, value: NaN, sources: [] };
    for (const route of this.program.routes[place] ?? []) {
      const nearest = this.nearestWrong(this.program.readings[route.reading], place);
      if (found.follows || !nearest.length) continue;
      const next = this.compared(route, place, nearest);
      const explained = next.follows || next.guard === DEGENERATE;
      if (explained || (Number.isNaN(found.value) && found.guard === NO_GUARD)) found = next;
    }
    return found;
  }

  nearestWrong(reading, place) {
    const found = nearest(reading, place, this.answered).filter((slot) => this.wrong[slot]);
    return found.length ? found : nearest(reading, place, this.wrong);
  }

  compared(route, place, sources) {
    const [value, arriving] = this.evaluated(route);
    const { decimals, tolerance } = this.program.slots[place];
    const usual = this.tolerance[place];
    const defined = Number.isFinite(value);
    let wide = Math.min(width(arriving, decimals), Math.max(2 * usual, WIDEST * Math.abs(value)));
    if (tolerance !== null) wide = Math.max(wide, tolerance);
    const matches = defined && isRight(this.responses[place], value, wide);
    const trivial = matches && (arriving === 0 || this.zeroFromZero(place, sources, value, wide));
    const guard = !defined ? OUT_OF_DOMAIN : trivial ? DEGENERATE : NO_GUARD;
    return { follows: matches && !trivial, guard, value: guard ? NaN : value, sources };
  }

  zeroFromZero(place, sources, value, wide) {
    const small = (slot) => Math.abs(this.responses[slot]) <= this.tolerance[slot];
    const lost = Math.abs(value) <= wide && Math.abs(this.expected[place]) > this.tolerance[place];
    return lost && sources.some(small);
  }

  evaluated(route) {
    const { graph } = this.marker;
    const choices = route.wrongFirst ? [this.wrong, this.answered] : [this.answered];
    const givens = new Map(this.givens);
    const overrides = new Map();
    for (const [node, gate, slots] of route.answers) {
      const own = this.own(slots, choices);
      givens.set(graph.names[gate], truth(Number.isNaN(own)));
      if (!Number.isNaN(own)) overrides.set(node, own);
    }
    const roots = [route.value, ...route.slopes.map(([node]) => node)];
    const [value, ...slopes] = graph.values(roots, givens, overrides);
    const arriving = slopes.reduce((sum, slope, k) => sum + steepness(slope) * route.slopes[k][1], 0);
    return [value, arriving];
  }

  own(slots, choices) {
    for (const chosen of choices) {
      const slot = slots.find((one) => chosen[one]);
      if (slot !== undefined) return this.responses[slot];
    }
    return NaN;
  }

  /* --- diagnosis.py --- */

  /* The numbers of all mistakes whose value the response is, with own answers put in. */
  diagnosed(place) {
    const exact = this.responses.map((one, k) => (this.right[k] ? this.expected[k] : one));
    const found = this.fitting(place, this.responses);
    return found.length ? found : this.fitting(place, exact);
  }

  fitting(place, responses) {
    const numbers = [...this.program.mistakes.keys()];
    return numbers.filter((number) => this.fits(place, this.program.mistakes[number], responses));
  }

  /* nodes: of a mistake, at the slots that it touches. */
  fits(place, nodes, responses) {
    if (!Object.hasOwn(nodes, place)) return false;
    const overrides = new Map();
    for (const slot of this.program.diagnosis[place]) {
      const node = nodes[slot] ?? this.program.right[slot];
      if (Number.isFinite(responses[slot])) overrides.set(node, responses[slot]);
    }
    const [value] = this.marker.graph.values([nodes[place]], this.givens, overrides);
    const ratio = Math.min(Math.max(Math.abs(value) / Math.abs(this.expected[place]), 1), WIDEST_MISTAKE);
    const growth = Number.isNaN(ratio) ? 1 : ratio;
    return isRight(this.responses[place], value, this.tolerance[place] * growth);
  }
}

function steepness(slope) {
  const size = Math.abs(slope);
  return Number.isNaN(size) ? 0 : size === Infinity ? STEEPEST : size;
}

/* The slots on the way to one: for each way back the first where `stop` is. */
function nearest(reading, place, stop) {
  const reached = new Set(reading.parents[place]);
  for (const slot of [...reading.order].reverse()) {
    if (reached.has(slot) && !stop[slot]) {
      reached.delete(slot);
      for (const parent of reading.parents[slot]) reached.add(parent);
    }
  }
  return [...reached].sort((a, b) => a - b);
}
