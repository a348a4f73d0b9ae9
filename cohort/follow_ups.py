"""Follow-ups: a case about one student, whose it is, when it is due, and how it can end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Origin(StrEnum):
    """What a follow-up was opened by."""

    LADDER = "ladder"
    SILENCE = "silence"
    CHECK_IN = "check_in"
    TALK = "talk"
    STAFF = "staff"
    DISTRESS = "distress"
    LEAVING = "leaving"


class Outcome(StrEnum):
    """What came of a follow-up."""

    BACK_ON_TRACK = "back_on_track"
    NEW_PLAN = "new_plan"
    PAUSED = "paused"
    WANTS_TO_LEAVE = "wants_to_leave"
    COULD_NOT_REACH = "could_not_reach"
    NO_NEED = "no_need"


class NoteKind(StrEnum):
    """What a line of a follow-up is: one more reason, a note, a contact, something offered, or a change of hands."""

    REASON = "reason"
    NOTE = "note"
    CONTACT = "contact"
    OFFER = "offer"
    HANDED_ON = "handed_on"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A case about one student: open until somebody closes it with an outcome, never by time passing.

    `due_at` is by when its owner gets in touch. `told_owner_at` and `told_organizers_at` are when they heard that it
    is overdue, `settled_at` when “Back on track” was proposed.
    """

    id: str
    student_id: str
    origin: Origin
    reason: str
    opened_at: datetime
    due_at: datetime
    opened_by: str | None = None
    owner_id: str | None = None
    owned_at: datetime | None = None
    told_owner_at: datetime | None = None
    told_organizers_at: datetime | None = None
    settled_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    outcome: Outcome | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it yet."""
        return self.closed_at is None

    @property
    def is_urgent(self) -> bool:
        """Whether somebody is to be written to now: their words sounded like distress."""
        return self.origin is Origin.DISTRESS


@dataclass(frozen=True, slots=True)
class Note:
    """One line of a follow-up; `by_id` None where the bot wrote it."""

    id: str
    follow_up_id: str
    at: datetime
    kind: NoteKind
    words: str = ""
    by_id: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could own a follow-up: how many they have open, and how often they met or graded the student."""

    member_id: str
    open: int
    knows: int
    is_organizer: bool = False


def owner_for(candidates: Iterable[Candidate], open_per_ta: int) -> str | None:
    """Return who is to own a follow-up: the TA who knows the student best, else the one with the fewest.

    A TA has so many open at most; beyond that it goes to the organizer with the fewest. None where nobody is there.
    """
    every = list(candidates)
    tas = [one for one in every if not one.is_organizer and one.open < open_per_ta]
    if tas:
        return min(tas, key=lambda one: (-one.knows, one.open, one.member_id)).member_id
    organizers = [one for one in every if one.is_organizer]
    return min(organizers, key=lambda one: (one.open, one.member_id)).member_id if organizers else None
