"use strict";
/* A round on the page: pose a variant, mark, hint, show, go on. */

const GOOD = new Set(["right", "rounded", "follows"]);
const MOST_SENTENCES = 3;

/* One answer as far as it has come. */
class Answer {
  constructor(slot, shown) {
    Object.assign(this, { slot, shown, standing: "", first: null, verdict: "", hints: 0, passed: false });
  }

  get settled() {
    return this.passed || GOOD.has(this.verdict);
  }
}

class Practice {
  constructor(data, root) {
    Object.assign(this, { data, root, words: data.words, markers: new Map() });
    this.keeper = keeper(`practice ${data.key}`);
    const kept = this.keeper.read() ?? {};
    this.score = kept.score ?? { right: 0, all: 0 };
    this.section = within(kept.section, data.sections.length);
    this.places = data.sections.map((one, k) => within(kept.places?.[k], one.variants.length));
  }

  keep() {
    const { score, section, places } = this;
    this.keeper.write({ score, section, places });
  }

  get variants() {
    return this.data.sections[this.section].variants;
  }

  get variant() {
    return this.variants[this.places[this.section]];
  }

  get program() {
    return this.data.sections[this.section].programs[this.variant.structure];
  }

  get graph() {
    const section = this.data.sections[this.section];
    section.made ??= new Graph(section.graph);
    return section.made;
  }

  get marker() {
    if (!this.markers.has(this.program)) {
      this.markers.set(this.program, new Marker(this.program, this.graph, this.data.pools));
    }
    return this.markers.get(this.program);
  }

  html(number) {
    return fragment(this.data.texts[number]);
  }

  /* --- posing --- */

  pose() {
    const { variant, program } = this;
    this.answers = program.slots.map((slot, place) => new Answer(slot, variant.slots[place]));
    this.byId = new Map(this.answers.map((answer) => [answer.slot.id, answer]));
    this.pointed = null;
    this.root.replaceChildren(this.head(), this.question(), this.foot());
    this.keep();
  }

  head() {
    const { sections } = this.data;
    const header = make("header", {}, make("h1", {}, sections[this.section].title));
    const row = make("p", { class: "choosers" });
    if (sections.length > 1) row.append(this.chooser("question", sections.map((one) => one.title)));
    if (this.variants.length > 1) row.append(this.variantChooser());
    header.append(row);
    return header;
  }

  chooser(word, titles) {
    const chosen = (event) => this.go(event.target.selectedIndex, null, word);
    return labelled(this.words[word], word, titles, this.section, chosen);
  }

  variantChooser() {
    const all = this.variants.length;
    const titles = this.variants.map((_, k) => filled(this.words.of, { n: k + 1, all }));
    const chosen = (event) => this.go(this.section, event.target.selectedIndex, "numbers");
    return labelled(this.words.numbers, "numbers", titles, this.places[this.section], chosen);
  }

  /* Another section or variant; the focus stays where it was, or goes to the first answer. */
  go(section, place, focus) {
    this.section = section;
    if (place !== null) this.places[section] = place;
    this.pose();
    const target = focus ? document.getElementById(focus) : this.root.querySelector("h1");
    if (!focus) {
      target.tabIndex = -1;
      window.scrollTo(0, 0);
    }
    target.focus();
  }

  question() {
    const { variant } = this;
    const section = make("section", {}, make("h2", { class: "unseen" }, this.words.question));
    for (const number of variant.posed) section.append(this.html(number));
    this.figure = section.querySelector("figure");
    section.append(...variant.parts.map((part) => this.part(part)));
    return section;
  }

  part(part) {
    const label = make("h3", { class: "label" }, part.label);
    const asked = make("div", { class: "asked" }, label, make("p", {}, this.html(part.ask)));
    const element = make("div", { class: "part" }, asked);
    if (part.note !== "") element.append(make("p", { class: "note" }, this.html(part.note)));
    const answers = part.slots.map((id) => this.byId.get(id));
    element.append(...answers.map((answer) => this.box(answer)));
    if (answers.length) element.append(this.worked(part, answers));
    return element;
  }

  worked(part, answers) {
    const details = make("details", { class: "way", hidden: true }, make("summary", {}, this.words.worked));
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) {
        details.append(make("div", { class: "steps" }, this.html(part.worked)));
      }
    });
    for (const answer of answers) answer.way = { details, answers };
    return details;
  }

  box(answer) {
    const { slot, shown, place = this.answers.indexOf(answer) } = answer;
    const id = `answer-${place}`;
    const check = () => this.check([answer]);
    answer.input = make(slot.kind === "formula" && shown.length !== "short" ? "textarea" : "input", {
      id, "aria-label": shown.spoken, "aria-describedby": `${id}-said`, maxlength: 2000,
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", rows: shown.length === "long" ? 3 : null,
      onkeydown: (event) => entered(event) && check(),
    });
    answer.said = make("div", { class: "said", id: `${id}-said`, role: "status" });
    answer.steps = make("ol", { class: "hints", "aria-live": "polite" });
    answer.hint = this.button("hint", () => this.hintAt(answer), shown);
    answer.show = this.button("show", () => this.pass(answer), shown);
    answer.hint.hidden = !shown.hints.length;
    const label = make("label", { for: id }, this.html(shown.label));
    const note = shown.note ? make("span", { class: "hint" }, shown.note) : "";
    answer.check = this.button("check", check, shown);
    const row = make("div", { class: "row" }, label, answer.input, note, answer.check, answer.hint, answer.show);
    answer.box = make("div", { class: `answer of-${slot.kind}` }, row, answer.said, answer.steps);
    return answer.box;
  }

  button(word, onclick, shown) {
    const button = make("button", { type: "button", class: word, onclick }, this.words[word]);
    if (shown) button.setAttribute("aria-label", `${this.words[word]}: ${shown.spoken}`);
    return button;
  }

  foot() {
    this.done = make("p", { class: "done", role: "status" });
    this.total = make("p", { class: "score" });
    const all = this.button("check_all", () => this.check(this.answers));
    const next = this.button("next", () => this.go(this.section, (this.places[this.section] + 1) % this.variants.length));
    const row = make("p", { class: "row" }, all, next);
    this.tell();
    return make("footer", {}, this.done, row, this.total);
  }

  /* --- marking --- */

  check(answers) {
    const asked = answers.filter((one) => !one.passed);
    const texts = new Map(this.answers.map((one) => [one.slot.id, one.standing]));
    for (const one of asked) texts.set(one.slot.id, one.input.value);
    const ids = asked.map((one) => one.slot.id);
    const found = this.marker.mark(this.variant, Object.fromEntries(texts), ids);
    for (const one of asked) {
      if (Object.hasOwn(found, one.slot.id)) this.enter(one, found[one.slot.id]);
    }
    this.tell();
  }

  enter(answer, feedback) {
    if (feedback.verdict !== "unreadable") {
      answer.standing = answer.input.value;
      answer.verdict = feedback.verdict;
      if (answer.first === null) this.count(answer, feedback.verdict);
    }
    answer.box.dataset.verdict = feedback.verdict;
    const word = make("strong", {}, this.words[feedback.verdict]);
    answer.said.replaceChildren(make("p", {}, word, ...this.reason(feedback)));
    if (feedback.verdict === "unreadable") answer.said.append(this.caret(answer.input.value, feedback));
    if (answer.settled) this.settle(answer);
    this.point(answer, feedback.known[0]);
  }

  /* Mark the way of a mistake in the figure; of none: the plain figure. */
  point(answer, mistake) {
    const { patches = [], of = {} } = this.program.figures;
    const patch = patches[of[this.answers.indexOf(answer)]?.[mistake]];
    if (!this.figure || (!patch && !this.pointed)) return;
    this.pointed = patch;
    const html = patched(FIGURE.exec(this.data.texts[this.variant.posed[0]])[0], patch ?? [], this.data.texts);
    const figure = fragment(html).firstElementChild;
    this.figure.replaceWith(figure);
    this.figure = figure;
  }

  count(answer, verdict) {
    answer.first = verdict;
    this.score.all += 1;
    if (GOOD.has(verdict) && !answer.hints) this.score.right += 1;
    this.keep();
  }

  /* What is said besides the verdict. */
  reason(feedback) {
    const { words, program } = this;
    if (feedback.follows.length) {
      const names = feedback.follows.map((id) => this.html(this.byId.get(id).shown.name));
      const listed = names.flatMap((name, k) => (k ? [words.and, name] : [name]));
      return [": ", ...spliced(words.follows_reason, listed), "."];
    }
    if (feedback.mistakes.length) return [": ", ...this.sentences(feedback.known, program)];
    if (feedback.note) return [": ", Reading.inLanguage(feedback.note, this.data.reasons), "."];
    if (feedback.guard) return [": ", `${words[feedback.guard === DEGENERATE ? "degenerate" : "out_of_domain"]}.`];
    if (feedback.verdict === "rounded") return [": ", feedback.printed.replace("-", "\u2212"), "."];
    return feedback.verdict === "wrong" ? [". ", words.nothing_known] : ["."];
  }

  /* The first sentence of each mistake, and the names of those beyond a few. */
  sentences(known, program) {
    const first = new Map();
    for (const number of known) {
      const name = program.names[number];
      if (!first.has(name)) first.set(name, program.sentences[number]);
    }
    const told = [...first.values()].slice(0, MOST_SENTENCES).map((text) => this.html(text));
    const rest = [...first.keys()].slice(MOST_SENTENCES).map((name) => name.replaceAll("_", " "));
    const parts = told.flatMap((one, k) => (k ? [this.words.or, one] : [one]));
    return rest.length ? [...parts, " ", filled(this.words.also, { names: rest.join(", ") })] : parts;
  }

  /* The response with a caret under the character where reading ended. */
  caret(text, { column }) {
    const characters = [...text];
    const at = Math.min(Math.max((column ?? 1) - 1, 0), characters.length);
    const marked = make("mark", {}, characters[at] ?? "\u00a0");
    const pieces = [characters.slice(0, at).join(""), marked, characters.slice(at + 1).join("")];
    return make("p", { class: "written" }, make("code", { dir: "ltr" }, ...pieces));
  }

  /* --- hints and answers --- */

  hintAt(answer) {
    const { hints } = answer.shown;
    const [text, tells] = hints[answer.hints];
    answer.hints += 1;
    answer.steps.append(make("li", {}, this.html(text)));
    answer.hint.textContent = this.words.more;
    answer.hint.hidden = answer.hints === hints.length;
    if (tells) this.pass(answer);
  }

  pass(answer) {
    if (answer.settled) return;
    if (answer.first === null) this.count(answer, "passed");
    answer.passed = true;
    answer.box.dataset.verdict = "passed";
    const value = make("span", {}, this.html(answer.shown.name), " = ", this.html(answer.shown.answer));
    answer.said.replaceChildren(make("p", {}, make("strong", {}, this.words.passed), ": ", value));
    this.settle(answer);
    this.tell();
  }

  settle(answer) {
    answer.show.hidden = true;
    answer.hint.hidden = true;
    if (answer.passed) {
      answer.input.readOnly = true;
      answer.check.hidden = true;
    }
    const { details, answers } = answer.way;
    details.hidden = !answers.every((one) => one.settled);
  }

  tell() {
    this.total.textContent = filled(this.words.score, this.score);
    this.done.textContent = this.answers.every((one) => one.settled) ? this.words.done : "";
  }
}

const within = (place, count) => (Number.isInteger(place) && place >= 0 && place < count ? place : 0);

function entered(event) {
  const enter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (enter) event.preventDefault();
  return enter;
}
