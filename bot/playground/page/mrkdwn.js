/** Slack's mrkdwn as DOM nodes (Slack: docs.slack.dev/messaging/formatting-message-text). */

import { slackDate } from "./dates.js";
import { h } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { now, personOf, store } from "./state.js";

const FENCE = /```\n?([\s\S]+?)```/;
const QUOTE = /^(?:>|&gt;) ?/;
const QUOTE_REST = /^(?:>>>|&gt;&gt;&gt;) ?/;
const ANGLES = /^<([^<>\n]+)>/;
const CODE = /^`([^`\n]+)`/;
const SHORTCODE = /^:([a-z0-9_+-]+):/;
const BARE_LINK = /^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?"')\]]/;
const MARKS = { "*": "strong", _: "em", "~": "s" };
const LETTER = /[\p{L}\p{N}]/u;
const MESSAGES_HERE = `${location.origin}/archives/`;
const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

/** Formatted text. With `verbatim`, bare addresses stay text, as in Slack. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const fragment = document.createDocumentFragment();
  let rest = text;
  for (let fence = FENCE.exec(rest); fence; fence = FENCE.exec(rest)) {
    fragment.append(...paragraphs(rest.slice(0, fence.index).replace(/\n$/, ""), verbatim));
    fragment.append(h("pre", null, bareText(fence[1].replace(/\n$/, ""))));
    rest = rest.slice(fence.index + fence[0].length).replace(/^\n/, "");
  }
  fragment.append(...paragraphs(rest, verbatim));
  return fragment;
}

/** The three characters that Slack escapes, as they were meant. */
export const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A link that opens elsewhere, or at a message of this playground, or plain text where the address is no web address. */
export function link(url, label) {
  if (!SAFE_LINK.test(url)) return document.createTextNode(label);
  if (url.startsWith(MESSAGES_HERE)) return h("a", { href: `#${store.as}/${url.slice(MESSAGES_HERE.length)}` }, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** Somebody's name as a mention. */
export function mention(id) {
  const person = personOf(id);
  return h(id === store.as ? "span.mention.mine" : "span.mention", null, `@${person?.real_name ?? person?.name ?? id}`);
}

/** A channel's name as a mention. */
export function channelMention(id, label) {
  const channel = store.state.channels.find((each) => each.id === id);
  return h("span.mention", null, `#${channel?.name ?? label ?? id}`);
}

function bareText(text) {
  return unescape(text.replace(/<([^<>\n|]+)(?:\|([^<>\n]+))?>/g, (_whole, target, label) => label ?? target));
}

function paragraphs(text, verbatim) {
  if (!text) return [];
  const groups = [];
  let quotingRest = false;
  for (const line of text.split("\n")) {
    const opensRest = !quotingRest && QUOTE_REST.test(line);
    const quoted = quotingRest || opensRest || QUOTE.test(line);
    const words = opensRest ? line.replace(QUOTE_REST, "") : quotingRest ? line : line.replace(QUOTE, "");
    quotingRest ||= opensRest;
    const last = groups.at(-1);
    if (last?.quoted === quoted) last.lines.push(words);
    else groups.push({ quoted, lines: [words] });
  }
  return groups.map((group, index) => {
    const words = inline(linesBeside(groups, index).join("\n"), verbatim);
    return words.length ? h(group.quoted ? "blockquote" : "div.words", null, words) : null;
  }).filter(Boolean);
}

/** A quote keeps its own distance, so an empty line beside it would double that. */
function linesBeside(groups, index) {
  const { quoted, lines } = groups[index];
  const from = !quoted && index > 0 && !lines[0] ? 1 : 0;
  const to = !quoted && index < groups.length - 1 && lines.length > from && !lines.at(-1) ? lines.length - 1 : lines.length;
  return lines.slice(from, to);
}

function inline(text, verbatim) {
  const nodes = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) nodes.push(unescape(plain));
    plain = "";
  };
  while (at < text.length) {
    const found = token(text, at, verbatim);
    if (found) {
      flush();
      nodes.push(found.node);
      at += found.length;
    } else plain += text[at++];
  }
  flush();
  return nodes;
}

function token(text, at, verbatim) {
  const rest = text.slice(at);
  const first = rest[0];
  if (first === "<") return matched(ANGLES, rest, ([, inside]) => angles(inside));
  if (first === "`") return matched(CODE, rest, ([, inside]) => h("code", null, bareText(inside)));
  if (first === ":") return matched(SHORTCODE, rest, ([, name]) => emojiOf(name));
  if (first === "h" && !verbatim && !LETTER.test(text[at - 1] ?? " ")) {
    return matched(BARE_LINK, rest, ([url]) => link(unescape(url), unescape(url)));
  }
  return first in MARKS ? marked(text, at, verbatim) : null;
}

function matched(pattern, text, build) {
  const match = pattern.exec(text);
  const node = match && build(match);
  return node ? { node, length: match[0].length } : null;
}

/** A pair of marks counts where it stands at the edges of words. */
function marked(text, at, verbatim) {
  const mark = text[at];
  if (LETTER.test(text[at - 1] ?? " ") || /[\s]/.test(text[at + 1] ?? " ") || text[at + 1] === mark) return null;
  const end = closing(text, at + 1, mark);
  if (end === null) return null;
  return { node: h(MARKS[mark], null, inline(text.slice(at + 1, end), verbatim)), length: end + 1 - at };
}

function closing(text, from, mark) {
  for (let at = from; at < text.length && text[at] !== "\n"; at++) {
    const skipped = ANGLES.exec(text.slice(at)) ?? CODE.exec(text.slice(at));
    if (skipped) at += skipped[0].length - 1;
    else if (text[at] === mark && at > from && !/\s/.test(text[at - 1]) && !LETTER.test(text[at + 1] ?? " ")) return at;
  }
  return null;
}

const BROADCASTS = ["here", "channel", "everyone"];

function angles(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : unescape(inside.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!")) return command(target.slice(1), label);
  const url = unescape(target);
  if (!SAFE_LINK.test(url)) return document.createTextNode(label ?? `<${url}>`);
  return link(url, label ?? url.replace(/^mailto:/, ""));
}

function command(target, label) {
  if (BROADCASTS.includes(target)) return h("span.mention.mine", null, `@${target}`);
  if (!target.startsWith("date^")) return document.createTextNode(label ?? `<!${target}>`);
  const [, seconds, format, url] = target.split("^");
  const words = slackDate(unescape(format), Number(seconds), store.state.me, now());
  const node = h("time", { datetime: new Date(Number(seconds) * 1000).toISOString(), title: label }, words);
  return url ? link(unescape(url), words) : node;
}
