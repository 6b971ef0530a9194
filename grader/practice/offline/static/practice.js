"use strict";
/* A round on the page: pose a variant, mark, hint, show, go on. */

class Practice {
  constructor(data, root) {
    Object.assign(this, { data, root, words: data.words, markers: new Map(), answers: [] });
    this.keeper = keeper(`practice ${root.dataset.key}`);
    const kept = this.keeper.read() ?? {};
    this.score = kept.score ?? { right: 0, all: 0 };
    this.section = within(kept.section, data.sections.length);
    this.places = data.sections.map((one, k) => within(kept.places?.[k], one.variants.length));
    this.pose();
    if (fit(kept.answers, this.answers.length)) this.restore(kept.answers);
  }

  keep() {
    const { score, section, places } = this;
    this.keeper.write({ score, section, places, answers: this.answers.map(written) });
  }

  /* The answers as they were before the page was loaded anew. */
  restore(kept) {
    this.answers.forEach((answer, k) => {
      const { text, marked, feedback, standing, first, hints, passed } = kept[k];
      answer.first = first;
      if (feedback) this.enter(answer, marked, feedback);
      answer.standing = standing;
      while (answer.hints < hints) this.nextHint(answer);
      if (passed) this.pass(answer);
      answer.input.value = text;
    });
    this.tell();
    this.keep();
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
    this.sentences = new Sentences(this.data, program, variant.slots);
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
    element.append(...answers.map((answer) => answer.draw(this, this.answers.indexOf(answer))));
    if (answers.length) element.append(this.worked(part, answers));
    return element;
  }

  worked(part, answers) {
    const details = make("details", { class: "way", hidden: true }, make("summary", {}, this.words.worked));
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) {
        details.append(make("div", { class: "steps" }, ...this.steps(part)));
      }
    });
    for (const answer of answers) answer.way = { details, answers };
    return details;
  }

  /* The steps of a part, with the student's own answers after what they arrive at. */
  steps(part) {
    const steps = part.worked.flatMap(([text, ...ids]) => [this.html(text), ...ids.map((id) => this.own(id))]);
    return [...steps, this.html(part.told)];
  }

  own(id) {
    const { standing, verdict } = this.byId.get(id);
    if (!standing) return "";
    const text = make("bdi", { class: "written" }, standing);
    const judged = make("strong", {}, this.words[verdict]);
    return make("p", { class: "own", "data-verdict": verdict }, `${this.words.own}: `, text, " ", judged);
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
      if (Object.hasOwn(found, one.slot.id)) this.enter(one, one.input.value, { ...found[one.slot.id], slot: one.slot.id });
    }
    this.tell();
    this.keep();
  }

  enter(answer, text, feedback) {
    answer.enter(text, feedback);
    if (feedback.verdict !== "unreadable" && answer.first === null) this.count(answer, feedback.verdict);
    if (answer.settled) this.settle(answer);
    const pointed = this.point(answer, feedback.known[0]);
    answer.say(make("p", {}, ...this.told(feedback), ...(pointed ? [" ", this.toFigure()] : [])));
    if (feedback.verdict === "unreadable") answer.said.append(caret(text, feedback));
  }

  /* The verdict and what is said of it. */
  told(feedback) {
    const { words } = this;
    const word = words[feedback.verdict];
    const strong = make("strong", {}, word);
    if (feedback.note) return [strong, ": ", this.sentences.note(feedback), "."];
    const reason = this.sentences.of(feedback) || (feedback.verdict === "wrong" ? words.nothing_known : "");
    const rest = reason.startsWith(`${word}. `) ? reason.slice(word.length + 2) : reason;
    return rest ? [strong, ". ", fragment(rest)] : [strong, "."];
  }

  toFigure() {
    const look = () => this.figure.scrollIntoView({ block: "center" });
    return make("button", { type: "button", class: "look", onclick: look }, this.words.figure_marked);
  }

  /* Mark the way of a mistake in the figure, if there is one; of none: the plain figure. */
  point(answer, mistake) {
    const { patches = [], of = {} } = this.program.figures;
    const patch = patches[of[this.answers.indexOf(answer)]?.[mistake]];
    if (!this.figure || (!patch && !this.pointed)) return false;
    this.pointed = patch;
    const html = patched(FIGURE.exec(this.data.texts[this.variant.posed[0]])[0], patch ?? [], this.data.texts);
    const figure = fragment(html).firstElementChild;
    this.figure.replaceWith(figure);
    this.figure = figure;
    return patch !== undefined;
  }

  count(answer, verdict) {
    answer.first = verdict;
    this.score.all += 1;
    if (GOOD.has(verdict) && !answer.hints) this.score.right += 1;
  }

  /* --- hints and answers --- */

  hintAt(answer) {
    if (this.nextHint(answer)) this.pass(answer);
    this.keep();
  }

  /* Whether the next hint tells the answer, once it is shown. */
  nextHint(answer) {
    const { hints } = answer.shown;
    const [text, tells] = hints[answer.hints];
    answer.hints += 1;
    answer.steps.append(make("li", {}, this.html(text)));
    answer.hint.textContent = this.words.more;
    answer.hint.hidden = answer.hints === hints.length;
    return tells;
  }

  pass(answer) {
    if (answer.settled) return;
    if (answer.first === null) this.count(answer, "passed");
    answer.passed = true;
    answer.box.dataset.verdict = "passed";
    const value = make("span", {}, this.html(answer.shown.name), " = ", this.html(answer.shown.answer));
    answer.say(make("p", {}, make("strong", {}, this.words.passed), ": ", value));
    this.settle(answer);
    this.tell();
    this.keep();
  }

  settle(answer) {
    answer.close();
    const { details, answers } = answer.way;
    details.hidden = !answers.every((one) => one.settled);
  }

  tell() {
    this.total.textContent = filled(this.words.score, this.score);
    this.done.textContent = this.answers.every((one) => one.settled) ? this.words.done : "";
  }
}

const within = (place, count) => (Number.isInteger(place) && place >= 0 && place < count ? place : 0);
