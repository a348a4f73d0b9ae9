// What is typed or picked in a form: texts, dates, times, boxes to tick, files.

import { h } from "./dom.js";
import { words } from "./mrkdwn.js";
import { wallTime } from "./times.js";

const KINDS = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };

function shared(place) {
  return {
    id: place.id,
    data: { key: place.key, action: place.key.split("/")[1] },
    "aria-label": place.label,
    "aria-describedby": place.describedBy,
    "aria-invalid": place.isWrong ? "true" : undefined,
  };
}

export function textInput(each, place) {
  const isLong = each.multiline || each.type === "rich_text_input";
  const on = each.dispatch_action_config?.trigger_actions_on || [];
  const node = h(isLong ? "textarea" : "input", {
    ...shared(place),
    ...(isLong ? { rows: 4 } : { type: KINDS[each.type], inputmode: each.type === "number_input" ? "decimal" : undefined }),
    placeholder: each.placeholder?.text,
    value: typed(place.chosen),
    maxlength: each.max_length,
    autocomplete: "off",
    oninput: () => {
      place.keep(node.value);
      if (place.asks && on.includes("on_character_entered")) place.use(node.value, node);
    },
    onkeydown: (event) => {
      if (event.key === "Enter" && !isLong && place.asks) {
        event.preventDefault();
        place.use(node.value, node);
      }
    },
  });
  return node;
}

function typed(chosen) {
  if (!chosen) return "";
  if (chosen.rich_text_value) {
    return chosen.rich_text_value.elements.flatMap((part) => part.elements.map((each) => each.text || "")).join("");
  }
  return chosen.value ?? "";
}

function picker(type, value, place, step) {
  const node = h("input", { ...shared(place), type, value, step, onchange: () => place.use(node.value || null, node) });
  return node;
}

/** A day; outside of a form, where no label stands above it, with what it is for beside it. */
export function datePicker(each, place) {
  const node = picker("date", place.chosen?.selected_date || "", place);
  if (!place.asks || !each.placeholder?.text) return node;
  return h("span", { class: "with-words" }, h("span", { class: "words", "aria-hidden": "true" }, each.placeholder.text), node);
}

export function timePicker(_each, place) {
  return picker("time", place.chosen?.selected_time || "", place);
}

export function dateTimePicker(_each, place) {
  const at = place.chosen?.selected_date_time;
  const value = at ? wallTime(at * 1000, place.reader.zone) : "";
  return h("span", { class: "with-zone" }, picker("datetime-local", value, place), h("span", { class: "zone" }, place.reader.zone));
}

export function checkboxes(each, place) {
  const chosen = new Set((place.chosen?.selected_options || []).map((one) => one.value));
  const tell = () => {
    const values = [...group.querySelectorAll("input:checked")].map((node) => node.value);
    place.use(values, group);
  };
  const group = ticks(each, place, "checkbox", (value) => chosen.has(value), tell);
  return group;
}

export function radioButtons(each, place) {
  const chosen = place.chosen?.selected_option?.value;
  const tell = (event) => place.use(event.target.value, group);
  const group = ticks(each, place, "radio", (value) => value === chosen, tell);
  return group;
}

function ticks(each, place, type, isOn, tell) {
  const rows = each.options.map((option, at) =>
    h("label", { class: "tick" },
      h("input", {
        type, name: place.id, value: option.value, checked: isOn(option.value), onchange: tell,
        data: { key: `${place.key}/${at}` },
      }),
      h("span", {}, words(option.text, place.reader),
        option.description ? h("small", {}, words(option.description, place.reader)) : null)));
  return h("fieldset", { ...shared(place), class: "ticks" }, rows);
}

export function fileInput(each, place) {
  const names = h("span", { class: "files" }, (place.chosen?.files || []).map((file) => file.name).join(", "));
  const node = h("input", {
    ...shared(place),
    type: "file",
    multiple: (each.max_files ?? 10) > 1,
    accept: (each.filetypes || []).map((kind) => `.${kind}`).join(","),
    onchange: async () => {
      const files = await Promise.all([...node.files].map(read));
      names.textContent = files.map((file) => file.name).join(", ");
      place.use(files, node);
    },
  });
  return h("span", { class: "choose-files" }, node, names);
}

/** Read a file that a person chose, as the sandbox takes it. */
export async function read(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { name: file.name, base64: btoa(text) };
}
