/** Faces: initials for people, the mark for the app. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./state.js";

const HUES = 4;

/** A small picture of somebody; their name stands beside it. */
export function face(person, size = "") {
  const spec = ["span.face", size].filter(Boolean).join(".");
  if (person.isApp) return h(`${spec}.app-face`, { "aria-hidden": "true" }, icon("back"));
  return h(`${spec}.hue-${hueOf(person)}`, { "aria-hidden": "true" }, initialsOf(person));
}

const initialsOf = (person) =>
  person.initials ?? (person.real_name ?? person.name).split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();

const hueOf = ({ id }) => Math.max(0, store.state.people.findIndex((each) => each.id === id)) % HUES;
