"""What the owner of a follow-up does from its card: looks, writes to the student together, offers help."""

from dataclasses import dataclass
from datetime import datetime

from cohort.errors import NotFound
from cohort.follow_ups import FollowUp, NoteKind
from cohort.ladder import Step
from cohort.roster import Member
from services import access, ladder, outbox
from services.desk import Desk
from services.follow_up_messages import FollowUpCard, card_of
from services.follow_ups import add_note, case_for, open_case_for, refresh_card
from storage.ids import new_id
from storage.ladder import Rung


@dataclass(frozen=True, slots=True)
class Acted:
    """About whom something was done."""

    case: FollowUp
    student: Member


def look_at(case_id: str, actor: Member, now: datetime, desk: Desk) -> FollowUpCard:
    """Return the card of a case, for its owner and organizers. Raises NotAllowed, NotActive and NotFound."""
    with desk.store.reading() as records:
        return card_of(records, case_for(records, case_id, actor, now), desk, now)


def to_work_on(case_id: str, actor: Member, now: datetime, desk: Desk) -> FollowUp:
    """Return a case that somebody may work on. Raises AlreadyDecided, NotAllowed, NotActive and NotFound."""
    with desk.store.reading() as records:
        return open_case_for(records, case_id, actor, now)


def owner_of(case: FollowUp, desk: Desk) -> Member:
    """Return who owns a case. Raises NotFound where nobody does."""
    if case.owner_id is None:
        raise NotFound("owner", case.id)
    with desk.store.reading() as records:
        return access.known(records, case.owner_id)


def introduce(case_id: str, actor: Member, now: datetime, desk: Desk) -> Acted:
    """Begin a conversation of the student with whoever pressed: the bot says a first word, then it is theirs.

    Once a case and person. Raises AlreadyDecided, NotAllowed, NotActive and NotFound.
    """
    with desk.transaction(now) as records:
        case = open_case_for(records, case_id, actor, now)
        student = access.known(records, case.student_id)
        data = {"case": case.id, "student": student.id, "by": actor.id}
        key = f"introduced:{case.id}:{actor.id}"
        if outbox.post(records, "follow_ups.introduced", outbox.together(student, actor), data, key, now):
            add_note(records, case, NoteKind.CONTACT, "", actor.id, now)
            records.audit.add(actor.id, "follow_up.introduced", case.id, now)
            refresh_card(records, case, now)
        return Acted(case, student)


def offer(case_id: str, actor: Member, now: datetime, desk: Desk) -> Acted:
    """Send the student what can be offered now: more days, leaving out, a slot, a lighter plan; one press each.

    Raises AlreadyDecided, NotAllowed, NotActive and NotFound.
    """
    with desk.transaction(now) as records:
        case = open_case_for(records, case_id, actor, now)
        student = access.known(records, case.student_id)
        offered = tuple(each for each in ladder.helps(records, student, desk, now) if each[1])
        rung = Rung(new_id("lad"), student.id, Step.OFFER, f"follow_up:{new_id('r')}", now, None, offered)
        records.ladder.add(rung)
        data = {"rung": rung.id, "nudge": rung.id, "student": student.id, "by": actor.id}
        outbox.post(records, "ladder.from_person", outbox.to(student), data, f"offer:{rung.id}", now)
        add_note(records, case, NoteKind.OFFER, "", actor.id, now)
        records.audit.add(actor.id, "follow_up.offered", case.id, now)
        refresh_card(records, case, now)
        return Acted(case, student)
