// Builds elements. Text from anyone becomes a text node and never markup.

const AS_PROPERTY = new Set(["value", "checked", "disabled", "hidden", "selected", "multiple", "open"]);

/** Make an element: `on…` are listeners, `data` and `aria` are groups of attributes, the rest are attributes. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setOn(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setOn(node, name, value) {
  if (value === undefined || value === null) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "aria") Object.entries(value).forEach(([key, each]) => node.setAttribute(`aria-${key}`, each));
  else if (AS_PROPERTY.has(name)) node[name] = value;
  else node.setAttribute(name, value);
}

/** Put new content into a node, and keep the keyboard where it was: `data-key` says what is the same. */
export function refill(node, ...children) {
  const held = document.activeElement;
  const key = held && node.contains(held) ? held.dataset.key : undefined;
  const caret = key && "selectionStart" in held ? [held.selectionStart, held.selectionEnd] : null;
  node.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (!key) return;
  const again = node.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (caret && caret[0] !== null && again.setSelectionRange) again.setSelectionRange(...caret);
}

/** Say something to whoever looks or listens, for some seconds; a problem stays longer. */
export function say(words, isProblem = false) {
  const place = document.getElementById("said");
  const line = h("p", { class: isProblem ? "problem" : "" }, words);
  place.append(line);
  setTimeout(() => line.remove(), isProblem ? 9000 : 4000);
}
