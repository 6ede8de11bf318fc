/** The messages of a channel, and the field to write the next one. */

import { makeComposer } from "./composer.js";
import { dayHeading, dayOf } from "./dates.js";
import { fill, h, patchList } from "./dom.js";
import { icon } from "./icons.js";
import { nameOf, renderMessage, updateMessage } from "./message.js";
import { mrkdwn } from "./mrkdwn.js";
import { now, openChannel, store, takeMessage } from "./state.js";
import { look } from "./unread.js";
import { offer, welcome } from "./welcome.js";

const TOGETHER_SECONDS = 300;
const NEAR_END = 120;

const list = h("ol.messages", { "aria-label": "Messages" });
const hello = h("div.hello");
const scroller = h("div.scroller", { tabIndex: 0, role: "region", "aria-label": "Conversation" }, h("div.column", null, hello, list));
const jump = h("button.jump", { type: "button", hidden: true, on: { click: toEnd } }, icon("arrowDown"), "New messages");
const offered = h("div.offered");
const composer = makeComposer({ onSend: toEnd });
const spoken = document.getElementById("spoken");

/** The pane of a channel. */
export const conversation = h("section.conversation", null, scroller, h("div.foot", null, jump, offered, composer.node));

scroller.addEventListener("scroll", () => {
  if (isAtEnd()) jump.hidden = true;
});

// Fonts, themes and the keyboard of a phone change heights without any message.
let wasAtEnd = true;
new ResizeObserver(() => wasAtEnd && toEnd()).observe(scroller);
scroller.addEventListener("scroll", () => (wasAtEnd = isAtEnd()));

const hasKeyboard = matchMedia("(pointer: fine)");

let shown = null;
let texts = new Map();

/** Draws the open channel. */
export function showConversation() {
  const channel = openChannel();
  const messages = store.state.messages[channel.id] ?? [];
  const place = `${store.as} ${channel.id}`;
  const arriving = place !== shown;
  const atEnd = arriving || isAtEnd();
  const before = list.lastElementChild;
  shown = place;
  patchList(list, linesOf(messages, channel), (line) => `${place} ${line.key}`, renderLine, updateLine);
  for (const node of list.querySelectorAll("[data-arrived]")) node.classList.toggle("fresh", !arriving);
  for (const node of list.querySelectorAll("[data-arrived]")) node.removeAttribute("data-arrived");
  fill(hello, messages.length ? null : welcome(channel, composer.suggest));
  fill(offered, messages.length ? offer(composer.suggest) : null);
  composer.show(channel);
  if (arriving && hasKeyboard.matches && document.activeElement === document.body) composer.focus();
  speakNews(messages, arriving);
  look(channel.id);
  const named = takeMessage();
  if (named) toMessage(named);
  else if (atEnd) toEnd();
  else if (list.lastElementChild !== before) jump.hidden = false;
}

function linesOf(messages, channel) {
  const lines = [];
  let previous = null;
  for (const message of messages) {
    const moment = Number(message.ts) * 1000;
    const day = dayOf(store.state.me, moment);
    const newDay = !previous || previous.day !== day;
    if (newDay) lines.push({ key: `day ${day}`, heading: dayHeading(store.state.me, moment, now()) });
    lines.push({ key: message.ts, message, channel, follows: !newDay && isTogether(previous.message, message) });
    previous = { message, day };
  }
  return lines;
}

const isTogether = (one, other) =>
  one.user === other.user && !one.ephemeral && !other.ephemeral && !other.blocks?.length && Number(other.ts) - Number(one.ts) < TOGETHER_SECONDS;

function renderLine(line) {
  return line.message ? renderMessage(line) : h("li.day", null, h("span", null, line.heading));
}

function updateLine(node, line) {
  if (line.message) updateMessage(node, line);
  else node.firstChild.textContent = line.heading;
}

/** Says what is new to those who listen: a message's `text` is all that a screen reader gets in Slack, too. */
function speakNews(messages, arriving) {
  const news = messages.filter((each) => texts.get(each.ts) !== each.text && each.user !== store.as);
  texts = new Map(messages.map((each) => [each.ts, each.text]));
  if (arriving || !news.length) return;
  const said = news.map((each) => `${nameOf(each)}: ${mrkdwn(each.text || "new message").textContent}`);
  fill(spoken, said.join(" "));
}

function isAtEnd() {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
}

function toMessage(ts) {
  const lines = [...list.children];
  const node = lines.find((each) => each.dataset.ts === ts);
  if (!node) return toEnd();
  for (const each of lines) each.classList.toggle("named", each === node);
  wasAtEnd = false;
  node.scrollIntoView({ block: "center" });
  node.querySelector(".message-body").focus({ preventScroll: true });
}

function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
  jump.hidden = true;
}
