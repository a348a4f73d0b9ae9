"""Tables as files in an organizer's direct messages: the same as `export` writes, and never into a channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cohort.errors import Unclear
from cohort.roster import Member, Role
from services import access, outbox
from services.desk import Desk
from services.exports import EXPORTS
from services.follow_through_exports import LISTS
from services.letters import Attached, Composed, Obsolete, Said
from storage.records import Records

EXPORT = "exports.send"
OF_USE = timedelta(hours=1)
TABLES: Final = {**EXPORTS, **LISTS}


@dataclass(frozen=True, slots=True)
class ExportNote:
    """For an organizer: which table the file beside it holds, and how many rows."""

    table: str
    rows: int


def tables(actor: Member, now: datetime) -> list[str]:
    """Return what can be exported. Raises NotAllowed for all but organizers, and NotActive."""
    access.require_organizer(actor, EXPORT, now)
    return list(TABLES)


def send(table: str, actor: Member, now: datetime, desk: Desk) -> str:
    """Queue a table as a file to whoever asked; return its name. Raises NotAllowed, NotActive, and Unclear."""
    access.require_organizer(actor, EXPORT, now)
    name = table.strip().casefold()
    if name not in TABLES:
        raise Unclear(f"I can't export “{table.strip()[:40]}”.", "/cohort export roster")
    with desk.transaction(now) as records:
        data = {"table": name, "member": actor.id, "at": now.isoformat()}
        outbox.post(records, "exports.file", outbox.to(actor), data, f"export:{name}:{actor.id}:{now}", now)
        records.audit.add(actor.id, "table.exported", name, now)
    return name


def compose_file(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the file as the records stand; nothing for who is no organizer any more, or an hour later."""
    reader, asked_at = access.known(records, data["member"]), datetime.fromisoformat(data["at"])
    if reader.role is not Role.ORGANIZER or not reader.is_active(now):
        return Obsolete("for organizers only")
    if now - asked_at > OF_USE:
        return Obsolete("too late to be of use")
    text = TABLES[data["table"]](desk.within(records), now)
    note = ExportNote(data["table"], max(0, len(text.splitlines()) - 1))
    return Said(note, latest_at=asked_at + OF_USE, attached=Attached(f"{data['table']}.csv", text.encode()))


COMPOSERS = {"exports.file": compose_file}
