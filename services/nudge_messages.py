"""What a nudge says, read from the records when it is sent, and again when something about it changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cohort.assignments import Assignment
from cohort.nudge_words import NudgeWords
from cohort.nudges import Offer, OfferState, Work, missed
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.nudge_hearing import as_wanted
from services.nudges import own_due_at, work_of
from services.own_work import arrangements_of
from storage.records import Records


class ItemState(StrEnum):
    """Where one piece of missed work stands for the student who reads of it."""

    OPEN = "open"
    MORE_TIME = "more_time"
    SAID_HANDED_IN = "said_handed_in"
    HANDED_IN = "handed_in"
    WAITING = "waiting"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of missed work: the student's own due time, and the offer where one stands."""

    assignment: Assignment
    due_at: datetime
    state: ItemState = ItemState.OPEN
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class MissedWork:
    """For a student: what was missed, and what they can do about it with one press."""

    nudge_id: str
    student: Member
    items: Sequence[Item]
    words: NudgeWords = field(default_factory=NudgeWords)

    @property
    def offers(self) -> list[Offer]:
        """The offers that can still be taken."""
        return [item.offer for item in self.items if item.offer is not None]


@dataclass(frozen=True, slots=True)
class ClaimedHandIn:
    """For staff: a student says something is handed in of which the records know nothing."""

    student: Member
    assignment: Assignment


def subject_of(nudge_id: str) -> str:
    """Return under what name the post of a nudge is kept."""
    return f"nudge:{nudge_id}"


def refresh(records: Records, student: Member, nudge_id: str, stamp: str, now: datetime) -> None:
    """Let the message of a nudge show what became of it; `stamp` names the change."""
    data = {"nudge": nudge_id, "student": student.id}
    outbox.refresh(records, "nudges.standing", data, subject_of(nudge_id), stamp, now)


def compose_missed(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what is still missed of what a nudge was made for; nothing where nothing is."""
    student = access.known(records, data["student"])
    about = [access.assignment(records, assignment_id) for assignment_id in data["assignments"]]
    work = work_of(records, student, about, now)
    items = _open_items(records, as_wanted(records, work, now), about, now)
    if not items:
        return Obsolete("nothing is missed any more")
    return Said(MissedWork(data["nudge"], student, items, desk.policy.nudges.words), subject_of(data["nudge"]))


def _open_items(records: Records, work: Work, about: Iterable[Assignment], now: datetime) -> list[Item]:
    offers = {o.assignment_id: o for o in records.nudges.offers_of(work.student.id) if _stands(o, now)}
    return [Item(a, own_due_at(work, a), offer=offers.get(a.id)) for a in missed(work, about, now)]


def _stands(offer: Offer, now: datetime) -> bool:
    return offer.state is OfferState.OPEN and now < offer.lapses_at


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a nudge that was told as it stands now: what has been settled, and what is still open.

    Work without an offer of its own is shown while it is missed.
    """
    student = access.known(records, data["student"])
    offers = records.nudges.offers_of(student.id)
    elsewhere = {o.assignment_id for o in offers if o.nudge_id != data["nudge"]}
    here = {o.assignment_id: o for o in offers if o.nudge_id == data["nudge"]}
    everything = [a for a in records.assignments.all() if a.id not in elsewhere]
    claimed = records.submissions.claimed_by(student.id)
    work = work_of(records, student, everything, now)
    owed = {a.id for a in missed(work, everything, now)}
    items = [
        _item(work, work.owed(a), here.get(a.id), claimed, now, is_owed=a.id in owed)
        for a in everything
        if a.id in here or a.id in owed
    ]
    return Said(MissedWork(data["nudge"], student, items, desk.policy.nudges.words), subject_of(data["nudge"]))


def _item(
    work: Work,
    assignment: Assignment,
    offer: Offer | None,
    claimed: set[str],
    now: datetime,
    *,
    is_owed: bool,
) -> Item:
    due_at = own_due_at(work, assignment)
    if is_owed:
        return Item(assignment, due_at, offer=offer if offer and _stands(offer, now) else None)
    checks = (
        (assignment.id in work.handed_in, ItemState.HANDED_IN),
        (assignment.id in claimed, ItemState.SAID_HANDED_IN),
        (assignment.id in work.waiting, ItemState.WAITING),
        (due_at >= now, ItemState.MORE_TIME),
    )
    return Item(assignment, due_at, next((state for holds, state in checks if holds), ItemState.SETTLED))


def compose_claimed(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the note for staff that someone says they handed in; nothing once the records know of it."""
    del desk
    student = access.known(records, data["student"])
    assignment = access.assignment(records, data["assignment"])
    arranged = arrangements_of(records, student, now)
    submissions = records.submissions.of(student.id, assignment.id)
    if any(s.submitted_at <= now and arranged.counts(s) for s in submissions):
        return Obsolete("the records have it now")
    return Said(ClaimedHandIn(student, assignment))


COMPOSERS = {
    "nudges.missed": compose_missed,
    "nudges.standing": compose_standing,
    "nudges.claimed": compose_claimed,
}
