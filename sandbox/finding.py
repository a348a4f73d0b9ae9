"""Finds what a person means by a button's text, an action_id or a field's label on what they see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sandbox import Json
from sandbox.choosing import CannotDo
from sandbox.elements import Placed, walk
from sandbox.records import Message, User, View
from sandbox.workspace import Workspace

LOOK_BACK = 200


@dataclass(frozen=True, slots=True)
class Found:
    """An element, and the message or view it stands in."""

    placed: Placed
    surface: Message | View


def find(workspace: Workspace, user: User, what: object, where: object) -> Found:
    """Find an element for a person; `where` is None, "modal", "home", or a message or view; raises CannotDo."""
    for surface in _surfaces(workspace, user, where):
        placed = in_blocks(_blocks(surface), what)
        if placed is not None:
            return Found(placed, surface)
    raise CannotDo(f"{user.name} sees nothing called {what!r} to press")


def exactly(workspace: Workspace, user: User, where: Json, element: Json) -> Found:
    """Find an element by `block_id` and `action_id` in a message or view that a person sees; raises CannotDo."""
    wanted = (element.get("block_id"), element.get("action_id"))
    for surface in _named(workspace, user, where):
        for placed in walk(_blocks(surface)):
            if (placed.block_id, placed.action_id) == wanted:
                return Found(placed, surface)
    raise CannotDo("what you pressed is there no more")


def in_blocks(blocks: Iterable[Json], what: object) -> Placed | None:
    """Find an element by action_id, by (action_id, value), by its text or label, or by its block."""
    name, value = what if isinstance(what, (list, tuple)) else (what, None)
    elements = [placed for placed in walk(blocks) if value is None or placed.element.get("value") == value]
    wanted = str(name).casefold()
    for names in (_by_id, _by_label, _by_block):
        for placed in elements:
            if any(wanted == each.casefold() for each in names(placed)):
                return placed
    return None


def _by_id(placed: Placed) -> Iterator[str]:
    yield placed.action_id


def _by_label(placed: Placed) -> Iterator[str]:
    yield placed.label


def _by_block(placed: Placed) -> Iterator[str]:
    yield placed.block_id
    holder = placed.block.get("text")
    if isinstance(holder, dict):
        yield holder["text"].strip("*_ ")


def _blocks(surface: Message | View) -> list[Json]:
    return surface.blocks if isinstance(surface, Message) else list(surface.body["blocks"])


def _surfaces(workspace: Workspace, user: User, where: object) -> list[Message | View]:
    screen = workspace.screens[user.id]
    if where == "modal" or (where is None and screen.top is not None):
        return [screen.top] if screen.top is not None else []
    if where == "home":
        return [screen.home] if screen.home is not None else []
    if isinstance(where, dict):
        return _named(workspace, user, where)
    seen: list[Message | View] = list(workspace.visible(user.id, None, LOOK_BACK))
    if screen.home is not None:
        seen.append(screen.home)
    return sorted(seen, key=lambda surface: surface.seq, reverse=True)


def _named(workspace: Workspace, user: User, where: Json) -> list[Message | View]:
    if "ts" in where:
        message = workspace.messages.get(where["channel"], {}).get(where["ts"])
        return [message] if message is not None and workspace.sees(user.id, message) else []
    view = workspace.find_view(str(where.get("id", "")))
    return [view] if view is not None and view.user == user.id else []
