/** What an empty channel says, and the first thing to try. */

import { h } from "./dom.js";
import { face } from "./people.js";
import { store } from "./state.js";

const SAMPLE_CUSTOMER = "Ada Lovelace";
const TRIED = "comeback.tried";

/** A channel without messages. `suggest` puts words into the composer. */
export function welcome(channel, suggest) {
  return h(
    "div.welcome",
    null,
    face({ isApp: true }, "large"),
    h("h1", null, channel.is_dm ? "Your messages with Comeback" : `Welcome to #${channel.name}`),
    h("p", null, aboutChannel(channel)),
    tryIt(suggest),
  );
}

/** The same offer above the composer, until a command was sent. */
export function offer(suggest) {
  return sessionStorage.getItem(TRIED) ? null : tryIt(suggest);
}

/** Remembers that the person has found out how it works. */
export const remembersTry = () => sessionStorage.setItem(TRIED, "yes");

function aboutChannel({ is_dm: isDm, is_member: isMember }) {
  const name = store.state.app.name;
  if (isDm) return `Copies of your cards and reminders that are due arrive here. Nobody else sees them.`;
  if (isMember) return `A customer wants to cancel? Ask ${name} for the next line to say. Only you see the answer.`;
  return `${name} is not a member here: its commands work, but it cannot post.`;
}

function tryIt(suggest) {
  const command = store.state.commands[0]?.command;
  if (!command) return null;
  const words = `${command} ${SAMPLE_CUSTOMER}`;
  return h("button.try", { type: "button", on: { click: () => suggest(words) } }, h("span", null, "Try it: type "), h("code", null, words));
}
