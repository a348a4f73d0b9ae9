"""Who is written to about missed work, and who never is."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.extensions import Extension, Origin
from cohort.nudges import Work, could_be_missed, missed
from cohort.roster import Member, Role, Status
from cohort.times import add_days, is_waking, next_waking

DUE = datetime(2026, 3, 27, 17, tzinfo=UTC)
NOW = DUE + timedelta(hours=1)
HARD = DUE + timedelta(days=30)
HW3 = Assignment("a3", "hw3", "Homework 3", Kind.PROGRAMMING, HARD, due_at=DUE)
ADA = Member("m1", "ada@example.org", "Ada", Role.STUDENT, "Europe/London", slack_id="U1")


def work(**changes: object) -> Work:
    return replace(Work(ADA, frozenset(), frozenset()), **changes)  # type: ignore[arg-type] # any field


def extension(until_at: datetime, assignment_id: str = "a3") -> Extension:
    return Extension("e1", "m1", assignment_id, until_at, until_at - DUE, Origin.TA, DUE - timedelta(days=1))


def test_work_past_its_due_time_with_nothing_handed_in_is_missed() -> None:
    assert missed(work(), [HW3], NOW) == [HW3]


@pytest.mark.parametrize(
    "spared",
    [
        pytest.param(work(handed_in=frozenset({"a3"})), id="handed in"),
        pytest.param(work(quiet=frozenset({"a3"})), id="excused, waiting for us, or said to be handed in"),
        pytest.param(work(extensions=[extension(NOW + timedelta(hours=1))]), id="extended"),
        pytest.param(work(extensions=[extension(NOW)]), id="extended to this very instant"),
        pytest.param(work(student=replace(ADA, status=Status.PAUSED)), id="paused"),
        pytest.param(work(student=replace(ADA, status=Status.WITHDRAWN)), id="withdrawn"),
        pytest.param(work(student=replace(ADA, status=Status.EXPELLED)), id="expelled"),
        pytest.param(work(student=replace(ADA, status=Status.GRADUATED)), id="graduated"),
        pytest.param(work(student=replace(ADA, left_at=NOW)), id="left just now"),
        pytest.param(work(student=replace(ADA, joined_at=NOW + timedelta(days=1))), id="not here yet"),
        pytest.param(work(student=replace(ADA, joined_at=DUE + timedelta(minutes=1))), id="joined after it"),
    ],
)
def test_nobody_is_written_to_who(spared: Work) -> None:
    assert missed(spared, [HW3], NOW) == []


@pytest.mark.parametrize(
    "assignment",
    [
        pytest.param(replace(HW3, required=False), id="optional"),
        pytest.param(replace(HW3, cancelled=True), id="cancelled"),
        pytest.param(replace(HW3, due_at=None), id="without a due time, which is unknown and not missing"),
        pytest.param(replace(HW3, kind=Kind.READING), id="reading"),
        pytest.param(replace(HW3, kind=Kind.LECTURE), id="lecture"),
        pytest.param(replace(HW3, opens_at=NOW + timedelta(days=1)), id="not open yet"),
        pytest.param(replace(HW3, hard_due_at=NOW), id="past its hard end, when nothing can be done"),
        pytest.param(replace(HW3, due_at=NOW), id="due at this very instant"),
    ],
)
def test_nobody_is_written_to_about_work_that_is(assignment: Assignment) -> None:
    assert missed(work(), [assignment], NOW) == []
    assert could_be_missed([assignment], NOW) == []


def test_an_extension_that_has_run_out_does_not_spare() -> None:
    assert missed(work(extensions=[extension(NOW - timedelta(minutes=1))]), [HW3], NOW) == [HW3]


def test_an_extension_of_other_work_does_not_spare() -> None:
    other = extension(NOW + timedelta(days=3), "a4")
    assert missed(work(extensions=[other]), [HW3], NOW) == [HW3]


def test_missed_work_comes_in_the_order_it_was_due_to_this_student() -> None:
    hw4 = replace(HW3, id="a4", slug="hw4", due_at=DUE + timedelta(hours=2))
    hw5 = replace(HW3, id="a5", slug="hw5", due_at=DUE - timedelta(hours=2))
    late = NOW + timedelta(days=2)
    extended = work(extensions=[extension(DUE + timedelta(days=1))])
    assert missed(extended, [HW3, hw4, hw5], late) == [hw5, hw4, HW3]


# ---- for any student at any time, across clock changes and zones

ZONES = ["Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
START = datetime(2026, 2, 1, tzinfo=UTC)
instants = st.integers(0, 300 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
states = st.builds(
    Member,
    id=st.just("m1"),
    email=st.just("ada@example.org"),
    name=st.just("Ada"),
    role=st.just(Role.STUDENT),
    zone=st.sampled_from(ZONES),
    slack_id=st.just("U1"),
    status=st.sampled_from(Status),
    joined_at=st.none() | instants,
    left_at=st.none() | instants,
)
assignments = st.builds(
    Assignment,
    id=st.sampled_from(["a1", "a2", "a3"]),
    slug=st.sampled_from(["hw1", "hw2"]),
    title=st.just("Homework"),
    kind=st.sampled_from(Kind),
    due_at=st.none() | instants,
    hard_due_at=instants,
    opens_at=st.none() | instants,
    required=st.booleans(),
    cancelled=st.booleans(),
)
ids = st.frozensets(st.sampled_from(["a1", "a2", "a3"]))
extensions = st.builds(
    Extension,
    id=st.just("e1"),
    student_id=st.just("m1"),
    assignment_id=st.sampled_from(["a1", "a2", "a3"]),
    until_at=instants,
    length=st.just(timedelta(days=1)),
    origin=st.sampled_from(Origin),
    granted_at=instants,
)
works = st.builds(Work, states, ids, ids, st.lists(extensions, max_size=3))


@settings(deadline=None)
@given(works, st.lists(assignments, max_size=4, unique_by=lambda a: a.id), instants)
def test_never_to_someone_who_owes_nothing(work: Work, cohort_work: list[Assignment], now: datetime) -> None:
    for assignment in missed(work, cohort_work, now):
        assert work.student.is_active(now)
        assert assignment.id not in work.handed_in | work.quiet
        assert assignment.required
        assert not assignment.cancelled
        assert assignment.kind.is_handed_in
        assert assignment.due_at is not None
        assert assignment.due_at < now < assignment.hard_due_at
        own = [e.until_at for e in work.extensions if e.assignment_id == assignment.id]
        assert all(until < now for until in own)


@settings(deadline=None)
@given(works, st.lists(assignments, max_size=4, unique_by=lambda a: a.id), instants, st.integers(0, 30))
def test_more_time_never_makes_anything_missed(
    work: Work, cohort_work: list[Assignment], now: datetime, days: int
) -> None:
    before = missed(work, cohort_work, now)
    for assignment in cohort_work:
        until = add_days(now, days, ZoneInfo("Europe/London"))
        more = extension(until, assignment.id)
        after = missed(replace(work, extensions=[*work.extensions, more]), cohort_work, now)
        assert set(after) <= set(before)
        assert assignment not in after or until < now


evenings = st.times(time(18), time(23, 59))
mornings = st.times(time(4), time(12))


@settings(deadline=None)
@given(instants, st.sampled_from(ZONES), evenings, mornings)
def test_whoever_sleeps_is_written_to_when_their_quiet_hours_end(
    now: datetime, zone: str, quiet_from: time, quiet_until: time
) -> None:
    tz = ZoneInfo(zone)
    wakes_at = next_waking(now, tz, quiet_from, quiet_until)
    assert is_waking(wakes_at, tz, quiet_from, quiet_until)
    assert now <= wakes_at <= now + timedelta(hours=26)
