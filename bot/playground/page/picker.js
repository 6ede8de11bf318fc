/** A menu of options to choose one or several from, with a field to search where there are many. */

import { fill, freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { closePopup, openPopup, replacePopup } from "./popup.js";

const SEARCHED_FROM = 8;
const PAUSE = 150;

/**
 * `find(query)` gives or promises options `{value, label, description?, group?}`; `chosen` is a list of options;
 * `onChoose` gets the new list once the person is done. `names` are attributes that name the control.
 */
export function picker({ find, chosen, several = false, most = Infinity, searched, clearable, placeholder, names, onChoose }) {
  let options = chosen;
  const trigger = h("button.picker", { type: "button", "aria-haspopup": "listbox", "aria-expanded": "false", ...names });
  trigger.addEventListener("click", open);
  trigger.addEventListener("keydown", (event) => {
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      open();
    }
  });
  const clear = h("button.icon-button.clear", { type: "button", "aria-label": "Clear", on: { click: () => settle([]) } }, icon("close"));
  const root = h("div.picking", null, trigger, clearable && !several ? clear : null);
  show();
  return root;

  function show() {
    const words = several
      ? options.map((each) => h("span.chip", null, each.label))
      : options.map((each) => h("span.picked", null, each.label));
    fill(trigger, words.length ? words : h("span.placeholder", null, placeholder), icon("down"));
    clear.hidden = !options.length;
    nameTrigger();
  }

  /** The name says what is chosen as well, since a label would stand in its place. */
  function nameTrigger() {
    const chosenWords = options.map((each) => each.label).join(", ");
    if (names.id) trigger.setAttribute("aria-labelledby", `${names["aria-labelledby"]} ${names.id}`);
    else trigger.setAttribute("aria-label", [names["aria-label"], chosenWords].filter(Boolean).join(": "));
  }

  function settle(list) {
    const same = JSON.stringify(list.map((each) => each.value)) === JSON.stringify(options.map((each) => each.value));
    options = list;
    show();
    if (!same) onChoose(list);
  }

  function open() {
    if (trigger.getAttribute("aria-disabled")) return;
    list({ trigger, find, several, most, searched, chosen: options, settle });
  }
}

function list({ trigger, find, several, most, searched: alwaysSearched, chosen, settle }) {
  const listId = freshId("list");
  const first = find("");
  const searched = alwaysSearched || first.length >= SEARCHED_FROM;
  let marked = chosen;
  let found = [];
  let rows = [];
  let at = 0;
  let asked = 0;

  const box = h("div.listbox", { id: listId, role: "listbox", tabIndex: searched ? null : 0, "aria-multiselectable": several ? "true" : null, "aria-label": trigger.getAttribute("aria-label") ?? trigger.textContent });
  const field = searched && h("input.search", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": listId, "aria-autocomplete": "list", "aria-label": "Search", placeholder: "Search", autocomplete: "off", on: { input: search } });
  const content = h("div.picker-panel", { on: { keydown } }, field && h("div.search-line", null, icon("search"), field), box);
  openPopup(trigger, content, { wide: true, onClose: () => several && settle(marked) });
  (field || box).focus();
  if (Array.isArray(first)) offer(first);
  else answer(first);

  function isMarked(option) {
    return marked.some((each) => each.value === option.value);
  }

  async function search() {
    const turn = ++asked;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (turn === asked) answer(find(field.value));
  }

  /** Shows options when they come, unless something else has been asked for meanwhile. */
  async function answer(coming) {
    const turn = asked;
    const options = await coming;
    if (turn === asked && box.isConnected) offer(options);
  }

  function offer(options) {
    found = options;
    draw(Math.max(0, found.findIndex(isMarked)));
    replacePopup();
  }

  function draw(position) {
    let group = null;
    rows = [];
    const lines = found.flatMap((option) => {
      const heading = option.group && option.group !== group ? h("div.group", { role: "presentation" }, option.group) : null;
      group = option.group;
      const row = h(
        "div.option",
        { role: "option", id: freshId("option"), "aria-selected": String(isMarked(option)), on: { click: () => choose(option), pointermove: () => point(rows.indexOf(row)) } },
        h("span.option-text", null, option.label, option.description && h("small", null, option.description)),
        icon("check"),
      );
      rows.push(row);
      return [heading, row];
    });
    fill(box, lines.length ? lines : h("div.nothing", null, "Nothing found"));
    point(position);
  }

  function point(position) {
    rows[at]?.classList.remove("active");
    at = position;
    const row = rows[at];
    row?.classList.add("active");
    row?.scrollIntoView({ block: "nearest" });
    const holder = field || box;
    if (row) holder.setAttribute("aria-activedescendant", row.id);
    else holder.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    if (!several) {
      closePopup({ refocus: true });
      return settle([option]);
    }
    if (isMarked(option)) marked = marked.filter((each) => each.value !== option.value);
    else if (marked.length < most) marked = [...marked, option];
    draw(at);
  }

  function keydown(event) {
    const { key } = event;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[key] ?? (field ? undefined : { Home: 0, End: rows.length - 1 }[key]);
    if (key === "Escape") closePopup({ refocus: true });
    else if (key === "Tab") return closePopup({ refocus: true });
    else if (key === "Enter" || (key === " " && !field)) found[at] && choose(found[at]);
    else if (to !== undefined) point(Math.max(0, Math.min(to, rows.length - 1)));
    else if (!field && key.length === 1) jump(key.toLowerCase());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function jump(letter) {
    const order = [...found.slice(at + 1), ...found.slice(0, at + 1)];
    const next = order.find((each) => each.label.toLowerCase().startsWith(letter));
    if (next) point(found.indexOf(next));
  }
}
