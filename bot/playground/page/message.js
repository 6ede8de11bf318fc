/** One message of a conversation. */

import { post } from "./api.js";
import { attachments } from "./attachments.js";
import { Container } from "./container.js";
import { timeOf } from "./dates.js";
import { fill, h } from "./dom.js";
import { files } from "./files.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { face } from "./people.js";
import { openMenu } from "./popup.js";
import { personOf, store } from "./state.js";
import { complain } from "./toasts.js";

const drawn = new WeakMap();

/** A new message of a channel. `follows` says that the one above is of the same person and minute. */
export function renderMessage({ message, channel, follows }) {
  const head = h("div.message-head");
  const body = h("div.message-body", { tabIndex: -1 });
  const node = h(
    "li.message",
    { data: { testid: "message", ts: message.ts } },
    face(authorOf(message)),
    h("div.message-main", null, head, body, attachments(message), files(message)),
    messageMenu(message, channel),
  );
  node.toggleAttribute("data-arrived", true);
  drawn.set(node, { head, body, container: new Container(body, { channel: channel.id, ts: message.ts }), json: null });
  updateMessage(node, { message, channel, follows });
  return node;
}

/** The same message as it is now. */
export function updateMessage(node, { message, follows }) {
  const parts = drawn.get(node);
  node.classList.toggle("follows", follows);
  node.classList.toggle("ephemeral", message.ephemeral);
  drawHead(parts.head, message);
  if (message.blocks?.length) {
    parts.body.classList.add("card");
    parts.container.show(message.blocks);
  } else {
    const json = JSON.stringify([message.text, store.state.me.tz]);
    if (parts.json === json) return;
    parts.json = json;
    parts.body.classList.remove("card");
    fill(parts.body, mrkdwn(message.text));
  }
}

/** Who wrote it, even if the person is unknown here. */
const authorOf = (message) => personOf(message.user) ?? { id: message.user, real_name: message.user, isApp: message.bot };

/** The name that stands above a message. */
export const nameOf = (message) => authorOf(message).real_name;

function drawHead(head, message) {
  const { me, app } = store.state;
  const moment = Number(message.ts) * 1000;
  fill(
    head,
    h("span.author", null, nameOf(message)),
    (message.bot || message.user === app.bot_user_id) && h("span.badge", null, "App"),
    h("time.when", { datetime: new Date(moment).toISOString() }, timeOf(me, moment)),
    message.edited && h("span.edited", null, "edited"),
    message.thread_ts && message.thread_ts !== message.ts && h("span.edited", null, "in a thread"),
    message.ephemeral && h("span.private", null, icon("eye"), "Only visible to you"),
  );
}

/** The app's shortcuts for messages; an ephemeral message has none, as in Slack. */
function messageMenu(message, channel) {
  const shortcuts = (store.state.shortcuts ?? []).filter((each) => each.type === "message");
  if (!shortcuts.length || message.ephemeral) return null;
  const run = (shortcut) => () =>
    post("shortcut", { as: store.as, callback_id: shortcut.callback_id, message: { channel: channel.id, ts: message.ts } }).catch(complain);
  const items = shortcuts.map((each) => ({ label: each.name, description: each.description, run: run(each) }));
  const node = h("button.icon-button.message-menu", { type: "button", "aria-label": "More", title: "More", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("dots"));
  node.addEventListener("click", () => openMenu(node, items, "Message shortcuts"));
  return node;
}
