/** What Slack's own client refuses before a form goes out (docs.slack.dev/reference/block-kit/block-elements). */

import { initialOf } from "./elements.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Sentences by block_id for the inputs of a view that cannot be sent as they are. */
export function problemsOf(blocks, typed) {
  const problems = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const problem = problemOf(block, typed);
    if (problem) problems[block.block_id] = problem;
  }
  return problems;
}

function problemOf({ element, block_id: blockId, optional }, typed) {
  const value = typed.has(blockId, element.action_id) ? typed.get(blockId, element.action_id) : initialOf(element);
  const empty = value === null || value === "" || (Array.isArray(value) && !value.length);
  if (empty) return optional ? null : "Please complete this required field.";
  return CHECKS[element.type]?.(element, value) ?? null;
}

const CHECKS = {
  plain_text_input: lengthProblem,
  email_text_input: (_element, value) => (EMAIL.test(value) ? null : "Enter a valid email address."),
  url_text_input: (_element, value) => (URL.canParse(value) ? null : "Enter a valid URL."),
  number_input: numberProblem,
};

function lengthProblem({ min_length: least = 0, max_length: most = Infinity }, { length }) {
  if (length < least) return `Enter at least ${least} characters.`;
  return length > most ? `Enter at most ${most} characters: ${length - most} too many.` : null;
}

function numberProblem({ is_decimal_allowed: decimals, min_value: least, max_value: most }, value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return "Enter a number.";
  if (!decimals && !Number.isInteger(number)) return "Enter a whole number.";
  if (least !== undefined && number < Number(least)) return `Enter ${least} or more.`;
  return most !== undefined && number > Number(most) ? `Enter ${most} or less.` : null;
}
