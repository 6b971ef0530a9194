"use strict";
/* One answer, where it is written, and what is said of it. */

const GOOD = new Set(["right", "rounded", "follows"]);

class Answer {
  /* slot: of the program. shown: what the variant shows of it. */
  constructor(slot, shown) {
    Object.assign(this, { slot, shown, marked: "", feedback: null, standing: "", first: null, verdict: "", hints: 0, passed: false });
  }

  get settled() {
    return this.passed || GOOD.has(this.verdict);
  }

  /* What there is to see of it, made once; of: the practice. */
  draw(of, place) {
    const { slot, shown } = this;
    const id = `answer-${place}`;
    const check = () => of.check([this]);
    this.input = make(slot.kind === "formula" && shown.length !== "short" ? "textarea" : "input", {
      id, "aria-label": shown.spoken, "aria-describedby": `${id}-said`, maxlength: 2000,
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", rows: shown.length === "long" ? 3 : null,
      onkeydown: (event) => entered(event) && check(), oninput: () => of.keep(),
    });
    this.said = make("div", { class: "said", id: `${id}-said`, role: "status" });
    this.steps = make("ol", { class: "hints", "aria-live": "polite" });
    this.hint = of.button("hint", () => of.hintAt(this), shown);
    this.show = of.button("show", () => of.pass(this), shown);
    this.hint.hidden = !shown.hints.length;
    this.check = of.button("check", check, shown);
    const label = make("label", { for: id }, of.html(shown.label));
    const note = shown.note ? make("span", { class: "hint" }, shown.note) : "";
    const row = make("div", { class: "row" }, label, this.input, note, this.check, this.hint, this.show);
    this.box = make("div", { class: `answer of-${slot.kind}` }, row, this.said, this.steps);
    return this.box;
  }

  /* Take what was said of a text. */
  enter(text, feedback) {
    Object.assign(this, { marked: text, feedback });
    if (feedback.verdict !== "unreadable") Object.assign(this, { standing: text, verdict: feedback.verdict });
    this.box.dataset.verdict = feedback.verdict;
  }

  /* Say it. */
  say(...children) {
    this.said.replaceChildren(...children);
  }

  /* No more is asked of it; who stood on a button that goes stands on the answer. */
  close() {
    const gone = this.passed ? [this.show, this.hint, this.check] : [this.show, this.hint];
    const stood = gone.includes(document.activeElement);
    for (const button of gone) button.hidden = true;
    this.input.readOnly = this.passed;
    if (stood) this.input.focus();
  }
}

function entered(event) {
  const enter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (enter) event.preventDefault();
  return enter;
}
