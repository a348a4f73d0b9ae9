"""What a replay comes to: week by week who took part and what was sent, and those who left."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cohort.follow_ups import Origin
from cohort.ladder import Step
from cohort.levels import Level
from cohort.policy import NudgePolicy
from cohort.replay import WEEK, Finishers, Leavers, Limit, Sent, breaches, finishers, leavers
from cohort.roster import Member, Role, Status
from cohort.times import local_day
from services import outbox
from services.nudge_hearing import acted_at
from services.replay import Stage
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of a week of a replay, and how many students took part then."""

    at: datetime
    active: int


@dataclass(slots=True)
class Week:
    """What was sent in a week: nudges and the offers they made by kind, and messages to staff.

    `levels` counts who stood how at its end, `follow_ups` the cases that were opened with an owner, and `over` the
    students with whom a limit was broken.
    """

    start: Start
    nudges: Counter[str] = field(default_factory=Counter)
    offers: Counter[str] = field(default_factory=Counter)
    to_staff: int = 0
    over: Counter[Limit] = field(default_factory=Counter)
    levels: Counter[Level] = field(default_factory=Counter)
    follow_ups: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A replay in numbers; those who left stand beside their first nudge, first offer and first follow-up.

    `from_offer` holds those who left with both, and the days from the first offer to the first person, below 0 where
    the person came first. `opened` counts the follow-ups by what opened them, and `steps` those of the ladder.
    """

    weeks: Sequence[Week]
    leavers: Leavers
    offered: Leavers
    followed: Leavers
    from_offer: Leavers
    finishers: Finishers
    opened: Mapping[Origin, int]
    steps: Mapping[Step, int]

    @property
    def kinds(self) -> list[str]:
        """The kinds of nudges that were sent, by name."""
        return sorted({kind for week in self.weeks for kind in week.nudges})


@dataclass(frozen=True, slots=True)
class _Nudged:
    """One student, what was sent to them unasked, when they handed something in, and offers by nudge."""

    student: Member
    sent: Sequence[Sent]
    signs_at: Sequence[datetime]
    offers: Mapping[str, int]

    @property
    def offered(self) -> Iterator[tuple[str, datetime]]:
        """Yield the student with each instant at which something was offered."""
        return ((self.student.id, sent.at) for sent in self.sent if self.offers.get(sent.nudge_id))


def report(stage: Stage, starts: Sequence[Start], until: datetime) -> Report:
    """Count what a replay sent; it began with the first week and ended at an instant."""
    weeks = [Week(start) for start in starts]
    with stage.store.reading() as records:
        students = {outbox.to(student): student for student in records.roster.with_role(Role.STUDENT)}
        nudged = list(_nudged(records, students, stage.sent))
        offers = [(student_id, at) for one in nudged for student_id, at in one.offered]
        people = records.follow_ups.given()
        opened, steps = records.follow_ups.by_origin(), records.ladder.counts()
        _count_levels(records, {student.id: student for student in students.values()}, weeks, until)
    for one in nudged:
        _count(one, weeks, stage.desk.policy.nudges)
    for sent in stage.sent:
        if sent.recipient not in students and not sent.is_update:
            _week(weeks, sent.at).to_staff += 1
    for _, at in people:
        _week(weeks, at).follow_ups += 1
    left = [student for student in students.values() if _left(student, starts[0].at, until)]
    offered_at, met_at = _first(offers), _first(people)
    firsts = (_first([(one.student.id, one.sent[0].at) for one in nudged]), offered_at, met_at)
    nudge, offer, person = (leavers(_days(left, found, stage)) for found in firsts)
    stayed = [student for student in students.values() if student.is_active(until)]
    offered, met = (sum(student.id in found for student in stayed) for found in (offered_at, met_at))
    return Report(
        weeks,
        nudge,
        offer,
        person,
        leavers(_between(left, offered_at, met_at, stage)),
        finishers(_a_week(stayed, nudged, starts[0].at, until), offered, met),
        opened,
        steps,
    )


def _between(
    left: Iterable[Member], offered_at: Mapping[str, datetime], met_at: Mapping[str, datetime], stage: Stage
) -> Iterator[int | None]:
    """Yield for each who left the calendar days from the first offer to the first person; None without both."""
    tz = stage.desk.policy.programme.tz
    for student in left:
        offer_at, person_at = offered_at.get(student.id), met_at.get(student.id)
        if offer_at is None or person_at is None:
            yield None
        else:
            yield (local_day(person_at, tz) - local_day(offer_at, tz)).days


def _first(found: Iterable[tuple[str, datetime]]) -> dict[str, datetime]:
    """Return the first instant of each student."""
    first: dict[str, datetime] = {}
    for student_id, at in found:
        first[student_id] = min(at, first.get(student_id, at))
    return first


def _a_week(stayed: Iterable[Member], nudged: Iterable[_Nudged], since: datetime, until: datetime) -> Iterator[float]:
    """Yield how many messages a week each student got, over the weeks in which they took part."""
    counts = {one.student.id: len(one.sent) for one in nudged}
    for student in stayed:
        here = until - max(since, student.joined_at or since)
        if here > timedelta(0):
            yield counts.get(student.id, 0) / max(1.0, here / WEEK)


def _count_levels(records: Records, students: Mapping[str, Member], weeks: Sequence[Week], until: datetime) -> None:
    """Note with each week how many stood how at its end, of those who took part then."""
    changes, stood = records.digest.levels(), dict[str, Level]()
    ends = [*(week.start.at for week in weeks[1:]), until]
    place = 0
    for week, end_at in zip(weeks, ends, strict=True):
        while place < len(changes) and changes[place][1] <= end_at:
            student_id, _, level = changes[place]
            stood[student_id] = level
            place += 1
        here = (level for student_id, level in stood.items() if students[student_id].is_active(end_at))
        week.levels = Counter(here)


def _nudged(records: Records, students: Mapping[str, Member], sent: Iterable[Sent]) -> Iterator[_Nudged]:
    steps: defaultdict[str, list[str]] = defaultdict(list)
    for student_id, _, nudge_id in records.ladder.offered():
        steps[student_id].append(nudge_id)
    by_recipient: defaultdict[str, list[Sent]] = defaultdict(list)
    for one in sent:
        if one.is_unasked and one.recipient in students:
            by_recipient[one.recipient].append(one)
    for recipient, mine in by_recipient.items():
        student = students[recipient]
        signs_at = acted_at(records, student.id)
        offers = Counter(offer.nudge_id for offer in records.nudges.offers_of(student.id))
        offers.update(steps[student.id])
        yield _Nudged(student, mine, signs_at, offers)


def _count(nudged: _Nudged, weeks: Sequence[Week], policy: NudgePolicy) -> None:
    for sent in nudged.sent:
        week = _week(weeks, sent.at)
        week.nudges[sent.what] += 1
        week.offers[sent.what] += nudged.offers.get(sent.nudge_id, 0)
    nudged_at = [sent.at for sent in nudged.sent]
    broken = breaches(nudged_at, nudged.signs_at, nudged.student.tz, policy)
    for limit, start in {(limit, _week(weeks, at).start) for limit, at in broken}:
        _week(weeks, start.at).over[limit] += 1


def _week(weeks: Sequence[Week], at: datetime) -> Week:
    return weeks[bisect_right(weeks, at, key=lambda week: week.start.at) - 1]


def _left(student: Member, since: datetime, until: datetime) -> bool:
    """Say whether a student took part and left in a stretch of time, other than by graduating."""
    if student.left_at is None or student.status is Status.GRADUATED:
        return False
    return since < student.left_at <= until


def _days(left: Iterable[Member], first_at: Mapping[str, datetime], stage: Stage) -> Iterator[int | None]:
    """Yield for each who left the calendar days since the first of something; None where it never came before."""
    tz = stage.desk.policy.programme.tz
    for student in left:
        at = first_at.get(student.id)
        if at is None or student.left_at is None or at > student.left_at:
            yield None
        else:
            yield (local_day(student.left_at, tz) - local_day(at, tz)).days
