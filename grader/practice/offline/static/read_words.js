// What words mean: names, functions, derivatives written as quotients, and products of names.
// The counterpart of grader/symbolic/words.py and names.py.
"use strict";

(function (Reading) {
  const { NotRead, keyOf, token, unit } = Reading;
  const FUNCTION = /^(d?)([A-Za-z]+?)(prime)?([0-9]?)$/;
  const OPEN = ["(", "{"];
  const CLOSE = [")", "}"];
  const ENOUGH_ALIKE = 0.6;

  function loadWords(data) {
    return { ...data, functions: Reading.tableOf(data.functions) };
  }

  /** The keys of all that a text may speak of, from what names.py gives for a slot. */
  function namesOf(data) {
    const names = {
      ...data,
      known: Reading.tableOf(data.known),
      choices: Reading.tableOf(data.choices),
      asked: new Set(data.asked),
    };
    const keys = [...names.known.keys(), ...names.choices.keys(), ...names.asked];
    const others = keys.filter((key) => key.endsWith("t-1") || key.endsWith("t+1"));
    return { ...names, otherSteps: new Set(others.map((key) => withoutLoss(key, data.loss))) };
  }

  function withoutLoss(key, loss) {
    const start = `d${loss}d`;
    return key.startsWith(start) ? key.slice(start.length) : key;
  }

  /** The function that a word means, or nothing: sigmoid' for dsigmoid. */
  function functionOf(key) {
    const { functions, withSlope } = Reading.words;
    const found = FUNCTION.exec(key);
    if (!found || !functions.has(found[2])) return "";
    const [, slope, name, prime, number] = found;
    const meant = functions.get(name) || name;
    if ((slope || prime || number) && !withSlope.includes(meant)) return "";
    return slope || prime ? `${meant}'` : meant;
  }

  /** The tokens with names and functions for words. Throws NotRead for what is neither. */
  function resolve(found, names) {
    const resolved = [];
    let place = 0;
    while (place < found.length) {
      const derivative = derivativeAt(found, place, names);
      if (derivative) resolved.push(derivative.token);
      else if (found[place].kind === "word") resolved.push(...meaning(found, place, names));
      else resolved.push(found[place]);
      place = derivative ? derivative.end : place + 1;
    }
    return resolved;
  }

  // --- derivatives: each of these gives {token, end}, or null ----------------------------------

  /** `dL/dx`, `\frac{dL}{dx}`, `dL/d(x)`, `message(x)` as one token, and the place behind it. */
  function derivativeAt(found, place, names) {
    const first = found[place];
    const port = portAt(found, place, names);
    if (port) return port;
    const isFraction = first.text === "frac" ? 1 : 0;
    const above = differential(found, place + isFraction);
    if (!above || !(isFraction || isSign(found[above.end], "/"))) return null;
    const below = differential(found, above.end + 1 - isFraction);
    if (!below || !areDifferentials(above.token, below.token, names)) return null;
    if (keyOf(above.token) !== `d${names.loss}`) {
      const shown = `${cut(above.token.text)}/${cut(below.token.text)}`;
      throw new NotRead(`the local derivative ${shown} has to be written out`, first.column);
    }
    const key = keyOf(above.token) + keyOf(below.token);
    return { token: lookedUp(key, first, below.token, names), end: below.end };
  }

  function areDifferentials(above, below, names) {
    const both = [keyOf(above), keyOf(below)];
    if (!both.every((key) => key.startsWith("d"))) return false;
    if (above.partial || below.partial || both[0] === `d${names.loss}`) return true;
    return both.every((key) => names.known.has(key.slice(1)) && !names.known.has(key));
  }

  /** `dx`, `(dx)`, `{d x}`, `d(x)` as one word. */
  function differential(found, place) {
    const opened = isSign(found[place], ...OPEN);
    const start = opened ? place + 1 : place;
    const inner = apart(found, start) ?? bare(found, start);
    if (!inner || !opened) return inner;
    return isSign(found[inner.end], ...CLOSE) ? { ...inner, end: inner.end + 1 } : null;
  }

  /** `d(x)` and `d x`: the d and the name are two words. */
  function apart(found, place) {
    if (found[place].kind !== "word" || keyOf(found[place]) !== "d") return null;
    const inner = bracketed(found, place + 1) ?? bare(found, place + 1);
    if (!inner) return null;
    const { text, units } = inner.token;
    return { ...inner, token: { ...inner.token, text: `d${text}`, units: [unit("d"), ...units] } };
  }

  function bare(found, place) {
    return found[place].kind === "word" ? { token: found[place], end: place + 1 } : null;
  }

  function bracketed(found, place) {
    if (!isSign(found[place], ...OPEN) || found[place + 1].kind !== "word") return null;
    const closed = isSign(found[place + 2], ...CLOSE);
    return closed ? { token: found[place + 1], end: place + 3 } : null;
  }

  function portAt(found, place, names) {
    const port = keyOf(found[place]);
    if (!["message", "total"].includes(port) || !isSign(found[place + 1], "(")) return null;
    const inner = bracketed(found, place + 1);
    if (!inner) return null;
    const key = `${port}(${keyOf(inner.token)})`;
    return { token: lookedUp(key, found[place], inner.token, names), end: inner.end };
  }

  function isSign(one, ...signs) {
    return one.kind === "sign" && signs.includes(one.text);
  }

  function lookedUp(key, first, last, names) {
    const quotient = `${cut(first.text)}/${cut(last.text)}`;
    const shown = quotient.split("frac/").join(`d${names.loss}/`);
    const found = nameOf(key, { ...first, text: shown }, names);
    if (!found) throw unknown(shown, first.column, names);
    refuseTail(last, key, names);
    return found;
  }

  // --- words -----------------------------------------------------------------------------------

  /** The token of a key that is a name; null for one that is not. */
  function nameOf(key, { text, column }, names) {
    if (names.choices.has(key)) {
      const meant = names.choices.get(key).join(" or ");
      throw new NotRead(`'${cut(text)}' may mean ${meant}: write which`, column);
    }
    if (names.known.has(key)) return token("name", names.known.get(key), column);
    return names.asked.has(key) ? token("asked", text, column) : null;
  }

  /** What a word on its own means: a name, a function, or a product of names. */
  function meaning(found, place, names) {
    const word = found[place];
    const { text, column } = word;
    const key = keyOf(word);
    refuseRaised(word, names);
    const name = word.partial && key === "d" ? null : nameOf(key, word, names);
    if (name) {
      refuseTail(word, key, names);
      return [name];
    }
    const called = functionOf(key);
    if (called) return [token("function", called, column)];
    if (key === "e" && isSign(found[place + 1], "^")) return [token("euler", "e", column)];
    const factors = factorsOf(word, names);
    if (!factors.length) throw unknown(text, column, names);
    refuseTail(word, factors[factors.length - 1], names);
    const last = (factor) => token("function", functionOf(factor), column);
    return factors.map((factor) => nameOf(factor, word, names) ?? last(factor));
  }

  function refuseRaised(word, names) {
    const plain = keyOf({ units: [...word.units.slice(0, 1), ...word.units.slice(2)] });
    if (word.raised && names.known.has(keyOf(word)) && names.known.has(plain))
      throw new NotRead(`'${word.text}' may be an index or a power`, word.column);
  }

  /** `h_t-1` without blanks: h of the step before, or h_t less one? */
  function refuseTail(word, key, names) {
    if (!word.tail || !names.otherSteps.has(withoutLoss(key, names.loss) + word.tail)) return;
    const text = cut(word.text) + word.tail;
    const braced = text.replace(/_?t([-+]1)$/, "_(t$1)");
    const spaced = `${cut(word.text)} ${word.tail[0]} 1`;
    throw new NotRead(`'${text}' may mean ${braced} or ${spaced}: write which`, word.column);
  }

  /** The names whose product a word is, if that can be read in one way; else nothing. */
  function factorsOf(word, names) {
    const key = keyOf(word);
    const rest = key.slice(1);
    if (word.partial || (key.startsWith("d") && (names.known.has(rest) || rest === names.loss)))
      return [];
    const readings = readingsOf(word.units, names, Reading.words.factors);
    if (readings.length > 1) {
      const ways = readings.slice(0, 2).map((reading) => reading.join("*")).join(" or ");
      throw new NotRead(`'${cut(word.text)}' may mean ${ways}: write which`, word.column);
    }
    return readings[0] ?? [];
  }

  /** Every way to read units as at most so many names, the last of which may be a function. */
  function readingsOf(units, names, most) {
    if (!units.length) return [[]];
    if (!most) return [];
    const readings = [];
    let key = "";
    units.forEach((one, index) => {
      key += one.text;
      const rest = units.slice(index + 1);
      if (rest.length && rest[0].glued) return;
      const first = key;
      if (names.known.has(key) || names.choices.has(key) || (!rest.length && functionOf(key)))
        for (const others of readingsOf(rest, names, most - 1)) readings.push([first, ...others]);
    });
    return readings;
  }

  // --- what is no name -------------------------------------------------------------------------

  function unknown(text, column, { offered }) {
    const { shown: most } = Reading.words;
    const shown = cut(text);
    const near = nearestTo(shown, offered);
    const meant = near === null ? "" : ` (did you mean ${near}?)`;
    const listed = offered.slice(0, most).join(", ") + (offered.length > most ? ", ..." : "");
    const reason = `there is no quantity "${shown}" here${meant}; a formula may use ${listed}`;
    return new NotRead(reason, column);
  }

  /** What was written, its end left out where it has more than 20 characters. */
  function cut(text) {
    return Reading.length(text) <= 20 ? text : `${Reading.first(text, 19)}…`;
  }

  /** The word most like another one, as Python's difflib finds it; null if none is. */
  function nearestTo(word, words) {
    let best = null;
    for (const other of words) {
      const ratio = likeness(Array.from(other), Array.from(word));
      const better = best === null || ratio > best.ratio;
      if (ratio >= ENOUGH_ALIKE && (better || (ratio === best.ratio && other > best.other)))
        best = { ratio, other };
    }
    return best && best.other;
  }

  /** Twice what two rows have in common, over their lengths. */
  function likeness(a, b) {
    return a.length + b.length ? (2 * common(a, b)) / (a.length + b.length) : 1;
  }

  /** The length of the longest block in common, and of those left and right of it. */
  function common(a, b) {
    let [size, inA, inB] = [0, 0, 0];
    let before = [];
    a.forEach((one, i) => {
      const now = b.map((other, j) => (one === other ? (before[j - 1] ?? 0) + 1 : 0));
      now.forEach((run, j) => {
        if (run > size) [size, inA, inB] = [run, i + 1 - run, j + 1 - run];
      });
      before = now;
    });
    if (!size) return 0;
    const left = common(a.slice(0, inA), b.slice(0, inB));
    return size + left + common(a.slice(inA + size), b.slice(inB + size));
  }

  Object.assign(Reading, { loadWords, namesOf, resolve });
})(globalThis.Reading);
