"""Erasing a person: who they are and what they wrote goes; what they handed in and the audit stay, under an id."""

from dataclasses import dataclass, replace
from datetime import datetime

from cohort.roster import GONE, Member, Status
from services import access, outbox
from services.booking_changes import give_up
from services.closing import close_everything
from services.desk import Desk
from services.extension_upkeep import lapse_settled
from services.handovers import release_gone
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: the id that stays, how many open requests ended, and how many messages stay unsent."""

    member_id: str
    lapsed: int
    unsent: int

    def __str__(self) -> str:
        return (
            f"Erased; what is left is the id {self.member_id}. Open requests closed: {self.lapsed}. "
            f"Messages not sent any more: {self.unsent}."
        )


def erase(person: str, now: datetime, desk: Desk) -> Erased:
    """Erase a member, named by email or id, for good. Raises NotFound.

    Whoever was active counts as withdrawn from now on, so nothing is sent to or asked of what is left.
    """
    with desk.transaction(now) as records:
        member = access.person(records, person)
        _let_go(records, member, now)
        lapsed = lapse_settled(records, desk, now)
        release_gone(records, now, desk)
        give_up(records, member.id, now, desk)
        close_everything(records, access.known(records, member.id), now, desk)
        unsent = records.outbox.drop_to(outbox.to(member), now)
        records.requests.erase_words(member.id)
        records.hand_ins.erase_words(member.id)
        records.submissions.erase_words(member.id)
        records.grading.erase_words(member.id)
        records.regrades.erase_words(member.id)
        records.asking.erase_words(member.id)
        records.shared_questions.erase_words(member.id)
        records.joining.erase_dates(member.id)
        records.unclear_words.erase_words(member.id)
        records.open_hours.erase_words(member.id)
        records.bookings.erase_words(member.id)
        records.follow_ups.erase_words(member.id)
        records.check_ins.erase_words(member.id)
        records.help.erase(member.id)
        records.leavings.erase_words(member.id)
        records.office_hours.erase_words(member.id)
        records.fairness.erase(member.id)
        records.pauses.forget_end(member.id)
        records.roster.erase(member.id)
        records.audit.add(None, "member.erased", member.id, now)
        return Erased(member.id, lapsed, unsent)


def _let_go(records: Records, member: Member, now: datetime) -> None:
    """Make sure that the member takes part no longer, not even until a leaving date that was set before."""
    if member.status in GONE:
        left_at = min(member.left_at or now, now)
        records.roster.save(replace(member, left_at=left_at))
        return
    records.roster.save(replace(member, status=Status.WITHDRAWN, left_at=now))
    records.roster.add_status(member.id, Status.WITHDRAWN, now, None)
