// Comfort only: every page works without it.
"use strict";

const fields = [...document.querySelectorAll("input[data-draft]")];
const draft = (field) => "draft-" + field.dataset.draft;

// What was typed and not yet sent outlives a hint, a reload and the way back.
for (const field of fields) {
  const kept = sessionStorage.getItem(draft(field));
  if (kept !== null && field.value === field.defaultValue) field.value = kept;
  field.addEventListener("input", () => sessionStorage.setItem(draft(field), field.value));
}

// The field that is asked, or the way on.
function current() {
  return document.getElementById("next") || document.querySelector(".current [data-draft]") || fields[0];
}

const target = current();
if (target && !target.autofocus && [document.body, null, target].includes(document.activeElement)) {
  target.focus({ preventScroll: document.activeElement !== target });
  if (target.select) target.select();
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
addEventListener("pageshow", () => { sent = false; });

function nearest(kind) {
  const box = document.activeElement.closest(".slot") || document.querySelector(".slot.current");
  return box && box.querySelector("button." + kind);
}

function isEmpty(field) {
  return field.value === "" || (field.selectionStart === 0 && field.selectionEnd === field.value.length);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.isComposing || event.repeat) return;
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
