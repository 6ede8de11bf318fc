/** The shortcodes that apps use most; any other is shown as it was written. */

const EMOJI = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", wave: "👋", clap: "👏", pray: "🙏", muscle: "💪",
  tada: "🎉", sparkles: "✨", star: "⭐", fire: "🔥", heart: "❤️", green_heart: "💚", rocket: "🚀", trophy: "🏆",
  smile: "😄", slightly_smiling_face: "🙂", blush: "😊", thinking_face: "🤔", sweat_smile: "😅", cry: "😢", eyes: "👀",
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", no_entry: "⛔", bulb: "💡", bell: "🔔",
  information_source: "ℹ️", question: "❓", exclamation: "❗", zap: "⚡", lock: "🔒", key: "🔑", mag: "🔍", pushpin: "📌",
  memo: "📝", calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", clock9: "🕘", hourglass: "⌛", alarm_clock: "⏰",
  telephone_receiver: "📞", phone: "☎️", email: "📧", envelope: "✉️", speech_balloon: "💬", ear: "👂", mega: "📣",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", moneybag: "💰", gift: "🎁",
  seedling: "🌱", deciduous_tree: "🌳", sunny: "☀️", coffee: "☕", handshake: "🤝", raised_hands: "🙌", point_right: "👉",
  arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", large_green_circle: "🟢",
  large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪", black_circle: "⚫",
};

/** The character of a shortcode, or null. */
export const emojiOf = (name) => (Object.hasOwn(EMOJI, name) ? EMOJI[name] : null);

/** Text with its known shortcodes turned into characters. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emojiOf(name) ?? whole);
