/** What people typed and chose but have not sent: kept by place, so that a redraw never loses it. */

const kept = new Map();

/** The values of one message or view, by block_id and action_id. */
export class Typed {
  #values = new Map();
  #labels = new Map();

  has(blockId, actionId) {
    return this.#values.has(placeOf(blockId, actionId));
  }

  get(blockId, actionId) {
    return this.#values.get(placeOf(blockId, actionId));
  }

  set(blockId, actionId, value) {
    this.#values.set(placeOf(blockId, actionId), value);
  }

  forget(blockId, actionId) {
    this.#values.delete(placeOf(blockId, actionId));
  }

  /** An option's label, for menus whose options the app looks up as one types. */
  label(value) {
    return this.#labels.get(value);
  }

  remember(options) {
    for (const { value, label } of options) this.#labels.set(value, label);
  }

  /** Forgets what stood in inputs that are gone: a new block_id begins with its own initial value, as in Slack. */
  keepOnly(blocks) {
    const here = new Set(blocks.flatMap((block) => elementsOf(block).map((each) => placeOf(block.block_id, each.action_id))));
    for (const place of this.#values.keys()) if (!here.has(place)) this.#values.delete(place);
  }

  /** As the server wants it: `{block_id: {action_id: value}}`. */
  values() {
    const values = {};
    for (const [place, value] of this.#values) {
      const [blockId, actionId] = JSON.parse(place);
      (values[blockId] ??= {})[actionId] = value;
    }
    return values;
  }
}

/** One string for a control's place within its message or view. */
export const placeOf = (blockId, actionId) => JSON.stringify([blockId, actionId]);

/** The elements of a block that may carry an action_id. */
export const elementsOf = (block) =>
  [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])].filter(Boolean);

/** What is kept for one message or view, under a name of the caller's. */
export function typedOf(name) {
  if (!kept.has(name)) kept.set(name, new Typed());
  return kept.get(name);
}

/** Forgets a view that was closed. */
export const forgetTyped = (name) => kept.delete(name);
