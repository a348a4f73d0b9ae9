// The middle: a conversation with its composer, or one of the app's tabs.

import { blocks } from "./blocks.js";
import { composer, drawHints } from "./composer.js";
import { h, refill } from "./dom.js";
import { drawMessages } from "./messages.js";
import { titleOf } from "./side.js";
import { conversation, go, store } from "./store.js";
import { surfaceOf } from "./surface.js";

let drawnPlace = "";
let drawnHome = "";

export function drawMain() {
  const main = document.getElementById("main");
  const here = conversation();
  const sign = JSON.stringify([store.me.id, store.place, here && titleOf(here)]);
  if (sign !== drawnPlace) {
    drawnPlace = sign;
    drawnHome = "";
    main.replaceChildren(head(here), ...body(here));
  }
  if (here) {
    drawMessages(main.querySelector(".messages"), here, null);
    drawHints();
  } else if (store.place?.tab === "home") drawHome(main.querySelector(".home"));
}

function head(here) {
  const isApp = !here || here.is_app;
  return h("div", { class: "head" },
    h("h1", {}, isApp ? store.about.app.name : titleOf(here)),
    isApp ? tabs(here) : h("span", { class: "members" }, `${here.members} members`));
}

function tabs(here) {
  const all = [["home", "Home"], ["app", "Messages"], ["about", "About"]].filter(([tab]) => tab !== "home" || store.about.app.has_home);
  const current = here ? "app" : store.place?.tab;
  return h("div", { class: "tabs", role: "tablist" }, all.map(([tab, name]) =>
    h("button", {
      type: "button", role: "tab", "aria-selected": String(tab === current), data: { key: `tab-${tab}`, tab },
      onclick: () => go(tab),
    }, name)));
}

function body(here) {
  if (here) return [h("div", { class: "messages", role: "log", "aria-label": `Messages in ${titleOf(here)}`, tabindex: "0" }), composer(null)];
  if (store.place?.tab === "about") return [about()];
  return [h("div", { class: "home", "aria-label": "Home" })];
}

function about() {
  const app = store.about.app;
  return h("div", { class: "about" },
    h("h2", {}, app.description),
    h("p", {}, app.about),
    h("h2", {}, "Commands"),
    h("dl", {}, store.about.commands.map((one) => [h("dt", {}, h("code", {}, `${one.name} ${one.usage}`)), h("dd", {}, one.description)])));
}

function drawHome(node) {
  const sign = JSON.stringify(store.home?.blocks ?? null);
  if (sign === drawnHome) return;
  drawnHome = sign;
  if (!store.home) refill(node, h("p", { class: "waiting" }, "Home is being made…"));
  else refill(node, ...blocks(store.home.blocks, surfaceOf({ view: store.home })));
}
