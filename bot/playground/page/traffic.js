/** Everything that went between Slack and the bot, newest first. */

import { get } from "./api.js";
import { timeOf } from "./dates.js";
import { fill, h, patchList } from "./dom.js";
import { icon } from "./icons.js";
import { jsonTree } from "./json.js";
import { store } from "./state.js";
import { complain } from "./toasts.js";

const drawer = document.getElementById("traffic");
const list = h("ol.traffic-list");
const filter = h("input.text", { type: "search", placeholder: "Filter by name or content", "aria-label": "Filter the traffic", on: { input: draw } });
const nothing = h("p.nothing", null, "Nothing yet. Whatever the bot and Slack say to each other shows up here.");
const drawn = new WeakMap();
let entries = [];

/** The button that opens and closes the drawer. */
export const trafficToggle = h(
  "button.icon-button",
  { type: "button", "aria-label": "Raw traffic", title: "Raw traffic", "aria-controls": "traffic", "aria-expanded": "false", data: { testid: "traffic-toggle" }, on: { click: toggle } },
  icon("wire"),
);

fill(
  drawer,
  h("div.traffic-head", null, h("h2", null, "Raw traffic"), h("button.icon-button", { type: "button", "aria-label": "Close the traffic", on: { click: toggle } }, icon("close"))),
  h("div.traffic-filter", null, filter),
  h("div.traffic-scroll", null, nothing, list),
);
drawer.addEventListener("keydown", (event) => event.key === "Escape" && toggle());

function toggle() {
  drawer.hidden = !drawer.hidden;
  document.body.classList.toggle("with-traffic", !drawer.hidden);
  trafficToggle.setAttribute("aria-expanded", String(!drawer.hidden));
  if (drawer.hidden) trafficToggle.focus();
  else {
    showTraffic();
    filter.focus({ preventScroll: true });
  }
}

/** Asks for what is new, if anybody is looking. */
export async function showTraffic() {
  if (drawer.hidden) return;
  try {
    entries = await get("traffic");
  } catch (refused) {
    return complain(refused);
  }
  draw();
}

function draw() {
  const wanted = filter.value.trim().toLowerCase();
  const shown = entries.filter((each) => !wanted || JSON.stringify(each).toLowerCase().includes(wanted)).reverse();
  nothing.hidden = shown.length > 0;
  patchList(list, shown, (each) => `${each.at} ${each.direction} ${each.name}`, renderEntry, updateEntry);
}

function renderEntry(entry) {
  const summary = h("summary.entry-head");
  const content = h("div.entry-body");
  const details = h("details.entry", { on: { toggle: () => fillEntry(node) } }, summary, content);
  const node = h("li", null, details);
  drawn.set(node, { summary, content, details, entry: null, filled: null });
  updateEntry(node, entry);
  return node;
}

function updateEntry(node, entry) {
  const parts = drawn.get(node);
  if (JSON.stringify(parts.entry) === JSON.stringify(entry)) return;
  parts.entry = entry;
  const toBot = entry.direction === "to bot";
  const failed = entry.status >= 400 || entry.answer?.ok === false;
  fill(
    parts.summary,
    h(`span.direction.${toBot ? "to-bot" : "from-bot"}`, { title: toBot ? "Slack to the bot" : "The bot to Slack" }, toBot ? "to bot" : "to Slack"),
    h("span.entry-name", null, entry.name),
    h(`span.entry-status${failed ? ".failed" : ""}`, null, failed ? (entry.answer?.error ?? entry.status) : `${Math.round(entry.ms ?? 0)} ms`),
    h("time", null, timeOfEntry(entry)),
  );
  fillEntry(node);
}

/** JSON is drawn for what is open only: there are hundreds of entries. */
function fillEntry(node) {
  const { details, content, entry, filled } = drawn.get(node);
  if (!details.open || filled === entry) return;
  drawn.get(node).filled = entry;
  fill(content, part("Sent", entry.body), part("Answer", entry.answer));
}

const part = (title, value) => [h("h3", null, title), value === null || value === undefined || value === "" ? h("p.nothing", null, "empty") : jsonTree(value)];

function timeOfEntry({ at }) {
  const moment = typeof at === "number" ? at * 1000 : Date.parse(at);
  return timeOf(store.state.me, moment);
}
