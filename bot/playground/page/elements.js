/** The interactive elements of Block Kit (Slack: docs.slack.dev/reference/block-kit/block-elements). */

import { localFieldOf, secondsOf } from "./dates.js";
import { freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popup.js";
import { picker } from "./picker.js";
import { openChannel, store } from "./state.js";
import { plain, plainOrMrkdwn } from "./text.js";
import { complain } from "./toasts.js";
import { placeOf } from "./typed.js";

const SAFE_LINK = /^https?:/i;
const TYPING_PAUSE = 400;

/**
 * One control. `slot` says where it stands: `{container, blockId, dispatches, names, optional}`, with `names` the
 * attributes that tie it to its label, and `dispatches` whether a choice is sent to the app at once.
 */
export function renderElement(element, slot) {
  const build = ELEMENTS[element.type];
  if (!build) return h("span.unknown-element", null, `[${element.type}]`);
  const control = build(new Control(element, slot));
  if (element.action_id) control.dataset.control = placeOf(slot.blockId, element.action_id);
  return control;
}

/** What stands in an element before anybody has touched it. */
export const initialOf = (element) => INITIAL[kindOf(element.type)]?.(element) ?? null;

const values = (options) => options?.map((each) => each.value) ?? [];

const INITIAL = {
  text: (element) => element.initial_value ?? "",
  one_option: (element) => element.initial_option?.value,
  options: (element) => values(element.initial_options),
  user: (element) => element.initial_user,
  users: (element) => element.initial_users ?? [],
  conversation: (element) => element.initial_conversation,
  conversations: (element) => element.initial_conversations ?? [],
  channel: (element) => element.initial_channel,
  channels: (element) => element.initial_channels ?? [],
  date: (element) => element.initial_date,
  time: (element) => element.initial_time,
  moment: (element) => element.initial_date_time,
};

const KINDS = {
  plain_text_input: "text",
  number_input: "text",
  url_text_input: "text",
  email_text_input: "text",
  static_select: "one_option",
  external_select: "one_option",
  radio_buttons: "one_option",
  checkboxes: "options",
  multi_static_select: "options",
  multi_external_select: "options",
  users_select: "user",
  multi_users_select: "users",
  conversations_select: "conversation",
  multi_conversations_select: "conversations",
  channels_select: "channel",
  multi_channels_select: "channels",
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "moment",
};

const kindOf = (type) => KINDS[type];

class Control {
  constructor(element, slot) {
    this.element = element;
    this.slot = slot;
  }

  /** What stands in it now. */
  get value() {
    const { typed } = this.slot.container;
    const { action_id: actionId } = this.element;
    return typed.has(this.slot.blockId, actionId) ? typed.get(this.slot.blockId, actionId) : initialOf(this.element);
  }

  /** Keeps a value without sending it. */
  keep(value) {
    this.slot.container.typed.set(this.slot.blockId, this.element.action_id, value);
  }

  /** Keeps a value, and sends it where choices are sent at once. Calls `redraw` if it was taken back. */
  async choose(value, redraw = () => {}) {
    const { container, blockId, dispatches } = this.slot;
    const before = this.value;
    if (container.busy) return redraw();
    this.keep(value);
    if (!dispatches) return;
    const sent = await container.act(blockId, this.element, value);
    if (sent) return;
    this.keep(before);
    redraw();
  }

  press(choice) {
    return this.slot.container.act(this.slot.blockId, this.element, choice);
  }

  /** The attributes that name it: its label's, or what it says of itself. */
  get names() {
    return this.slot.names ?? { "aria-label": plain(this.element.placeholder) || this.element.action_id };
  }

  get placeholder() {
    return plain(this.element.placeholder) || null;
  }

  get autofocus() {
    return this.element.focus_on_load ? { autofocus: true } : {};
  }
}

const ELEMENTS = {
  button,
  overflow,
  image,
  plain_text_input: (control) => (control.element.multiline ? textArea(control) : textField(control, "text")),
  number_input: (control) => textField(control, "text", { inputmode: "decimal" }),
  url_text_input: (control) => textField(control, "url"),
  email_text_input: (control) => textField(control, "email"),
  static_select: (control) => select(control, fromList(control.element)),
  multi_static_select: (control) => select(control, fromList(control.element)),
  external_select: (control) => select(control, fromApp(control)),
  multi_external_select: (control) => select(control, fromApp(control)),
  users_select: (control) => select(control, people),
  multi_users_select: (control) => select(control, people),
  conversations_select: (control) => select(withCurrentConversation(control), conversations(control.element)),
  multi_conversations_select: (control) => select(control, conversations(control.element)),
  channels_select: (control) => select(control, channels),
  multi_channels_select: (control) => select(control, channels),
  datepicker: (control) => dateField(control, "date"),
  timepicker: (control) => dateField(control, "time"),
  datetimepicker: (control) => dateField(control, "datetime-local", momentIn(store.state.me)),
  radio_buttons: (control) => boxes(control, "radio"),
  checkboxes: (control) => boxes(control, "checkbox"),
};

function button(control) {
  const { element } = control;
  const spec = ["button.button", element.style].filter(Boolean).join(".");
  const press = () => {
    if (control.slot.container.busy) return;
    node.dataset.pressed = "true";
    control.press().then((sent) => sent || delete node.dataset.pressed);
  };
  const properties = { "aria-label": element.accessibility_label, on: { click: press } };
  const isLink = SAFE_LINK.test(element.url ?? "");
  const node = isLink
    ? h(spec.replace("button", "a"), { ...properties, href: element.url, target: "_blank", rel: "noopener noreferrer" }, plain(element.text))
    : h(spec, { ...properties, type: "button" }, plain(element.text));
  return node;
}

function overflow(control) {
  const { element } = control;
  const run = ({ url, value }) => {
    if (SAFE_LINK.test(url ?? "")) open(url, "_blank", "noopener");
    control.press(value);
  };
  const items = element.options.map((option) => ({
    label: plain(option.text),
    description: option.description && plain(option.description),
    run: () => run(option),
  }));
  const node = h("button.button.dots", { type: "button", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("dots"));
  node.addEventListener("click", () => control.slot.container.busy || openMenu(node, items, "More actions"));
  return node;
}

function image(control) {
  return picture(control.element, "span.thumb");
}

/** An image of this machine, or what it would show: the page loads nothing from other hosts. */
export function picture({ image_url: url, alt_text: alt }, spec) {
  const local = url && new URL(url, location.href).origin === location.origin;
  if (local) return h(`img.${spec.split(".").at(-1)}`, { src: url, alt });
  return h(spec, { role: "img", "aria-label": alt, title: alt }, icon("image"), h("span", null, alt));
}

function textField(control, type, more = {}) {
  const { element, slot } = control;
  const properties = { type, value: control.value ?? "", placeholder: control.placeholder, autocomplete: "off", ...control.autofocus, ...control.names, ...more };
  const node = h("input.text", properties);
  onTyping(control, node);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !slot.dispatches || !sentOn(element, "on_enter_pressed")) return;
    event.preventDefault();
    control.press(node.value);
  });
  return withCounter(element, node);
}

function textArea(control) {
  const { element, slot } = control;
  const node = h("textarea.text", { value: control.value ?? "", rows: "3", placeholder: control.placeholder, ...control.autofocus, ...control.names });
  onTyping(control, node);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (slot.dispatches && sentOn(element, "on_enter_pressed")) control.press(node.value);
    else node.form?.requestSubmit();
  });
  return withCounter(element, node);
}

/** Slack: a text input sends on Enter unless its `dispatch_action_config` says otherwise. */
const sentOn = (element, trigger) =>
  (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes(trigger);

function onTyping(control, node) {
  let timer;
  node.addEventListener("input", () => {
    control.keep(node.value);
    if (!control.slot.dispatches || !sentOn(control.element, "on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(() => control.press(node.value), TYPING_PAUSE);
  });
}

function withCounter({ max_length: most }, node) {
  const left = h("small.counter", { "aria-hidden": "true" });
  const count = () => {
    const rest = (most ?? Infinity) - node.value.length;
    left.hidden = rest > (most ?? 0) / 5 && rest > 20;
    left.textContent = String(rest);
    left.classList.toggle("over", rest < 0);
  };
  node.addEventListener("input", count);
  count();
  return h("div.typing", null, node, most ? left : null);
}

function dateField(control, type, { read = (value) => value, write = (value) => value } = {}) {
  const { value } = control;
  const spec = `input.text.${type === "datetime-local" ? "moment" : type}`;
  const node = h(spec, { type, value: value === null ? "" : write(value), ...control.autofocus, ...control.names });
  let timer;
  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    control.choose(node.value ? read(node.value) : null, () => (node.value = value === null ? "" : write(value)));
  };
  node.addEventListener("change", () => {
    if (!control.slot.dispatches) return send();
    // While a year is typed its first digits are a date as well.
    clearTimeout(timer);
    timer = setTimeout(send, TYPING_PAUSE * 2);
  });
  node.addEventListener("blur", () => timer !== undefined && send());
  return control.placeholder ? withPlaceholder(node, control.placeholder) : node;
}

/** Browsers show the pattern of a date where Slack shows the placeholder: it gives way once somebody is at the field. */
function withPlaceholder(node, placeholder) {
  const look = () => node.classList.toggle("blank", !node.value);
  for (const event of ["input", "change", "blur"]) node.addEventListener(event, look);
  look();
  return h("div.dating", null, node, h("span.placeholder", { "aria-hidden": "true" }, placeholder));
}

const momentIn = (person) => ({
  read: (field) => secondsOf(person, field),
  write: (seconds) => localFieldOf(person, seconds),
});

const optionOf = (option, group) => ({
  value: option.value,
  label: plain(option.text),
  description: option.description && plain(option.description),
  group,
});

const listedOptions = ({ options, option_groups: groups }) =>
  options?.map((each) => optionOf(each)) ??
  groups?.flatMap((group) => group.options.map((each) => optionOf(each, plain(group.label)))) ??
  [];

const matching = (options, query) => options.filter((each) => each.label.toLowerCase().includes(query.trim().toLowerCase()));

const fromList = (element) => (query) => matching(listedOptions(element), query);

const people = (query) => matching(store.state.people.map((each) => ({ value: each.id, label: each.real_name })), query);

const channelOptions = (which) =>
  store.state.channels.filter(which).map((each) => ({ value: each.id, label: each.is_dm ? each.name : `#${each.name}` }));

/** Slack: docs.slack.dev/reference/block-kit/composition-objects/conversation-filter-object */
const conversations = ({ filter = {} }) => {
  const kinds = filter.include ?? ["im", "public"];
  // The only direct messages here are those with the app.
  const isMeant = (each) => (each.is_dm ? kinds.includes("im") && !filter.exclude_bot_users : kinds.includes("public"));
  return (query) => matching(channelOptions(isMeant), query);
};

/** Only the page knows where the person is, so it is kept as if they had chosen it. */
function withCurrentConversation(control) {
  const { element, slot } = control;
  const untouched = !element.initial_conversation && !slot.container.typed.has(slot.blockId, element.action_id);
  if (element.default_to_current_conversation && untouched) control.keep(openChannel()?.id ?? null);
  return control;
}

const channels = (query) => matching(channelOptions((each) => !each.is_dm), query);

/** Options that the app looks up. */
function fromApp(control) {
  const { element, slot } = control;
  return async (query) => {
    if (query.length < (element.min_query_length ?? 3)) return [];
    try {
      const answer = await slot.container.suggest(slot.blockId, element.action_id, query);
      const options = listedOptions(answer);
      slot.container.typed.remember(options);
      return options;
    } catch (refused) {
      complain(refused);
      return [];
    }
  };
}

function select(control, find) {
  const { element, slot } = control;
  const several = element.type.startsWith("multi_");
  const external = element.type.includes("external");
  const node = picker({
    find,
    several,
    most: element.max_selected_items ?? Infinity,
    searched: external,
    clearable: slot.optional,
    chosen: chosenOptions(control, external ? () => initialOptions(element) : () => find("")),
    placeholder: control.placeholder ?? "Choose",
    names: control.names,
    onChoose: (list) => {
      const chosen = list.map((each) => each.value);
      control.choose(several ? chosen : (chosen[0] ?? null), () => node.replaceWith(renderElement(element, slot)));
    },
  });
  return node;
}

const initialOptions = (element) => [element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map((each) => optionOf(each));

function chosenOptions(control, known) {
  const chosen = [control.value ?? []].flat();
  const options = known();
  return chosen.map(
    (value) => options.find((each) => each.value === value) ?? { value, label: control.slot.container.typed.label(value) ?? String(value) },
  );
}

function boxes(control, type) {
  const { element, slot } = control;
  const name = freshId(type);
  const chosen = new Set([control.value ?? []].flat());
  const inputs = element.options.map((option) => h("input", { type, name, value: option.value, checked: chosen.has(option.value) }));
  const read = () => {
    const checked = inputs.filter((each) => each.checked).map((each) => each.value);
    return type === "radio" ? (checked[0] ?? null) : checked;
  };
  const redraw = () => node.replaceWith(renderElement(element, slot));
  const lines = element.options.map((option, index) =>
    h(
      "label.box",
      null,
      inputs[index],
      h("span", null, plainOrMrkdwn(option.text), option.description && h("small", null, plainOrMrkdwn(option.description))),
    ),
  );
  const node = h("div.boxes", { role: type === "radio" ? "radiogroup" : "group", ...control.names, on: { change: () => control.choose(read(), redraw) } }, lines);
  return node;
}
