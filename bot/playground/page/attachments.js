/** What hangs on a message below its text, such as a message that was shared. */

import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

/** A block for each attachment; nothing for a message without any. */
export const attachments = (message) => (message.attachments ?? []).map(attachment);

function attachment({ pretext, title, text, fallback }) {
  const words = text || (title ? null : fallback);
  return [
    pretext && h("div.pretext", null, mrkdwn(pretext)),
    h("div.attachment", { data: { testid: "attachment" } }, title && h("strong", null, mrkdwn(title)), words && h("div", null, mrkdwn(words))),
  ];
}
