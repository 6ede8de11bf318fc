/** JSON to look into: every object and list opens and closes. */

import { h } from "./dom.js";

const OPEN_DEPTH = 2;

/** A value as nodes; what lies deeper than two levels is closed at first. */
export function jsonTree(value) {
  return h("div.json", null, branch(null, value, 0));
}

function branch(name, value, depth) {
  const label = name === null ? null : [h("span.json-name", null, name), ": "];
  if (value === null || typeof value !== "object") return h("div.json-line", null, label, leaf(value));
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const size = isList ? `[${entries.length}]` : `{${entries.length}}`;
  if (!entries.length) return h("div.json-line", null, label, h("span.json-size", null, isList ? "[]" : "{}"));
  const kind = value.type && !isList ? h("span.json-kind", null, ` ${value.type}`) : null;
  const children = h("div.json-children");
  const details = h("details.json-branch", { open: depth < OPEN_DEPTH }, h("summary", null, label, h("span.json-size", null, size), kind), children);
  const grow = () => {
    if (details.open && !children.childNodes.length) children.append(...entries.map(([key, each]) => branch(key, each, depth + 1)));
  };
  details.addEventListener("toggle", grow);
  grow();
  return details;
}

const leaf = (value) => h(`span.json-${value === null ? "null" : typeof value}`, null, JSON.stringify(value));
