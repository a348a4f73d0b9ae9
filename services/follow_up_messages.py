"""The card of a follow-up: why, what was tried, what the student's week looks like; read when it is sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cohort.assignments import Assignment
from cohort.errors import NotFound
from cohort.follow_ups import FollowUp, Note, NoteKind, Origin
from cohort.leavings import Leaving
from cohort.levels import LevelSince
from cohort.nudge_limits import PastNudge
from cohort.nudges import missed
from cohort.reminders import Due, upcoming
from cohort.roster import Member
from cohort.times import DAY
from services import access
from services.appointments import Appointment
from services.appointments import upcoming as bookings_of
from services.desk import Desk
from services.follow_ups import CaseList, Which, listed_in, subject
from services.letters import Composed, Obsolete, Said
from services.nudges import own_due_at, work_of
from storage.records import Records

TRIED_MOST, WEEK = 6, 7 * DAY

FIGURES: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Tried:
    """A message the bot sent to the student, and when they reacted to it, if they did."""

    nudge: PastNudge


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the case and who wrote it; what it says is shown to the owner only, behind a button."""

    note: Note
    by: Member | None


@dataclass(frozen=True, slots=True)
class FollowUpCard:
    """For the owner: everything about one case that helps to write the first message."""

    case: FollowUp
    student: Member
    owner: Member | None
    level: LevelSince | None
    tried: Sequence[Tried]
    missed: Sequence[tuple[Assignment, datetime]]
    ahead: Sequence[Due]
    booked: Sequence[Appointment]
    lines: Sequence[Line]
    closed_by: Member | None = None
    is_quiet: bool = False
    leaving: Leaving | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """For an owner or organizers: cases whose time to get in touch has passed."""

    cases: CaseList
    is_own: bool


@dataclass(frozen=True, slots=True)
class Introduced:
    """For a student and whoever writes to them, in a conversation of both: the first words."""

    student: Member
    by: Member


def card_of(records: Records, case: FollowUp, desk: Desk, now: datetime) -> FollowUpCard:
    """Return a case with all that its owner needs to know."""
    student = access.known(records, case.student_id)
    assignments = records.assignments.all()
    work = work_of(records, student, assignments, now)
    late = [(assignment, own_due_at(work, assignment)) for assignment in missed(work, assignments, now)]
    ahead = [due for due in upcoming(work, assignments, now) if due.due_at <= now + WEEK]
    past = [nudge for nudge in records.nudges.past_of(student.id, now) if not nudge.is_waiting]
    tried = [Tried(nudge) for nudge in sorted(past, key=lambda nudge: nudge.at)[-TRIED_MOST:]]
    lines = [Line(note, _who(records, note.by_id)) for note in records.follow_ups.notes_of(case.id)]
    del desk
    return FollowUpCard(
        case,
        student,
        _who(records, case.owner_id),
        records.risk.latest(now).get(student.id),
        tried,
        late,
        ahead,
        bookings_of(records, student.id, now),
        lines,
        _who(records, case.closed_by),
        records.help.is_quiet(student.id),
        records.leavings.open_of(student.id),
    )


def reasons_of(card: FollowUpCard) -> list[str]:
    """Return why the case is there: what opened it, what came later and what the level rests on, each fact once.

    Of a fact that was told more than once with other figures, the latest stands.
    """
    later = [line.note.words for line in card.lines if line.note.kind is NoteKind.REASON]
    level = card.level.reasons if card.level is not None else ()
    facts = [fact for words in (card.case.reason, *later) for fact in words.split("; ")]
    told = {_sort_of(fact): fact for fact in [*facts, *(reason.words for reason in level)] if fact}
    return list(told.values())


def _sort_of(fact: str) -> str:
    """Return a fact without its figures and what it lists, by which it is known again."""
    return FIGURES.sub("", fact.partition(":")[0])


def _who(records: Records, member_id: str | None) -> Member | None:
    return access.known(records, member_id) if member_id else None


def compose_card(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the card for whoever owns the case; nothing where it is somebody else's by now, or closed."""
    case = _case(records, data["case"])
    if case.owner_id != data["member"] or not case.is_open:
        return Obsolete("somebody else's, or closed")
    latest_at = now if case.origin is Origin.DISTRESS else None
    return Said(card_of(records, case, desk, now), subject(case.id), latest_at=latest_at)


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the card as the case stands now."""
    case = _case(records, data["case"])
    return Said(card_of(records, case, desk, now), subject(case.id))


def compose_overdue(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what is still overdue of what somebody was to hear of."""
    reader = access.known(records, data["member"])
    is_own = data.get("own", False)
    which = Which.MINE if is_own else Which.OVERDUE
    del desk
    found = listed_in(records, which, reader, now) if reader.is_active(now) else None
    rows = [row for row in found.rows if row.case.due_at < now and row.case.id in data["cases"]] if found else []
    return Said(Overdue(CaseList(which, rows), is_own)) if rows else Obsolete("not overdue any more")


def compose_introduced(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the first words of a conversation; nothing where the case was closed meanwhile."""
    del desk, now
    if not _case(records, data["case"]).is_open:
        return Obsolete("closed meanwhile")
    return Said(Introduced(access.known(records, data["student"]), access.known(records, data["by"])))


def _case(records: Records, case_id: str) -> FollowUp:
    found = records.follow_ups.get(case_id)
    if found is None:
        raise NotFound("follow-up", case_id)
    return found


COMPOSERS = {
    "follow_ups.card": compose_card,
    "follow_ups.standing": compose_standing,
    "follow_ups.overdue": compose_overdue,
    "follow_ups.all_overdue": compose_overdue,
    "follow_ups.introduced": compose_introduced,
}
