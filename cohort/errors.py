"""What can go wrong for a person: few typed errors, each with the facts its sentence needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohort.bookings import Why
    from cohort.joining import WrongStretch
    from cohort.office_hours import HoursProblem, Session
    from cohort.roster import Member


class CohortError(Exception):
    """Anything a person is told in a sentence, rather than as a failure of the program."""


@dataclass(eq=False)
class UnknownZone(CohortError):
    """A time zone name that the tz database does not know."""

    name: str


@dataclass(eq=False)
class NotOnRoster(CohortError):
    """A Slack account that belongs to nobody on the roster; `organizers` are those who can put them on it."""

    slack_id: str
    organizers: Sequence["Member"] = ()


@dataclass(eq=False)
class NotActive(CohortError):
    """A member who is paused or has left may not do this; names the status and who it is about."""

    status: str
    about_self: bool = True


@dataclass(eq=False)
class NotAllowed(CohortError):
    """The action belongs to another role, or to another person. Audited by the boundary."""

    action: str
    allowed: str


@dataclass(eq=False)
class NotFound(CohortError):
    """Nothing has that name or id; the closest names help."""

    what: str
    name: str
    closest: Sequence[str] = ()


@dataclass(eq=False)
class WrongRole(NotFound):
    """Somebody has that name, but another role than is needed."""

    role: str = ""


@dataclass(eq=False)
class AlreadyDecided(CohortError):
    """Someone else was first: who, what state it is in now, and when."""

    state: str
    decided_by: "Member | None"
    decided_at: datetime | None


@dataclass(eq=False)
class AlreadySettled(CohortError):
    """Nothing is owed for this work, so no time can be given for it; says why."""

    why: str


@dataclass(eq=False)
class DatePassed(CohortError):
    """The date someone chose, or asked for earlier, lies in the past."""

    until_at: datetime


@dataclass(eq=False)
class DateTooLate(CohortError):
    """The date is after the last moment anyone may hand in."""

    hard_due_at: datetime


@dataclass(eq=False)
class DateNotLater(CohortError):
    """The date gives no time beyond what the student already has."""

    effective_due_at: datetime


@dataclass(eq=False)
class ReasonNeeded(CohortError):
    """A text that someone else will rely on is missing."""

    what: str


@dataclass(eq=False)
class GradeNotTaken(CohortError):
    """A grade that was not stored: replaced, graded or taken meanwhile; who did it and when, where that may be said."""

    why: str
    by: "Member | None" = None
    at: datetime | None = None


@dataclass(eq=False)
class SlotRefused(CohortError):
    """A slot that someone can't take, and why."""

    why: "Why"


@dataclass(eq=False)
class WrongHours(CohortError):
    """Office hours that can't be as they were entered; says what is wrong."""

    problem: "HoursProblem"


@dataclass(eq=False)
class WrongDates(CohortError):
    """Hard dates that can't be taken as they were named; says what is wrong with which, at least one."""

    wrong: Sequence["WrongStretch"]


@dataclass(eq=False)
class HoursOverlap(CohortError):
    """A TA has other hours at that time."""

    other: "Session"


@dataclass(eq=False)
class OutsideProgramme(CohortError):
    """A day before the programme begins or after it has ended; the days are its first and last."""

    starts_on: date
    ends_on: date


@dataclass(eq=False)
class LeaderBusy(CohortError):
    """Whoever is to lead an event has office hours at that time, or leads something else."""

    name: str
    starts_at: datetime
    leads: bool


@dataclass(eq=False)
class DateOver(CohortError):
    """A date of office hours that can't be changed any more: cancelled before, begun or over."""

    is_cancelled: bool


@dataclass(eq=False)
class EventFull(CohortError):
    """A section, talk or social without a place left; how many there are."""

    places: int


@dataclass(eq=False)
class EventNotBegun(CohortError):
    """A section, talk or social of which nobody can say yet who is there; from when on."""

    from_at: datetime


@dataclass(eq=False)
class EventOver(CohortError):
    """A section, talk or social that is over or was cancelled."""

    is_cancelled: bool


@dataclass(eq=False)
class BookingOver(CohortError):
    """A booking that can't be changed any more: it was cancelled, or its time has come."""

    is_cancelled: bool


@dataclass(eq=False)
class KeptNoLonger(CohortError):
    """A slot that is kept for someone no longer: since when, where its time ran out; and whether they wait on."""

    since_at: datetime | None
    waits_on: bool


@dataclass(eq=False)
class LineClosed(CohortError):
    """A line in open hours that nobody can join or change: not open yet, from when on, or over."""

    opens_at: datetime | None = None


@dataclass(eq=False)
class LineFull(CohortError):
    """A line with as many people in it as its hours have room for."""

    most: int


@dataclass(eq=False)
class TooManyFellows(CohortError):
    """More fellow students than may come along to one booking; says how many may."""

    most: int


@dataclass(eq=False)
class ChangedMeanwhile(CohortError):
    """Something that somebody else changed while a form of it was open: its field in that form, and what it is now."""

    field: str
    now: str


@dataclass(eq=False)
class NotByForm(CohortError):
    """Something that a form can't make so: its field, and why not with how it can be, in sentences."""

    field: str
    why: str


@dataclass(eq=False)
class Unclear(CohortError):
    """Text that could not be read: what was unclear, and an example that works."""

    what: str
    example: str


class StoreBusy(CohortError):
    """The database could not be written within two seconds; nothing was lost."""


@dataclass(eq=False)
class StoreUnusable(CohortError):
    """The database can't be used: full, read-only, foreign, newer or on a network file system."""

    why: str
    mend: str


class AlreadySeen(CohortError):
    """Slack delivered the same thing a second time; the first time already did it."""
