/** A message, modal or Home on the screen: its blocks, what is typed into them, and presses on their way. */

import { post } from "./api.js";
import { renderBlock } from "./blocks.js";
import { confirmed } from "./confirm.js";
import { dayOf } from "./dates.js";
import { keepingFocus, patchList } from "./dom.js";
import { now, refresh, store } from "./state.js";
import { complain } from "./toasts.js";
import { typedOf } from "./typed.js";

const CONTROLS = "button, input, textarea, a.button";

export class Container {
  /** `where` is `{channel, ts}` or `{view}`, as the server takes it; `node` gets the blocks. */
  constructor(node, where) {
    this.node = node;
    this.where = where;
    this.name = JSON.stringify([store.as, where]);
    this.typed = typedOf(this.name);
    this.busy = false;
  }

  /** Draws the blocks; those that are as before keep their nodes. `errors` are sentences by block_id. */
  show(blocks, errors = {}) {
    this.typed.keepOnly(blocks);
    const today = dayOf(store.state.me, now());
    // A block drawn for another message or view would be pressed there.
    const keyOf = (block) => JSON.stringify([this.name, block, errors[block.block_id] ?? null, speaksOfDays(block) ? today : null]);
    keepingFocus(this.node, () => {
      patchList(this.node, blocks, keyOf, (block) => renderBlock(block, this, errors[block.block_id]));
    });
    this.#showBusy();
  }

  /** Sends a press with everything typed. False if the person thought better of it. */
  async act(blockId, element, choice) {
    if (this.busy) return false;
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    const { action_id: actionId } = element;
    await this.during(() =>
      post("act", {
        as: store.as,
        where: this.where,
        block_id: blockId,
        action_id: actionId,
        choice,
        typed: this.typed.values(),
      }),
    );
    return true;
  }

  /** Keeps the controls still until the server has answered and the answer is on the screen. */
  async during(request) {
    this.busy = true;
    this.#showBusy();
    try {
      await request();
    } catch (refused) {
      complain(refused);
    }
    try {
      await refresh();
    } catch (refused) {
      complain(refused);
    } finally {
      this.busy = false;
      this.#showBusy();
    }
  }

  /** Options for what somebody types into an external_select. */
  async suggest(blockId, actionId, query) {
    const asked = { as: store.as, where: this.where, block_id: blockId, action_id: actionId, query };
    return post("suggest", asked);
  }

  #showBusy() {
    const { node, busy } = this;
    node.setAttribute("aria-busy", String(busy));
    // Not `disabled`: that would throw the focus away, and with it the place of whoever works by keyboard.
    for (const control of node.querySelectorAll(CONTROLS)) {
      if (busy) control.setAttribute("aria-disabled", "true");
      else control.removeAttribute("aria-disabled");
      if ("readOnly" in control) control.readOnly = busy;
    }
    if (!busy) for (const pressed of node.querySelectorAll("[data-pressed]")) delete pressed.dataset.pressed;
  }
}

const speaksOfDays = (block) => JSON.stringify(block).includes("date");
