"use strict";
/* What there is to see of a question; `of` is the practice that it is drawn for. */

function head(of) {
  const { sections } = of.data;
  const row = make("p", { class: "choosers" });
  if (sections.length > 1) row.append(sectionChooser(of, sections.map((one) => one.title)));
  if (of.variants.length > 1) row.append(variantChooser(of));
  return make("header", {}, make("h1", {}, sections[of.section].title), row, of.alone ? comeBack(of) : "");
}

function sectionChooser(of, titles) {
  const chosen = ({ target }) => {
    of.choose(target.selectedIndex);
    document.getElementById("question").focus();
  };
  return labelled(of.words.question, "question", titles, of.section, chosen);
}

function variantChooser(of) {
  const all = of.variants.length;
  const titles = of.variants.map((_, k) => filled(of.words.of, { n: k + 1, all }));
  const chosen = ({ target }) => {
    of.choose(of.section, target.selectedIndex);
    document.getElementById("numbers").focus();
  };
  return labelled(of.words.numbers, "numbers", titles, of.places[of.section], chosen);
}

/* Why a part stands alone, and the way to the others. */
function comeBack(of) {
  const whole = () => {
    of.choose(of.section);
    arrive(of.root);
  };
  const text = filled(of.words.comes_back, { part: `(${of.alone.id})` });
  return make("p", { class: "alone" }, text, " ", button(of, "whole", whole));
}

function question(of) {
  const { variant, words } = of;
  const section = make("section", {}, make("h2", { class: "unseen" }, words.question));
  for (const number of variant.posed) section.append(of.html(number));
  of.figure = new Figure(of, section.querySelector("figure"));
  if (of.alone && of.alone.known !== "") section.append(make("h3", {}, words.known), of.html(of.alone.known));
  section.append(...of.shown.map((one) => part(of, one)));
  return section;
}

function part(of, one) {
  const label = make("h3", { class: "label" }, one.label);
  const asked = make("div", { class: "asked" }, label, make("p", {}, of.html(one.ask)));
  const element = make("div", { class: "part" }, asked);
  if (one.note !== "") element.append(make("p", { class: "note" }, of.html(one.note)));
  const answers = one.slots.map((id) => of.byId.get(id));
  element.append(...answers.map((answer) => answer.draw(of)));
  if (answers.length) element.append(worked(of, one, answers));
  return element;
}

function worked(of, one, answers) {
  const details = make("details", { class: "way", hidden: true }, make("summary", {}, of.words.worked));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) {
      details.append(make("div", { class: "steps" }, ...steps(of, one)));
    }
  });
  for (const answer of answers) answer.way = { details, answers };
  return details;
}

/* The steps of a part, with the student's own answers after what they arrive at; alone it names no other part. */
function steps(of, one) {
  const alone = (of.alone && of.instead[one.id]) ?? {};
  const steps = one.worked.flatMap(([text, ...ids], k) => [of.html(alone[k] ?? text), ...ids.map((id) => own(of, id))]);
  return [...steps, of.html(one.told)];
}

function own(of, id) {
  const { standing = "", verdict } = of.byId.get(id) ?? {};
  if (!standing) return "";
  const text = make("bdi", { class: "written" }, standing);
  const judged = make("strong", {}, of.words[verdict]);
  return make("p", { class: "own", "data-verdict": verdict }, `${of.words.own}: `, text, " ", judged);
}

function foot(of) {
  of.news = make("p", { class: "done", role: "status" });
  of.onward = button(of, "next", () => of.next());
  of.total = make("p", { class: "score" });
  of.stages = make("p", { class: "parts" });
  of.where = make("p");
  const keys = isPhone ? "" : make("p", { class: "keys" }, of.words.keys);
  const all = of.answers.length > 1 ? button(of, "check_all", () => of.check(of.answers)) : "";
  const rule = make("details", {}, make("summary", {}, of.words.rule_title), make("p", {}, of.words.rule), of.where, button(of, "forget", () => of.forget()));
  return make("footer", {}, of.news, make("p", { class: "row" }, all, of.onward), of.total, of.stages, keys, rule);
}

/* A button with one of the page's words; shown: of the answer that it is for. */
function button(of, word, onclick, shown) {
  const button = make("button", { type: "button", class: word, onclick }, of.words[word]);
  if (shown) button.setAttribute("aria-label", `${of.words[word]}: ${shown.spoken}`);
  return button;
}

/* Begin at the top: of what was posed anew. */
function arrive(root) {
  const title = root.querySelector("h1");
  title.tabIndex = -1;
  window.scrollTo(0, 0);
  title.focus();
}

/* Keys as on the pages of the server: a hint with Alt+H or `?` in an empty field, Alt+L shows, Alt+N goes on. */
function pressed(event, of) {
  if (event.ctrlKey || event.metaKey || event.isComposing || event.repeat) return;
  const at = of.answers.find((one) => one.box.contains(document.activeElement)) ?? of.answers.find((one) => !one.settled);
  const empty = event.key === "?" && event.target === at?.input && at.input.value === "";
  const wanted = { KeyH: at?.hint, KeyL: at?.show, KeyN: of.onward }[event.altKey ? event.code : empty ? "KeyH" : ""];
  if (!wanted) return;
  event.preventDefault();
  if (!wanted.hidden) wanted.click();
}
