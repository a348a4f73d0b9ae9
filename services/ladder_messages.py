"""What a step of the ladder says, read from the records when it is sent, and again when something was accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.errors import NotFound
from cohort.graduation import why_not_dropped
from cohort.ladder import Help, Step
from cohort.levels import Level, LevelSince, Reason
from cohort.office_hours import Session, Slot
from cohort.roster import Member
from services import access, follow_ups, graduation, outbox
from services.appointments import place_of
from services.desk import Desk
from services.ladder import days_for, focus, own_work
from services.letters import Composed, Obsolete, Said
from services.nudge_messages import subject_of
from storage.ladder import Rung
from storage.records import Records


@dataclass(frozen=True, slots=True)
class HelpItem:
    """One kind of help as it stands: what it is about, whether it was accepted, and whether it can still be."""

    help: Help
    assignment: Assignment | None = None
    days: int = 0
    slot: Slot | None = None
    session: Session | None = None
    ta: Member | None = None
    is_accepted: bool = False
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Offered:
    """For a student: one thing to do, or help to accept with one press, and the facts it rests on."""

    rung_id: str
    nudge_id: str
    student: Member
    step: Step
    to_do: Assignment | None
    due_at: datetime | None
    helps: Sequence[HelpItem]
    reasons: Sequence[Reason]
    is_nudge: bool = True


@dataclass(frozen=True, slots=True)
class Critical:
    """A student who stays critical, and who has their follow-up, if anyone.

    `touched_at` is when anything was last done in it: a contact, an offer or a note; None where it was not begun.
    """

    student: Member
    level: LevelSince
    owner: Member | None
    touched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CriticalNote:
    """For organizers: students for whom every step was taken, and who are still at the highest level."""

    students: Sequence[Critical]


def rung_of(records: Records, rung_id: str) -> Rung:
    """Return a step that was taken. Raises NotFound."""
    found = records.ladder.get(rung_id)
    if found is None:
        raise NotFound("offer", rung_id)
    return found


def refresh(records: Records, rung: Rung, stamp: str, now: datetime) -> None:
    """Let the message of a step show what was accepted; `stamp` names the change."""
    nudge_id = rung.nudge_id or rung.id
    data = {"rung": rung.id, "nudge": nudge_id, "student": rung.student_id}
    outbox.refresh(records, "ladder.standing", data, subject_of(nudge_id), stamp, now)


def compose_help(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the step, unless the student is on track again or is not here."""
    student = access.known(records, data["student"])
    level = records.risk.latest(now).get(student.id)
    if level is None or level.level is Level.ON_TRACK or not student.is_active(now):
        return Obsolete("they are on track again")
    return compose_standing(records, data, desk, now)


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the step as it stands now."""
    student, rung = access.known(records, data["student"]), rung_of(records, data["rung"])
    about = _about(records, student, rung, now)
    due_at = own_work(records, student, [about], now).own_due_at(about) if about else None
    helps = [_item(records, student, rung, each, desk, now) for each in rung.offered]
    levels = records.risk.of(student.id)
    reasons = levels[-1].reasons if levels else ()
    is_nudge = rung.nudge_id is not None
    note = Offered(
        rung.id, data["nudge"], student, rung.step, about, due_at, helps, reasons if is_nudge else (), is_nudge
    )
    return Said(note, subject_of(data["nudge"]))


def _about(records: Records, student: Member, rung: Rung, now: datetime) -> Assignment | None:
    named = next((about for each, about in rung.offered if each in {Help.MORE_DAYS, Help.DROP}), None)
    return access.assignment(records, named) if named else focus(records, student, now)


def _item(
    records: Records, student: Member, rung: Rung, offered: tuple[Help, str], desk: Desk, now: datetime
) -> HelpItem:
    each, about = offered
    is_accepted = each in rung.accepted
    if each is Help.LIGHTER_PLAN:
        return HelpItem(each, is_accepted=is_accepted)
    if each is Help.SLOT:
        slot, session = place_of(records, about)
        is_open = not records.bookings.is_taken(about) and slot.dropped_at is None and slot.starts_at > now
        ta = access.known(records, session.ta_id)
        return HelpItem(each, slot=slot, session=session, ta=ta, is_accepted=is_accepted, is_open=is_open)
    assignment = access.assignment(records, about)
    if each is Help.DROP:
        ledger = graduation.ledger(records, student, desk, now)
        why = why_not_dropped(ledger.of(about), ledger, desk.policy.programme.closes_at, now)
        return HelpItem(each, assignment, is_accepted=is_accepted, is_open=why is None)
    days = days_for(records, student, assignment, desk, now)
    return HelpItem(each, assignment, days, is_accepted=is_accepted, is_open=days > 0)


def compose_critical(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return who still is at the highest level of those a note was made about."""
    del desk
    latest, found = records.risk.latest(now), []
    for student_id in data["students"]:
        student, level = access.known(records, student_id), latest.get(student_id)
        if level is None or level.level is not Level.CRITICAL or not student.is_active(now):
            continue
        case = records.follow_ups.open_of(student_id)
        owner = access.known(records, case.owner_id) if case is not None and case.owner_id else None
        found.append(Critical(student, level, owner, follow_ups.touched_at(records, case) if case else None))
    return Said(CriticalNote(found)) if found else Obsolete("nobody is at the highest level any more")


def compose_from_person(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a person offers, whatever the level is."""
    if not access.known(records, data["student"]).is_active(now):
        return Obsolete("takes part no more")
    return compose_standing(records, data, desk, now)


COMPOSERS = {
    "ladder.from_person": compose_from_person,
    "ladder.help": compose_help,
    "ladder.standing": compose_standing,
    "ladder.critical": compose_critical,
}
