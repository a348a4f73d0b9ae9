// What stands under blocks: a message, a modal or Home; how a choice there reaches the app.

import { say } from "./dom.js";
import { act, reader, store } from "./store.js";

/** What was typed and has not been told yet, by view, block and action. */
const drafts = new Map();

/** A surface for a message or for a view. */
export function surfaceOf({ message, view }) {
  const where = message ? { channel: message.channel, ts: message.ts } : { id: view.id };
  const values = message ? message.chosen : view.state.values;
  const draftKey = (element) => `${view?.id || message.ts}/${element.block_id}/${element.action_id}`;
  return {
    reader: reader(),
    people: store.about.people,
    conversations: store.conversations,
    errors: view?.errors || {},
    chosen: (block, action) => {
      const draft = drafts.get(draftKey({ block_id: block, action_id: action }));
      return draft === undefined ? values?.[block]?.[action] || initial(message || view, block, action) : { value: draft };
    },
    keep: (element, value) => drafts.set(draftKey(element), value),
    use: async (element, value, node) => {
      drafts.delete(draftKey(element));
      await busy(node, () => use(where, element, value));
    },
  };
}

/** What an element in a message shows before anybody has touched it. */
function initial(surface, blockId, actionId) {
  const block = surface.blocks.find((each) => each.block_id === blockId);
  const all = [block?.accessory, block?.element, ...(block?.elements || [])];
  const found = all.find((each) => each?.action_id === actionId);
  if (!found) return null;
  const state = {};
  for (const [name, value] of Object.entries(found)) {
    if (name.startsWith("initial_")) state[name.replace("initial_", "selected_")] = value;
  }
  if ("initial_value" in found) state.value = found.initial_value;
  return state;
}

async function use(where, element, value) {
  const reaction = await act("use", { where, element, value });
  if (reaction.error) say(reaction.error, true);
  return reaction;
}

/** Tell what was typed into a view and not told yet. */
export async function flush(view) {
  for (const [key, value] of [...drafts]) {
    const [id, block, action] = key.split("/");
    if (id !== view.id) continue;
    drafts.delete(key);
    await act("use", { where: { id: view.id }, element: { block_id: block, action_id: action }, value: value || null });
  }
}

/** Show that something is on its way while it is. */
export async function busy(node, work) {
  node?.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    node?.removeAttribute("aria-busy");
  }
}
