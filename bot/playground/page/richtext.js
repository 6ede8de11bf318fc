/** The `rich_text` block as DOM nodes (Slack: docs.slack.dev/reference/block-kit/blocks/rich-text-block). */

import { slackDate } from "./dates.js";
import { h } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { channelMention, link, mention } from "./mrkdwn.js";
import { now, store } from "./state.js";

/** Everything in a rich_text block, or in one cell of a table. */
export const richText = (block) => h("div.rich", null, block.elements.map(part));

const PARTS = {
  rich_text_section: (element) => h("div.words", null, element.elements.map(inline)),
  rich_text_quote: (element) => h("blockquote", null, element.elements.map(inline)),
  rich_text_preformatted: (element) => h("pre", null, element.elements.map(inline)),
  rich_text_list: list,
};

const part = (element) => PARTS[element.type]?.(element) ?? h("div.words", null, `[${element.type}]`);

function list(element) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const start = element.offset ? String(element.offset + 1) : null;
  const items = element.elements.map((item) => h("li", null, part(item)));
  return h(`${tag}.indent-${Math.min(element.indent ?? 0, 5)}`, { start }, items);
}

const INLINES = {
  text: (element) => element.text,
  link: (element) => link(element.url, element.text ?? element.url),
  emoji: (element) => fromUnicode(element.unicode) ?? emojiOf(element.name) ?? `:${element.name}:`,
  user: (element) => mention(element.user_id),
  usergroup: (element) => h("span.mention", null, `@${element.usergroup_id}`),
  channel: (element) => channelMention(element.channel_id),
  broadcast: (element) => h("span.mention.mine", null, `@${element.range}`),
  date: (element) => h("time", null, slackDate(element.format, element.timestamp, store.state.me, now())),
  color: (element) => h("code", null, element.value),
};

function inline(element) {
  const node = INLINES[element.type]?.(element) ?? `[${element.type}]`;
  return styled(node, element.style ?? {});
}

const STYLES = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

function styled(node, style) {
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (style[name] ? h(tag, null, inner) : inner), node);
}

const fromUnicode = (points) => (points ? String.fromCodePoint(...points.split("-").map((hex) => parseInt(hex, 16))) : null);
