// Where a person writes: messages, commands with what completes them, and files to drop.

import { h, say } from "./dom.js";
import { read } from "./fields.js";
import { titleOf } from "./side.js";
import { act, conversation, store } from "./store.js";
import { busy } from "./surface.js";

let chosen = 0;

/** The composer of the conversation, or of a thread in it. */
export function composer(thread) {
  const files = [];
  const shown = h("p", { class: "dropped", "aria-live": "polite" });
  const hints = h("div", { class: "hints", hidden: true });
  const box = h("textarea", {
    rows: 1, "aria-label": `Write to ${titleOf(conversation())}`, placeholder: `Message ${titleOf(conversation())}`,
    data: { key: thread ? "write-thread" : "write", composer: thread ? "thread" : "main" },
    oninput: () => {
      chosen = 0;
      complete(box, hints);
    },
    onkeydown: (event) => typed(event, box, hints, send),
  });
  const send = () => sent(box, hints, files.splice(0), shown, thread);
  const add = async (list) => {
    files.push(...(await Promise.all([...list].map(read))));
    shown.textContent = files.map((file) => `📄 ${file.name}`).join("  ");
  };
  const choose = h("input", { type: "file", multiple: true, "aria-label": "Add files", onchange: () => add(choose.files).then(() => { choose.value = ""; }) });
  return h("form", {
    class: "composer",
    onsubmit: (event) => { event.preventDefault(); send(); },
    ondragover: (event) => event.preventDefault(),
    ondrop: (event) => { event.preventDefault(); add(event.dataTransfer.files); },
  }, hints, shown, h("div", { class: "row" },
    h("label", { class: "clip", title: "Add files" }, "📎", choose), box,
    h("button", { type: "submit", class: "primary", "aria-label": "Send" }, "➤")));
}

/** Put words into the composer, as if they were typed. */
export function compose(words) {
  const box = document.querySelector("[data-composer=main]");
  if (!box) return;
  box.value = words;
  box.dispatchEvent(new Event("input"));
  box.focus();
}

/** Show hints again after the page was drawn. */
export function drawHints() {
  const box = document.querySelector("[data-composer=main]");
  if (box && document.activeElement === box) complete(box, box.closest("form").querySelector(".hints"));
}

function fitting(text) {
  if (!text.startsWith("/")) return [];
  const [name] = text.split(" ");
  const isWhole = text.includes(" ");
  return store.about.commands.filter((one) => (isWhole ? one.name === name : one.name.startsWith(name)));
}

function complete(box, hints) {
  const found = fitting(box.value);
  hints.hidden = !found.length;
  if (chosen >= found.length) chosen = 0;
  hints.replaceChildren(...found.map((one, at) => h("button", {
    type: "button", tabindex: "-1", class: at === chosen ? "here" : "",
    onclick: () => take(one, box, hints),
  }, h("strong", {}, one.name), " ", h("code", {}, one.usage), h("small", {}, one.description))));
}

function take(one, box, hints) {
  box.value = `${one.name} `;
  box.focus();
  complete(box, hints);
}

function typed(event, box, hints, send) {
  const found = fitting(box.value);
  const isChoosing = found.length > 0 && !box.value.includes(" ");
  if (isChoosing && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    complete(box, hints);
  } else if (isChoosing && (event.key === "Tab" || (event.key === "Enter" && found[chosen].name !== box.value))) {
    event.preventDefault();
    take(found[chosen], box, hints);
  } else if (event.key === "Escape") {
    hints.hidden = true;
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  }
}

async function sent(box, hints, files, shown, thread) {
  const text = box.value.trim();
  if (!text && !files.length) return;
  box.value = "";
  hints.hidden = true;
  shown.textContent = "";
  const channel = store.place.channel;
  const reaction = await busy(box, () => text.startsWith("/")
    ? act("command", { text, channel, patience: 0.3 })
    : act("write", { text, channel, files, thread_ts: thread || undefined }));
  if (!reaction.error) return;
  say(reaction.error, true);
  if (!box.value) box.value = text;
}
