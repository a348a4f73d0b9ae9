"""Integrity review: a grader flags what they hold, and organizers alone see it, clear it or uphold it.

For everyone else the work waits: nothing is told, and nothing is nudged about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.errors import AlreadyDecided, GradeNotTaken, NotFound, ReasonNeeded
from cohort.grading import Grade, Marked
from cohort.integrity import CaseState, IntegrityCase
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.grading import tell, waits_for_release, write
from services.grading_owner import in_conflict, owner_for
from services.grading_queue import Opened, here, opened_of
from services.letters import Composed, Obsolete, Said
from services.regrades import leave_to_organizers
from storage.ids import new_id
from storage.records import Records

FLAG = "integrity.flag"
DECIDE = "integrity.decide"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that an organizer sees of a case."""

    case: IntegrityCase
    opened: Opened
    flagged_by: Member
    decided_by: Member | None


@dataclass(frozen=True, slots=True)
class Uphold:
    """What an organizer decides who upholds a case: the grade, the reason, and which version they saw."""

    case_id: str
    version: int
    marked: Marked
    reason: str


def to_flag(hand_in_id: str, actor: Member, now: datetime, desk: Desk) -> Opened:
    """Return what a grader has claimed and may flag. Raises GradeNotTaken, NotAllowed and NotFound."""
    with desk.store.reading() as records:
        hand_in = access.hand_in_to_grade(records, hand_in_id, actor, now)
        if hand_in.claimed_by != actor.id:
            raise GradeNotTaken("not_claimed")
        return opened_of(records, hand_in, actor)


def flag(hand_in_id: str, note: str, actor: Member, now: datetime, desk: Desk) -> None:
    """Take what one has claimed out of the queue, for organizers to look at.

    Raises GradeNotTaken where one does not hold it, ReasonNeeded without a note, NotAllowed and NotFound.
    """
    with desk.transaction(now) as records:
        hand_in = access.hand_in_to_grade(records, hand_in_id, actor, now)
        if hand_in.claimed_by != actor.id:
            raise GradeNotTaken("not_claimed")
        if not note:
            raise ReasonNeeded("a note for the organizers")
        case = IntegrityCase(new_id("int"), hand_in.id, actor.id, now, note)
        records.hand_ins.set_aside(hand_in.id)
        records.integrity.add(case)
        leave_to_organizers(records, hand_in, now)
        outbox.tell_organizers(records, "integrity.flagged", {"case": case.id}, f"integrity:{case.id}", now)
        records.audit.add(actor.id, "integrity.flagged", case.id, now)


def open_cases(actor: Member, now: datetime, desk: Desk) -> list[CaseFile]:
    """Return the cases that wait for a decision, the oldest first. Raises NotAllowed for all but organizers."""
    access.require_organizer(actor, DECIDE, now)
    with desk.store.reading() as records:
        return [_file(records, case, actor) for case in records.integrity.open()]


def case_file(case_id: str, actor: Member, now: datetime, desk: Desk) -> CaseFile:
    """Return all there is to see of a case, and note who looked. Raises NotAllowed and NotFound."""
    with desk.transaction(now) as records:
        case = _case_of(records, case_id, actor, now)
        records.audit.add(actor.id, "integrity.seen", case.id, now)
        return _file(records, case, actor)


def clear(case_id: str, actor: Member, now: datetime, desk: Desk) -> CaseFile:
    """Put the work back to its place in the queue, as if nothing had been.

    Raises AlreadyDecided, NotAllowed and NotFound.
    """
    with desk.transaction(now) as records:
        case = _case_of(records, case_id, actor, now)
        _decide(records, case, CaseState.CLEARED, "", actor, now)
        records.hand_ins.back_to_queue(case.hand_in_id)
        _see_whose_it_is(records, case.hand_in_id, now)
        return _file(records, _case_of(records, case_id, actor, now), actor)


def _see_whose_it_is(records: Records, hand_in_id: str, now: datetime) -> None:
    """Give what goes on to another grader where its own has left, is away or may not grade it meanwhile."""
    hand_in = access.hand_in(records, hand_in_id)
    if hand_in.owner_id and (not here(records, [hand_in.owner_id], now) or in_conflict(records, hand_in)):
        records.hand_ins.own(hand_in_id, owner_for(records, hand_in, now))


def uphold(decision: Uphold, actor: Member, now: datetime, desk: Desk) -> Grade:
    """Grade the work as an organizer; the student hears of the grade as of any other.

    Raises ReasonNeeded without a reason or with a grade that lacks something, GradeNotTaken where a newer version
    came meanwhile, AlreadyDecided, NotAllowed and NotFound.
    """
    with desk.transaction(now) as records:
        case = _case_of(records, decision.case_id, actor, now)
        if not decision.reason:
            raise ReasonNeeded("a reason")
        hand_in = access.hand_in_to_grade(records, case.hand_in_id, actor, now)
        _decide(records, case, CaseState.UPHELD, decision.reason, actor, now)
        if records.hand_ins.versions(hand_in.id)[-1].number != decision.version:
            raise GradeNotTaken("replaced")
        graded = write(records, hand_in, decision.marked, actor, now)
        records.hand_ins.grade_aside(hand_in.id)
        if not waits_for_release(records, graded, desk):
            tell(records, graded, now, desk)
        return graded.grade


def _decide(records: Records, case: IntegrityCase, state: CaseState, reason: str, actor: Member, now: datetime) -> None:
    """Write a decision, once, and update the cards about the case."""
    if not records.integrity.decide(case.id, state, actor.id, reason, now):
        by = access.known(records, case.decided_by) if case.decided_by else None
        raise AlreadyDecided(case.state.value, by, case.decided_at)
    outbox.refresh(records, "integrity.standing", {"case": case.id}, _subject(case.id), state.value, now)
    records.audit.add(actor.id, f"integrity.{state}", case.id, now)


def _case_of(records: Records, case_id: str, actor: Member, now: datetime) -> IntegrityCase:
    """Return a case for an organizer; everyone else is refused before anything is looked up."""
    access.require_organizer(actor, DECIDE, now)
    found = records.integrity.get(case_id)
    if found is None:
        raise NotFound("case", case_id)
    return found


def _file(records: Records, case: IntegrityCase, viewer: Member) -> CaseFile:
    hand_in = access.hand_in(records, case.hand_in_id)
    decided_by = access.known(records, case.decided_by) if case.decided_by else None
    return CaseFile(case, opened_of(records, hand_in, viewer), access.known(records, case.flagged_by), decided_by)


def _subject(case_id: str) -> str:
    return f"integrity:{case_id}"


def compose_flagged(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the card for an organizer; nothing once it is decided."""
    said = compose_standing(records, data, desk, now)
    is_open = (
        isinstance(said, Said) and isinstance(said.content, CaseFile) and said.content.case.state is CaseState.OPEN
    )
    return said if is_open else Obsolete("decided meanwhile")


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the card as it stands now."""
    del desk, now
    case = records.integrity.get(data["case"])
    if case is None:
        return Obsolete("not there")
    return Said(_file(records, case, access.known(records, case.flagged_by)), _subject(case.id))


COMPOSERS = {"integrity.flagged": compose_flagged, "integrity.standing": compose_standing}
