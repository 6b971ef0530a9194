"use strict";
/* What a browser keeps while the page is open and reloaded: the score, the place, the answers. */

/* What is kept under a name, where the browser lets it be kept. */
function keeper(name) {
  const attempt = (doing) => {
    try {
      return doing();
    } catch {
      return null; // a sandboxed frame, a file, a full store
    }
  };
  return {
    read: () => attempt(() => JSON.parse(sessionStorage.getItem(name))),
    write: (value) => attempt(() => sessionStorage.setItem(name, JSON.stringify(value))),
  };
}

/* An answer as far as it has come, as JSON can hold it. */
const written = ({ input, marked, feedback, standing, first, hints, passed }) =>
  ({ text: input.value, marked, feedback, standing, first, hints, passed });

/* Whether answers were kept of so many slots. */
const fit = (kept, count) => Array.isArray(kept) && kept.length === count && kept.every((one) => typeof one?.text === "string");
