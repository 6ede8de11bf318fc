/** The files that came with a message, to be downloaded; an e-mail is there to be read. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./state.js";

const UNITS = ["byte", "kilobyte", "megabyte"];

/** A row for each file; nothing for a message without any. */
export function files(message) {
  const rows = (message.files ?? []).map((file) => h("li", null, file.mode === "email" ? email(file) : row(file)));
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

function email(file) {
  const from = file.from.map((each) => each.original || each.address).join(", ");
  return h(
    "article.email",
    { "aria-label": "E-mail", data: { testid: "email" } },
    h("div.email-subject", null, icon("mail"), file.title),
    h("div.email-from", null, "From ", from),
    h("div.email-text", null, file.plain_text),
  );
}

/** So many bytes, in the unit in which people say it. */
function sizeOf(bytes) {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const options = { style: "unit", unit: UNITS[power], unitDisplay: power ? "short" : "long", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(store.state.me.locale, options).format(bytes / 1000 ** power);
}
