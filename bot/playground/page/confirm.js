/** The question that Slack asks before a press with a `confirm` object goes out. */

import { fill, freshId, h } from "./dom.js";
import { plainOrMrkdwn } from "./text.js";

/** Asks, and answers true or false. */
export function confirmed({ title, text, confirm, deny, style }) {
  const titleId = freshId("confirm");
  const dialog = h("dialog.sheet.question", { "aria-labelledby": titleId, data: { testid: "confirm" } });
  const answer = (value) => () => dialog.close(value);
  fill(
    dialog,
    h("h2", { id: titleId }, plainOrMrkdwn(title)),
    h("div.question-text", null, plainOrMrkdwn(text)),
    h(
      "div.sheet-foot",
      null,
      h("button.button", { type: "button", on: { click: answer("") } }, plainOrMrkdwn(deny)),
      h(`button.button.${style === "danger" ? "danger" : "primary"}`, { type: "button", on: { click: answer("yes") } }, plainOrMrkdwn(confirm)),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    }),
  );
}
