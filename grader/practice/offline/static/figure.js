"use strict";
/* The figure of a question, with the way of a mistake marked in it. */

const FIGURE = /<figure.*<\/figure>/s;
const ELEMENT = /(?=<(?:figure|svg|path|circle|polygon|rect|g |\/g>|\/svg>|title|desc|defs))/;

/* The HTML of a figure with some of its elements changed, see figures.py. */
function patched(html, changes, texts) {
  const pieces = html.split(ELEMENT);
  for (const [start, stop, ...numbers] of changes) {
    pieces.splice(start, stop - start, ...numbers.map((number) => texts[number]));
  }
  return pieces.join("");
}

/* Where a figure is wider than the window, what is marked is scrolled to the middle. */
function showMark(figure) {
  const boxes = Array.from(figure.querySelectorAll(".mark"), (mark) => mark.getBoundingClientRect());
  if (!boxes.length) return;
  const left = Math.min(...boxes.map((box) => box.left));
  const right = Math.max(...boxes.map((box) => box.right));
  const around = figure.getBoundingClientRect();
  figure.scrollLeft += (left + right - around.left - around.right) / 2;
}

/* The figure on the page; a question may have none. */
class Figure {
  /* of: the practice. element: of the figure, null if there is none. */
  constructor(of, element) {
    Object.assign(this, { of, element, answer: null });
    this.back = button(of, "back", () => this.goBack());
    this.back.hidden = true;
    element?.after(this.back);
  }

  /* What marks the way of a mistake, if it is there. */
  way(answer, mistake) {
    const { patches = [], of = {} } = this.of.program.figures;
    return this.element && patches[of[answer.place]?.[mistake]];
  }

  /* Mark the way of a mistake in an answer; of none: the plain figure. */
  point(answer = null, way = []) {
    if (!this.element || (!answer && !this.answer)) return;
    const { texts } = this.of.data;
    const html = patched(FIGURE.exec(texts[this.of.variant.posed[0]])[0], way, texts);
    const element = fragment(html).firstElementChild;
    this.element.replaceWith(element);
    Object.assign(this, { element, answer });
    this.back.hidden = !answer;
    showMark(element);
  }

  /* A button that shows a way; the one after the figure leads back. */
  link(answer, way) {
    const look = () => {
      this.point(answer, way);
      this.back.focus({ preventScroll: true });
      this.element.scrollIntoView({ block: "center" });
    };
    return make("button", { type: "button", class: "look", onclick: look }, this.of.words.figure_marked);
  }

  goBack() {
    this.answer.input.focus();
    this.answer.box.scrollIntoView({ block: "center" });
  }
}
