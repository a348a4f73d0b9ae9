// The top: the workspace, the demonstration's clock and how to move it, panels, light and dark.

import { h, refill, say } from "./dom.js";
import { openPanel } from "./panel.js";
import { changed, moveClock, now, store } from "./store.js";
import { restartTour } from "./tour.js";
import { dayAndTime } from "./times.js";

const MOVES = [["hour", "An hour on"], ["tomorrow", "Tomorrow 09:00"], ["week", "A week on"]];
let drawn = "";

export function drawTop() {
  const { clock, me } = store;
  const sign = JSON.stringify([me.id, clock.wanted, clock.is_followed, clock.deadline, store.isConnected, store.connections > 0]);
  if (sign !== drawn) {
    drawn = sign;
    refill(document.getElementById("top"), title(), clockPanel(), tools());
  }
  tick();
}

function title() {
  return [
    h("button", {
      type: "button", class: "menu", "aria-label": "People and conversations", data: { key: "menu" },
      onclick: () => document.body.classList.toggle("side-open"),
    }, "☰"),
    h("strong", { class: "team" }, store.about.team),
    h("span", { class: "sandbox" }, "sandbox"),
    store.isConnected ? null : h("span", { class: "trouble", role: "alert" }, "The sandbox does not answer"),
    store.isConnected && !store.connections ? h("span", { class: "trouble" }, "The app is not connected") : null,
  ];
}

function clockPanel() {
  const { clock } = store;
  const canMove = clock.is_followed && clock.wanted === null;
  const button = (to, name, hint) => h("button", {
    type: "button", disabled: !canMove, title: hint, data: { key: `move-${to}`, move: to }, onclick: () => move(to),
  }, name);
  const next = clock.deadline;
  return h("div", { class: "clock", role: "group", "aria-label": "The demonstration's clock" },
    h("time", { class: "shown", title: `Your zone: ${store.me.tz}` }),
    clock.wanted !== null ? h("span", { class: "moving", role: "status" }, "time passes…") : null,
    MOVES.map(([to, name]) => button(to, name, "")),
    next ? button("deadline", `To the next deadline (${next.name})`, dayAndTime(next.at, store.me.tz)) : null);
}

async function move(to) {
  const answer = await moveClock(to);
  if (answer.error) say(answer.error, true);
}

/** How far the clock still has to go; a day takes some seconds. */
function toGo() {
  const hours = Math.round(((store.clock.wanted ?? 0) - store.clock.ahead) / 3600);
  if (hours <= 1) return "time passes…";
  return `time passes, ${hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`} to go…`;
}

/** Show the time as it goes on. */
export function tick() {
  const node = document.querySelector("#top .shown");
  const moving = document.querySelector("#top .moving");
  if (moving) moving.textContent = toGo();
  if (node && store.me) node.textContent = `🕒 ${dayAndTime(now(), store.me.tz)}, ${store.me.shown || store.me.name}'s time`;
}

function tools() {
  return h("div", { class: "tools" },
    h("button", { type: "button", data: { key: "tour", tool: "tour" }, onclick: restartTour }, "Tour"),
    h("button", { type: "button", data: { key: "traffic", tool: "traffic" }, onclick: () => { openPanel("traffic"); changed(); } }, "Traffic"),
    h("button", { type: "button", "aria-label": "Light or dark", data: { key: "theme", tool: "theme" }, onclick: theme }, "◐"));
}

function theme() {
  const isDark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
}

const remembered = localStorage.getItem("theme");
if (remembered) document.documentElement.dataset.theme = remembered;
