// Slack's rich_text blocks as elements.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./mrkdwn.js";
import { fillToken } from "./times.js";

const PARTS = {
  rich_text: (part, reader) => h("div", { class: "rich" }, inside(part, reader)),
  rich_text_section: (part, reader) => h("p", {}, inside(part, reader)),
  rich_text_quote: (part, reader) => h("blockquote", {}, inside(part, reader)),
  rich_text_preformatted: (part, reader) => h("pre", {}, inside(part, reader)),
  rich_text_list: (part, reader) =>
    h(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((each) => h("li", {}, richText(each, reader)))),
  text: (part) => styled(part.text, part.style || {}),
  link: (part) => link(part.url, part.text || part.url),
  emoji: (part) => emoji(part.name) ?? `:${part.name}:`,
  user: (part, reader) => h("span", { class: "mention" }, `@${reader.name(part.user_id) || part.user_id}`),
  channel: (part, reader) => h("span", { class: "mention" }, `#${reader.name(part.channel_id) || part.channel_id}`),
  broadcast: (part) => h("span", { class: "mention" }, `@${part.range}`),
  date: (part, reader) => h("time", {}, fillToken(part.format, part.timestamp * 1000, reader.zone, reader.now())),
};

/** Draw a rich_text block or a part of one; what is not known is named. */
export function richText(part, reader) {
  const draw = PARTS[part.type];
  return draw ? draw(part, reader) : `(${part.type})`;
}

function inside(part, reader) {
  return part.elements.map((each) => richText(each, reader));
}

function styled(text, style) {
  let shown = text.includes("\n") ? text.split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line])) : text;
  if (style.code) shown = h("code", {}, shown);
  if (style.strike) shown = h("s", {}, shown);
  if (style.italic) shown = h("em", {}, shown);
  if (style.bold) shown = h("strong", {}, shown);
  return shown;
}
