"use strict";
/* What a browser keeps of a page, if it does: what it gives back may be anybody's, and anything. */

/* A place for JSON under a name; storage: `localStorage` or `sessionStorage`. */
function keeper(storage, name) {
  let last = null; // as it was read or written here
  const attempt = (doing) => {
    try {
      return doing(globalThis[storage]);
    } catch {
      return null; // a sandboxed frame, storage that is blocked, absent or full, no JSON
    }
  };
  const put = (place, text) => {
    place.setItem(name, text);
    last = text;
    return true;
  };
  return {
    read: () => attempt((place) => JSON.parse((last = place.getItem(name)))),
    /* Whether it is kept. */
    write: (value) => attempt((place) => put(place, JSON.stringify(value))) === true,
    forget: () => attempt((place) => (place.removeItem(name), (last = null))),
    /* Whether another tab has written or erased it since. */
    changed: () => attempt((place) => place.getItem(name) !== last) === true,
    works: () => attempt((place) => (place.setItem(`${name}?`, ""), place.removeItem(`${name}?`), true)) === true,
  };
}

const isCount = (value, end = Infinity) => Number.isInteger(value) && value >= 0 && value < end;
const within = (value, end) => (isCount(value, end) ? value : 0);
const listed = (value) => (Array.isArray(value) ? value : []);

const DONE = new Set(["check", "hint", "pass"]);
const MOST_DONE = 1000;

/* Those of the things that were done, [what, [[place, text], ...]], that can be done to so many answers. */
function doable(done, count) {
  const isPair = (pair) => isCount(pair?.[0], count) && isText(pair[1]);
  const fits = (one) => DONE.has(one?.[0]) && listed(one[1]).length > 0 && one[1].every(isPair);
  return listed(done).slice(0, MOST_DONE).filter(fits);
}

const isText = (value) => typeof value === "string" && value.length <= LONGEST;

/* The score as it was kept. */
function scored(kept) {
  const all = within(kept?.all, 1e6);
  return { all, right: within(kept?.right, all + 1) };
}
