"""Students who pause, come back or withdraw: what changes with them, and what they are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.errors import Unclear
from cohort.handovers import back_at
from cohort.roster import GONE, Member, Role, Status, with_status
from cohort.wishes import Wish
from services import access, outbox
from services.booking_changes import give_up
from services.closing import close_everything, settle_leaving
from services.desk import Desk
from services.extension_upkeep import lapse_settled
from services.letters import Composed, Obsolete, Said
from storage.records import Records

TOLD_BY_THE_BOT = frozenset({Status.ACTIVE, Status.PAUSED, Status.WITHDRAWN, Status.GRADUATED})


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """What became of a student, for the one who changed it; `lapsed` counts requests closed with it.

    `back_at` is from when on someone takes part again who is paused until a day.
    """

    student: Member
    is_new: bool
    lapsed: int = 0
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusNote:
    """For the student: what they are now, whom to talk to about it, and where a pause ends by itself from when on."""

    student: Member
    contact: Member | None
    back_at: datetime | None = None


def change_status(
    actor: Member, student: str, status: Status, now: datetime, desk: Desk, until: Wish | None = None
) -> StatusChanged:
    """Pause, bring back (active) or withdraw a student, who is told; open requests end with it.

    Who withdraws leaves nothing open behind; who comes back no longer leaves. A pause lasts until the day that
    `until` names in the programme's zone, the first one back, or without one until somebody ends it.

    `student` is a Slack id, email, member id or name. Changes nothing where it is so already. Raises
    NotAllowed for all but organizers, NotFound also for staff, NotActive where the change is not possible, and
    Unclear for a day that is past.
    """
    access.require_organizer(actor, "roster.status", now)
    with desk.transaction(now) as records:
        return set_status(records, _student(records, student), status, actor, now, desk, until)


def set_status(
    records: Records,
    before: Member,
    status: Status,
    by: Member | None,
    now: datetime,
    desk: Desk,
    until: Wish | None = None,
) -> StatusChanged:
    """Change what a student is within a transaction. Raises NotActive and Unclear as `change_status`."""
    after, ends_at = with_status(before, status, now), _ends_at(until, now, desk)
    if after == before and (status is not Status.PAUSED or records.pauses.back_at(before.id) == ends_at):
        return StatusChanged(before, is_new=False, back_at=ends_at)
    if after == before:
        return _set_end(records, after, ends_at, by, now)
    records.roster.save(after)
    note_status(records, after, by, now)
    if ends_at is not None:
        records.pauses.name_end(after.id, ends_at)
    lapsed = _close(records, after, now, desk)
    return StatusChanged(after, is_new=True, lapsed=lapsed, back_at=ends_at)


def _ends_at(until: Wish | None, now: datetime, desk: Desk) -> datetime | None:
    """Return from when on someone takes part again, None where no day is named. Raises Unclear for one that is past."""
    if until is None:
        return None
    ends_at = back_at(until, now, desk.policy.programme.tz)
    if ends_at <= now:
        raise Unclear("A pause ends on a day to come, the first one back.", "/cohort pause @ada until friday")
    return ends_at


def _set_end(
    records: Records, student: Member, ends_at: datetime | None, by: Member | None, now: datetime
) -> StatusChanged:
    """Let the pause of someone who is paused already end on another day, or on none."""
    records.pauses.forget_end(student.id)
    if ends_at is not None:
        records.pauses.name_end(student.id, ends_at)
    by_id = by.id if by else None
    records.audit.add(by_id, "pause.ends", student.id, now, detail=ends_at.isoformat() if ends_at else "")
    tell_status(records, student, by_id, now)
    return StatusChanged(student, is_new=True, back_at=ends_at)


def _close(records: Records, student: Member, now: datetime, desk: Desk) -> int:
    """Close what ends with a new status; return how many requests for more time that is."""
    if student.status is Status.WITHDRAWN:
        return close_everything(records, student, now, desk)
    settle_leaving(records, student, now)
    if not student.is_active(now):
        give_up(records, student.id, now, desk)
    return lapse_settled(records, desk, now)


def note_status(records: Records, student: Member, by: Member | None, now: datetime) -> None:
    """Write a new status of a student into their history and the audit, and let them know; no pause goes on."""
    by_id = by.id if by else None
    records.pauses.forget_end(student.id)
    records.roster.add_status(student.id, student.status, now, by_id)
    records.audit.add(by_id, "roster.status", student.id, now, detail=student.status.value)
    tell_status(records, student, by_id, now)


def tell_status(records: Records, student: Member, by_id: str | None, now: datetime) -> None:
    """Let a student know their status, who leaves on a later day on that day.

    That someone was expelled they hear from a person.
    """
    if student.role is not Role.STUDENT or student.status not in TOLD_BY_THE_BOT:
        return
    data = {"member": student.id, "status": student.status.value, "by": by_id}
    key = f"status:{student.id}:{student.status.value}:{now.isoformat()}"
    if student.status in GONE and student.left_at is not None and student.left_at > now:
        data |= {"left_at": student.left_at.isoformat()}
        outbox.post_at(records, "roster.status", outbox.to(student), data, key, now, student.left_at)
    else:
        outbox.post(records, "roster.status", outbox.to(student), data, key, now)


def _student(records: Records, reference: str) -> Member:
    return access.must_be_student(access.person(records, reference))


def compose_status(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads about their new status; nothing once it is another."""
    del desk
    student = access.known(records, data["member"])
    if student.status.value != data["status"]:
        return Obsolete("changed again")
    if "left_at" in data and (student.left_at is None or student.left_at.isoformat() != data["left_at"]):
        return Obsolete("leaves at another time")
    ends_at = records.pauses.back_at(student.id) if student.status is Status.PAUSED else None
    return Said(StatusNote(student, _contact(records, data["by"], now), ends_at))


def _contact(records: Records, by_id: str | None, now: datetime) -> Member | None:
    """Return the organizer who made the change, or any that can be written to."""
    if by_id is not None:
        return access.known(records, by_id)
    organizers = records.roster.with_role(Role.ORGANIZER)
    return next((member for member in organizers if member.slack_id and member.is_active(now)), None)


COMPOSERS = {"roster.status": compose_status}
