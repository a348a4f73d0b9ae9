"""What is due soon, from when on it is said, and by when a week's work is to be started."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.extensions import Extension, Origin
from cohort.nudges import Work
from cohort.policy import NudgePolicy
from cohort.reminders import Due, before_night, due_soon, remind_from, upcoming
from cohort.roster import Member, Role, Status
from cohort.times import is_waking
from cohort.week_plans import is_plan_time, leaves_it_to_the_plan, plan_of, start_by

LONDON = ZoneInfo("Europe/London")
POLICY = NudgePolicy()
# A Wednesday.
NOW = datetime(2026, 2, 18, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HARD = NOW + 60 * DAY
ADA = Member("m1", "ada@example.org", "Ada", Role.STUDENT, "Europe/London", slack_id="U1")
HW3 = Assignment("a3", "hw3", "Homework 3", Kind.PROGRAMMING, HARD, due_at=NOW + 20 * HOUR)


def work(**changes: object) -> Work:
    return replace(Work(ADA, frozenset(), frozenset()), **changes)  # type: ignore[arg-type] # any field


def extended(until_at: datetime, granted_at: datetime) -> Extension:
    return Extension("e1", "m1", "a3", until_at, DAY, Origin.TA, granted_at)


def named(dues: list[Due]) -> list[str]:
    return [due.assignment.slug for due in dues]


@pytest.mark.parametrize(
    ("theirs", "assignment", "expected"),
    [
        pytest.param(work(), HW3, ["hw3"], id="due in less than a day"),
        pytest.param(work(), replace(HW3, due_at=NOW + 25 * HOUR), [], id="due in more than a day"),
        pytest.param(work(), replace(HW3, due_at=NOW + 70 * HOUR, estimated_hours=6), ["hw3"], id="long work, earlier"),
        pytest.param(work(), replace(HW3, due_at=NOW + 70 * HOUR, estimated_hours=5.9), [], id="not long enough"),
        pytest.param(work(handed_in=frozenset({"a3"})), HW3, [], id="handed in"),
        pytest.param(work(quiet=frozenset({"a3"})), HW3, [], id="excused or waiting"),
        pytest.param(work(student=replace(ADA, status=Status.PAUSED)), HW3, [], id="paused"),
        pytest.param(work(), replace(HW3, required=False), [], id="optional"),
        pytest.param(work(), replace(HW3, cancelled=True), [], id="cancelled"),
        pytest.param(work(), replace(HW3, kind=Kind.READING), [], id="nothing to hand in"),
        pytest.param(work(), replace(HW3, due_at=None), [], id="no due time"),
        pytest.param(work(), replace(HW3, due_at=NOW), [], id="due now"),
        pytest.param(work(), replace(HW3, opens_at=NOW + HOUR), [], id="not open yet"),
        pytest.param(work(extensions=[extended(NOW + 3 * DAY, NOW - DAY)]), HW3, [], id="has more time"),
        pytest.param(
            work(extensions=[extended(NOW + 20 * HOUR, NOW - 5 * DAY)]),
            replace(HW3, due_at=NOW - DAY),
            ["hw3"],
            id="the own due time, granted long ago",
        ),
        pytest.param(
            work(extensions=[extended(NOW + 20 * HOUR, NOW - HOUR)]),
            replace(HW3, due_at=NOW - DAY),
            [],
            id="the own due time, granted just now",
        ),
    ],
)
def test_who_is_reminded_of_what(theirs: Work, assignment: Assignment, expected: list[str]) -> None:
    assert named(due_soon(theirs, [assignment], POLICY, NOW)) == expected


def test_what_comes_first_is_named_first() -> None:
    other = replace(HW3, id="a4", slug="hw4", due_at=NOW + HOUR)
    assert named(upcoming(work(), [HW3, other], NOW)) == ["hw4", "hw3"]


@pytest.mark.parametrize(
    ("due_at", "from_at"),
    [
        pytest.param(datetime(2026, 2, 19, 12, tzinfo=UTC), datetime(2026, 2, 18, 12, tzinfo=UTC), id="by day"),
        pytest.param(
            datetime(2026, 2, 19, 23, 59, tzinfo=UTC), datetime(2026, 2, 18, 20, 15, tzinfo=UTC), id="before midnight"
        ),
        pytest.param(
            datetime(2026, 2, 20, 3, tzinfo=UTC), datetime(2026, 2, 18, 20, 15, tzinfo=UTC), id="after midnight"
        ),
        pytest.param(
            datetime(2026, 3, 30, 2, tzinfo=UTC),
            datetime(2026, 3, 28, 20, 15, tzinfo=UTC),
            id="the night clocks change",
        ),
    ],
)
def test_a_reminder_moves_before_the_night_and_never_after_it(due_at: datetime, from_at: datetime) -> None:
    assert remind_from(Due(HW3, due_at), POLICY, LONDON) == from_at


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_it_is_always_earlier_and_always_by_day(naive: datetime, zone: str) -> None:
    at, tz = naive.replace(tzinfo=UTC), ZoneInfo(zone)
    moved = before_night(at, tz, time(21), time(8))
    assert is_waking(moved, tz, time(21), time(8))
    assert timedelta(0) <= at - moved <= 13 * HOUR


def test_a_start_leaves_the_hours_that_are_reckoned_with() -> None:
    """Nine hours at three a day are three days at the same wall time, also over a clock change."""
    due = Due(replace(HW3, estimated_hours=9), datetime(2026, 3, 30, 17, tzinfo=UTC))
    assert start_by(due, POLICY, LONDON) == datetime(2026, 3, 27, 18, tzinfo=UTC)
    assert start_by(Due(HW3, NOW), POLICY, LONDON) == NOW - DAY


# A Sunday evening, 18:00 in London.
SUNDAY = datetime(2026, 2, 22, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "is_time"),
    [
        (SUNDAY, True),
        (SUNDAY - timedelta(minutes=1), False),
        (SUNDAY + timedelta(minutes=119), True),
        (SUNDAY + timedelta(hours=2), False),
        (SUNDAY + DAY, False),
    ],
)
def test_the_plan_comes_on_sunday_evening(at: datetime, is_time: bool) -> None:
    assert is_plan_time(at, POLICY, LONDON) is is_time


def test_the_plan_holds_what_is_due_or_to_be_started_and_what_is_to_be_read() -> None:
    due = replace(HW3, due_at=SUNDAY + 3 * DAY)
    long = replace(HW3, id="a4", slug="long", due_at=SUNDAY + 9 * DAY, estimated_hours=12)
    far = replace(HW3, id="a5", slug="far", due_at=SUNDAY + 9 * DAY)
    lecture = replace(HW3, id="a6", slug="lecture", kind=Kind.LECTURE, due_at=None, opens_at=SUNDAY + DAY)
    past = replace(HW3, id="a7", slug="past", kind=Kind.READING, due_at=SUNDAY - DAY)
    plan = plan_of(work(), [due, long, far, lecture, past], POLICY, SUNDAY)
    assert named(plan.to_do) == ["hw3", "long"]
    assert plan.to_attend == [lecture]
    paused = work(student=replace(ADA, status=Status.PAUSED))
    assert plan_of(paused, [due, lecture], POLICY, SUNDAY).to_attend == []


@pytest.mark.parametrize(
    ("due_at", "at", "leaves"),
    [
        pytest.param(SUNDAY + 20 * HOUR, SUNDAY - 2 * HOUR, True, id="due on Monday, on Sunday afternoon"),
        pytest.param(SUNDAY + HOUR, SUNDAY - 2 * HOUR, False, id="due before the plan is of use"),
        pytest.param(SUNDAY + 20 * HOUR, SUNDAY + 2 * HOUR, False, id="the plan's time is over"),
        pytest.param(SUNDAY + 20 * HOUR, SUNDAY - DAY, False, id="another day"),
    ],
)
def test_a_reminder_leaves_it_to_the_plan_of_the_same_day(due_at: datetime, at: datetime, leaves: bool) -> None:
    assert leaves_it_to_the_plan(Due(HW3, due_at), at, POLICY, LONDON) is leaves
