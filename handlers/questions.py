"""What Slack delivers, read into one shape; whatever is missing or of a wrong type is refused here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from handlers.views.blocks import NOTICE

Body = Mapping[str, Any]


class Kind(StrEnum):
    """The surface a question came from, which decides how its answer travels."""

    COMMAND = "command"
    MESSAGE_PRESS = "message_press"
    MODAL_PRESS = "modal_press"
    HOME_PRESS = "home_press"
    SUBMISSION = "submission"
    EVENT = "event"


class Malformed(Exception):
    """A payload that Slack would not send; says which part, never what it held."""


@dataclass(frozen=True, slots=True)
class Question:
    """One delivery. `name` is the command, action id, callback id or event type; `key` names the delivery.

    `notice_id` is the view that was pressed in, where it only says something and the answer may take its place.
    """

    kind: Kind
    key: str
    slack_id: str
    name: str
    text: str = ""
    value: str = ""
    state: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    metadata: str = ""
    channel: str = ""
    message_ts: str = ""
    response_url: str = ""
    trigger_id: str = ""
    notice_id: str = ""
    event: Mapping[str, Any] = field(default_factory=dict)


def read(body: Body) -> Question | None:
    """Read whatever Slack delivered; None for what nobody here listens to. Raises Malformed."""
    if "command" in body:
        return read_command(body)
    if isinstance(body.get("event"), Mapping):
        return read_event(body)
    reader = {"block_actions": read_press, "view_submission": read_submission}.get(str(body.get("type")))
    return reader(body) if reader else None


def read_command(body: Body) -> Question:
    """Read a slash command."""
    trigger = _text(body, "trigger_id")
    return Question(
        kind=Kind.COMMAND,
        key=f"command:{trigger}",
        slack_id=_text(body, "user_id"),
        name=_text(body, "command"),
        text=_text(body, "text", optional=True),
        channel=_text(body, "channel_id", optional=True),
        response_url=_text(body, "response_url", optional=True),
        trigger_id=trigger,
    )


def read_press(body: Body) -> Question:
    """Read a press of a button or a choice in a message, a modal or Home. The first action counts."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], Mapping):
        raise Malformed("actions")
    action, container = actions[0], _table(body, "container", optional=True)
    view = _table(body, "view", optional=True)
    trigger = _text(body, "trigger_id")
    return Question(
        kind=_press_kind(view),
        key=f"press:{trigger}",
        slack_id=_text(_table(body, "user"), "id"),
        name=_text(action, "action_id").partition("#")[0],
        value=_value(action),
        state=_state(view or body),
        metadata=_text(view, "private_metadata", optional=True),
        channel=_text(container, "channel_id", optional=True),
        message_ts="" if container.get("is_ephemeral") else _text(container, "message_ts", optional=True),
        response_url=_text(body, "response_url", optional=True),
        trigger_id=trigger,
        notice_id=_text(view, "id", optional=True) if view.get("callback_id") == NOTICE else "",
    )


def read_submission(body: Body) -> Question:
    """Read a submitted modal."""
    view = _table(body, "view")
    callback, metadata = _text(view, "callback_id"), _text(view, "private_metadata", optional=True)
    _text(view, "type")
    # A form that took the place of another has its id; what it is about tells the two apart, and Slack's hash, which
    # is another for each form that was put there, tells apart the same form filled in once more.
    shown = _text(view, "hash", optional=True)
    about = sha256(metadata.encode(errors="replace")).hexdigest()[:16]
    return Question(
        kind=Kind.SUBMISSION,
        key=f"view:{_text(view, 'id')}:{shown}:{callback}:{about}",
        slack_id=_text(_table(body, "user"), "id"),
        name=callback,
        state=_state(view),
        metadata=metadata,
        trigger_id=_text(body, "trigger_id", optional=True),
    )


def read_event(body: Body) -> Question:
    """Read an event; the person is the one it is about."""
    event = _table(body, "event")
    user = event.get("user")
    slack_id = _text(user, "id") if isinstance(user, Mapping) else _text(event, "user", optional=True)
    return Question(
        kind=Kind.EVENT,
        key=f"event:{_text(body, 'event_id')}",
        slack_id=slack_id,
        name=_text(event, "type"),
        text=_text(event, "text", optional=True),
        channel=_text(event, "channel", optional=True) if isinstance(event.get("channel"), str) else "",
        event=event,
    )


def is_echo(question: Question) -> bool:
    """Say whether a message event is no one's question: an edit, a deletion, or something a bot wrote."""
    if question.kind is not Kind.EVENT or question.name != "message":
        return False
    event = question.event
    return not question.slack_id or bool(event.get("bot_id")) or event.get("subtype") not in {None, "file_share"}


def _press_kind(view: Mapping[str, Any]) -> Kind:
    if not view:
        return Kind.MESSAGE_PRESS
    return Kind.HOME_PRESS if view.get("type") == "home" else Kind.MODAL_PRESS


def _value(action: Mapping[str, Any]) -> str:
    """Return what was pressed or chosen, as text."""
    chosen = action.get("selected_option")
    if isinstance(chosen, Mapping):
        return _text(chosen, "value", optional=True)
    return _text(action, "value", optional=True)


def _state(holder: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    values = _table(_table(holder, "state", optional=True), "values", optional=True)
    if not all(isinstance(block, Mapping) for block in values.values()):
        raise Malformed("state")
    return values


def _text(holder: Mapping[str, Any], key: str, *, optional: bool = False) -> str:
    value = holder.get(key)
    if value is None and optional:
        return ""
    if not isinstance(value, str) or not (value or optional):
        raise Malformed(key)
    return value


def _table(holder: Mapping[str, Any], key: str, *, optional: bool = False) -> Mapping[str, Any]:
    value = holder.get(key)
    if value is None and optional:
        return {}
    if not isinstance(value, Mapping):
        raise Malformed(key)
    return value
