"""The line in open hours: who stands where in it, and about how long it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from statistics import fmean

# From how long before open hours on someone can stand in line.
AHEAD = timedelta(minutes=15)
# How long a question is taken to last before there is anything to go by, and at least and at most.
USUAL, SHORTEST, LONGEST = 10, 3, 60
# So many at the front see each step of the line, the others every so many places.
NEAR, FAR_STEP = 5, 10


class PlaceState(StrEnum):
    """Where someone is: waiting, stepped out, with a TA, or gone; unreached where the hours ended first."""

    WAITING = "waiting"
    OUT = "out"
    CALLED = "called"
    HELPED = "helped"
    LEFT = "left"
    UNREACHED = "unreached"

    @property
    def is_open(self) -> bool:
        """Whether they still stand in the line, or are with a TA."""
        return self in {PlaceState.WAITING, PlaceState.OUT, PlaceState.CALLED}


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A student's place in the line of a session. `about` is their question in a word, `note` the TA's word on it.

    Those who were called together share a `group_id`. `asked_at` is when someone who was called and did not answer
    was asked whether they are there; their place stays.
    """

    id: str
    session_id: str
    student_id: str
    joined_at: datetime
    about: str = ""
    state: PlaceState = PlaceState.WAITING
    called_at: datetime | None = None
    called_by: str | None = None
    group_id: str | None = None
    note: str = ""
    asked_at: datetime | None = None
    ended_at: datetime | None = None


def before(line: Sequence[LinePlace], place: LinePlace) -> int:
    """Return how many wait in front of a place, in the order in which they joined."""
    mine = (place.joined_at, place.id)
    return sum(one.state is PlaceState.WAITING and (one.joined_at, one.id) < mine for one in line)


def is_shown_at(ahead: int) -> bool:
    """Say whether the message of someone with so many in front of them is brought up to date.

    Near the front every step counts. Further back every tenth is enough: in a line of a hundred, each press would
    otherwise be a hundred messages, and the few that matter would come late.
    """
    return ahead < NEAR or ahead % FAR_STEP == 0


def stands_still_since(line: Sequence[LinePlace]) -> datetime | None:
    """Return since when somebody waits and no turn has begun or ended; None where nobody waits.

    A turn begins when someone is called; it ends when they were helped, or did not answer and were asked.
    """
    waiting_at = min((one.joined_at for one in line if one.state is PlaceState.WAITING), default=None)
    if waiting_at is None:
        return None
    turns = (
        at
        for one in line
        for at in (one.called_at, one.asked_at, one.ended_at if one.state is PlaceState.HELPED else None)
    )
    return max([waiting_at, *(at for at in turns if at is not None)])


def minutes_each(line: Sequence[LinePlace]) -> int:
    """Return about how many minutes one question takes in a session, by those who were helped so far in it."""
    helped = sorted(
        (one for one in line if one.state is PlaceState.HELPED and one.group_id), key=lambda one: one.group_id or ""
    )
    lengths = [_minutes(list(group)) for _, group in groupby(helped, key=lambda one: one.group_id)]
    return min(max(round(fmean(lengths)), SHORTEST), LONGEST) if lengths else USUAL


def _minutes(group: Sequence[LinePlace]) -> float:
    """Return how long those who were called together took, the longest of them."""
    lengths = [one.ended_at - one.called_at for one in group if one.ended_at and one.called_at]
    return max(lengths, default=timedelta()) / timedelta(minutes=1)
