/** Times in words, always in one person's own timezone and language. */

const MINUTE = 60_000;
const DAY = 86_400_000;

const formats = new Map();

/** A kept `Intl.DateTimeFormat`: making one is slow. */
function format(person, options) {
  const key = JSON.stringify([person.locale, person.tz, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(person.locale, { timeZone: person.tz, ...options }));
  return formats.get(key);
}

const LONG = { weekday: "long", month: "long", day: "numeric" };
const SHORT = { month: "short", day: "numeric" };
const TIME = { hour: "numeric", minute: "2-digit" };

/** The calendar day as YYYY-MM-DD, where that person is. */
export function dayOf(person, moment) {
  const part = partsOf(person, moment);
  return `${part.year}-${part.month}-${part.day}`;
}

function partsOf(person, moment) {
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = format({ tz: person.tz, locale: "en-US" }, options).formatToParts(moment);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

/** The hour as people there write it. */
export const timeOf = (person, moment) => format(person, TIME).format(moment);

/** A heading between two days: Today, Yesterday, or the day. */
export const dayHeading = (person, moment, now) => near(person, moment, now) ?? format(person, LONG).format(moment);

/** The clock bar's own wording: "Tue, Nov 24". */
export const shortDay = (person, moment) => format(person, { weekday: "short", ...SHORT }).format(moment);

/** The city of a timezone: "New York". */
export const cityOf = (tz) => tz.split("/").at(-1).replaceAll("_", " ");

/** Today, Yesterday or Tomorrow, or null. */
function near(person, moment, now) {
  const day = dayOf(person, moment);
  const days = [[0, "Today"], [-1, "Yesterday"], [1, "Tomorrow"]];
  return days.find(([away]) => day === dayOf(person, now + away * DAY))?.[1] ?? null;
}

function ago(moment, now) {
  const minutes = Math.round((moment - now) / MINUTE);
  const [amount, unit] =
    Math.abs(minutes) < 60 ? [minutes, "minute"] : Math.abs(minutes) < 1440 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(amount, unit);
}

const ORDINALS = { one: "st", two: "nd", few: "rd", other: "th" };
const ordinalRules = new Intl.PluralRules("en", { type: "ordinal" });

/** A day as Slack writes it: "November 24th", with the year only where it lies six months away or more. */
function dated(person, moment, now, options) {
  const year = Math.abs(moment - now) > 183 * DAY ? { year: "numeric" } : {};
  const ordinal = options.month === "long" && person.locale.startsWith("en-US");
  const parts = format(person, { ...options, ...year }).formatToParts(moment);
  return parts
    .map(({ type, value }) => (ordinal && type === "day" ? value + ORDINALS[ordinalRules.select(Number(value))] : value))
    .join("");
}

const MIDDLE = { month: "long", day: "numeric" };

const plainDate = (options) => (person, moment, now) => dated(person, moment, now, options);
const prettyDate = (options) => (person, moment, now) => near(person, moment, now) ?? dated(person, moment, now, options);

// Slack: docs.slack.dev/messaging/formatting-message-text#date-formatting
const TOKENS = {
  date_num: dayOf,
  date_slash: (person, moment) => format(person, { year: "numeric", month: "2-digit", day: "2-digit" }).format(moment),
  date: plainDate(MIDDLE),
  date_short: plainDate(SHORT),
  date_long: plainDate(LONG),
  date_pretty: prettyDate(MIDDLE),
  date_short_pretty: prettyDate(SHORT),
  date_long_pretty: prettyDate(LONG),
  day_divider_pretty: prettyDate(LONG),
  time: timeOf,
  time_secs: (person, moment) => format(person, { ...TIME, second: "2-digit" }).format(moment),
  ago: (_person, moment, now) => ago(moment, now),
};

/** Slack's `<!date^…>`: words like "today" are written small unless they begin the sentence. */
export function slackDate(template, seconds, person, now) {
  return template.replace(/\{(\w+)\}/g, (whole, token, at) => {
    const words = TOKENS[token]?.(person, seconds * 1000, now) ?? whole;
    return at > 0 && /^(Today|Yesterday|Tomorrow)$/.test(words) ? words.toLowerCase() : words;
  });
}

/** Unix seconds as the value of a `datetime-local` field in that person's timezone. */
export function localFieldOf(person, seconds) {
  const part = partsOf(person, seconds * 1000);
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The way back: the instant at which that person's clocks show what the field says. */
export function secondsOf(person, field) {
  const wanted = Date.parse(`${field}:00Z`);
  let instant = wanted;
  // Twice, since the first guess may lie on the other side of a change of the clocks.
  for (let turn = 0; turn < 2; turn++) instant += wanted - Date.parse(`${localFieldOf(person, instant / 1000)}:00Z`);
  return Math.round(instant / 1000);
}

/** How far the movable clock has been moved on, as "+6 d 23 h", or null. */
export function aheadInWords(milliseconds) {
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes < 1) return null;
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor((minutes % 1440) / 60), "h"],
    [minutes % 60, "min"],
  ].filter(([amount]) => amount);
  return `+${parts.slice(0, 2).map(([amount, unit]) => `${amount} ${unit}`).join(" ")}`;
}
