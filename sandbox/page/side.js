// The side: whom one acts as, channels, direct messages, the app.

import { h, refill } from "./dom.js";
import { become, changed, go, store } from "./store.js";

const FIRST = 3;
let wanted = "";
let drawn = "";

export function drawSide() {
  const sign = JSON.stringify([store.me.id, store.place, store.conversations, store.unread, wanted]);
  if (sign === drawn) return;
  drawn = sign;
  refill(document.getElementById("side"), people(), places());
}

function people() {
  return h("section", { "aria-label": "Act as" },
    h("h2", {}, "Act as"),
    groups().map(([title, some]) => [
      title ? h("h3", {}, title) : null,
      h("ul", {}, some.map((one) => h("li", {}, person(one)))),
    ]),
    h("input", {
      id: "find-person", type: "search", placeholder: "Find anyone…", "aria-label": "Find anyone to act as",
      value: wanted, data: { key: "find-person" },
      oninput: (event) => {
        wanted = event.target.value;
        changed();
      },
    }));
}

/** The first few of each title, or whoever fits what was typed; always with the person one acts as. */
function groups() {
  const fits = (one) => `${one.shown} ${one.name}`.toLowerCase().includes(wanted.toLowerCase());
  if (wanted) return [["", store.about.people.filter(fits).slice(0, 12)]];
  const titles = new Map();
  for (const one of store.about.people) {
    if (!titles.has(one.title)) titles.set(one.title, []);
    const group = titles.get(one.title);
    if (group.length < FIRST || one.id === store.me.id) group.push(one);
  }
  return [...titles].map(([title, some]) => [title ? `${title}s` : "", some]);
}

function person(one) {
  const isMe = one.id === store.me.id;
  return h("button", {
    type: "button", class: isMe ? "here" : "", "aria-pressed": String(isMe), data: { key: `person-${one.id}`, person: one.name },
    onclick: () => {
      wanted = "";
      document.body.classList.remove("side-open");
      become(one.id);
    },
  }, face(one.shown), h("span", { class: "name" }, one.shown), isMe ? null : mark(store.unread[one.id]));
}

/** A coloured square with the first letter of a name. */
export function face(name) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  return h("span", { class: `face hue-${Math.floor(hue / 30)}`, "aria-hidden": "true" }, name.slice(0, 1).toUpperCase());
}

function mark(count) {
  return count ? h("span", { class: "mark", "aria-label": `${count} unread` }, count > 99 ? "99+" : String(count)) : null;
}

function places() {
  const app = store.about.app;
  const channels = store.conversations.filter((one) => one.kind === "public" || one.kind === "private");
  const directs = store.conversations.filter((one) => (one.kind === "im" || one.kind === "mpim") && !one.is_app);
  const messages = store.conversations.find((one) => one.is_app);
  return h("section", { "aria-label": "Conversations" },
    h("h2", {}, "Apps"),
    h("ul", {}, h("li", {}, place(app.name, messages, "app"))),
    h("h2", {}, "Channels"),
    h("ul", {}, channels.sort((a, b) => a.name.localeCompare(b.name)).map((one) =>
      h("li", {}, place(`${one.kind === "private" ? "🔒" : "#"} ${one.name}`, one, one.id)))),
    directs.length ? h("h2", {}, "Direct messages") : null,
    h("ul", {}, directs.map((one) => h("li", {}, place(titleOf(one), one, one.id)))));
}

/** How a conversation is called for the person who looks. */
export function titleOf(one) {
  if (one.is_app) return store.about.app.name;
  if (one.kind === "public" || one.kind === "private") return `#${one.name}`;
  const names = one.others.map((id) => (id === store.about.app.user ? store.about.app.name
    : store.about.people.find((each) => each.id === id)?.shown || id));
  return names.join(", ");
}

function place(label, one, target) {
  const isApp = target === "app";
  const isHere = isApp ? !!store.place?.tab || store.place?.channel === one.id : store.place?.channel === one.id;
  return h("button", {
    type: "button",
    class: `${isHere ? "here" : ""} ${one.unread ? "unread" : ""}`,
    "aria-current": isHere ? "page" : undefined,
    data: { key: `place-${one.id}`, place: isApp ? "app" : one.name || one.id },
    onclick: () => {
      document.body.classList.remove("side-open");
      go(target);
    },
  }, h("span", { class: "name" }, label), mark(one.unread));
}
