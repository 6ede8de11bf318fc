/** The files that came with a message, to be downloaded. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./state.js";

const UNITS = ["byte", "kilobyte", "megabyte"];

/** A row for each file; nothing for a message without any. */
export function files(message) {
  const rows = (message.files ?? []).map((file) => h("li", null, row(file)));
  return rows.length ? h("ul.files", { "aria-label": "Files" }, rows) : null;
}

function row(file) {
  const href = `/playground/file/${encodeURIComponent(file.id)}?${new URLSearchParams({ as: store.as })}`;
  return h(
    "a.file",
    { href, download: "", title: file.title, data: { testid: "file" } },
    icon("file"),
    h("span.unseen", null, "Download "),
    h("span.file-name", null, file.title),
    h("span.file-size", null, sizeOf(file.size)),
    icon("save"),
  );
}

/** So many bytes, in the unit in which people say it. */
function sizeOf(bytes) {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const options = { style: "unit", unit: UNITS[power], unitDisplay: power ? "short" : "long", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(store.state.me.locale, options).format(bytes / 1000 ** power);
}
