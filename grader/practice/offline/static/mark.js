"use strict";
/* Marking of responses as they are written: numbers and formulas, by the rules of the grader. */

const TOLERANCE = 1e-9;
const BLUNT = 1e-4;
const ENOUGH = 24;

/* Points of the graph: rows of float64, little-endian, as the givens have them. */
function unpackedPoints({ givens, values }) {
  const bytes = Uint8Array.from(atob(values), (char) => char.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const count = bytes.length / 8 / Math.max(givens.length, 1);
  return Array.from({ length: count }, (_, row) =>
    new Map(givens.map((name, k) => [name, view.getFloat64(8 * (row * givens.length + k), true)])),
  );
}

/* A formula that is asked for; made once, used for each text. */
class FormulaSlot {
  constructor(marker, place) {
    const { slots, pool, values } = marker.program.formulas;
    const slot = slots[place];
    Object.assign(this, slot, { names: Reading.namesOf(slot.names) });
    const quantities = Object.keys(values);
    const nodes = Object.values(values);
    const points = slot.points.map((row) => marker.points(pool)[row]);
    const found = points.map((givens) => {
      const computed = marker.graph.values(nodes, givens);
      return new Map([...givens, ...quantities.map((name, k) => [name, computed[k]])]);
    });
    this.values = Object.fromEntries(
      quantities.map((name) => [name, Float64Array.from(found, (one) => one.get(name))]),
    );
    this.expected = this.values[slot.asked];
    this.led = slot.wrong.map(([number, node, line]) => ({
      number,
      values: found.map((one, k) => marker.graph.values([node], line ? one : points[k])[0]),
    }));
  }

  /* {verdict, mistakes, note, column, kind} of a text. */
  judge(text, decimal) {
    const read = Reading.readFormula(text, this.names, decimal);
    if (read.kind === "blank") return { verdict: "blank" };
    if (read.kind === "unreadable") return unreadable(read.reason, read.column);
    if (!this.enough) return unreadable("this derivative cannot be compared at random points", 1);
    const verdicts = read.sides.map((side) => this.judged(side));
    if (verdicts.some((one) => kindOf(one) !== kindOf(verdicts[0]))) {
      return unreadable("the sides of this equation are not equal", codePoints(text, text.indexOf("=")) + 1);
    }
    return verdicts.at(-1);
  }

  judged(formula) {
    const found = Reading.evaluateFormula(formula, this.values, this.expected.length);
    const agrees = agreement(found, this.expected);
    if (!agrees.every(Boolean)) {
      const dead = (k) => !this.smooth[k] && !Number.isFinite(found.value[k]);
      if (agrees.every((agree, k) => agree || dead(k))) {
        return unreadable("right, but undefined where a unit is dead", 1);
      }
      const mistakes = this.diagnosed(found);
      return { verdict: mistakes.length ? "mistake" : "wrong", mistakes };
    }
    const telling = this.expected.filter((one, k) => TOLERANCE * found.magnitude[k] < BLUNT * Math.abs(one));
    if (telling.length < ENOUGH) {
      return unreadable("its numbers cancel so far that nothing can be compared", 1);
    }
    return this.circular(formula) ?? { verdict: "right", mistakes: [] };
  }

  /* A formula that is right by a derivative it must not use. */
  circular(formula) {
    for (const { kind, name, column } of Reading.walk(formula)) {
      const refused = kind === "name" && Object.hasOwn(this.refused, name);
      if (refused) return unreadable(this.refused[name], column);
    }
    return null;
  }

  diagnosed(found) {
    const fitting = this.led.filter((one) => agreement(found, one.values).every(Boolean));
    return [...new Set(fitting.map((one) => one.number))];
  }
}

const FORMULA = { kind: "formula" };
const unreadable = (note, column) => ({ kind: "unreadable", verdict: "unreadable", mistakes: [], note, column });
const kindOf = ({ verdict }) => (verdict === "mistake" ? "wrong" : verdict);
const codePoints = (text, end) => [...text.slice(0, end)].length;

/* The other slots that a number is right for; none for one of a single digit, as 0, 1 or 0.5. */
function swapped(place, value, { expected, tolerance }) {
  if (value === Number(value.toExponential(0))) return [];
  const fits = (one, other) => other !== place && isRight(value, one, tolerance[other]);
  return [...expected.keys()].filter((other) => fits(expected[other], other));
}

function agreement(found, expected) {
  return Array.from(expected, (one, k) => {
    const slack = TOLERANCE * (found.magnitude[k] + Math.abs(one));
    return Math.abs(found.value[k] - one) <= slack;
  });
}

/* Marks the variants of one template. sure: a sign that no student sets between thousands. */
class Marker {
  constructor(program, graph, pools, sure = null, decimal = "point") {
    Object.assign(this, { program, graph, pools, sure, decimal });
    this.unpacked = new Map();
    this.formulas = new Map();
  }

  points(pool) {
    if (!this.unpacked.has(pool)) this.unpacked.set(pool, unpackedPoints(this.pools[pool]));
    return this.unpacked.get(pool);
  }

  formula(place) {
    if (!this.formulas.has(place)) this.formulas.set(place, new FormulaSlot(this, place));
    return this.formulas.get(place);
  }

  /* What is said of the asked responses, by slot id; blank ones are left out.
     responses: each slot's standing text. */
  mark(variant, responses, asked) {
    const { slots } = this.program;
    const read = slots.map(({ id, kind }) => (kind === "number" ? this.read(responses[id] ?? "") : FORMULA));
    const numbers = read.map((one) => (one.kind === "number" ? one.value : NaN));
    const sheet = new Sheet(this, variant, numbers);
    const found = {};
    slots.forEach((slot, place) => {
      if (!asked.includes(slot.id)) return;
      const text = responses[slot.id] ?? "";
      const said = slot.kind === "formula" ? this.ofFormula(place, text) : this.ofNumber(place, read[place], sheet, variant);
      if (said.verdict !== "blank") found[slot.id] = this.told(said);
    });
    return found;
  }

  read(text) {
    return readAlone(text, this.decimal, this.sure);
  }

  ofFormula(place, text) {
    const formula = this.formula(place);
    return readEither(text, (one, decimal) => formula.judge(one, decimal), this.decimal, this.sure);
  }

  ofNumber(place, read, sheet, variant) {
    if (read.kind === "blank") return { verdict: "blank" };
    if (read.kind === "unreadable") return unreadable(read.reason, read.column);
    const judged = { ...sheet.judge(place), value: read.value };
    const { decimals } = this.program.slots[place];
    if (judged.verdict !== "right") {
      if (judged.verdict !== "wrong" || judged.guard) return judged;
      if (isCoarse(read, variant.expected[place], decimals)) return { ...judged, coarse: true };
      const { expected, tolerance } = sheet;
      if (isRight(-read.value, expected[place], tolerance[place])) return { ...judged, negated: true };
      return { ...judged, swapped: swapped(place, read.value, sheet) };
    }
    const rounded = isRounded(read, variant.expected[place], variant.printed[place], decimals);
    return rounded ? judged : { ...judged, verdict: "rounded", printed: variant.printed[place] };
  }

  told({ verdict, mistakes = [], follows = [], guard = NO_GUARD, note = "", column = null, value, printed, coarse = false, negated = false, swapped = [] }) {
    return {
      verdict,
      known: mistakes,
      mistakes: [...new Set(mistakes.map((number) => this.program.names[number]))],
      follows: follows.map((place) => this.program.slots[place].id),
      guard,
      note,
      column,
      value,
      printed,
      coarse,
      negated,
      swapped,
    };
  }
}
