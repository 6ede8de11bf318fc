/** The workspace at the side: who is acting, the channels, and the app. */

import { cityOf, timeOf } from "./dates.js";
import { fill, h, patchList } from "./dom.js";
import { icon } from "./icons.js";
import { face } from "./people.js";
import { DM, HOME, actAs, goTo, now, store } from "./state.js";
import { unreadIn } from "./unread.js";

const sidebar = document.getElementById("sidebar");
const scrim = document.getElementById("scrim");
const main = document.getElementById("main");
const team = h("span.team-name");
const people = h("div.people", { role: "radiogroup", "aria-label": "Act as", data: { testid: "person-switcher" }, on: { keydown: walkPeople } });
const channels = h("ul.places");
const app = h("ul.places");
const appTitle = h("h2");
const connection = h("p.connection", { role: "status" });

/** The button that opens the sidebar where there is no room for it. */
export const sidebarToggle = h(
  "button.icon-button.sidebar-toggle",
  { type: "button", "aria-label": "Open the sidebar", "aria-controls": "sidebar", "aria-expanded": "false", on: { click: openDrawer } },
  icon("menu"),
);

fill(
  sidebar,
  h("div.team", null, face({ isApp: true }), team, h("button.icon-button.sidebar-close", { type: "button", "aria-label": "Close the sidebar", on: { click: closeDrawer } }, icon("close"))),
  h("div.sidebar-scroll", null, h("h2", null, "Act as"), people, h("h2", null, "Channels"), channels, appTitle, app),
  connection,
);
scrim.addEventListener("click", closeDrawer);
sidebar.addEventListener("keydown", (event) => event.key === "Escape" && isDrawerOpen() && closeDrawer());

/** Draws the sidebar. */
export function showSidebar() {
  const { state } = store;
  team.textContent = state.team.name;
  appTitle.textContent = "App";
  patchList(people, state.people.filter((each) => !each.is_bot), (each) => each.id, renderPerson, updatePerson);
  const shared = state.channels.filter((each) => !each.is_dm);
  const direct = state.channels.filter((each) => each.is_dm);
  patchList(channels, shared.map(channelPlace), (each) => each.key, renderPlace, updatePlace);
  patchList(app, [homePlace(), ...direct.map(dmPlace)], (each) => each.key, renderPlace, updatePlace);
  showConnection(state);
}

function showConnection(state) {
  const words = !store.live ? "The playground has stopped answering" : state.connected ? `${state.app.name} is connected` : `Waiting for ${state.app.name}`;
  connection.classList.toggle("up", store.live && state.connected);
  if (connection.textContent !== words) fill(connection, words);
}

function renderPerson(person) {
  const node = h(
    "button.person",
    { type: "button", role: "radio", on: { click: () => (actAs(person.id), closeDrawer()) } },
    face(person),
    h("span.person-words", null, h("span.person-name", null, person.real_name), h("small")),
  );
  updatePerson(node, person);
  return node;
}

function updatePerson(node, person) {
  const acting = person.id === store.as;
  node.setAttribute("aria-checked", String(acting));
  node.tabIndex = acting ? 0 : -1;
  const role = person.is_admin ? "Manager" : "Rep";
  node.querySelector("small").textContent = `${role} · ${cityOf(person.tz)}, ${timeOf(person, now())}`;
}

function walkPeople(event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...people.children];
  const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
  next.focus();
  next.click();
}

const channelPlace = (channel) => ({ key: channel.id, place: channel.id, name: channel.name, drawing: "hash", unread: unreadIn(channel.id) || channel.unread || 0, absent: !channel.is_member });
const dmPlace = (channel) => ({ key: DM, place: DM, name: channel.name, drawing: "chat", unread: unreadIn(channel.id) || channel.unread || 0 });
const homePlace = () => ({ key: HOME, place: HOME, name: "Home", drawing: "home", unread: 0 });

function renderPlace(place) {
  const link = h("a.place", { href: "", on: { click: (event) => (event.preventDefault(), goTo(place.place), closeDrawer()) } });
  const node = h("li", null, link);
  fill(link, icon(place.drawing), h("span.place-name", null, place.name), h("span.count"));
  updatePlace(node, place);
  return node;
}

function updatePlace(node, { place, unread, absent }) {
  const link = node.firstChild;
  const open = store.place === place;
  link.href = `#${store.as}/${place}`;
  if (open) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
  const waiting = open ? 0 : unread;
  link.classList.toggle("waiting", waiting > 0);
  link.classList.toggle("absent", absent === true);
  const count = link.querySelector(".count");
  fill(count, waiting ? String(waiting) : "", waiting ? h("span.unseen", null, " unread") : null);
}

const isDrawerOpen = () => document.body.classList.contains("with-sidebar");

function openDrawer() {
  document.body.classList.add("with-sidebar");
  scrim.hidden = false;
  main.inert = true;
  sidebarToggle.setAttribute("aria-expanded", "true");
  sidebar.querySelector("[aria-checked=true], [aria-current]")?.focus();
}

function closeDrawer() {
  if (!isDrawerOpen()) return;
  document.body.classList.remove("with-sidebar");
  scrim.hidden = true;
  main.inert = false;
  sidebarToggle.setAttribute("aria-expanded", "false");
  sidebarToggle.focus();
}
