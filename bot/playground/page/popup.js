/** Small panels beside a control: menus and lists. One is open at a time. */

import { h } from "./dom.js";

const GAP = 6;
const EDGE = 8;

let current = null;

/** Shows `content` beside `anchor`, above everything else, until Escape, a press elsewhere, or `closePopup`. */
export function openPopup(anchor, content, { onClose = () => {}, wide = false } = {}) {
  closePopup();
  const panel = h("div.popup", { popover: "manual" }, content);
  // Inside the dialog, since whatever stands outside an open dialog is inert.
  (anchor.closest("dialog") ?? document.body).append(panel);
  panel.showPopover();
  current = { anchor, panel, onClose, at: anchor.getBoundingClientRect().top };
  anchor.setAttribute("aria-expanded", "true");
  if (wide) panel.style.minWidth = `${anchor.offsetWidth}px`;
  place(anchor, panel);
  addEventListener("pointerdown", closeOutside, true);
  addEventListener("resize", closePopup);
  addEventListener("scroll", closeScrolled, true);
  return panel;
}

/** Closes what is open. With `refocus`, the focus goes back to where it came from. */
export function closePopup({ refocus = false } = {}) {
  if (!current) return;
  const { anchor, panel, onClose } = current;
  current = null;
  removeEventListener("pointerdown", closeOutside, true);
  removeEventListener("resize", closePopup);
  removeEventListener("scroll", closeScrolled, true);
  anchor.setAttribute("aria-expanded", "false");
  panel.remove();
  if (refocus) anchor.focus();
  onClose();
}

/** Measures again, after the content changed its size. */
export const replacePopup = () => current && place(current.anchor, current.panel);

function closeOutside({ target }) {
  if (!current.panel.contains(target) && !current.anchor.contains(target)) closePopup();
}

// A scroll that was under way before tells of itself only now: what matters is whether the anchor has moved since.
function closeScrolled({ target }) {
  const moved = Math.abs(current.anchor.getBoundingClientRect().top - current.at) > 1;
  if (moved && !current.panel.contains(target)) closePopup();
}

function place(anchor, panel) {
  const beside = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = innerHeight - beside.bottom - GAP - EDGE;
  const above = beside.top - GAP - EDGE;
  const up = height > below && above > below;
  panel.style.maxHeight = `${Math.max(up ? above : below, 140)}px`;
  panel.style.left = `${Math.max(EDGE, Math.min(beside.left, innerWidth - width - EDGE))}px`;
  panel.style.top = `${up ? Math.max(EDGE, beside.top - GAP - Math.min(height, above)) : beside.bottom + GAP}px`;
}

/** A menu: `items` are `{label, description?, run}`. Arrow keys walk, letters jump, Escape leaves. */
export function openMenu(anchor, items, label) {
  const buttons = items.map(({ label: words, description, run }) =>
    h(
      "button.menu-item",
      { type: "button", role: "menuitem", tabIndex: -1, on: { click: () => (closePopup({ refocus: true }), run()) } },
      h("span", null, words),
      description && h("small", null, description),
    ),
  );
  const menu = h("div.menu", { role: "menu", "aria-label": label, on: { keydown: walk } }, buttons);
  openPopup(anchor, menu);
  buttons[0]?.focus();

  function walk(event) {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") closePopup({ refocus: true });
    else if (to !== undefined) buttons.at(to % buttons.length).focus();
    else if (event.key.length === 1 && event.key !== " ") jump(at, event.key.toLowerCase());
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  }

  function jump(at, letter) {
    const order = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
    order.find((each) => each.textContent.toLowerCase().startsWith(letter))?.focus();
  }
}
