/** Slack's text objects (docs.slack.dev/reference/block-kit/composition-objects/text-object). */

import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** A text object as nodes. */
export function plainOrMrkdwn(object) {
  if (!object) return "";
  return object.type === "mrkdwn" ? mrkdwn(object.text, { verbatim: object.verbatim }) : plain(object);
}

/** A text object as one string, for names and labels. */
export const plain = (object) => {
  if (!object) return "";
  if (object.type === "mrkdwn") return mrkdwn(object.text).textContent;
  return object.emoji === false ? object.text : withEmoji(object.text);
};
