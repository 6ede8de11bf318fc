/** The `markdown` block: ordinary Markdown, as much as Slack takes (docs.slack.dev/reference/block-kit/blocks/markdown-block). */

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mrkdwn.js";

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const FENCE = /^```/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** Markdown as DOM nodes. */
export function markdown(text) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length) nodes.push(nextBlock(lines));
  return h("div.markdown", null, nodes);
}

/** Takes one block off the lines. */
function nextBlock(lines) {
  const [line, next] = lines;
  if (FENCE.test(line)) return fenced(lines);
  if (!line.trim() || RULE.test(line) || HEADING.test(line)) return single(lines.shift());
  if (line.startsWith(">")) return quote(lines);
  if (ITEM.test(line)) return list(lines, ITEM.exec(line)[1].length);
  if (line.includes("|") && next !== undefined && TABLE_RULE.test(next)) return table(lines);
  return paragraph(lines);
}

/** What takes one line: nothing, a rule, or a heading. */
function single(line) {
  const heading = HEADING.exec(line);
  if (heading) return h(`h${Math.min(heading[1].length + 2, 6)}`, null, inline(heading[2]));
  return line.trim() ? h("hr") : null;
}

function takeWhile(lines, test) {
  const end = lines.findIndex((line) => !test(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function fenced(lines) {
  lines.shift();
  const code = takeWhile(lines, (line) => !FENCE.test(line));
  lines.shift();
  return h("pre", null, code.join("\n"));
}

function quote(lines) {
  const quoted = takeWhile(lines, (line) => line.startsWith(">")).map((line) => line.replace(/^> ?/, ""));
  return h("blockquote", null, markdown(quoted.join("\n")));
}

function list(lines, indent) {
  const ordered = /\d/.test(ITEM.exec(lines[0])[2]);
  const start = ordered ? parseInt(ITEM.exec(lines[0])[2], 10) : 1;
  const node = h(ordered ? "ol" : "ul", { start: start > 1 ? String(start) : null });
  while (lines.length) {
    const item = ITEM.exec(lines[0]);
    if (!item || item[1].length < indent) break;
    if (item[1].length > indent) (node.lastChild ?? node).append(list(lines, item[1].length));
    else {
      lines.shift();
      const box = item[3] === undefined ? null : h("input", { type: "checkbox", checked: item[3] !== " ", disabled: true });
      node.append(h("li", null, box, box && " ", inline(item[4])));
    }
  }
  return node;
}

function table(lines) {
  const [head, , ...rows] = takeWhile(lines, (line) => line.includes("|"));
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => inline(cell.trim()));
  return h(
    "div.table",
    { tabIndex: 0, role: "group", "aria-label": "Table" },
    h(
      "table",
      null,
      h("thead", null, h("tr", null, cells(head).map((cell) => h("th", { scope: "col" }, cell)))),
      h("tbody", null, rows.map((row) => h("tr", null, cells(row).map((cell) => h("td", null, cell))))),
    ),
  );
}

function paragraph(lines) {
  const first = lines.shift();
  const rest = takeWhile(lines, (line) => line.trim() && ![FENCE, RULE, HEADING, ITEM].some((each) => each.test(line)) && !line.startsWith(">"));
  return h("p", null, inline([first, ...rest].join("\n")));
}

// In this order: what is found first is not looked into again, except by the emphases themselves.
const INLINES = [
  [/`([^`]+)`/, ([, code]) => h("code", null, code)],
  [/!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, ([, label, url]) => link(url, label || url)],
  [/<(https?:[^>\s]+)>/, ([, url]) => link(url, url)],
  [/\*\*(\S(?:.*?\S)?)\*\*/s, ([, words]) => h("strong", null, inline(words))],
  [/__(\S(?:.*?\S)?)__/s, ([, words]) => h("strong", null, inline(words))],
  [/\*(\S(?:.*?\S)?)\*/s, ([, words]) => h("em", null, inline(words))],
  [/(?<!\w)_(\S(?:.*?\S)?)_(?!\w)/s, ([, words]) => h("em", null, inline(words))],
  [/~~(\S(?:.*?\S)?)~~/s, ([, words]) => h("s", null, inline(words))],
];

function inline(text) {
  const found = INLINES.map(([pattern, build]) => ({ match: pattern.exec(text), build }))
    .filter(({ match }) => match)
    .sort((one, other) => one.match.index - other.match.index)[0];
  if (!found) return [withEmoji(text)];
  const { match, build } = found;
  return [withEmoji(text.slice(0, match.index)), build(match), ...inline(text.slice(match.index + match[0].length))];
}
