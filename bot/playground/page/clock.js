/** The clock that can be moved on, so that what is due later can be seen now. */

import { post } from "./api.js";
import { aheadInWords, cityOf, shortDay, timeOf } from "./dates.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { now, refresh, store } from "./state.js";
import { complain } from "./toasts.js";

const MOVES = [
  { testid: "clock-hour", label: "+1 h", move: { seconds: 3600 } },
  { testid: "clock-day", label: "+1 d", move: { seconds: 86_400 } },
  { testid: "clock-monday", label: "Mon 9:00", move: { to: "monday-9" } },
];

const shown = h("time", { data: { testid: "clock-now" } });
const ahead = h("small.ahead");
const buttons = MOVES.map(({ testid, label, move }) =>
  h("button.button.small", { type: "button", data: { testid }, on: { click: () => moveOn(move) } }, label),
);

/** The clock and its buttons. */
export const clock = h(
  "div.clock",
  { role: "group", "aria-label": "The playground’s clock" },
  h("div.clock-face", null, icon("clock"), h("div.clock-words", null, shown, ahead)),
  h("div.clock-moves", null, buttons),
);

/** Draws the time where the person acting is. */
export function showClock() {
  if (!store.state) return;
  const { me } = store.state;
  const moment = now();
  const words = `${shortDay(me, moment)}, ${timeOf(me, moment)}`;
  const place = [cityOf(me.tz), aheadInWords(store.clockAhead)].filter(Boolean).join(" · ");
  if (shown.textContent !== words) fill(shown, words);
  if (ahead.textContent !== place) fill(ahead, place);
  shown.dateTime = new Date(moment).toISOString();
}

setInterval(showClock, 1000);

let moving = false;

async function moveOn(move) {
  if (moving) return;
  moving = true;
  clock.dataset.moving = "true";
  try {
    await post("clock", { as: store.as, ...move });
    await refresh();
    fill(document.getElementById("spoken"), `It is now ${shown.textContent}.`);
  } catch (refused) {
    complain(refused);
  } finally {
    moving = false;
    delete clock.dataset.moving;
  }
}
