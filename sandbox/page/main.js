// Puts the page together: each part draws itself anew when what it shows has changed.

import { say } from "./dom.js";
import { drawMain } from "./place.js";
import { drawModal } from "./modal.js";
import { drawPanel } from "./panel.js";
import { drawSide } from "./side.js";
import { begin, changed, go, store, subscribe } from "./store.js";
import { beginTour, drawTour } from "./tour.js";
import { drawTop, tick } from "./top.js";

const PARTS = [drawTop, drawSide, drawMain, drawPanel, drawModal, drawTour];

subscribe(() => {
  if (!store.me) return;
  document.title = `${store.about.team} · ${store.me.shown}`;
  for (const draw of PARTS) draw(store);
});

document.addEventListener("visibilitychange", changed);
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "k") {
    event.preventDefault();
    document.body.classList.add("side-open");
    document.querySelector("#find-person")?.focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.overflow[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

begin()
  .then(() => {
    beginTour();
    go("app");
    setInterval(tick, 1000);
  })
  .catch((error) => say(`The page could not start: ${error.message}`, true));
