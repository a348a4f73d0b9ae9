// A guided tour in a few steps: what to do, as whom, where; it sees by itself when a step is done.

import { compose } from "./composer.js";
import { h, refill } from "./dom.js";
import { become, changed, go, store } from "./store.js";

let step = -1;
let done = new Set();
let since = 0;
let drawn = "";

/** Begin the tour for whoever is here for the first time. */
export function beginTour() {
  if (steps().length && !localStorage.getItem("tour")) start(0);
}

export function restartTour() {
  done = new Set();
  start(0);
  changed();
}

function steps() {
  return store.about.tour.steps || [];
}

function start(at) {
  step = at;
  since = store.trafficCount;
  if (at < 0) localStorage.setItem("tour", "seen");
}

export function drawTour() {
  const node = document.getElementById("tour");
  if (step < 0) {
    if (drawn) node.replaceChildren();
    drawn = "";
    unpoint(null);
    return;
  }
  if (store.traffic.some(fits) || passed()) done.add(step);
  const sign = JSON.stringify([step, done.has(step), store.me.id, store.place]);
  if (sign !== drawn) {
    drawn = sign;
    refill(node, card());
  }
  point();
}

/** Whether an entry of the traffic is what the step asks for. */
function fits(entry) {
  const wanted = steps()[step]?.done;
  if (!wanted?.what || entry.n <= since || entry.way !== "in" || entry.failed || entry.is_back) return false;
  return new RegExp(wanted.what).test(entry.what) && (!wanted.as || wanted.as === entry.user);
}

function passed() {
  const days = steps()[step]?.done?.days;
  return days !== undefined && store.clock.ahead > days * 86_400 - 3600 && store.clock.wanted === null;
}

/** Mark what is next in the step: the way there, then the last of the places it names; nothing once it is done. */
function point() {
  const each = steps()[step];
  const named = done.has(step) || !each ? [] : isThere(each) ? [each.point || []].flat() : ["[data-tour=go]"];
  const wanted = named.filter((each) => document.querySelector(each)).at(-1);
  unpoint(wanted);
  if (wanted) for (const node of document.querySelectorAll(wanted)) node.classList.add("pointed");
}

function unpoint(except) {
  for (const old of document.querySelectorAll(".pointed")) if (!except || !old.matches(except)) old.classList.remove("pointed");
}

function card() {
  const all = steps();
  const each = all[step];
  const isLast = step === all.length - 1;
  const isDone = done.has(step);
  return h("section", { class: "tour-card", role: "region", "aria-label": "Guided tour" },
    h("h2", {}, h("span", { class: "count" }, `${step + 1} of ${all.length}`), isDone ? `✓ ${each.title}` : each.title),
    h("p", { class: "text" }, isDone ? each.after : each.text),
    h("div", { class: "helps" }, isDone ? [] : helps(each)),
    h("menu", {},
      h("button", { type: "button", data: { key: "tour-skip", tour: "skip" }, onclick: () => { start(-1); changed(); } }, isLast && isDone ? "Close" : "Skip the tour"),
      step > 0 ? h("button", { type: "button", data: { key: "tour-back", tour: "back" }, onclick: () => { start(step - 1); changed(); } }, "Back") : null,
      isLast ? null : h("button", {
        type: "button", class: isDone ? "primary" : "", data: { key: "tour-next", tour: "next" },
        onclick: () => { start(step + 1); changed(); },
      }, "Next")));
}

function helps(each) {
  const who = store.about.people.find((one) => one.name === each.as);
  const shown = [];
  if (who && !isThere(each)) {
    shown.push(h("button", { type: "button", class: "primary", data: { key: "tour-go", tour: "go" }, onclick: () => take(who, each) },
      store.me.name === each.as ? "Go there" : `Act as ${who.shown}`));
  } else if (each.compose) {
    shown.push(h("button", { type: "button", class: "primary", data: { key: "tour-type", tour: "type" }, onclick: () => compose(each.compose) },
      "Type it for me"), h("span", { class: "hint" }, "then press Enter"));
  }
  return shown;
}

function isThere(each) {
  return store.me.name === each.as && isAt(each.place);
}

function isAt(place) {
  if (!place) return true;
  if (place === "home") return store.place?.tab === "home";
  const here = store.conversations.find((one) => one.id === store.place?.channel);
  return place === "app" ? !!here?.is_app : here?.name === place;
}

async function take(who, each) {
  if (store.me.id === who.id) go(each.place || "app");
  else await become(who.id, each.place || "app");
}
