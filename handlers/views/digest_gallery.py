"""One example of every view of the digest, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.digest import Counted, Figure, Move, OpenCase, Queue, Waiting
from cohort.leavings import LeavingReason
from cohort.levels import Level, LevelSince, Reason
from cohort.nudge_outcomes import NudgeOutcome
from cohort.policy import WorkloadPolicy
from cohort.roster import Member
from cohort.workload import crowds
from services.digest import Counts, Digest, Names, OwnDigest, Waits
from services.digest_messages import CountsNote
from services.pictures import GridPicture, LevelsPicture

MANY = 2000
LONG = "A reason in words that go on & on, <with marks> and numbers. " * 10


def digest_notes(
    work: Sequence[Assignment], student: Member, ta: Member, now: datetime, zone: ZoneInfo
) -> Iterator[object]:
    """Yield the digest at its fullest and with nothing in it, and what goes with the pictures."""
    names = _names(work, student, ta, now)
    nothing = replace(names, moved=[], standing=[], cases=[], waiting=[])
    counts, quiet = _counts(work, now, zone), _quiet(now)
    yield from (CountsNote(counts), CountsNote(quiet))
    leaving = {reason.value: MANY for reason in LeavingReason}
    yield from (
        Digest(counts, names, now, has_pictures=True, leaving=leaving),
        Digest(quiet, nothing, now, has_pictures=False),
    )
    yield from (OwnDigest(now, names, now), OwnDigest(now, nothing, now))
    yield from (GridPicture(104, 104), GridPicture(120, MANY), LevelsPicture(1), LevelsPicture(30))


def _counts(work: Sequence[Assignment], now: datetime, zone: ZoneInfo) -> Counts:
    return Counts(
        since_at=now,
        until_at=now,
        students=MANY,
        figures=[Figure(counted, MANY, MANY) for counted in Counted],
        levels=[(level, MANY, MANY) for level in Level],
        worse=MANY,
        better=MANY,
        open=MANY,
        overdue=MANY,
        unowned=MANY,
        waits=[Waits(queue, MANY, now) for queue in Queue],
        nudges={"": MANY} | {outcome.value: MANY for outcome in NudgeOutcome},
        nudges_before=MANY,
        crowds=crowds([(assignment, assignment.due_at or now) for assignment in work], WorkloadPolicy(), zone) * 10,
    )


def _quiet(now: datetime) -> Counts:
    figures, levels = [Figure(counted, 0, 0) for counted in Counted], [(level, 0, 0) for level in Level]
    waits = [Waits(queue, 0, None) for queue in Queue]
    return Counts(now, now, 0, figures, levels, 0, 0, 0, 0, 0, waits, {}, 0, [])


def _names(work: Sequence[Assignment], student: Member, ta: Member, now: datetime) -> Names:
    since = LevelSince(student.id, now, Level.CRITICAL, 2.0, [Reason("missed", LONG)] * 3)
    better = LevelSince(student.id, now, Level.SLIPPING, 0.5, [Reason("missed", LONG)] * 3)
    calm = LevelSince(ta.id, now, Level.ON_TRACK, 0.0)
    return Names(
        moved=[
            Move(student.id, Level.SLIPPING, since),
            Move(student.id, None, since),
            Move(student.id, Level.CRITICAL, better),
        ]
        * MANY,
        standing=[since, calm] * MANY,
        cases=[OpenCase(student.id, ta.id, now), OpenCase(student.id, None, now)] * MANY,
        waiting=[Waiting(queue, now, [student.id] * 3, work[0].id) for queue in Queue] * MANY,
        members={student.id: student, ta.id: ta},
        assignments={assignment.id: assignment for assignment in work},
    )
