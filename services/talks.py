"""“I'd rather talk to someone”: a student asks for a person, without a form and without a reason."""

from dataclasses import dataclass
from datetime import datetime

from cohort.follow_ups import NoteKind, Origin
from cohort.roster import Member
from services import access
from services.desk import Desk
from services.follow_ups import open_case
from storage.records import Records

TALK = "talks.ask"
REASON = "asked to talk to someone"


@dataclass(frozen=True, slots=True)
class Talk:
    """Who will write to the student, if somebody has it already; not new where they had asked before."""

    owner: Member | None
    is_new: bool


def ask_to_talk(actor: Member, now: datetime, desk: Desk) -> Talk:
    """Let somebody follow a student up who would rather talk. A second time says the same.

    Raises NotAllowed for staff, and NotActive.
    """
    access.require_student(actor, TALK, now)
    with desk.transaction(now) as records:
        is_new = not _has_asked(records, actor)
        if is_new:
            open_case(records, actor, Origin.TALK, REASON, now, desk)
            records.audit.add(actor.id, TALK, actor.id, now)
        case = records.follow_ups.open_of(actor.id)
        owner_id = case.owner_id if case is not None else None
        return Talk(access.known(records, owner_id) if owner_id else None, is_new)


def _has_asked(records: Records, student: Member) -> bool:
    case = records.follow_ups.open_of(student.id)
    if case is None:
        return False
    notes = records.follow_ups.notes_of(case.id)
    return case.reason == REASON or any(n.kind is NoteKind.REASON and n.words == REASON for n in notes)
