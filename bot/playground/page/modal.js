/** The top of the stack of modals, as a dialog. */

import { Refused, post } from "./api.js";
import { Container } from "./container.js";
import { fill, freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./state.js";
import { plain } from "./text.js";
import { showToasts } from "./toasts.js";
import { forgetTyped } from "./typed.js";
import { problemsOf } from "./validate.js";

let shown = null;

/** Shows what the state has open, or nothing. */
export function showModal() {
  const stack = store.state.modals;
  const view = stack.at(-1);
  if (shown && shown.view.id !== view?.id) leave(shown, stack);
  if (!view) return;
  shown ??= open(view);
  draw(view, stack.length);
}

function leave({ dialog, container, view }, stack) {
  shown = null;
  if (!stack.some((each) => each.id === view.id)) forgetTyped(container.name);
  dialog.close();
  dialog.remove();
  showToasts();
}

function open(view) {
  const titleId = freshId("title");
  const parts = {
    title: h("h2", { id: titleId }),
    close: h("button.icon-button", { type: "button", on: { click: close } }),
    body: h("div.sheet-body", { tabIndex: -1 }),
    complaint: h("p.error.complaint", { role: "alert", hidden: true }),
    foot: h("div.sheet-foot"),
  };
  const form = h(
    "form",
    { novalidate: true, on: { submit } },
    h("div.sheet-head", null, parts.title, parts.close),
    parts.body,
    parts.complaint,
    parts.foot,
  );
  const dialog = h("dialog.sheet.modal", { "aria-labelledby": titleId, data: { testid: "modal" }, on: { cancel: closeByKey, close: closedByBrowser } }, form);
  document.body.append(dialog);
  shown = { ...parts, dialog, view, container: new Container(parts.body, { view: view.id }), errors: {} };
  drawFoot(view);
  draw(view, store.state.modals.length);
  dialog.showModal();
  firstControl(dialog).focus();
  showToasts();
  return shown;
}

const firstControl = (dialog) =>
  dialog.querySelector("[autofocus]") ??
  dialog.querySelector(".sheet-body :is(input, textarea, button), .sheet-foot .primary") ??
  dialog.querySelector(".sheet-foot button, .icon-button");

function draw(view, depth) {
  const { title, close: closeButton, container } = shown;
  if (shown.view.hash !== view.hash) shown.errors = {};
  if (JSON.stringify([shown.view.submit, shown.view.close]) !== JSON.stringify([view.submit, view.close])) drawFoot(view);
  shown.view = view;
  title.textContent = plain(view.title);
  closeButton.setAttribute("aria-label", depth > 1 ? "Back" : "Close");
  fill(closeButton, icon(depth > 1 ? "back" : "close"));
  container.show(view.blocks, { ...view.errors, ...shown.errors });
}

function drawFoot(view) {
  fill(
    shown.foot,
    h("button.button", { type: "button", on: { click: close } }, plain(view.close) || (view.submit ? "Cancel" : "Close")),
    view.submit && h("button.button.primary", { type: "submit" }, plain(view.submit)),
  );
}

function closeByKey(event) {
  event.preventDefault();
  close();
}

/** Two Escapes in a row close a dialog without asking the page: even one that is being sent, and may come back. */
function closedByBrowser() {
  if (shown?.dialog !== this) return;
  if (shown.container.busy) this.showModal();
  else close();
}

function close() {
  const { container, view } = shown;
  if (!container.busy) container.during(() => post("close", { as: store.as, view: view.id, typed: container.typed.values() }));
}

async function submit(event) {
  event.preventDefault();
  const { container, view, dialog } = shown;
  if (container.busy || !view.submit) return;
  shown.errors = problemsOf(view.blocks, container.typed);
  complainBelow("");
  if (!Object.keys(shown.errors).length) {
    dialog.dataset.sending = "true";
    await container.during(() => send(container, view));
    delete dialog.dataset.sending;
  }
  if (shown?.view.id !== view.id) return;
  draw(shown.view, store.state.modals.length);
  shown.body.querySelector(".wrong :is(input, textarea, button)")?.focus();
}

async function send(container, view) {
  // The news that a form is closed may come before the answer to sending it.
  const sent = shown;
  try {
    const answer = await post("submit", { as: store.as, view: view.id, typed: container.typed.values() });
    sent.errors = answer.errors ?? {};
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    if (refused.answer.errors) sent.errors = refused.answer.errors;
    else complainBelow(refused.message);
  }
}

function complainBelow(words) {
  if (!shown) return;
  shown.complaint.textContent = words;
  shown.complaint.hidden = !words;
}
