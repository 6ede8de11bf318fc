/** The field for messages and commands, with completion of what begins with a slash. */

import { Refused, post } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popup.js";
import { openChannel, refresh, store } from "./state.js";
import { complain, forgetComplaints } from "./toasts.js";
import { remembersTry } from "./welcome.js";

const LIST = "completions";

/** The composer: `node`, `show(channel)`, and `suggest(words)`, which fills it in. */
export function makeComposer({ onSend }) {
  const drafts = new Map();
  const sent = [];
  let place = null;
  let matches = [];
  let at = 0;
  let dismissed = false;
  let recalled = 0;

  const field = h("textarea.composer-field", {
    id: "composer", rows: "1", autocomplete: "off", spellcheck: "true", role: "combobox", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": LIST, data: { testid: "composer" }, on: { input: typed, keydown, blur: dismiss },
  });
  const send = h("button.send", { type: "button", "aria-label": "Send", disabled: true, data: { testid: "send" }, on: { click: submit } }, icon("send"));
  const bolt = h("button.icon-button.bolt", { type: "button", "aria-label": "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false", on: { click: openShortcuts } }, icon("bolt"));
  const list = h("div.completions", { id: LIST, role: "listbox", "aria-label": "Commands", hidden: true });
  const hint = h("div.usage", { hidden: true });
  const box = h("div.composer-box", null, bolt, field, send);
  const node = h("div.composer", null, list, hint, box);

  return { node, show, suggest, focus: () => field.focus() };

  function show(channel) {
    const here = `${store.as} ${channel.id}`;
    const name = channel.is_dm ? channel.name : `#${channel.name}`;
    field.placeholder = `Message ${name} or type /`;
    field.setAttribute("aria-label", `Message ${name}`);
    bolt.hidden = !globalShortcuts().length;
    if (here === place) return;
    if (place) drafts.set(place, field.value);
    place = here;
    write(drafts.get(here) ?? "");
  }

  function suggest(words) {
    write(words);
    field.focus();
  }

  function write(words) {
    field.value = words;
    typed();
  }

  function typed() {
    dismissed = false;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    send.disabled = !field.value.trim();
    complete();
  }

  function complete() {
    const [first, ...rest] = field.value.split(" ");
    const commands = store.state.commands;
    const naming = first.startsWith("/") && !rest.length && !dismissed;
    const exact = commands.find((each) => each.command === first);
    matches = naming ? commands.filter((each) => each.command.startsWith(first)) : [];
    at = Math.min(at, Math.max(matches.length - 1, 0));
    drawList();
    hint.hidden = !(exact?.usage_hint && rest.length);
    if (exact) fill(hint, h("code", null, exact.command), " ", exact.usage_hint);
  }

  function drawList() {
    const rows = matches.map((each, index) =>
      h(
        "div.completion",
        { role: "option", id: `${LIST}-${index}`, "aria-selected": String(index === at), on: { pointerdown: keepFocus, click: () => accept(each) } },
        h("span", null, h("strong", null, each.command), " ", h("span.completion-hint", null, each.usage_hint)),
        h("small", null, each.description),
      ),
    );
    fill(list, rows);
    list.hidden = !rows.length;
    field.setAttribute("aria-expanded", String(rows.length > 0));
    if (rows.length) field.setAttribute("aria-activedescendant", rows[at].id);
    else field.removeAttribute("aria-activedescendant");
  }

  function accept({ command }) {
    suggest(`${command} `);
  }

  function dismiss() {
    dismissed = true;
    complete();
  }

  function keydown(event) {
    if (event.isComposing) return;
    const { key } = event;
    const isExact = matches.some((each) => each.command === field.value);
    if (matches.length && (key === "ArrowDown" || key === "ArrowUp")) {
      at = (at + (key === "ArrowDown" ? 1 : matches.length - 1)) % matches.length;
      drawList();
    } else if (matches.length && key === "Escape") dismiss();
    else if (matches.length && !event.shiftKey && (key === "Tab" || (key === "Enter" && !isExact))) accept(matches[at]);
    else if (key === "Enter" && !event.shiftKey) submit();
    else if (key === "ArrowUp" && !field.value && sent.length) recall();
    else return;
    event.preventDefault();
  }

  /** What was sent last, to send it again. */
  function recall() {
    recalled = (recalled + 1) % (sent.length + 1);
    write(sent.at(-Math.max(recalled, 1)));
  }

  async function submit() {
    const text = field.value.trim();
    const channel = openChannel();
    if (!text || !channel) return;
    forgetComplaints();
    const isCommand = text.startsWith("/");
    if (isCommand && !store.state.commands.some((each) => each.command === text.split(/\s/)[0])) {
      return complain(new Refused(`${text.split(/\s/)[0]} is not a valid command.`));
    }
    sent.push(text);
    recalled = 0;
    write("");
    node.dataset.waiting = "true";
    try {
      await post(isCommand ? "command" : "say", { as: store.as, channel: channel.id, text });
      if (isCommand) remembersTry();
      await refresh();
      onSend();
    } catch (refused) {
      complain(refused);
      if (!field.value) write(text);
    } finally {
      delete node.dataset.waiting;
    }
  }

  function openShortcuts() {
    const items = globalShortcuts().map(({ name, description, callback_id: callbackId }) => ({
      label: name,
      description,
      run: () => post("shortcut", { as: store.as, callback_id: callbackId }).catch(complain),
    }));
    openMenu(bolt, items, "Shortcuts");
  }
}

const globalShortcuts = () => (store.state.shortcuts ?? []).filter((each) => each.type === "global");

/** A press on a list must not take the focus from the field. */
const keepFocus = (event) => event.preventDefault();
