"use strict";
/* Which parts there are, and which come again: those not right at once and without help, until they are. */

const OTHERS = 2; // so many other parts come before
const LEARNED = -1;

class Standing {
  /* parts: a name for each. kept: their waits as they were kept, or anything. goesOn: whether the
     sitting is the same; in a new one all that was missed may come at once. */
  constructor(parts, kept, goesOn) {
    this.parts = parts;
    const fits = (wait) => wait === LEARNED || isCount(wait, OTHERS + 1);
    const known = Object.keys(kept ?? {}).filter((part) => parts.includes(part) && fits(kept[part])); // in their order
    this.waits = new Map(known.map((part) => [part, goesOn ? kept[part] : Math.min(kept[part], 0)]));
  }

  /* A part went in one way: `right`, `helped` or `missed`. */
  note(part, grade) {
    for (const [other, wait] of this.waits) if (wait > 0) this.waits.set(other, wait - 1);
    this.waits.delete(part); // what waits longest is first
    this.waits.set(part, grade === "right" ? LEARNED : OTHERS);
  }

  /* A part that is due was put aside; in another tab it may have been learned meanwhile. */
  defer(part) {
    if (this.waits.get(part) !== 0) return;
    this.waits.delete(part);
    this.waits.set(part, OTHERS);
  }

  /* The part that is to come again now, if there is one. */
  get due() {
    return [...this.waits.keys()].find((part) => this.waits.get(part) === 0) ?? null;
  }

  /* How many parts are in each stage. */
  get stages() {
    const learned = [...this.waits.values()].filter((wait) => wait === LEARNED).length;
    const learning = this.waits.size - learned;
    return { learned, learning, new: this.parts.length - learned - learning };
  }

  get kept() {
    return Object.fromEntries(this.waits);
  }
}

/* How a part went, null as long as nobody can say, and of one that asks nothing itself. */
function gradeOf(answers) {
  if (!answers.length) return null;
  if (answers.some(({ first }) => first !== null && !GOOD.has(first))) return "missed";
  if (!answers.every((one) => one.settled)) return null;
  return answers.some((one) => one.hints) ? "helped" : "right";
}

const keyOf = (section, label) => `${section}.${label}`;
const partOf = (variant, label) => variant.parts.find(({ id, slots }) => id === label && slots.length);

/* All parts that ask something, by a key each: the section and the label. */
function partsOf(sections) {
  const found = new Map();
  sections.forEach(({ variants }, section) => {
    for (const { id: label, slots } of variants.flatMap((one) => one.parts)) {
      if (slots.length) found.set(keyOf(section, label), { section, label });
    }
  });
  return found;
}
