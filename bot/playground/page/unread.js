/** Which messages nobody has looked at yet in this window, for each person and channel. */

import { store } from "./state.js";

const seen = new Map();

let opened = null;

/** Remembers that what is in a channel now has been seen. */
export function look(channelId) {
  const last = store.state.messages[channelId]?.at(-1);
  if (last) seen.set(`${store.as} ${channelId}`, Number(last.ts));
}

/** How many messages of others came since. Whatever was there when the page opened counts as seen. */
export function unreadIn(channelId) {
  opened ??= Date.parse(store.state.now) / 1000;
  const since = seen.get(`${store.as} ${channelId}`) ?? opened;
  return (store.state.messages[channelId] ?? []).filter((each) => Number(each.ts) > since && each.user !== store.as).length;
}
