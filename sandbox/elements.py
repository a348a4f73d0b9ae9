"""Finds interactive elements in blocks, and keeps what a person chose the way Slack puts it into state."""

import copy
import secrets
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import Json

_LETTERS = string.ascii_letters + string.digits

# The field of state and of a press that holds the choice, by element type.
CHOICE: Mapping[str, str] = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "checkboxes": "selected_options",
    "radio_buttons": "selected_option",
    "file_input": "files",
}
LISTS = ("selected_options", "selected_users", "selected_conversations", "selected_channels", "files")
INITIAL = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """An interactive element where it stands."""

    block: Mapping[str, Any]
    element: Mapping[str, Any]

    @property
    def type(self) -> str:
        """The element's type."""
        return str(self.element["type"])

    @property
    def block_id(self) -> str:
        """The id of the block around it."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The element's own id."""
        return str(self.element["action_id"])

    @property
    def is_input(self) -> bool:
        """Whether it stands in an input block."""
        return bool(self.block["type"] == "input")

    @property
    def dispatches(self) -> bool:
        """Whether changing it tells the app at once."""
        return bool(not self.is_input or self.block.get("dispatch_action"))

    @property
    def label(self) -> str:
        """What a person reads beside it or on it."""
        holder = self.block.get("label") if self.is_input else self.element.get("text")
        holder = holder or self.element.get("placeholder")
        return str(holder["text"]) if isinstance(holder, Mapping) else ""


def with_ids(blocks: list[Json]) -> list[Json]:
    """Copy blocks and give every block and element the id Slack gives those that have none."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", _short_id())
        for element in _inside(block):
            if element.get("type") != "image":
                element.setdefault("action_id", _short_id())
    return blocks


def walk(blocks: Iterable[Mapping[str, Any]]) -> Iterator[Placed]:
    """Yield every interactive element, in reading order."""
    for block in blocks:
        for element in _inside(block):
            if "action_id" in element:
                yield Placed(block, element)


def state_values(blocks: Iterable[Mapping[str, Any]], typed: Mapping[tuple[str, str], Json]) -> Json:
    """Return `state.values`: every element that holds a choice, by block_id and action_id, chosen or not."""
    values: Json = {}
    for placed in walk(blocks):
        if placed.type in CHOICE:
            chosen = typed.get((placed.block_id, placed.action_id)) or untouched(placed.element)
            values.setdefault(placed.block_id, {})[placed.action_id] = chosen
    return values


def untouched(element: Mapping[str, Any]) -> Json:
    """Return the state of an element nobody has touched: its initial choice, or none."""
    field = CHOICE[element["type"]]
    initial = element.get(INITIAL.get(field, ""))
    if initial is None and field in LISTS:
        initial = []
    return {"type": element["type"], field: initial}


def options_of(element: Mapping[str, Any]) -> list[Json]:
    """Return the options of a select, overflow, checkboxes or radio buttons, groups flattened."""
    options = list(element.get("options", []))
    for group in element.get("option_groups", []):
        options.extend(group["options"])
    return options


def action(placed: Placed, chosen: Json, action_ts: str) -> Json:
    """Return the entry of `actions` in a press."""
    element = placed.element
    shown = {"type": placed.type, "action_id": placed.action_id, "block_id": placed.block_id, "action_ts": action_ts}
    kept = ("text", "value", "style", "placeholder", "url") if placed.type == "button" else ("placeholder",)
    shown |= {key: element[key] for key in kept if key in element}
    shown |= {key: value for key, value in element.items() if key.startswith("initial_")}
    return shown | chosen


def _inside(block: Mapping[str, Any]) -> Iterator[Json]:
    if block["type"] in ("actions", "context_actions"):
        yield from block.get("elements", [])
    elif block["type"] == "section" and isinstance(block.get("accessory"), dict):
        yield block["accessory"]
    elif block["type"] == "input" and isinstance(block.get("element"), dict):
        yield block["element"]


def _short_id() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))
