"use strict";
/* Unpacks the data and poses the first question. */

async function start() {
  const root = document.getElementById("main");
  const fallback = document.querySelector("noscript").textContent;
  try {
    const data = await unpacked(document.getElementById("data").textContent);
    Reading.load(data.grammar);
    new Practice(data, root).pose();
  } catch (error) {
    root.replaceChildren(make("p", {}, typeof DecompressionStream === "undefined" ? fallback : String(error)));
  }
}

start();
