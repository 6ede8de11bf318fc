/** Block Kit's blocks as DOM nodes (Slack: docs.slack.dev/reference/block-kit/blocks). */

import { chart } from "./charts.js";
import { freshId, h } from "./dom.js";
import { picture, renderElement } from "./elements.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { plain, plainOrMrkdwn } from "./text.js";

/** One block of a container. `error` is what the app says is wrong with an input. */
export function renderBlock(block, container, error) {
  const build = BLOCKS[block.type] ?? unknown;
  const node = build(block, container, error);
  node.dataset.block = block.block_id ?? "";
  return node;
}

const BLOCKS = {
  header: (block) => h("h3.block.header", null, plain(block.text)),
  section,
  divider: () => h("hr.block.divider"),
  context,
  actions,
  input,
  image,
  rich_text: (block) => h("div.block", null, richText(block)),
  markdown: (block) => h("div.block", null, markdown(block.text)),
  table,
  data_table: table,
  data_visualization: chart,
  alert: (block) => h(`div.block.alert.${block.level ?? "default"}`, { role: "note" }, plainOrMrkdwn(block.text)),
};

// Beside the text these would be too narrow to read.
const ROOMY = ["radio_buttons", "checkboxes", "datepicker", "timepicker"];

function section(block, container) {
  const { accessory } = block;
  const slot = { container, blockId: block.block_id, dispatches: true };
  const shape = !accessory ? "" : ROOMY.includes(accessory.type) || accessory.type.includes("select") ? ".roomy" : `.with-${accessory.type}`;
  return h(
    `div.block.section${shape}`,
    null,
    h(
      "div.section-text",
      null,
      block.text && plainOrMrkdwn(block.text),
      block.fields && h("div.fields", null, block.fields.map((field) => h("div.of-fields", null, plainOrMrkdwn(field)))),
    ),
    accessory && h("div.accessory", null, renderElement(accessory, slot)),
  );
}

function context(block) {
  const parts = block.elements.map((element) =>
    element.type === "image" ? picture(element, "span.tiny") : h("span.context-text", null, plainOrMrkdwn(element)),
  );
  return h("div.block.context", null, parts);
}

function actions(block, container) {
  const slot = { container, blockId: block.block_id, dispatches: true };
  return h("div.block.actions", null, block.elements.map((element) => renderElement(element, slot)));
}

const GROUPS = ["radio_buttons", "checkboxes"];

function input(block, container, error) {
  const { element } = block;
  const [labelId, controlId, hintId, errorId] = ["label", "control", "hint", "error"].map(freshId);
  const described = [block.hint && hintId, error && errorId].filter(Boolean).join(" ") || null;
  const grouped = GROUPS.includes(element.type);
  const names = {
    id: controlId,
    "aria-labelledby": labelId,
    "aria-describedby": described,
    "aria-invalid": error && !grouped ? "true" : null,
    "aria-required": block.optional || grouped ? null : "true",
  };
  const slot = { container, blockId: block.block_id, dispatches: block.dispatch_action === true, optional: block.optional, names };
  const words = [h("span", { id: labelId }, plain(block.label)), block.optional && h("small", null, "optional")];
  return h(
    `div.block.field${error ? ".wrong" : ""}`,
    null,
    grouped ? h("div.label", null, words) : h("label.label", { for: controlId }, words),
    renderElement(element, slot),
    error && h("p.error", { id: errorId }, error),
    block.hint && h("p.hint", { id: hintId }, plain(block.hint)),
  );
}

function image(block) {
  return h("figure.block.figure", null, block.title && h("figcaption", null, plain(block.title)), picture(block, "span.picture"));
}

const CELLS = {
  raw_text: (cell) => cell.text,
  raw_number: (cell) => String(cell.value ?? cell.text),
  rich_text: richText,
};

const cellContent = (cell) => CELLS[cell.type]?.(cell) ?? cell.text ?? "";

function table(block) {
  const settings = block.column_settings ?? [];
  const classes = (index) => [settings[index]?.align, settings[index]?.is_wrapped && "wrapped"].filter(Boolean);
  const cell = (tag) => (each, index) => h([tag, ...classes(index)].join("."), { scope: tag === "th" ? "col" : null }, cellContent(each));
  const [head, ...rows] = block.rows;
  return h(
    "div.block.table",
    // A wide table is scrolled, by keyboard as well.
    { tabIndex: 0, role: "group", "aria-label": block.caption ?? "Table" },
    h(
      "table",
      null,
      block.caption && h("caption", null, block.caption),
      h("thead", null, h("tr", null, head.map(cell("th")))),
      h("tbody", null, rows.map((row) => h("tr", null, row.map(cell("td"))))),
    ),
  );
}

function unknown(block) {
  return h(
    "details.block.unknown",
    null,
    h("summary", null, "A ", h("code", null, block.type), " block, which Slack draws and the playground does not"),
    h("pre", null, JSON.stringify(block, null, 2)),
  );
}
