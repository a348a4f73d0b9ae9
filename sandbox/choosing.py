"""Turns what a person wants in a field into the choice Slack would record, or says why it can't be had."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox import Json
from sandbox.elements import CHOICE, LISTS, Placed, options_of, untouched
from sandbox.files import Files, content_of
from sandbox.records import User, View
from sandbox.workspace import Workspace

_TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


class CannotDo(Exception):
    """A person could not do this in Slack; the text says why."""


def choose(placed: Placed, wanted: object, user: User, workspace: Workspace, files: Files) -> Json:
    """Return the state of an element after this person chose something there; raises CannotDo."""
    kind = placed.type
    field = "selected_option" if kind == "overflow" else CHOICE.get(kind)
    if field is None:
        raise CannotDo(f"{placed.label or placed.action_id}: nothing can be chosen in a {kind}")
    if wanted is None:
        return {"type": kind, field: [] if field in LISTS else None}
    if field == "files":
        return {"type": kind, field: _uploaded(placed, wanted, user, files)}
    return {"type": kind, field: _value(placed, field, wanted, user, workspace)}


def _uploaded(placed: Placed, wanted: object, user: User, files: Files) -> list[Json]:
    """Upload one file or several, each by its name or as a name with its content."""
    each_wanted = wanted if isinstance(wanted, list) else [wanted]
    if len(each_wanted) > placed.element.get("max_files", 10):
        raise CannotDo(f"{placed.label}: no more than {placed.element['max_files']} files can be chosen")
    return [files.shown(files.add(*_named(placed, each, user))) for each in each_wanted]


def _named(placed: Placed, wanted: object, user: User) -> tuple[str, str, bytes]:
    file = wanted if isinstance(wanted, dict) else {"name": wanted}
    name = str(file.get("name"))
    kinds = placed.element.get("filetypes")
    if kinds and name.rpartition(".")[2].lower() not in kinds:
        raise CannotDo(f"{placed.label}: only files of type {', '.join(kinds)} can be chosen")
    return name, user.id, content_of(file)


def _value(placed: Placed, field: str, wanted: Any, user: User, workspace: Workspace) -> object:  # noqa: ANN401
    # `wanted` is whatever a person typed or a test gave, so its type is not known.
    if placed.type in _TEXTS:
        return str(wanted)
    if field in LISTS:
        wanted = wanted if isinstance(wanted, list) else [wanted]
        return [_one(placed, field.removesuffix("s"), each, user, workspace) for each in wanted]
    return _one(placed, field, wanted, user, workspace)


def _one(placed: Placed, field: str, wanted: object, user: User, workspace: Workspace) -> object:
    match field:
        case "selected_option":
            return _option(placed, str(wanted))
        case "selected_user":
            return _user(str(wanted), workspace)
        case "selected_conversation" | "selected_channel":
            return _channel(str(wanted), workspace)
        case "selected_date_time":
            return int(_instant(wanted, user).timestamp())
        case "selected_date":
            return _date(str(wanted), user)
        case "selected_time":
            return _time(str(wanted), user)
        case "rich_text_value":
            section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(wanted)}]}
            return {"type": "rich_text", "elements": [section]}
    raise CannotDo(f"the sandbox can't fill a {placed.type}")


def _option(placed: Placed, wanted: str) -> Json:
    options = options_of(placed.element)
    for option in options:
        if wanted == option.get("value"):
            return option
    for option in options:
        if wanted.casefold() == option["text"]["text"].casefold():
            return option
    there = ", ".join(option["text"]["text"] for option in options)
    raise CannotDo(f"{placed.label or placed.action_id}: there is no option {wanted!r}; there is {there}")


def _user(wanted: str, workspace: Workspace) -> str:
    try:
        return workspace.find_user(wanted).id
    except LookupError as error:
        raise CannotDo(str(error)) from error


def _channel(wanted: str, workspace: Workspace) -> str:
    channel = workspace.channel_named(wanted)
    if channel is None:
        raise CannotDo(f"there is no channel {wanted!r}")
    return channel.id


def _instant(wanted: object, user: User) -> datetime:
    if isinstance(wanted, (int, float)) or str(wanted).isdigit():
        return datetime.fromtimestamp(float(str(wanted)), UTC)
    try:
        instant = datetime.fromisoformat(str(wanted))
    except ValueError:
        raise CannotDo(f"{wanted!r} is not a date and time, for example 2026-07-04 18:00") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(user.tz))


def _date(wanted: str, user: User) -> str:
    return _instant(wanted, user).astimezone(ZoneInfo(user.tz)).date().isoformat()


def _time(wanted: str, user: User) -> str:
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", wanted):
        return wanted
    return _instant(wanted, user).astimezone(ZoneInfo(user.tz)).strftime("%H:%M")


def missing_or_wrong(view: View, placed: Placed) -> str:
    """Return what Slack writes beside an input before it lets anyone submit, or ""."""
    element = placed.element
    field = CHOICE[placed.type]
    value = (view.typed.get((placed.block_id, placed.action_id)) or untouched(element))[field]
    if value in (None, "", []):
        return "" if placed.block.get("optional") else "Please complete this required field."
    return _wrong(placed.type, element, value)


def _wrong(kind: str, element: Mapping[str, Any], value: object) -> str:
    words = str(value)
    if kind == "plain_text_input":
        return _wrong_length(element, words)
    if kind == "number_input":
        return _wrong_number(element, words)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", words):
        return "Enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S+", words):
        return "Enter a valid URL."
    return ""


def _wrong_length(element: Mapping[str, Any], words: str) -> str:
    if len(words) < element.get("min_length", 0):
        return f"Must be at least {element['min_length']} characters."
    if len(words) > element.get("max_length", 3000):
        return f"Must be at most {element.get('max_length', 3000)} characters."
    return ""


def _wrong_number(element: Mapping[str, Any], words: str) -> str:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, words):
        return "Enter a valid number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(words) < float(least):
        return f"Enter a number of at least {least}."
    if most is not None and float(words) > float(most):
        return f"Enter a number of at most {most}."
    return ""
