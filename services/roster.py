"""Students who pause, come back or withdraw: what changes with them, and what they are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.errors import NotFound
from cohort.roster import GONE, Member, Role, Status, with_status
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
    """What became of a student, for the one who changed it; `lapsed` counts requests closed with it."""

    student: Member
    is_new: bool
    lapsed: int = 0


@dataclass(frozen=True, slots=True)
class StatusNote:
    """For the student: what they are now, and whom to talk to about it."""

    student: Member
    contact: Member | None


def change_status(actor: Member, student: str, status: Status, now: datetime, desk: Desk) -> StatusChanged:
    """Pause, bring back (active) or withdraw a student, who is told; open requests end with it.

    Who withdraws leaves nothing open behind; who comes back no longer leaves.

    `student` is a Slack id, email, member id or name. Changes nothing where it is so already. Raises
    NotAllowed for all but organizers, NotFound also for staff, and NotActive where the change is not possible.
    """
    access.require_organizer(actor, "roster.status", now)
    with desk.transaction(now) as records:
        before = _student(records, student)
        after = with_status(before, status, now)
        if after == before:
            return StatusChanged(before, is_new=False)
        records.roster.save(after)
        note_status(records, after, actor, now)
        if after.status is Status.WITHDRAWN:
            return StatusChanged(after, is_new=True, lapsed=close_everything(records, after, now, desk))
        settle_leaving(records, after, now)
        if not after.is_active(now):
            give_up(records, after.id, now, desk)
        return StatusChanged(after, is_new=True, lapsed=lapse_settled(records, desk, now))


def note_status(records: Records, student: Member, by: Member | None, now: datetime) -> None:
    """Write a new status of a student into their history and the audit, and let them know."""
    by_id = by.id if by else None
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
    found = access.person(records, reference)
    if found.role is not Role.STUDENT:
        raise NotFound("student", reference)
    return found


def compose_status(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads about their new status; nothing once it is another."""
    del desk
    student = access.known(records, data["member"])
    if student.status.value != data["status"]:
        return Obsolete("changed again")
    if "left_at" in data and (student.left_at is None or student.left_at.isoformat() != data["left_at"]):
        return Obsolete("leaves at another time")
    return Said(StatusNote(student, _contact(records, data["by"], now)))


def _contact(records: Records, by_id: str | None, now: datetime) -> Member | None:
    """Return the organizer who made the change, or any that can be written to."""
    if by_id is not None:
        return access.known(records, by_id)
    organizers = records.roster.with_role(Role.ORGANIZER)
    return next((member for member in organizers if member.slack_id and member.is_active(now)), None)


COMPOSERS = {"roster.status": compose_status}
