// The elements that stand in blocks: buttons, menus, and what a person chooses or types.

import { h } from "./dom.js";
import { checkboxes, datePicker, dateTimePicker, fileInput, radioButtons, textInput, timePicker } from "./fields.js";
import { words } from "./mrkdwn.js";
import { conversationSelect, multiSelect, select, userSelect } from "./selects.js";

const ELEMENTS = {
  button, image, overflow,
  static_select: select, multi_static_select: multiSelect,
  users_select: userSelect, multi_users_select: multiSelect,
  conversations_select: conversationSelect, channels_select: conversationSelect,
  multi_conversations_select: multiSelect, multi_channels_select: multiSelect,
  datepicker: datePicker, timepicker: timePicker, datetimepicker: dateTimePicker,
  checkboxes, radio_buttons: radioButtons,
  plain_text_input: textInput, email_text_input: textInput, url_text_input: textInput, number_input: textInput,
  rich_text_input: textInput, file_input: fileInput,
};

/** Draw an element where it stands; one that is not known is a box saying so. */
export function element(block, each, surface) {
  const draw = ELEMENTS[each.type];
  if (!draw) return h("span", { class: "unknown" }, `An element of type “${each.type}” stands here; this page can't draw it.`);
  return draw(each, field(block, each, surface));
}

/** What one element needs: its key, what was chosen in it, and how to tell of a choice. */
function field(block, each, surface) {
  const key = `${block.block_id}/${each.action_id}`;
  return {
    key,
    id: `field-${key}`,
    label: surface.label || each.placeholder?.text || each.text?.text || each.action_id,
    describedBy: surface.describedBy || undefined,
    isWrong: !!surface.isWrong,
    chosen: surface.chosen(block.block_id, each.action_id),
    reader: surface.reader,
    people: surface.people,
    conversations: surface.conversations,
    asks: block.type !== "input" || !!block.dispatch_action,
    use: (value, node) => surface.use({ block_id: block.block_id, action_id: each.action_id }, value, node),
    keep: (value) => surface.keep({ block_id: block.block_id, action_id: each.action_id }, value),
  };
}

function button(each, place) {
  const press = async (event) => {
    const node = event.currentTarget;
    if (each.confirm && !(await agreed(each.confirm, place.reader))) return;
    if (each.url) window.open(each.url, "_blank", "noopener");
    place.use(null, node);
  };
  return h("button", {
    type: "button",
    class: `act ${each.style || ""}`,
    data: { key: `${place.key}/${each.value || ""}`, action: each.action_id, value: each.value || "" },
    "aria-label": each.accessibility_label,
    onclick: press,
  }, words(each.text, place.reader));
}

function image(each) {
  const address = each.image_url || "";
  const isOurs = address.startsWith("/") || address.startsWith(location.origin) || address.startsWith("data:image/");
  if (isOurs) return h("img", { src: address, alt: each.alt_text || "" });
  return h("span", { class: "picture", role: "img", "aria-label": each.alt_text || "picture" }, `🖼 ${each.alt_text || "picture"}`);
}

function overflow(each, place) {
  const menu = h("details", { class: "overflow" });
  const choose = (option) => {
    menu.open = false;
    place.use(option.value, menu.firstChild);
  };
  const rows = each.options.map((option) =>
    h("button", { type: "button", onclick: () => choose(option) }, words(option.text, place.reader)));
  menu.append(h("summary", { "aria-label": "More", data: { key: place.key, action: each.action_id } }, "⋯"), h("div", {}, rows));
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") menu.open = false;
  });
  return menu;
}

/** Ask before a press that wants to be confirmed; resolves to whether the person agreed. */
export function agreed(confirm, reader) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "confirm", "aria-label": confirm.title.text },
      h("h2", {}, words(confirm.title, reader)),
      h("div", {}, words(confirm.text, reader)),
      h("menu", {},
        h("button", { type: "button", onclick: () => dialog.close("no") }, confirm.deny?.text || "Cancel"),
        h("button", { type: "button", class: confirm.style || "primary", onclick: () => dialog.close("yes") },
          confirm.confirm?.text || "OK")));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
