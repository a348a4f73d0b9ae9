"""How groups of students fare, in sums and for organizers only; no rule reads who is in which group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from cohort.extensions import State
from cohort.fairness import LEAST, Group, comparable
from cohort.levels import Level
from cohort.roster import Member, Role, Status
from services import access
from services.desk import Desk
from storage.records import Records

SEE = "fairness.see"
LEFT = frozenset({Status.WITHDRAWN, Status.EXPELLED})


@dataclass(frozen=True, slots=True)
class Fared:
    """How one group fares. `granted` is a share of what was decided, None where nothing was.

    `answered_in` is the median of what a person decided, None where that was for fewer than five students.
    `levels` counts those who take part by how they stand now.
    """

    value: str
    students: int
    offers: int
    requests: int
    granted: float | None
    answered_in: timedelta | None
    levels: Mapping[Level, int]
    left: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """For organizers: how the groups of each trait fare, and the traits of which nothing can be shown."""

    traits: Sequence[tuple[str, Sequence[Fared]]]
    left_out: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Request:
    student_id: str
    state: State
    took: timedelta | None


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is known of everyone, by student id."""

    offers: Mapping[str, int]
    requests: Sequence[_Request]
    levels: Mapping[str, Level]
    left: frozenset[str]


def report(actor: Member, now: datetime, desk: Desk) -> Fairness:
    """Return how the groups fare. Raises NotAllowed for all but organizers."""
    access.require_organizer(actor, SEE, now)
    with desk.store.reading() as records:
        students = records.roster.with_role(Role.STUDENT)
        groups, left_out = comparable(records.fairness.every(), {student.id for student in students})
        counted = _counted(records, students, now)
    return Fairness([(each[0].trait, [_fared(group, counted) for group in each]) for each in groups], left_out)


def _counted(records: Records, students: Iterable[Member], now: datetime) -> _Counted:
    here = {student.id for student in students if student.is_active(now)}
    requests = [
        _Request(student_id, State(state), decided_at - asked_at if decided_at else None)
        for student_id, state, asked_at, decided_at in records.fairness.requests(now)
    ]
    return _Counted(
        offers=records.fairness.offers(now),
        requests=requests,
        levels={
            since.student_id: since.level for since in records.risk.latest(now).values() if since.student_id in here
        },
        left=frozenset(student.id for student in students if student.status in LEFT and not student.is_active(now)),
    )


def _fared(group: Group, counted: _Counted) -> Fared:
    requests = [request for request in counted.requests if request.student_id in group.members]
    decided = [request for request in requests if request.state in {State.APPROVED, State.DECLINED}]
    granted = sum(request.state is State.APPROVED for request in decided)
    levels = [level for student_id, level in counted.levels.items() if student_id in group.members]
    return Fared(
        value=group.value,
        students=len(group.members),
        offers=sum(count for student_id, count in counted.offers.items() if student_id in group.members),
        requests=len(requests),
        granted=granted / len(decided) if decided else None,
        answered_in=_answered_in(requests),
        levels={level: levels.count(level) for level in Level},
        left=len(group.members & counted.left),
    )


def _answered_in(requests: Iterable[_Request]) -> timedelta | None:
    took = [(request.student_id, request.took) for request in requests if request.took is not None]
    if len({student_id for student_id, _ in took}) < LEAST:
        return None
    return timedelta(seconds=median(length.total_seconds() for _, length in took))
