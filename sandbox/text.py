"""Renders messages, modals and Home as plain text, the way a person in the terminal reads them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox import Json
from sandbox.elements import CHOICE, Placed, options_of, untouched
from sandbox.mrkdwn import Reader
from sandbox.records import Message, Typed, User, View
from sandbox.workspace import Workspace

WIDTH = 76


class Screenwriter:
    """Writes what one person sees."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        names = {each.id: each.shown_as for each in workspace.users.values()}
        names |= {channel.id: channel.name for channel in workspace.channels.values()}
        self._names, self._zone = names, ZoneInfo(user.tz)
        self._reader = Reader(names, self._zone, workspace.clock.now())

    def message(self, message: Message) -> str:
        """Return a message's content, without its author."""
        files = [f"(file: {file['name']})" for file in message.files]
        if not message.blocks or not message.from_app:
            return "\n".join([self._reader.read(message.text), *files]).strip()
        return "\n".join([self.blocks(message.blocks, {}, {}), *files])

    def view(self, view: View) -> str:
        """Return a modal as a box with its fields, or Home as it stands."""
        inside = self.blocks(view.body["blocks"], view.typed, view.errors)
        if view.body["type"] == "home":
            return inside
        title = f"─ {view.body['title']['text']} "
        lines = [f"│ {line}".rstrip() for line in inside.splitlines()]
        buttons = " ".join(f"[{view.body[key]['text']}]" for key in ("close", "submit") if view.body[key])
        return "\n".join([f"┌{title:─<{WIDTH}}", *lines, f"└{'─ ' + buttons + ' ' if buttons else '':─<{WIDTH}}"])

    def blocks(self, blocks: Iterable[Json], typed: Typed, errors: Mapping[str, str]) -> str:
        """Return blocks one below the other; errors stand beside their fields."""
        lines = []
        for block in blocks:
            lines += self._block(block, typed)
            if block.get("block_id") in errors:
                lines.append(f"  ! {errors[block['block_id']]}")
        return "\n".join(line for line in lines if line)

    def _block(self, block: Json, typed: Typed) -> list[str]:
        draw = getattr(self, f"_{block['type']}", None)
        return draw(block, typed) if draw else [f"({block['type']} block)"]

    def _words(self, text: Mapping[str, Any] | None) -> str:
        if text is None:
            return ""
        words = str(text["text"])
        return self._reader.read(words) if text["type"] == "mrkdwn" else words

    def _section(self, block: Json, typed: Typed) -> list[str]:
        lines = [self._words(block.get("text")), *(f"  {self._words(field)}" for field in block.get("fields", []))]
        accessory = block.get("accessory")
        if accessory is not None:
            lines.append("  " + self._element(block, accessory, typed))
        return lines

    def _header(self, block: Json, _typed: Typed) -> list[str]:
        return [f"== {block['text']['text']} =="]

    def _divider(self, _block: Json, _typed: Typed) -> list[str]:
        return ["─" * 40]

    def _image(self, block: Json, _typed: Typed) -> list[str]:
        return [f"(image: {block['alt_text']})"]

    def _context(self, block: Json, _typed: Typed) -> list[str]:
        parts = [self._words(each) if "text" in each else f"({each['alt_text']})" for each in block["elements"]]
        return ["  " + "  ".join(parts)]

    def _actions(self, block: Json, typed: Typed) -> list[str]:
        return ["  " + " ".join(self._element(block, each, typed) for each in block["elements"])]

    def _input(self, block: Json, typed: Typed) -> list[str]:
        optional = " (optional)" if block.get("optional") else ""
        hint = [f"    {block['hint']['text']}"] if block.get("hint") else []
        return [f"{block['label']['text']}{optional}: {self._element(block, block['element'], typed)}", *hint]

    def _markdown(self, block: Json, _typed: Typed) -> list[str]:
        return [str(block["text"])]

    def _alert(self, block: Json, _typed: Typed) -> list[str]:
        return [f"! {self._words(block['text'])}"]

    def _table(self, block: Json, _typed: Typed) -> list[str]:
        return [" | ".join(self._cell(cell) for cell in row) for row in block["rows"]]

    def _cell(self, cell: Json) -> str:
        return str(cell["text"]) if cell["type"] == "raw_text" else self._rich(cell)

    def _rich_text(self, block: Json, _typed: Typed) -> list[str]:
        return [self._rich(block)]

    def _rich(self, part: Mapping[str, Any]) -> str:
        match part.get("type"):
            case "user":
                return f"@{self._names.get(part['user_id'], part['user_id'])}"
            case "channel":
                return f"#{self._names.get(part['channel_id'], part['channel_id'])}"
            case "link":
                return str(part.get("text") or part["url"])
            case "emoji":
                return f":{part['name']}:"
            case "rich_text_list":
                return "\n".join("• " + self._rich(each) for each in part["elements"])
            case "rich_text":
                return "\n".join(self._rich(each) for each in part["elements"])
        return str(part["text"]) if "text" in part else "".join(map(self._rich, part.get("elements", [])))

    def _element(self, block: Mapping[str, Any], element: Json, typed: Typed) -> str:
        kind = element["type"]
        if kind == "button":
            return f"[{element['text']['text']}]"
        if kind == "image":
            return f"(image: {element['alt_text']})"
        if kind == "overflow":
            return "[… " + " / ".join(option["text"]["text"] for option in element["options"]) + "]"
        placed = Placed(block, element)
        chosen = typed.get((placed.block_id, placed.action_id)) or untouched(element)
        return self._choice(element, chosen[CHOICE[kind]])

    def _choice(self, element: Json, value: object) -> str:
        kind = element["type"]
        if kind in ("checkboxes", "radio_buttons"):
            return self._ticks(element, value)
        if value in (None, "", []):
            placeholder = element.get("placeholder")
            return f"<{placeholder['text']}>" if placeholder else "<empty>"
        if kind == "datetimepicker":
            return f"{datetime.fromtimestamp(int(str(value)), UTC).astimezone(self._zone):%Y-%m-%d %H:%M %Z}"
        values = value if isinstance(value, list) else [value]
        return "<" + ", ".join(self._value(each) for each in values) + ">"

    def _value(self, value: object) -> str:
        if isinstance(value, dict) and "url_private" in value:
            return str(value["name"])
        if isinstance(value, dict):
            return str(value["text"]["text"]) if "value" in value else self._rich(value)
        return self._names.get(str(value), str(value))

    def _ticks(self, element: Json, value: Any) -> str:  # noqa: ANN401 - an option or a list of them
        chosen = [each["value"] for each in (value if isinstance(value, list) else [value]) if each]
        on, off = ("☑", "☐") if element["type"] == "checkboxes" else ("◉", "○")
        marks = [f"{on if each['value'] in chosen else off} {each['text']['text']}" for each in options_of(element)]
        return "  ".join(marks)
