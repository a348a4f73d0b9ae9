// Slack's blocks as elements. A surface says where they stand, what was chosen there, and what a press does.

import { h } from "./dom.js";
import { element } from "./elements.js";
import { mrkdwn, words } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const BLOCKS = { header, section, divider, context, actions, context_actions: actions, input, image, rich_text: rich,
  markdown, table, alert };

/** Draw blocks one below the other; one that is not known is a box saying so. */
export function blocks(all, surface) {
  return all.map((block) => {
    const draw = BLOCKS[block.type] || unknown;
    return h("div", { class: `block ${block.type}`, data: { block: block.block_id } }, draw(block, surface));
  });
}

function unknown(block) {
  return h("p", { class: "unknown" }, `A block of type “${block.type}” stands here; this page can't draw it.`);
}

function header(block, surface) {
  return h("h3", {}, words(block.text, surface.reader));
}

function divider() {
  return h("hr");
}

function section(block, surface) {
  const text = block.text ? h("div", { class: "text" }, words(block.text, surface.reader)) : null;
  const fields = (block.fields || []).map((field) => h("div", { class: "field" }, words(field, surface.reader)));
  const beside = block.accessory ? h("div", { class: "accessory" }, element(block, block.accessory, surface)) : null;
  return [h("div", { class: "said" }, text, fields.length ? h("div", { class: "fields" }, fields) : null), beside];
}

function context(block, surface) {
  return block.elements.map((each) =>
    each.type === "image" ? element(block, each, surface) : h("span", {}, words(each, surface.reader)));
}

function actions(block, surface) {
  return block.elements.map((each) => element(block, each, surface));
}

function input(block, surface) {
  const key = `${block.block_id}/${block.element.action_id}`;
  const wrong = surface.errors[block.block_id];
  const about = [block.hint ? `hint-${key}` : "", wrong ? `error-${key}` : ""].filter(Boolean).join(" ");
  const label = [words(block.label, surface.reader), block.optional ? h("span", { class: "optional" }, " (optional)") : null];
  const field = element(block, block.element, { ...surface, label: block.label.text, describedBy: about, isWrong: !!wrong });
  const isGroup = field.tagName === "FIELDSET";
  const title = isGroup ? h("div", { class: "label" }, label) : h("label", { for: `field-${key}` }, label);
  return [
    title,
    field,
    wrong ? h("p", { class: "error", id: `error-${key}`, role: "alert" }, wrong) : null,
    block.hint ? h("p", { class: "hint", id: `hint-${key}` }, words(block.hint, surface.reader)) : null,
  ];
}

function image(block, surface) {
  const title = block.title ? h("figcaption", {}, words(block.title, surface.reader)) : null;
  return h("figure", {}, title, element(block, { ...block, type: "image" }, surface));
}

function rich(block, surface) {
  return richText(block, surface.reader);
}

function markdown(block, surface) {
  return mrkdwn(block.text, surface.reader);
}

function alert(block, surface) {
  return h("p", { class: `notice ${block.level || ""}` }, words(block.text, surface.reader));
}

function table(block, surface) {
  const cell = (each, tag) => h(tag, {}, each.type === "raw_text" ? each.text : richText(each, surface.reader));
  const [first, ...rest] = block.rows;
  return h("table", {},
    h("thead", {}, h("tr", {}, first.map((each) => cell(each, "th")))),
    h("tbody", {}, rest.map((row) => h("tr", {}, row.map((each) => cell(each, "td"))))));
}
