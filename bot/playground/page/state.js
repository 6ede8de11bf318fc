/** What the page knows: the server's state for the person acting, and the place that is open. */

import { get, listen, post } from "./api.js";

const FIRST_PERSON = "U0ROSA";

/** A timestamp as a link to its message has it, with what follows for one in a thread. */
const LINKED_TS = /^p(\d+)(\d{6})\b.*/;

/** Places that are no channel: the app's Home, and the DM with it, whoever is acting. */
export const HOME = "home";
export const DM = "dm";

export const store = {
  /** The server's answer for `as`, or null before the first one. */
  state: null,
  as: FIRST_PERSON,
  place: null,
  /** The message that the address names, by its timestamp, until it is shown. */
  message: null,
  /** Whether the live connection to the playground stands. */
  live: true,
  /** Whether the app has yet to answer that its Home was opened. */
  openingHome: false,
};

const watchers = new Set();
let endListening = () => {};
let fetching = null;
let fetchAgain = false;

/** Calls `watcher` after every change of the store. */
export const watch = (watcher) => watchers.add(watcher);

const tell = () => watchers.forEach((watcher) => watcher(store));

/** Begins: a reload of the page is a reload of Slack, so what only this person saw is gone. */
export async function start() {
  readHash();
  addEventListener("hashchange", () => {
    const before = { as: store.as, place: store.place };
    readHash();
    if (before.as !== store.as) enter();
    else if (before.place !== store.place) arrive();
    else if (store.message) tell();
  });
  try {
    await post("reload", { as: store.as });
  } catch (refused) {
    if (refused.answer?.error !== "user_not_found") throw refused;
    actAs(FIRST_PERSON);
    return;
  }
  await enter();
}

/** Acts as somebody else, in the same place. */
export function actAs(person) {
  location.hash = `${person}/${store.place}`;
}

/** Opens a channel by its id, the DM, or the Home. */
export function goTo(place) {
  location.hash = `${store.as}/${place}`;
}

/** Asks the server again. Calls made meanwhile are answered by one more question. */
export function refresh() {
  if (fetching) {
    fetchAgain = true;
    return fetching;
  }
  fetching = fetchState().finally(() => (fetching = null));
  return fetching;
}

async function fetchState() {
  do {
    fetchAgain = false;
    const person = store.as;
    const state = await get("state", { as: person });
    if (person !== store.as) fetchAgain = true;
    else take(state);
  } while (fetchAgain);
}

function take(state) {
  store.state = state;
  store.clockAhead = Date.parse(state.now) - Date.now();
  settle();
  tell();
}

// Only where nothing is open yet: somebody may be on the way to another place, and the hash is how they go.
function settle() {
  if (store.place === HOME || openChannel()) return;
  store.place = firstPlace(store.state);
  history.replaceState(null, "", `#${store.as}/${store.place}`);
}

const firstPlace = (state) => (state.channels.find((each) => !each.is_dm && each.is_member) ?? state.channels[0]).id;

function readHash() {
  const [person, place, message] = location.hash.slice(1).split("/");
  if (person && (!store.state || store.state.people.some((each) => each.id === person))) store.as = person;
  if (place) store.place = place.startsWith("D") ? DM : place;
  store.message = message?.replace(LINKED_TS, "$1.$2") ?? null;
}

/** The message that the address names, once: then the address is that of its place. */
export function takeMessage() {
  const { message } = store;
  if (message) history.replaceState(null, "", `#${store.as}/${store.place}`);
  store.message = null;
  return message;
}

async function enter() {
  endListening();
  endListening = listen(store.as, refresh, (live) => {
    const returned = live && !store.live;
    store.live = live;
    if (returned) refresh();
    else if (store.state) tell();
  });
  await refresh();
  arrive();
}

async function arrive() {
  settle();
  store.openingHome = store.place === HOME;
  tell();
  if (!store.openingHome) return;
  try {
    await post("home", { as: store.as });
  } finally {
    store.openingHome = false;
    await refresh();
  }
}

/** The open channel as the server tells of it, or undefined on the Home. */
export const openChannel = () =>
  store.state?.channels.find((each) => (store.place === DM ? each.is_dm : each.id === store.place));

/** The movable clock, in milliseconds since 1970. */
export const now = () => Date.now() + (store.clockAhead ?? 0);

/** A person of the workspace, or the app itself. */
export function personOf(id) {
  const { people, app } = store.state;
  return people.find((each) => each.id === id) ?? (id === app.bot_user_id ? { id, name: app.name, real_name: app.name, isApp: true } : null);
}
