/** Building and patching the page without ever parsing markup. */

const PROPERTIES = new Set(["value", "checked", "disabled", "readOnly", "hidden", "indeterminate", "tabIndex"]);

/**
 * An element: `h("button.primary", { type: "button", on: { click } }, "Save")`.
 * Properties that are null or false are left out; `data` and `on` are maps; text children are text, never markup.
 */
export function h(spec, properties, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties ?? {})) setProperty(node, name, value);
  node.append(...present(children));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing: `svg("circle.dot", { cx: 4, cy: 4, r: 2 })`. Attributes that are null or false are left out. */
export function svg(spec, attributes, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElementNS(SVG, tag);
  if (classes.length) node.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(attributes ?? {})) if (value !== null && value !== false) node.setAttribute(name, value);
  node.append(...present(children));
  return node;
}

function setProperty(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
  } else if (name === "data") Object.assign(node.dataset, value);
  else if (PROPERTIES.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Replaces everything inside a node. */
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

let lastId = 0;

/** An id that nothing else on the page has, for labels and descriptions. */
export const freshId = (name) => `${name}-${++lastId}`;

const listed = new WeakMap();

/**
 * Makes the children of `parent` match `items`. A node whose key is still there is kept, and not moved, so that focus,
 * selection and what is being typed survive; `update` is told about it.
 */
export function patchList(parent, items, keyOf, render, update = () => {}) {
  const before = listed.get(parent) ?? new Map();
  const after = new Map();
  const keys = items.map((item, index) => {
    const key = keyOf(item);
    return after.has(key) ? `${key} #${index}` : (after.set(key, null), key);
  });
  const kept = new Set(keys);
  for (const [key, node] of before) if (!kept.has(key)) node.remove();
  let cursor = parent.firstChild;
  items.forEach((item, index) => {
    const old = before.get(keys[index]);
    const node = old ?? render(item);
    if (old) update(old, item);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
    after.set(keys[index], node);
  });
  listed.set(parent, after);
}

/** Runs `change` and gives the focus back to the control of the same place (`data-control`) if it was drawn anew. */
export function keepingFocus(container, change) {
  const held = container.contains(document.activeElement) ? document.activeElement : null;
  const place = held?.closest("[data-control]")?.dataset.control;
  const selection = held && "selectionStart" in held ? readSelection(held) : null;
  change();
  if (!held || held.isConnected) return;
  const again = place && [...container.querySelectorAll("[data-control]")].find((each) => each.dataset.control === place);
  const target = again && (again.matches(FOCUSABLE) ? again : again.querySelector(FOCUSABLE));
  if (!target) return container.focus({ preventScroll: true });
  target.focus({ preventScroll: true });
  if (selection && "setSelectionRange" in target) writeSelection(target, selection);
}

const FOCUSABLE = "button, input, textarea, select, a[href], [tabindex]";

function readSelection(field) {
  return field.selectionStart === null ? null : [field.selectionStart, field.selectionEnd];
}

function writeSelection(field, [from, to]) {
  // Number, e-mail and date fields have no selection to set.
  if (field.selectionStart !== null) field.setSelectionRange(from, to);
}
