"""A CSV dropped into the direct messages with the bot: a look at what it would change, and a button to do it."""

from collections.abc import Mapping, Sequence
from functools import partial

from handlers.answers import Answer, Ask, Lazily, Listener, Say
from handlers.views import dropped_files as views
from services import dropped_files
from services.desk import Desk

ENDINGS = (".csv", ".tsv", ".txt")
# So many tables of a message are looked at; the answer says where there are more.
AT_ONCE = 5


def dropped(ask: Ask, desk: Desk) -> Answer | None:
    """Look at the tables that staff dropped; None where there is none."""
    file_ids = _tables_in(ask.event.get("files"))
    if not file_ids or not ask.member.is_staff:
        return None
    dropped_files.require(ask.member, ask.now)
    return Lazily(partial(_look, file_ids, ask, desk))


def _tables_in(files: object) -> list[str]:
    """Return the ids of the files that may be tables."""
    named = [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []
    return [str(file.get("id", "")) for file in named if str(file.get("name", "")).casefold().endswith(ENDINGS)]


def _look(file_ids: Sequence[str], ask: Ask, desk: Desk) -> Answer:
    looked_at = [dropped_files.try_out(file_id, ask.member, ask.now, desk) for file_id in file_ids[:AT_ONCE]]
    return Say(views.trials(looked_at, len(file_ids) - len(looked_at)))


def apply(ask: Ask, desk: Desk) -> Answer:
    """Write what the file says."""
    dropped_files.require(ask.member, ask.now)
    return Lazily(partial(_apply, ask, desk))


def _apply(ask: Ask, desk: Desk) -> Answer:
    return Say(views.trial(dropped_files.apply(ask.value, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {"dropped_files.apply": apply}
