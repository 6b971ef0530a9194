"use strict";
/* Elements of the page. What a student wrote only ever becomes text. */

/* An element with attributes, and children that are elements or plain text. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/* A fragment of the file's own HTML. Its styles came as data: the page allows no other way. */
function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const styled of template.content.querySelectorAll("[data-style]")) {
    styled.style.cssText = styled.dataset.style;
  }
  return template.content;
}

/* A sentence of the page's words with something in the place of {x}. */
function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/* The fragments of the file, put together from their lines, see texts.py. */
function joined(lines, texts) {
  let before = [];
  return texts.map((distances) => {
    before = distances.map((one, k) => one + (before[k] ?? 0));
    return before.map((place) => lines[place]).join("");
  });
}

/* A list to choose from, with its name before it. */
function labelled(name, id, titles, chosen, onchange) {
  const options = titles.map((title, k) => make("option", { selected: k === chosen }, title));
  return make("label", {}, `${name} `, make("select", { id, onchange }, ...options));
}

async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64.trim()), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}
