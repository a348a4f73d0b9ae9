// Slack's mrkdwn as elements: names for mentions, the reader's zone for dates, pictures for emoji.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { fillToken } from "./times.js";

const INLINE = /```([\s\S]+?)```|(https?:\/\/[^\s<>|*_~`]+[^\s<>|*_~`.,;:!?)])|`([^`\n]+)`|<([^<>]+)>|:([a-z0-9_+-]+):|(?<![\w*])\*([^*\n]+)\*(?!\w)|(?<![\w_])_([^_\n]+)_(?!\w)|(?<![\w~])~([^~\n]+)~(?!\w)/g;

/** Draw mrkdwn; `reader` has names, zone and now. */
export function mrkdwn(text, reader) {
  return paragraphs(text.split("\n"), reader);
}

function paragraphs(lines, reader) {
  const drawn = [];
  const fence = lines.findIndex((line) => line.startsWith("```") && !line.slice(3).includes("```"));
  if (fence >= 0) return inline(lines.join("\n"), reader);
  for (let at = 0; at < lines.length; at += 1) {
    if (lines[at].startsWith("&gt;")) {
      const quoted = [];
      while (at < lines.length && lines[at].startsWith("&gt;")) quoted.push(lines[at++].slice(4).trimStart());
      drawn.push(h("blockquote", {}, paragraphs(quoted, reader)));
      at -= 1;
    } else {
      drawn.push(...inline(lines[at], reader));
      if (at < lines.length - 1) drawn.push(h("br"));
    }
  }
  return drawn;
}

function inline(text, reader) {
  const drawn = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > end) drawn.push(unescaped(text.slice(end, found.index)));
    drawn.push(piece(found, reader));
    end = found.index + found[0].length;
  }
  if (end < text.length) drawn.push(unescaped(text.slice(end)));
  return drawn;
}

function piece(found, reader) {
  const [whole, pre, address, code, token, name, bold, italic, struck] = found;
  if (pre !== undefined) return h("pre", {}, unescaped(pre.replace(/^\n/, "")));
  if (address !== undefined) return link(unescaped(address), unescaped(address));
  if (code !== undefined) return h("code", {}, unescaped(code));
  if (token !== undefined) return mention(token, reader);
  if (name !== undefined) return emoji(name) ?? whole;
  if (bold !== undefined) return h("strong", {}, inline(bold, reader));
  if (italic !== undefined) return h("em", {}, inline(italic, reader));
  return h("s", {}, inline(struck, reader));
}

function mention(token, reader) {
  const [inside, label] = token.split(/\|(.*)/s);
  if (inside.startsWith("@")) return h("span", { class: "mention" }, `@${reader.name(inside.slice(1)) || label || inside}`);
  if (inside.startsWith("#")) return h("span", { class: "mention" }, `#${reader.name(inside.slice(1)) || label || inside}`);
  if (inside.startsWith("!date^")) return dateToken(inside, label, reader);
  if (inside.startsWith("!")) return h("span", { class: "mention" }, label || `@${inside.slice(1).split("^")[0]}`);
  return link(unescaped(inside), unescaped(label || inside));
}

function dateToken(inside, fallback, reader) {
  const [, seconds, format, address] = inside.split("^");
  const ms = Number(seconds) * 1000;
  if (!Number.isFinite(ms)) return unescaped(fallback || inside);
  const words = fillToken(unescaped(format), ms, reader.zone, reader.now());
  const shown = h("time", { datetime: new Date(ms).toISOString(), title: fallback || "" }, words);
  return address ? link(address, words) : shown;
}

/** A link that a person may follow; the page itself never asks for it. */
export function link(address, label) {
  if (!/^(https?|mailto):/i.test(address)) return label;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

export function unescaped(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Words in a plain_text or mrkdwn object. */
export function words(text, reader) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text, reader);
  return plain(text.text, text.emoji !== false);
}

function plain(text, hasEmoji) {
  const drawn = [];
  for (const part of text.split(/(:[a-z0-9_+-]+:|\n)/)) {
    if (part === "\n") drawn.push(h("br"));
    else if (part) drawn.push((hasEmoji && /^:.*:$/.test(part) && emoji(part.slice(1, -1))) || part);
  }
  return drawn;
}
