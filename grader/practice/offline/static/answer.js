"use strict";
/* One answer, where it is written, and what is said of it. */

const GOOD = new Set(["right", "rounded", "follows"]);
const SIGNS = { number: "\u2212/e", formula: "()*/+\u2212'_" }; // far away on a phone's keyboard
const isPhone = matchMedia("(pointer: coarse)").matches;

class Answer {
  /* slot: of the program; place: its place there. shown: what the variant shows of it. */
  constructor(slot, place, shown) {
    Object.assign(this, { slot, place, shown, standing: "", first: null, verdict: "", hints: 0, passed: false });
  }

  get settled() {
    return this.passed || GOOD.has(this.verdict);
  }

  /* What there is to see of it, made once; of: the practice. */
  draw(of) {
    const { slot, shown } = this;
    const id = `answer-${this.place}`;
    const check = () => of.check([this]);
    this.input = make(slot.kind === "formula" && shown.length !== "short" ? "textarea" : "input", {
      id, "aria-label": shown.spoken, "aria-describedby": `${id}-said`, maxlength: LONGEST, enterkeyhint: "go",
      autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false",
      rows: shown.length === "long" ? 3 : null, inputmode: isPhone && slot.kind === "number" ? "decimal" : null,
      onkeydown: (event) => entered(event) && of.enterAt(this), oninput: () => of.keep(), onfocus: () => of.writeAt(this),
    });
    this.said = make("div", { class: "said", id: `${id}-said`, role: "status" });
    this.steps = make("ol", { class: "hints", "aria-live": "polite" });
    this.hint = button(of, "hint", () => of.hintAt(this), shown);
    this.show = button(of, "show", () => of.pass(this), shown);
    this.hint.hidden = !shown.hints.length;
    this.check = button(of, "check", check, shown);
    const label = make("label", { for: id }, of.html(shown.label));
    const note = shown.note ? make("span", { class: "hint" }, shown.note) : "";
    this.keys = isPhone ? this.keypad(of) : "";
    const aids = make("span", { class: "aids" }, this.hint, this.show);
    const row = make("div", { class: "row" }, label, this.input, this.check, this.keys, note, aids);
    this.box = make("div", { class: `answer of-${slot.kind}` }, row, this.said, this.steps);
    return this.box;
  }

  keypad(of) {
    const put = ({ target }) => {
      if (target.tagName !== "BUTTON") return;
      const sign = target.textContent.replace("\u2212", "-");
      this.input.setRangeText(sign, this.input.selectionStart, this.input.selectionEnd, "end");
      this.input.focus();
      of.keep();
    };
    const keys = [...SIGNS[this.slot.kind]].map((sign) => make("button", { type: "button" }, sign));
    const stay = (event) => event.preventDefault(); // the focus is the input's
    const attributes = { class: "keypad", role: "group", "aria-label": of.words.signs, hidden: true };
    return make("span", { ...attributes, onclick: put, onpointerdown: stay }, ...keys);
  }

  /* Take what was said of a text. */
  enter(text, feedback) {
    if (feedback.verdict !== "unreadable") Object.assign(this, { standing: text, verdict: feedback.verdict });
    this.box.dataset.verdict = feedback.verdict;
  }

  /* Say it. */
  say(...children) {
    this.said.replaceChildren(...children);
  }

  /* What was said last is in the window, however low the answer stands. */
  come(what) {
    const said = what === "hint" ? this.steps.lastElementChild : this.said;
    said?.scrollIntoView({ block: "nearest" });
  }

  /* No more is asked of it; who stood on a button that goes stands on the answer. */
  close() {
    const gone = this.passed ? [this.show, this.hint, this.check] : [this.show, this.hint];
    const stood = gone.includes(document.activeElement);
    for (const button of gone) button.hidden = true;
    this.input.readOnly = this.passed;
    if (isPhone && this.passed) this.keys.hidden = true;
    if (stood) this.input.focus();
  }
}

function entered(event) {
  const enter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (enter) event.preventDefault();
  return enter;
}
