"use strict";
/* What is said of a response besides its verdict, word for word as the grader does, as HTML. */

const MOST_SENTENCES = 3;
const LAST_FORMULA = /<math(?:(?!<math).)*<\/math>$/s;

const HIDDEN = /[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu;

/* words: the page's. reasons: of the readers, in its language. program: the template's. texts: the
   file's own HTML. shown: what the variant shows of each slot. seen: the ids of the slots that are
   asked or told here, null for all. */
class Sentences {
  constructor({ words, reasons, texts }, program, shown, seen = null) {
    Object.assign(this, { words, reasons, texts, program, shown, seen });
  }

  /* Why a response cannot be read, as text; empty if it can. */
  note({ note }) {
    const spaced = Reading.inLanguage(note, this.reasons).replace(/[\t\r\n]+/g, " ");
    return spaced.replace(HIDDEN, "\ufffd");
  }

  /* HTML; empty where the verdict says all. */
  of(feedback) {
    const { words } = this;
    if (feedback.follows.length) return this.follows(feedback.follows);
    if (feedback.known.length) return this.mistakes(feedback.known);
    if (feedback.guard) return words[feedback.guard === DEGENERATE ? "degenerate" : "out_of_domain"];
    if (feedback.coarse) return this.coarse(feedback);
    if (feedback.negated) return words.sign;
    if (feedback.verdict === "rounded") return this.rounded(feedback);
    return feedback.verdict === "wrong" ? this.swapped(feedback) || words.unnamed : "";
  }

  follows(ids) {
    const places = ids.map((id) => this.place(id));
    const names = places.map((place) => this.texts[this.shown[place].name]);
    const most = names.slice(0, -1).join(", "), last = names.at(-1);
    const listed = most ? `${most}${this.words.and}${last}` : last;
    return tied(filled(this.words.follows_reason, { x: listed }), ".");
  }

  rounded({ slot, printed }) {
    const places = this.program.slots[this.place(slot)].decimals;
    const number = `<span class="tied">${printed.replace("-", "\u2212")}</span>`;
    return filled(this.words.rounded_to[Math.min(places, 2)], { places, number });
  }

  coarse({ slot }) {
    return filled(this.words.coarse, { places: this.program.slots[this.place(slot)].decimals });
  }

  /* Whose answer a number is, if it is that of another slot that is seen; by symbols, two at most. */
  swapped({ slot, swapped }) {
    const name = (place) => this.shown[place].name;
    const seen = swapped.filter((place) => this.seen?.has(this.program.slots[place].id) ?? true);
    const others = new Set(seen.map(name).filter((one) => one !== name(this.place(slot))));
    const [x, y] = [...others].map((one) => this.texts[one]);
    if (x === undefined) return "";
    return tied(filled(this.words.swapped[y === undefined ? 0 : 1], { x, y }), ".");
  }

  place(id) {
    return this.program.slots.findIndex((slot) => slot.id === id);
  }

  /* The first sentence of each mistake, and the names of those beyond a few. */
  mistakes(known) {
    const first = new Map();
    for (const number of known) {
      const name = this.program.names[number];
      if (!first.has(name)) first.set(name, this.texts[this.program.sentences[number]]);
    }
    const told = [...first.values()].slice(0, MOST_SENTENCES).join(this.words.or);
    const rest = [...first.keys()].slice(MOST_SENTENCES).map((name) => this.program.titles[name]);
    return rest.length ? `${told} ${filled(this.words.also, { titles: rest.join("; ") })}` : told;
  }
}

/* HTML and a mark after it, in one line with the formula at its end. */
function tied(html, mark) {
  const whole = (formula) => `<span class="tied">${formula}${mark}</span>`;
  return LAST_FORMULA.test(html) ? html.replace(LAST_FORMULA, whole) : html + mark;
}

/* The response with a caret under the character where reading ended. */
function caret(text, { column }) {
  const characters = [...text];
  const at = Math.min(Math.max((column ?? 1) - 1, 0), characters.length);
  const marked = make("mark", {}, characters[at] ?? "\u00a0");
  const pieces = [characters.slice(0, at).join(""), marked, characters.slice(at + 1).join("")];
  return make("p", { class: "written" }, make("code", { dir: "ltr" }, ...pieces));
}
