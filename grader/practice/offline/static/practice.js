"use strict";
/* Rounds on the page: pose a question or a part of it, mark, hint, show, go on. */

class Practice {
  constructor(data, root) {
    Object.assign(this, { data, root, words: data.words, markers: new Map(), parts: partsOf(data.sections) });
    const name = `practice ${root.dataset.key}`;
    Object.assign(this, { session: keeper("sessionStorage", name), memory: keeper("localStorage", name) });
    document.addEventListener("keydown", (event) => pressed(event, this));
    this.begin(this.session.read(), this.memory.read());
  }

  /* A new sitting, or the one that was before the page was loaded anew. What was kept may be anything. */
  begin(session, memory) {
    this.keeps = this.memory.works();
    this.recall(memory, session !== null);
    this.places = this.counts.map((all, k) => (session ? within(session.places?.[k], all) : (this.seen[k] + 1) % all));
    this.home = within(session?.home, this.counts.length);
    this.score = scored(session?.score);
    const part = session ? session.part : this.standing.due;
    this.turn(this.parts.has(part) ? part : null, 0);
    if (session) this.restore(session);
  }

  recall(memory, goesOn) {
    this.standing = new Standing([...this.parts.keys()], memory?.waits, goesOn);
    this.seen = this.counts.map((all, k) => (isCount(memory?.seen?.[k], all) ? memory.seen[k] : -1));
  }

  /* Take over what other tabs of the file have noted, or forgotten, since. */
  meet() {
    if (this.memory.changed()) this.recall(this.memory.read(), true);
  }

  /* How many variants each section has. */
  get counts() {
    return this.data.sections.map((one) => one.variants.length);
  }

  keep() {
    const { score, home, places, part, done } = this;
    this.session.write({ score, home, places, part, done, texts: this.answers.map((one) => one.input.value) });
  }

  /* What outlives the sitting. */
  remember() {
    this.seen[this.section] = this.places[this.section];
    this.keeps = this.memory.write({ waits: this.standing.kept, seen: this.seen });
  }

  forget() {
    this.memory.forget();
    this.begin(null, null);
    arrive(this.root);
    this.news.textContent = this.words.forgotten;
  }

  /* --- where it is --- */

  /* That of the part that comes again, or the one that was chosen. */
  get section() {
    return this.part === null ? this.home : this.parts.get(this.part).section;
  }

  get variants() {
    return this.data.sections[this.section].variants;
  }

  get variant() {
    return this.variants[this.places[this.section]];
  }

  /* Steps of worked answers that are told otherwise where a part stands alone. */
  get instead() {
    return this.data.sections[this.section].alone[this.places[this.section]];
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
      const sure = document.documentElement.lang === "de" ? "comma" : null;
      this.markers.set(this.program, new Marker(this.program, this.graph, this.data.pools, sure));
    }
    return this.markers.get(this.program);
  }

  html(number) {
    return fragment(this.data.texts[number]);
  }

  /* --- posing --- */

  /* Pose the whole question, or a part alone that comes again, with what the others give told. */
  pose(part) {
    this.part = part;
    const { variant, program } = this;
    const label = part === null ? null : this.parts.get(part).label;
    this.alone = label === null ? null : partOf(variant, label);
    this.shown = variant.parts.filter((one) => label === null || `${label}.`.startsWith(`${one.id}.`));
    const asked = new Set(this.shown.flatMap((one) => one.slots));
    const answers = program.slots.map((slot, place) => new Answer(slot, place, variant.slots[place]));
    this.answers = answers.filter((one) => asked.has(one.slot.id));
    this.byId = new Map(this.answers.map((answer) => [answer.slot.id, answer]));
    this.given = program.slots.flatMap(({ id }, k) => (this.alone?.given.includes(id) ? [[id, variant.printed[k]]] : []));
    const seen = new Set([...asked, ...this.given.map(([id]) => id)]);
    this.sentences = new Sentences(this.data, program, variant.slots, seen);
    Object.assign(this, { done: [], grades: new Map() });
    this.root.replaceChildren(head(this), question(this), foot(this));
    this.tell();
    this.keep();
  }

  /* The question that was chosen, with its next numbers or those at a place. */
  choose(section, place = null) {
    this.home = section;
    if (place !== null) this.places[section] = place;
    this.pose(null);
  }

  /* What was missed, if it is its turn, else the whole question; with new numbers. */
  next() {
    this.meet();
    if (this.part !== null && this.grades.size === 0) {
      this.standing.defer(this.part);
      this.remember();
    }
    this.turn(this.standing.due, 1);
    arrive(this.root);
  }

  /* Pose a part, or the question if it is null, with the first numbers that have it, so many on. */
  turn(part, step) {
    const { section, label } = this.parts.get(part) ?? { section: this.home, label: null };
    const { variants } = this.data.sections[section];
    const places = variants.map((_, k) => (this.places[section] + step + k) % variants.length);
    this.places[section] = places.find((place) => label === null || partOf(variants[place], label));
    this.pose(part);
  }

  /* --- marking --- */

  /* What was done before the page was loaded anew is done again. */
  restore({ done, texts }) {
    this.again = true;
    for (const [what, pairs] of doable(done, this.answers.length)) this.act(what, pairs);
    this.again = false;
    this.answers.forEach((answer, k) => {
      if (isText(texts?.[k])) answer.input.value = texts[k];
    });
    this.keep();
  }

  /* Do something to some answers, by their places, with a text for each. */
  act(what, pairs) {
    this.meet();
    this.done.push([what, pairs]);
    const answers = pairs.map(([k]) => this.answers[k]);
    if (what === "check") this.mark(answers, pairs.map(([, text]) => text));
    else if (what === "hint") answers.forEach((one) => this.nextHint(one));
    else answers.forEach((one) => this.reveal(one));
    this.shown.forEach((part) => this.grade(part));
    this.tell();
    this.keep();
    if (!this.again && answers.length === 1) answers[0].come(what);
  }

  check(answers) {
    const asked = answers.filter((one) => !one.passed);
    this.act("check", asked.map((one) => [this.answers.indexOf(one), one.input.value]));
  }

  hintAt(answer) {
    this.act("hint", [[this.answers.indexOf(answer), ""]]);
  }

  pass(answer) {
    this.act("pass", [[this.answers.indexOf(answer), ""]]);
  }

  /* The signs stay until another answer is written: nothing moves under a finger. */
  writeAt(answer) {
    if (isPhone) for (const one of this.answers) one.keys.hidden = one !== answer || one.passed;
  }

  /* Enter checks, and goes on to what is open once that is done. */
  enterAt(answer) {
    this.check([answer]);
    if (!answer.settled) return;
    const at = this.answers.indexOf(answer);
    const later = [...this.answers.slice(at), ...this.answers].find((one) => !one.settled);
    (later?.input ?? this.onward).focus();
  }

  mark(asked, written) {
    const texts = new Map([...this.given, ...this.answers.map((one) => [one.slot.id, one.standing])]);
    asked.forEach((one, k) => texts.set(one.slot.id, written[k]));
    const found = this.marker.mark(this.variant, Object.fromEntries(texts), asked.map((one) => one.slot.id));
    const told = asked.map((one) => found[one.slot.id]);
    asked.forEach((one, k) => told[k] && this.enter(one, written[k], { ...told[k], slot: one.slot.id }));
    const ways = told.map((one, k) => [asked[k], this.figure.way(asked[k], one?.known[0])]);
    if (told.some(Boolean)) this.figure.point(...(ways.find(([, way]) => way) ?? []));
  }

  enter(answer, text, feedback) {
    answer.enter(text, feedback);
    const isGraded = feedback.verdict !== "unreadable" && !feedback.coarse;
    if (isGraded && answer.first === null) this.count(answer, feedback.verdict);
    if (answer.settled) this.settle(answer);
    const way = this.figure.way(answer, feedback.known[0]);
    answer.say(make("p", {}, ...this.told(feedback), ...(way ? [" ", this.figure.link(answer, way)] : [])));
    if (feedback.verdict === "unreadable") answer.said.append(caret(text, feedback));
  }

  /* The verdict and what is said of it. */
  told(feedback) {
    const word = this.words[feedback.verdict];
    const strong = make("strong", {}, word);
    if (feedback.note) return [strong, ": ", this.sentences.note(feedback), "."];
    const reason = this.sentences.of(feedback);
    const rest = reason.startsWith(`${word}. `) ? reason.slice(word.length + 2) : reason;
    return rest ? [strong, ". ", fragment(rest)] : [strong, "."];
  }

  count(answer, verdict) {
    answer.first = verdict;
    if (this.again) return;
    this.score.all += 1;
    if (GOOD.has(verdict) && !answer.hints) this.score.right += 1;
  }

  /* Of a part it counts how it went first. */
  grade({ id, slots }) {
    const grade = gradeOf(slots.map((slot) => this.byId.get(slot)));
    if (grade === null || this.grades.has(id)) return;
    this.grades.set(id, grade);
    if (this.again) return;
    this.standing.note(keyOf(this.section, id), grade);
    this.remember();
  }

  /* --- hints and answers --- */

  /* One that tells the answer reveals it. What the author says of a part is told once. */
  nextHint(answer) {
    const { hints } = answer.shown;
    if (answer.hints === hints.length) return;
    if (!answer.hints && answer.way.answers.some((one) => one.hints && sameFirst(one, answer))) answer.hints = 1;
    const [text, tells] = hints[answer.hints];
    answer.hints += 1;
    answer.steps.append(make("li", {}, this.html(text)));
    answer.hint.textContent = this.words.more;
    answer.hint.hidden = answer.hints === hints.length;
    if (tells) this.reveal(answer);
  }

  reveal(answer) {
    if (answer.settled) return;
    if (answer.first === null) this.count(answer, "passed");
    answer.passed = true;
    answer.box.dataset.verdict = "passed";
    const value = make("span", {}, this.html(answer.shown.name), " = ", this.html(answer.shown.answer));
    answer.say(make("p", {}, make("strong", {}, this.words.passed), ": ", value));
    this.settle(answer);
  }

  settle(answer) {
    answer.close();
    const { details, answers } = answer.way;
    details.hidden = !answers.every((one) => one.settled);
  }

  /* How it stands. */
  tell() {
    const { words, grades, answers } = this;
    const missed = [...grades].filter(([, grade]) => grade !== "right").map(([id]) => `(${id})`);
    const news = [words.done, missed.length ? filled(words.comes, { parts: missed.join(", ") }) : ""];
    this.news.textContent = answers.every((one) => one.settled) ? news.join(" ") : "";
    this.total.textContent = filled(words.score, this.score);
    this.stages.textContent = filled(words.standing, this.standing.stages);
    this.where.textContent = this.keeps ? words.kept : words.unkept;
    this.onward.textContent = this.standing.due === null ? words.next : words.next_missed;
  }
}

/* Whether two answers have the first hint in common; texts are numbered, equal ones once. */
const sameFirst = (one, other) => one.shown.hints[0][0] === other.shown.hints[0][0];
