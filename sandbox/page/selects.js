// Menus: options, groups of options, people, conversations; one choice or several.

import { h } from "./dom.js";
import { signs } from "./emoji.js";

function shared(place) {
  return {
    id: place.id,
    data: { key: place.key, action: place.key.split("/")[1] },
    "aria-label": place.label,
    "aria-describedby": place.describedBy,
    "aria-invalid": place.isWrong ? "true" : undefined,
  };
}

export function select(each, place) {
  const chosen = place.chosen?.selected_option?.value;
  const groups = each.option_groups
    ? each.option_groups.map((group) => h("optgroup", { label: group.label.text }, group.options.map((one) => option(one, chosen))))
    : each.options.map((one) => option(one, chosen));
  return menu(each, place, groups);
}

function option(one, chosen) {
  return h("option", { value: one.value, selected: one.value === chosen }, signs(one.text.text));
}

export function userSelect(each, place) {
  const chosen = place.chosen?.selected_user;
  return menu(each, place, place.people.map((one) => h("option", { value: one.id, selected: one.id === chosen }, one.shown)));
}

export function conversationSelect(each, place) {
  const chosen = place.chosen?.selected_conversation || place.chosen?.selected_channel;
  const named = place.conversations.filter((one) => one.name && one.kind !== "mpim");
  return menu(each, place, named.map((one) => h("option", { value: one.id, selected: one.id === chosen }, `#${one.name}`)));
}

function menu(each, place, options) {
  const first = h("option", { value: "" }, each.placeholder?.text || "Choose…");
  const node = h("select", { ...shared(place), onchange: () => place.use(node.value || null, node) }, first, options);
  return node;
}

/** Several choices as boxes to tick, with words to look for where there are many. */
export function multiSelect(each, place) {
  const { rows, chosen } = several(each, place);
  const ticked = new Set(chosen);
  const tell = () => place.use(rows.map((row) => row.value).filter((value) => ticked.has(value)), group);
  const tick = (value, isOn) => {
    if (isOn && each.max_selected_items && ticked.size >= each.max_selected_items) return false;
    if (isOn) ticked.add(value);
    else ticked.delete(value);
    tell();
    return isOn;
  };
  const boxes = rows.map((row, at) => box(row, ticked.has(row.value), tick, `${place.key}/${at}`));
  const group = h("fieldset", { ...shared(place), class: "several" }, looking(boxes, place), h("div", { class: "boxes" }, boxes));
  return group;
}

function several(each, place) {
  const state = place.chosen || {};
  if (each.type === "multi_users_select") {
    return { rows: place.people.map((one) => ({ value: one.id, text: one.shown })), chosen: state.selected_users || [] };
  }
  if (each.type === "multi_static_select") {
    const options = each.options || each.option_groups.flatMap((group) => group.options);
    const rows = options.map((one) => ({ value: one.value, text: one.text.text }));
    return { rows, chosen: (state.selected_options || []).map((one) => one.value) };
  }
  const named = place.conversations.filter((one) => one.name && one.kind !== "mpim");
  const chosen = state.selected_conversations || state.selected_channels || [];
  return { rows: named.map((one) => ({ value: one.id, text: `#${one.name}` })), chosen };
}

function box(row, isOn, tick, key) {
  const node = h("input", { type: "checkbox", checked: isOn, data: { key }, onchange: () => { node.checked = tick(row.value, node.checked); } });
  return h("label", { class: "tick" }, node, h("span", {}, row.text));
}

function looking(boxes, place) {
  if (boxes.length < 9) return null;
  const look = (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const each of boxes) each.hidden = !each.textContent.toLowerCase().includes(wanted);
  };
  return h("input", { type: "search", placeholder: "Find…", "aria-label": `Find in ${place.label}`, oninput: look });
}
