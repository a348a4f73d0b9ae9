// The side panel: a thread, or the traffic between the workspace and the app.

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { drawMessages } from "./messages.js";
import { changed, conversation, nameOf, store } from "./store.js";

let open = "";
let drawn = "";

/** Open or close the panel of this name. */
export function openPanel(name) {
  open = open === name ? "" : name;
  store.thread = null;
}

export function drawPanel() {
  const panel = document.getElementById("panel");
  const shown = store.thread && conversation() ? "thread" : open;
  panel.hidden = !shown;
  document.body.classList.toggle("panel-open", !!shown);
  const sign = shown === "thread" ? `thread-${store.thread}` : shown;
  if (sign !== drawn) {
    drawn = sign;
    panel.replaceChildren(...(shown ? frame(shown) : []));
  }
  if (shown === "thread") drawMessages(panel.querySelector(".messages"), conversation(), store.thread);
  if (shown === "traffic") drawTraffic(panel.querySelector("tbody"));
}

function frame(shown) {
  const title = shown === "thread" ? "Thread" : "Traffic";
  panelLabel(title);
  const head = h("div", { class: "head" }, h("h2", {}, title), h("button", {
    type: "button", class: "close", "aria-label": `Close ${title.toLowerCase()}`,
    onclick: () => {
      open = "";
      store.thread = null;
      changed();
    },
  }, "×"));
  if (shown === "thread") return [head, h("div", { class: "messages", tabindex: "0" }), composer(store.thread)];
  const names = ["When", "What", "", "Took"].map((name) => h("th", { scope: "col" }, name));
  return [head,
    h("p", { class: "hint" }, "What people did (→ to the app, with how long it took to acknowledge) and what the app called (←)."),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Traffic" },
      h("table", { class: "traffic" }, h("thead", {}, h("tr", {}, names)), h("tbody", {})))];
}

function panelLabel(title) {
  document.getElementById("panel").setAttribute("aria-label", title);
}

function drawTraffic(body) {
  const newest = store.traffic.at(-1)?.n || 0;
  if (Number(body.dataset.newest) === newest) return;
  body.dataset.newest = newest;
  body.replaceChildren(...store.traffic.slice(-200).reverse().map(row));
}

function row(entry) {
  const at = new Date(entry.at * 1000).toLocaleTimeString("en-GB");
  if (entry.way === "in") {
    const trouble = entry.failed ? h("em", { class: "refused" }, entry.failed) : null;
    const by = entry.user ? `${entry.user}: ` : "";
    return h("tr", { class: "in" }, h("td", {}, at), h("td", {}, `→ ${by}${entry.what}`, trouble), h("td", {}, KINDS[entry.kind] || entry.kind),
      h("td", {}, `${Math.round(entry.ack_ms)} ms`));
  }
  const trouble = entry.ok ? null : h("em", { class: "refused" }, [entry.error, entry.why].filter(Boolean).join(": "));
  const to = entry.to ? ` ${nameOf(entry.to) || entry.to}` : "";
  return h("tr", { class: "out" }, h("td", {}, at), h("td", {}, `← ${entry.method}${to}`, trouble), h("td", {}, entry.ok ? "ok" : "refused"),
    h("td", {}, `${Math.round(entry.ms)} ms`));
}

const KINDS = { slash_commands: "command", interactive: "press", events_api: "event", answer: "answer" };
