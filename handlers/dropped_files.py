"""A CSV dropped into the direct messages with the bot: a look at what it would change, and a button to do it."""

from collections.abc import Mapping, Sequence
from functools import partial

from cohort.errors import NotAllowed, NotFound
from handlers.answers import Answer, Ask, Lazily, Listener, Say
from handlers.errors import sentence
from handlers.views import dropped_files as views
from handlers.views.blocks import Rendered, say
from services import access, dropped_files
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
    if len(file_ids) == 1:
        return Say(_look_at(file_ids[0], ask, desk))
    answers = [_look_or_refuse(file_id, ask, desk) for file_id in file_ids[:AT_ONCE]]
    return Say(views.together(answers, len(file_ids) - len(answers)))


def _look_at(file_id: str, ask: Ask, desk: Desk) -> Rendered:
    return views.trial(dropped_files.try_out(file_id, ask.member, ask.now, desk))


def _look_or_refuse(file_id: str, ask: Ask, desk: Desk) -> Rendered:
    """Look at one table of several: what is wrong with it is said in its place, and keeps nobody from the others."""
    try:
        return _look_at(file_id, ask, desk)
    except NotAllowed as error:
        access.note_refused(ask.member, error, "message", ask.now, desk)
        return say(sentence(error, ask.member.tz))
    except NotFound as error:
        return say(sentence(error, ask.member.tz))


def apply(ask: Ask, desk: Desk) -> Answer:
    """Write what the file says."""
    dropped_files.require(ask.member, ask.now)
    return Lazily(partial(_apply, ask, desk))


def _apply(ask: Ask, desk: Desk) -> Answer:
    return Say(views.trial(dropped_files.apply(ask.value, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {"dropped_files.apply": apply}
