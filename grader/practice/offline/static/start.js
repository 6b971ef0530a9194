"use strict";
/* Unpacks the data and poses the first question. */

async function start() {
  const root = document.getElementById("main");
  try {
    const data = await unpacked(document.getElementById("data").textContent);
    data.texts = joined(data.lines, data.texts);
    Reading.load(data.grammar);
    new Practice(data, root);
  } catch (error) {
    root.replaceChildren(make("p", {}, root.dataset.old));
    throw error;
  }
}

start();
