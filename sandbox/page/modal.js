// The modal in front; those below wait.

import { blocks } from "./blocks.js";
import { h, refill, say } from "./dom.js";
import { words } from "./mrkdwn.js";
import { act, reader, store } from "./store.js";
import { busy, flush, surfaceOf } from "./surface.js";

let dialog = null;
let drawn = "";

export function drawModal() {
  const view = store.modals.at(-1);
  if (!view) {
    dialog?.remove();
    dialog = null;
    drawn = "";
    return;
  }
  const sign = JSON.stringify([view.id, view.hash, view.title, view.blocks, view.errors, view.submit, store.modals.length]);
  if (sign === drawn) return;
  const isOther = !dialog || dialog.dataset.view !== view.id;
  drawn = sign;
  if (!dialog) dialog = opened();
  dialog.dataset.view = view.id;
  dialog.setAttribute("aria-label", view.title.text);
  const before = isOther ? 0 : dialog.querySelector(".inside")?.scrollTop || 0;
  refill(dialog, form(view));
  dialog.querySelector(".inside").scrollTop = before;
  settle(view, isOther);
}

function opened() {
  const node = h("dialog", { class: "modal" });
  node.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  document.body.append(node);
  node.showModal();
  return node;
}

function settle(view, isOther) {
  const wrong = Object.keys(view.errors)[0];
  if (wrong) dialog.querySelector(`[data-block="${CSS.escape(wrong)}"] :is(input, select, textarea)`)?.focus();
  else if (isOther || !dialog.contains(document.activeElement)) {
    (dialog.querySelector(".inside :is(input, select, textarea, button)") || dialog.querySelector("button"))?.focus();
  }
}

function form(view) {
  const submit = view.submit
    ? h("button", { type: "submit", class: "primary", data: { key: "submit" } }, words(view.submit, reader())) : null;
  return h("form", {
    onsubmit: (event) => {
      event.preventDefault();
      submitted(view, submit);
    },
  },
  h("header", {},
    h("h2", {}, words(view.title, reader())),
    store.modals.length > 1 ? h("span", { class: "stacked" }, `${store.modals.length} open`) : null,
    h("button", { type: "button", class: "close", "aria-label": "Close", data: { key: "x" }, onclick: close }, "×")),
  h("div", { class: "inside" }, blocks(view.blocks, surfaceOf({ view }))),
  h("footer", {},
    h("button", { type: "button", data: { key: "close" }, onclick: close }, view.close ? words(view.close, reader()) : view.submit ? "Cancel" : "Close"),
    submit));
}

async function submitted(view, button) {
  if (!button) return;
  button.disabled = true;
  const reaction = await busy(button, async () => {
    await flush(view);
    return act("submit");
  });
  button.disabled = false;
  if (reaction.error) say(reaction.error, true);
}

async function close() {
  const reaction = await act("close");
  if (reaction.error) say(reaction.error, true);
}
