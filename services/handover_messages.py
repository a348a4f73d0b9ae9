"""What is said of a handover, read from the records at the moment of sending."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.errors import NotFound
from cohort.handovers import HandedOver, Handover
from cohort.roster import Member
from services import access
from services.desk import Desk
from services.handovers import GOT, MADE, STANDING, UNDONE, subject_of
from services.holdings import BY_NAME
from services.letters import Composed, Obsolete, Said
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Share:
    """So many things of one sort about one thing: an assignment's slug, or the Monday of a week."""

    sort: str
    about: str
    count: int


@dataclass(frozen=True, slots=True)
class HandedToYou:
    """For whoever got something: whose it was, and what it is. `is_gone` where they take part no more."""

    from_: Member
    handover: Handover
    shares: Sequence[Share]
    is_gone: bool


@dataclass(frozen=True, slots=True)
class HandoverReport:
    """For organizers and whose things they were: who got what; None for what was left to everyone."""

    from_: Member
    by: Member | None
    handover: Handover
    shares: Sequence[tuple[Member | None, Sequence[Share]]]
    is_gone: bool


@dataclass(frozen=True, slots=True)
class HandoverUndone:
    """For those concerned: so many things are back with whose they were."""

    from_: Member
    reader_id: str
    count: int


def compose_got(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what someone reads of what came to them; nothing once it is undone."""
    del desk
    handover = _handover(records, data)
    if handover.undone_at is not None:
        return Obsolete("undone")
    theirs = [item for item in records.handovers.items(handover.id) if item.to_id == data["member"]]
    from_ = access.known(records, handover.from_id)
    return Said(HandedToYou(from_, handover, _shares(records, theirs), not from_.is_active(now)))


def compose_made(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what organizers and whose things they were read."""
    del desk
    handover = _handover(records, data)
    items = records.handovers.items(handover.id)
    takers = sorted({item.to_id or "" for item in items}, reverse=True)
    shares = [
        (records.roster.get(taker), _shares(records, [i for i in items if (i.to_id or "") == taker]))
        for taker in takers
    ]
    from_ = access.known(records, handover.from_id)
    by = access.known(records, handover.made_by) if handover.made_by else None
    return Said(HandoverReport(from_, by, handover, shares, not from_.is_active(now)), subject_of(handover.id))


def compose_undone(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what those concerned read once a handover is undone."""
    del desk, now
    from_ = access.known(records, _handover(records, data).from_id)
    return Said(HandoverUndone(from_, data["member"], data["count"]))


def _handover(records: Records, data: Mapping[str, Any]) -> Handover:
    found = records.handovers.get(data["handover"])
    if found is None:
        raise NotFound("handover", data["handover"])
    return found


def _shares(records: Records, items: Iterable[HandedOver]) -> list[Share]:
    counts = Counter((item.sort, BY_NAME[item.sort].about(records, item.item_id)) for item in items)
    return [Share(sort, about, count) for (sort, about), count in sorted(counts.items())]


COMPOSERS = {GOT: compose_got, MADE: compose_made, STANDING: compose_made, UNDONE: compose_undone}
