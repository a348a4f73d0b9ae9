// The emoji that Slack knows by these names, as far as programmes use them; others stay as they were typed.

import { h } from "./dom.js";

const KNOWN = {
  "+1": "👍", "-1": "👎", alarm_clock: "⏰", arrow_right: "➡️", bar_chart: "📊", bell: "🔔", books: "📚", bulb: "💡",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", calendar: "📆", chart_with_upwards_trend: "📈", clap: "👏",
  clipboard: "📋", clock3: "🕒", crystal_ball: "🔮", date: "📅", disappointed: "😞", door: "🚪", email: "✉️", eyes: "👀", file_folder: "📁",
  fire: "🔥", gear: "⚙️", green_heart: "💚", handshake: "🤝", heart: "❤️", herb: "🌿", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", house: "🏠", inbox_tray: "📥", information_source: "ℹ️", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_orange_circle: "🟠", large_yellow_circle: "🟡", link: "🔗", lock: "🔒", mag: "🔍",
  memo: "📝", mortar_board: "🎓", muscle: "💪", neutral_face: "😐", no_bell: "🔕", no_entry_sign: "🚫",
  outbox_tray: "📤", page_facing_up: "📄", palm_tree: "🌴", paperclip: "📎", pencil: "✏️", pencil2: "✏️",
  point_right: "👉", pray: "🙏", pushpin: "📌", question: "❓", raised_hand: "✋", raising_hand: "🙋", red_circle: "🔴",
  rocket: "🚀", rotating_light: "🚨", round_pushpin: "📍", scales: "⚖️", seedling: "🌱", slightly_smiling_face: "🙂",
  smile: "😄", smiley: "😃", sos: "🆘", sparkles: "✨", speech_balloon: "💬", spiral_calendar_pad: "🗓️", star: "⭐",
  stopwatch: "⏱️", sunny: "☀️", tada: "🎉", thumbsup: "👍", ticket: "🎫", tired_face: "😫", warning: "⚠️", wave: "👋",
  white_check_mark: "✅", white_circle: "⚪", worried: "😟", wrench: "🔧", x: "❌", zzz: "💤",
};

/** Return a text with the emoji in it as signs, for where no element can stand. */
export function signs(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => KNOWN[name] ?? whole);
}

/** Return an emoji as an element that says its name, or null where the name is not known. */
export function emoji(name) {
  const sign = KNOWN[name];
  return sign ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, sign) : null;
}
