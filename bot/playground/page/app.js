/** Puts the parts of the page together. */

import { clock, showClock } from "./clock.js";
import { conversation, showConversation } from "./conversation.js";
import { fill, h } from "./dom.js";
import { home, showHome } from "./home.js";
import { icon } from "./icons.js";
import { showModal } from "./modal.js";
import { closePopup } from "./popup.js";
import { showSidebar, sidebarToggle } from "./sidebar.js";
import { HOME, openChannel, start, store, watch } from "./state.js";
import { complain, forgetComplaints, showToasts } from "./toasts.js";
import { showTraffic, trafficToggle } from "./traffic.js";

const pane = document.getElementById("pane");
const title = h("div.title");
const theme = h("button.icon-button", { type: "button", "aria-label": "Light or dark", title: "Light or dark", data: { testid: "theme" } }, icon("theme"));

fill(document.getElementById("topbar"), sidebarToggle, title, clock, h("div.tools", null, theme, trafficToggle));

let place = null;

function show() {
  if (!store.state) return;
  const here = `${store.as} ${store.place}`;
  if (place !== here) {
    closePopup();
    forgetComplaints();
  }
  place = here;
  showSidebar();
  showTitle();
  showClock();
  const isHome = store.place === HOME;
  const section = isHome ? home : conversation;
  if (pane.firstChild !== section) fill(pane, section);
  if (isHome) showHome();
  else showConversation();
  showModal();
  showToasts();
  showTraffic();
}

function showTitle() {
  const { app, team } = store.state;
  const channel = openChannel();
  const name = channel ? channel.name : "Home";
  const drawing = channel ? (channel.is_dm ? "chat" : "hash") : "home";
  if (title.dataset.shown !== name) fill(title, icon(drawing), h("h1", null, name));
  title.dataset.shown = name;
  document.title = `${channel && !channel.is_dm ? "#" : ""}${name} · ${channel ? team.name : app.name}`;
}

watch(show);
start().catch(complain);
