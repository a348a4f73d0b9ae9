// Messages of a conversation or of a thread; those that did not change stay as they are.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { face } from "./side.js";
import { changed, nameOf, now, reader, store } from "./store.js";
import { surfaceOf } from "./surface.js";
import { clockTime, dateOf, dayAndTime, dayName } from "./times.js";

const NEAR_THE_END = 120;

/** Draw a conversation's messages, or those of one thread of it. */
export function drawMessages(node, here, thread) {
  const all = [...(store.messages.get(here.id)?.values() || [])].sort((a, b) => (a.ts < b.ts ? -1 : 1));
  const isReply = (one) => one.thread_ts && one.thread_ts !== one.ts;
  const shown = thread ? all.filter((one) => one.ts === thread || one.thread_ts === thread) : all.filter((one) => !isReply(one));
  const replies = new Map();
  for (const one of all.filter(isReply)) replies.set(one.thread_ts, (replies.get(one.thread_ts) || 0) + 1);
  const isAtEnd = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_THE_END;
  const grew = place(node, rows(shown, replies, here, thread));
  if (grew && isAtEnd) node.scrollTop = node.scrollHeight;
}

function rows(shown, replies, here, thread) {
  const wanted = [];
  let day = "";
  for (const one of shown) {
    const at = Number(one.ts) * 1000;
    if (dateOf(at, store.me.tz) !== day) {
      day = dateOf(at, store.me.tz);
      const name = dayName(at, store.me.tz, now());
      wanted.push({ key: `day-${day}`, sign: name, make: () => h("p", { class: "day" }, h("span", {}, name)) });
    }
    const count = thread ? 0 : replies.get(one.ts) || 0;
    wanted.push({ key: one.ts, sign: `${one.seq}/${count}`, make: () => message(one, count) });
  }
  if (!wanted.length) wanted.push({ key: "none", sign: here.id, make: () => empty(here) });
  return wanted;
}

/** Put rows into a node, reusing what has not changed; returns whether anything is new. */
function place(node, wanted) {
  const there = new Map([...node.children].map((child) => [child.dataset.row, child]));
  let isNew = false;
  const children = wanted.map((row) => {
    const old = there.get(row.key);
    if (old && old.dataset.sign === row.sign) return old;
    isNew = true;
    const made = row.make();
    Object.assign(made.dataset, { row: row.key, sign: row.sign });
    return made;
  });
  if (isNew || children.length !== node.children.length) swap(node, children);
  return isNew;
}

/** Exchange children one by one, so that what stays keeps the keyboard and its place. */
function swap(node, children) {
  const kept = new Set(children);
  for (const child of [...node.children]) if (!kept.has(child)) child.remove();
  children.forEach((child, at) => {
    if (node.children[at] !== child) node.insertBefore(child, node.children[at] || null);
  });
}

function empty(here) {
  return h("p", { class: "waiting" }, here.is_app
    ? "No messages yet. Type / to see the commands, or write to the app."
    : "No messages yet.");
}

function message(one, replies) {
  const at = Number(one.ts) * 1000;
  const name = nameOf(one.user);
  return h("article", { class: `message ${one.ephemeral ? "ephemeral" : ""}`, data: { ts: one.ts }, "aria-label": `${name}, ${clockTime(at, store.me.tz)}` },
    face(name),
    h("div", { class: "content" },
      one.ephemeral ? h("p", { class: "only" }, "👁 Only visible to you") : null,
      h("p", { class: "by" },
        h("strong", {}, name),
        one.from_app ? h("span", { class: "badge" }, "APP") : null,
        h("time", { datetime: new Date(at).toISOString(), title: dayAndTime(at, store.me.tz) }, clockTime(at, store.me.tz))),
      content(one),
      one.edited ? h("span", { class: "edited" }, "(edited)") : null,
      one.files.map(file),
      one.ephemeral ? null : threadButton(one, replies)));
}

function content(one) {
  if (one.from_app && one.blocks.length) return h("div", { class: "blocks" }, blocks(one.blocks, surfaceOf({ message: one })));
  return h("div", { class: "words" }, mrkdwn(one.text, reader()));
}

function file(each) {
  if (each.mimetype.startsWith("image/")) {
    return h("a", { href: each.address, target: "_blank", rel: "noopener" },
      h("img", { class: "shared", src: each.address, alt: each.alt || each.name, loading: "lazy" }));
  }
  const size = each.size > 2048 ? `${Math.round(each.size / 1024)} kB` : `${each.size} bytes`;
  return h("a", { class: "file", href: each.address, download: each.name }, `📄 ${each.name}`, h("small", {}, size));
}

function threadButton(one, replies) {
  const words = replies ? `${replies} ${replies === 1 ? "reply" : "replies"}` : "Reply in thread";
  return h("button", {
    type: "button", class: `thread ${replies ? "" : "quiet"}`, data: { key: `thread-${one.ts}` },
    onclick: () => {
      store.thread = one.thread_ts || one.ts;
      changed();
    },
  }, words);
}
