// Follows the file: whenever it is saved, what it shows now takes the place of what it showed.
"use strict";

const PAUSE = 600; // milliseconds between two looks at the file

const view = document.getElementById("view");
const check = document.getElementById("check");
const state = document.getElementById("state");
const checking = check.innerHTML;
let wanted = new URLSearchParams(location.search);
let asked = { view: 0, check: 0 }; // how many times; only the answer to the last one is shown
let judged = ""; // the version and language whose check is shown

async function answer(kind, address) {
  const number = ++asked[kind];
  const response = await fetch(address);
  const text = await response.text();
  if (number !== asked[kind]) return null; // something newer was asked for since
  if (!response.ok) throw new Error(text);
  return text;
}

async function show() {
  try {
    const html = await answer("view", "/view?" + wanted);
    if (html === null) return;
    const used = document.activeElement.name; // its successor is used on
    view.innerHTML = html;
    if (used) view.querySelector(`[name="${used}"]`)?.focus();
    state.textContent = "";
    document.documentElement.lang = wanted.get("language") || document.documentElement.lang;
    judge();
  } catch (error) {
    state.textContent = error.message;
  }
}

function shown() {
  return view.querySelector("main").dataset;
}

async function judge() {
  const now = shown().version + wanted.get("language");
  if (judged === now) return;
  judged = now;
  check.hidden = shown().faulty === "1";
  if (check.hidden) return;
  check.innerHTML = checking;
  try {
    const html = await answer("check", "/check?" + wanted);
    if (html !== null) check.innerHTML = html;
  } catch (error) {
    check.lastElementChild.textContent = error.message;
  }
}

function go(query) {
  wanted = query;
  history.replaceState(null, "", "/?" + wanted);
  show();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.another");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(new URL(link.href).searchParams);
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  go(new URLSearchParams(new FormData(event.target)));
});

document.addEventListener("change", (event) => {
  if (event.target.form && event.target.validity.valid) event.target.form.requestSubmit();
});

async function follow() {
  try {
    const version = await (await fetch("/version")).text();
    if (state.textContent === document.body.dataset.away) state.textContent = "";
    if (version !== shown().version) await show();
  } catch {
    state.textContent = document.body.dataset.away;
  }
  setTimeout(follow, PAUSE);
}

judge();
follow();
