// Comfort only: every page works without it.
"use strict";

const fields = [...document.querySelectorAll("input[data-draft]")];
const draft = (field) => "draft-" + field.dataset.draft;
const typed = (field) => sessionStorage.setItem(draft(field), field.value);
const didSomething = /[?&](did|note)=/.test(location.search);
const isPhone = matchMedia("(pointer: coarse)").matches;

// What was typed and not yet sent outlives a hint, a reload and the way back.
for (const field of fields) {
  const kept = sessionStorage.getItem(draft(field));
  if (kept !== null && field.value === field.defaultValue) field.value = kept;
  field.addEventListener("input", () => typed(field));
}

// The field that is asked, or the way on.
function current() {
  return document.getElementById("next") || document.querySelector(".current [data-draft]") || fields[0];
}

const target = current();
// A phone's keyboard would hide a question that nobody has read.
const isRead = !isPhone || didSomething;
if (target && isRead && !target.autofocus && [document.body, null, target].includes(document.activeElement)) {
  target.focus({ preventScroll: true });
  if (target.select) target.select();
}

// Every answer leads to a new page: it begins where the last one was left, as far as what was said
// of the answer and the field that comes next are in sight.
const question = document.querySelector(".question");
const place = "place-" + location.pathname;
const begun = performance.getEntriesByType("navigation")[0];
const kept = JSON.parse(sessionStorage.getItem(place) || "null");

function intoSight(first, last) {
  const bar = document.querySelector(".bar");
  const news = document.querySelector(".news");
  const stays = [bar, news].filter((one) => one && getComputedStyle(one).position === "sticky");
  const edge = stays.reduce((height, one) => height + one.offsetHeight, 0);
  const start = first.getBoundingClientRect().top - edge - 12;
  // Where there is no room for all, the buttons under the field stay below: Enter is enough.
  const ends = [last, target].map((one) => one.getBoundingClientRect().bottom - innerHeight + 12);
  const end = ends.find((one) => one <= start);
  const halfway = target.getBoundingClientRect().top - edge - 12 - innerHeight / 2;
  scrollBy(0, end === undefined ? Math.max(start, halfway) : Math.min(Math.max(0, end), start));
}

function begin() {
  if (!question || !target || !didSomething) return;
  if (kept && begun.type === "navigate") {
    question.scrollTop = kept[1];
    scrollTo(0, kept[0]);
  }
  if (begun.type !== "navigate") return;
  const box = target.closest(".slot, .outcome");
  const did = /[?&]did=answer-(\d+)/.exec(location.search);
  const said = did && document.getElementById("said-" + did[1]);
  intoSight(said ? said.closest(".slot") : box, box.matches(".outcome") ? target : box);
}

// The marked way is in sight where the figure or the question is scrolled inside.
function showMark() {
  const figure = document.getElementById("figure");
  const marks = figure ? [...figure.querySelectorAll(".mark")] : [];
  if (!marks.length) return;
  const boxes = marks.map((mark) => mark.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)), right = Math.max(...boxes.map((box) => box.right));
  const around = figure.getBoundingClientRect();
  figure.scrollLeft += (left + right) / 2 - (around.left + around.right) / 2;
  const room = question.getBoundingClientRect();
  const top = figure.getBoundingClientRect().top - room.top, bottom = figure.getBoundingClientRect().bottom - room.bottom;
  if (bottom > 0) question.scrollTop += Math.min(top, bottom);
  else if (top < 0) question.scrollTop += top;
}

begin();
showMark();
addEventListener("load", () => { begin(); showMark(); }, { once: true }); // browsers go to an address's place once more
addEventListener("pagehide", () => {
  if (question) sessionStorage.setItem(place, JSON.stringify([scrollY, question.scrollTop]));
});

// Where the question lies above the answers, one goes to and fro: it is shown where it was left.
const [toQuestion, toAnswer] = document.querySelectorAll(".between a");
const read = "read-" + location.pathname;
if (toAnswer) toAnswer.addEventListener("click", () => {
  if (target.getBoundingClientRect().top > innerHeight) sessionStorage.setItem(read, scrollY);
});
if (toQuestion) toQuestion.addEventListener("click", (event) => {
  const left = sessionStorage.getItem(read);
  if (left === null || Math.abs(left - scrollY) < 2) return; // to its title
  event.preventDefault();
  scrollTo(0, left);
});

// Signs that are far away on a phone's keyboard; digits are all that most answers need besides.
for (const keypad of isPhone ? document.querySelectorAll(".keypad") : []) {
  const field = keypad.parentElement.querySelector("[data-draft]");
  if (field.classList.contains("number-field")) field.inputMode = "decimal";
  keypad.hidden = false;
  keypad.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  keypad.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (!key) return;
    field.setRangeText(key.textContent.replace("\u2212", "-"), field.selectionStart, field.selectionEnd, "end");
    typed(field);
    field.focus();
  });
}

// Read out what became of the last answer: a region is only read when it changes.
const news = document.getElementById("status");
if (news && news.textContent.trim()) {
  setTimeout(() => news.replaceChildren(...[...news.childNodes].map((node) => node.cloneNode(true))), 120);
}

// A form is sent once.
let sent = false;
document.addEventListener("submit", (event) => {
  if (sent) return event.preventDefault();
  sent = true;
  if (!event.target.action.endsWith("/answer")) return;
  for (const field of event.target.querySelectorAll("[data-draft]")) sessionStorage.removeItem(draft(field));
});
addEventListener("pageshow", (event) => {
  sent = false;
  if (event.persisted) location.reload(); // Safari shows the page as it was left, whatever was answered since
});

function nearest(kind) {
  const box = document.activeElement.closest(".slot") || document.querySelector(".slot.current");
  return box && box.querySelector("button." + kind);
}

function isEmpty(field) {
  return field.value === "" || (field.selectionStart === 0 && field.selectionEnd === field.value.length);
}

// From a field, whole screens of the question are turned before those of the page.
function turned(by) {
  if (!question || getComputedStyle(question).overflowY !== "auto") return false;
  const before = question.scrollTop;
  question.scrollTop += by * 0.8 * question.clientHeight;
  return question.scrollTop !== before;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.isComposing) return;
  const by = { PageDown: 1, PageUp: -1 }[event.key];
  if (by && fields.includes(event.target) && turned(by)) return event.preventDefault();
  if (event.repeat) return;
  let button = null;
  if (event.altKey) {
    const find = { KeyH: () => nearest("hint"), KeyL: () => nearest("leave"), KeyN: () => document.getElementById("next") };
    button = find[event.code] && find[event.code]();
  } else if (event.key === "?" && fields.includes(event.target) && isEmpty(event.target)) {
    button = nearest("hint");
  }
  if (!button) return;
  event.preventDefault();
  button.click();
});
