/** Short words from the playground or from Slack itself, until they are put away. */

import { Refused } from "./api.js";
import { fill, h, patchList } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./state.js";

const region = document.getElementById("toasts");
const own = [];
const putAway = new Set();

/** Says that something did not work. Raises whatever is not the server's refusal. */
export function complain(refused) {
  if (!(refused instanceof Refused)) throw refused;
  if (own.some((each) => each.text === refused.message && !putAway.has(each.id))) return;
  own.push({ id: `own-${own.length}`, text: refused.message });
  showToasts();
}

/** Puts away what the page complained of: the person has gone on. */
export function forgetComplaints() {
  for (const each of own) putAway.add(each.id);
  showToasts();
}

/** Draws what the server has to say beside what the page has. */
export function showToasts() {
  const notices = (store.state?.notices ?? []).map((each) => ({ ...each, id: `${store.as} ${each.id}` }));
  const shown = [...notices, ...own].filter((each) => !putAway.has(each.id));
  // Whatever stands outside an open dialog cannot be reached.
  const home = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  if (region.parentElement !== home) home.append(region);
  patchList(region, shown.slice(-3), (each) => each.id, toast);
}

function toast({ id, text }) {
  const close = () => {
    putAway.add(id);
    showToasts();
  };
  return fill(
    h("div.toast"),
    h("p", null, text),
    h("button.icon-button", { type: "button", "aria-label": "Dismiss", on: { click: close } }, icon("close")),
  );
}
