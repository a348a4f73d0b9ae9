"""A CSV dropped into the direct messages with the bot: a look at what it would change, and a button to do it."""

from collections.abc import Mapping
from functools import partial

from handlers.answers import Answer, Ask, Lazily, Listener, Say
from handlers.views import dropped_files as views
from services import dropped_files
from services.desk import Desk

ENDINGS = (".csv", ".tsv", ".txt")


def dropped(ask: Ask, desk: Desk) -> Answer | None:
    """Look at the first table that staff dropped; None where there is none."""
    file_id = _table_in(ask.event.get("files"))
    if not file_id or not ask.member.is_staff:
        return None
    dropped_files.require(ask.member, ask.now)
    return Lazily(partial(_look, file_id, ask, desk))


def _table_in(files: object) -> str:
    """Return the id of the first file that may be a table; empty where there is none."""
    for file in files if isinstance(files, list) else []:
        if isinstance(file, Mapping) and str(file.get("name", "")).casefold().endswith(ENDINGS):
            return str(file.get("id", ""))
    return ""


def _look(file_id: str, ask: Ask, desk: Desk) -> Answer:
    return Say(views.trial(dropped_files.try_out(file_id, ask.member, ask.now, desk)))


def apply(ask: Ask, desk: Desk) -> Answer:
    """Write what the file says."""
    dropped_files.require(ask.member, ask.now)
    return Lazily(partial(_apply, ask, desk))


def _apply(ask: Ask, desk: Desk) -> Answer:
    return Say(views.trial(dropped_files.apply(ask.value, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {"dropped_files.apply": apply}
