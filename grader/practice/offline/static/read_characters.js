// One spelling for every character: Unicode mathematics as a small TeX in ASCII.
// The counterpart of grader/symbolic/characters.py.
"use strict";

(function (Reading) {
  function loadCharacters(data) {
    const tables = Object.entries(data).map(([name, table]) => [name, Reading.tableOf(table)]);
    return Object.fromEntries(tables);
  }

  /** The text in one spelling; columns[i] is where its place i stands in the original, from 1. */
  function respelled(text) {
    const { raised, lowered } = Reading.characters;
    const spelled = { text: "", columns: [] };
    let [open, column] = ["", 0];
    for (const character of text) {
      const script = raised.has(character) ? "^" : lowered.has(character) ? "_" : "";
      let piece = open && script !== open ? "}" : "";
      if (script && script !== open) piece += `${script}{`;
      piece += script ? (raised.get(character) ?? lowered.get(character)) : plain(character);
      open = script;
      append(spelled, piece, (column += 1));
    }
    append(spelled, open ? "}" : "", column + 1);
    spelled.columns.push(column + 1);
    return spelled;
  }

  function append(spelled, piece, column) {
    spelled.text += piece;
    for (let count = 0; count < piece.length; count++) spelled.columns.push(column);
  }

  function plain(character) {
    const { same, greek } = Reading.characters;
    if (character <= "\x7f") return same.get(character) ?? character;
    if (greek.has(character)) return `\\${greek.get(character)} `;
    if (same.has(character)) return same.get(character);
    if (Reading.spaces.has(character)) return " ";
    return Array.from(character.normalize("NFKD"), decomposed).join("");
  }

  /** One character of the decomposition: a letter, an accent behind it, or what nothing means. */
  function decomposed(character) {
    const { accents, greek } = Reading.characters;
    if (accents.has(character)) return accents.get(character);
    if (greek.has(character)) return `\\${greek.get(character)} `;
    const digit = Reading.digitOf(character);
    return digit ? String(digit.value) : character;
  }

  Object.assign(Reading, { loadCharacters, respelled });
})(globalThis.Reading);
