"""What closes with a student who takes part no more, in the transaction that lets them go."""

from dataclasses import replace
from datetime import datetime

from cohort.follow_ups import Outcome
from cohort.roster import GONE, Member, Status
from services import access, asking, check_ins, follow_ups, outbox, regrades
from services.booking_changes import give_up
from services.desk import Desk
from services.extension_upkeep import lapse_settled
from storage.records import Records


def close_everything(records: Records, student: Member, now: datetime, desk: Desk) -> int:
    """Close all that is open of a student whose status says that they are gone; return how many requests that was.

    These are bookings, places and waits, what TAs have claimed of theirs and they say to have handed in elsewhere,
    questions, also about grades, the follow-up, the plan and the check-in, a wish to leave, and requests for more time.
    `LeavingRecords.left_open` asks after the same.
    """
    settle_leaving(records, student, now)
    give_up(records, student.id, now, desk)
    records.hand_ins.release_of_gone(student.id)
    records.submissions.forget_claims(student.id)
    regrades.close_all(records, student, now)
    asking.close_all(records, student, now)
    follow_ups.close_all(records, student.id, Outcome.WANTS_TO_LEAVE, now)
    _void_plan(records, student, now)
    _skip_check_in(records, student, now)
    return lapse_settled(records, desk, now)


def close_gone(student_id: str, desk: Desk, now: datetime) -> bool:
    """Close what is open of a student whose leaving date has come, in one transaction; say whether it has."""
    with desk.store.transaction() as records:
        student = access.known(records, student_id)
        if not student.has_left(now):
            return False
        close_everything(records, student, now, desk)
        records.audit.add(None, "leaving.closed", student.id, now)
        return True


def settle_leaving(records: Records, student: Member, now: datetime) -> bool:
    """Note that a wish to leave is settled by a new status: done for who is gone, undone for who takes part again."""
    one, is_gone = records.leavings.open_of(student.id), student.status in GONE or student.has_left(now)
    if one is None or (student.status is Status.PAUSED and not is_gone):
        return False
    settled = (records.leavings.finish if is_gone else records.leavings.undo)(one.id, now)
    if settled:
        show_leaving(records, one.id, student, now)
    return settled


def show_leaving(records: Records, leaving_id: str, student: Member, now: datetime) -> None:
    """Let the message about leaving show how it stands, and the card of whoever follows the student up."""
    data, about = {"leaving": leaving_id, "student": student.id}, leaving_subject(leaving_id)
    outbox.refresh(records, "leavings.standing", data, about, f"settled:{leaving_id}", now)
    case = records.follow_ups.open_of(student.id)
    if case is not None:
        follow_ups.refresh_card(records, case, now)


def leaving_subject(leaving_id: str) -> str:
    """Return under what name the message to a student who wants to leave is kept."""
    return f"leaving:{leaving_id}"


def _void_plan(records: Records, student: Member, now: datetime) -> None:
    plan_id = records.new_plans.open_of(student.id)
    if plan_id is not None:
        records.new_plans.close_open(student.id, now)
        data = {"plan": plan_id, "student": student.id}
        outbox.refresh(records, "new_plans.standing", data, f"new_plan:{plan_id}", f"left:{plan_id}", now)


def _skip_check_in(records: Records, student: Member, now: datetime) -> None:
    latest = records.check_ins.latest_of(student.id)
    if latest is not None and latest.is_open:
        skipped = replace(latest, skipped_at=now)
        records.check_ins.save(skipped)
        check_ins.refresh(records, skipped, now)
