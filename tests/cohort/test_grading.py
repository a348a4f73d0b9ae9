"""The rules of grading: what a grade comes to, who hears when, until when to try again, and the order of a queue."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.grading import (
    MORNING,
    ORDER,
    Fault,
    Marked,
    Place,
    Standing,
    Verdict,
    fault_of,
    is_held,
    is_override,
    kept,
    morning_from,
    near,
    offered,
    overdue,
    remind_claim_from,
    retry_due,
    standing,
    verdict_of,
)
from cohort.hand_ins import HandInState
from cohort.policy import GradingPolicy, NudgePolicy
from cohort.roster import Member, Role
from cohort.times import is_waking

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GRADING, QUIET = GradingPolicy(), NudgePolicy()
MARKED = Assignment("asg_1", "hw1", "One", Kind.WRITTEN, NOON + 60 * DAY, pass_mark=70.0)
UNMARKED = replace(MARKED, pass_mark=None)
TARA = Member("mem_tara", "tara@example.org", "Tara", Role.TA, "Europe/London")
ORLA = Member("mem_orla", "orla@example.org", "Orla", Role.ORGANIZER, "Europe/London")

RESULTS = [
    # what was filled in, of work with or without a pass mark, as a part or not: what it comes to, and what is missing
    (Marked(70.0), MARKED, False, Verdict.PASSED, None),
    (Marked(69.9, feedback="f"), MARKED, False, Verdict.NOT_YET, None),
    (Marked(69.9), MARKED, False, Verdict.NOT_YET, Fault.NO_FEEDBACK),
    (Marked(None, feedback="f"), MARKED, False, Verdict.NOT_YET, Fault.NO_SCORE),
    (Marked(float("nan"), feedback="f"), MARKED, False, Verdict.NOT_YET, Fault.NO_SCORE),
    (Marked(-1.0, feedback="f"), MARKED, False, Verdict.NOT_YET, Fault.NO_SCORE),
    (Marked(1001.0), MARKED, False, Verdict.PASSED, Fault.NO_SCORE),
    (Marked(0.0, feedback="f"), MARKED, False, Verdict.NOT_YET, None),
    (Marked(60.0, passed=True), MARKED, False, Verdict.PASSED, Fault.NO_REASON),
    (Marked(60.0, passed=True, why="w"), MARKED, False, Verdict.PASSED, None),
    (Marked(90.0, passed=False, feedback="f"), MARKED, False, Verdict.NOT_YET, Fault.NO_REASON),
    (Marked(90.0, passed=False, feedback="f", why="w"), MARKED, False, Verdict.NOT_YET, None),
    (Marked(90.0, passed=True), MARKED, False, Verdict.PASSED, None),
    (Marked(), UNMARKED, False, Verdict.NOT_YET, Fault.NO_RESULT),
    (Marked(passed=True), UNMARKED, False, Verdict.PASSED, None),
    (Marked(passed=False), UNMARKED, False, Verdict.NOT_YET, Fault.NO_FEEDBACK),
    (Marked(passed=False, feedback="f"), UNMARKED, False, Verdict.NOT_YET, None),
    (Marked(), MARKED, True, Verdict.PART, Fault.NO_FEEDBACK),
    (Marked(feedback="f"), MARKED, True, Verdict.PART, None),
    (Marked(95.0, passed=True, feedback="f"), UNMARKED, True, Verdict.PART, None),
]


@pytest.mark.parametrize(("marked", "assignment", "is_part", "verdict", "fault"), RESULTS)
def test_what_a_grade_comes_to_and_what_is_missing(
    marked: Marked, assignment: Assignment, is_part: bool, verdict: Verdict, fault: Fault | None
) -> None:
    assert verdict_of(marked, assignment, is_part=is_part) is verdict
    assert fault_of(marked, assignment, is_part=is_part) is fault


marks = st.builds(
    Marked,
    st.none() | st.floats(0, 100),
    st.none() | st.booleans(),
    st.sampled_from(["", "feedback"]),
    st.just(""),
    st.sampled_from(["", "a reason"]),
)


@given(marks, st.booleans(), st.booleans())
def test_what_is_kept_comes_to_the_same_and_nobody_is_failed_without_feedback(
    marked: Marked, has_mark: bool, is_part: bool
) -> None:
    assignment = MARKED if has_mark else UNMARKED
    if fault_of(marked, assignment, is_part=is_part) is not None:
        return
    wanted = kept(marked, assignment, is_part=is_part)
    verdict = verdict_of(marked, assignment, is_part=is_part)
    assert verdict_of(wanted, assignment, is_part=is_part) is verdict
    assert (verdict is Verdict.PART) is is_part
    assert verdict is Verdict.PASSED or wanted.feedback
    assert bool(wanted.why) is (not is_part and is_override(wanted, assignment))
    assert wanted.score is None or (has_mark and not is_part)


def test_grades_are_held_by_kind_until_they_are_released() -> None:
    policy = GradingPolicy(held=frozenset({Kind.EXAM}))
    assert is_held(Kind.EXAM, policy, is_released=False)
    assert not is_held(Kind.EXAM, policy, is_released=True)
    assert not is_held(Kind.WRITTEN, policy, is_released=False)


@pytest.mark.parametrize(
    ("local", "heard"),
    [
        ("2026-07-01 08:00", "2026-07-01 08:00"),
        ("2026-07-01 11:59", "2026-07-01 11:59"),
        ("2026-07-01 12:00", "2026-07-02 08:00"),
        ("2026-07-01 20:59", "2026-07-02 08:00"),
        ("2026-07-01 23:30", "2026-07-02 08:00"),
        ("2026-07-01 03:00", "2026-07-01 08:00"),
        ("2026-03-28 15:00", "2026-03-29 08:00"),
    ],
)
def test_not_yet_is_told_in_the_morning(local: str, heard: str) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=LONDON).astimezone(UTC)
    assert morning_from(at, LONDON, QUIET) == datetime.fromisoformat(heard).replace(tzinfo=LONDON)


instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 30)).map(lambda at: at.replace(tzinfo=UTC))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(instants, st.sampled_from([LONDON, NEW_YORK, ZoneInfo("Asia/Singapore")]), clocks, clocks)
def test_a_morning_is_soon_and_never_in_the_quiet_hours(
    at: datetime, tz: ZoneInfo, quiet_from: datetime, quiet_until: datetime
) -> None:
    if quiet_from == quiet_until:
        return
    policy = QUIET.model_copy(update={"quiet_from": quiet_from, "quiet_until": quiet_until})
    heard = morning_from(at, tz, policy)
    assert at <= heard <= at + timedelta(hours=26)
    assert heard == at or is_waking(heard, tz, policy.quiet_from, policy.quiet_until)
    assert morning_from(heard, tz, policy) - heard < MORNING


def test_a_try_has_so_many_days_at_the_same_wall_time_and_ends_with_the_programme() -> None:
    closes_at = NOON + 30 * DAY
    assert retry_due(NOON, GRADING, closes_at, LONDON) == NOON + 5 * DAY
    assert retry_due(NOON + 28 * DAY, GRADING, closes_at, LONDON) == closes_at
    assert retry_due(closes_at, GRADING, closes_at, LONDON) is None
    before_change = datetime(2026, 10, 23, 8, tzinfo=UTC)
    later = retry_due(before_change, GRADING, before_change + 90 * DAY, LONDON)
    assert later == before_change + 5 * DAY + HOUR


def place(number: int = 0, **more: object) -> Place:
    made = Place(f"hin_{number}", "asg_1", HandInState.WAITING, None, None, NOON, NOON + DAY)
    return replace(made, **more)  # type: ignore[arg-type] # any of the fields


@pytest.mark.parametrize(
    ("owner", "claimed_by", "expected"),
    [
        (None, None, Standing.FREE),
        ("mem_tara", None, Standing.MINE),
        ("mem_tom", None, Standing.OTHERS),
        ("mem_gone", None, Standing.FREE),
        ("mem_tom", "mem_tara", Standing.CLAIMED),
        ("mem_tara", "mem_tom", Standing.OTHERS),
    ],
)
def test_what_something_is_to_a_grader(owner: str | None, claimed_by: str | None, expected: Standing) -> None:
    assert standing(place(owner_id=owner, claimed_by=claimed_by), TARA, {"mem_tara", "mem_tom"}) is expected


people = st.sampled_from([None, "mem_tara", "mem_tom", "mem_gone"])
places = st.lists(
    st.builds(
        Place,
        st.integers(0, 99).map(str),
        st.just("asg_1"),
        st.just(HandInState.WAITING),
        people,
        people,
        instants,
        instants,
    ),
    unique_by=lambda p: p.id,
)


@given(places, st.sets(st.integers(0, 99).map(str)), st.sampled_from([TARA, ORLA]))
def test_a_queue_holds_what_may_be_offered_once_and_in_order(
    every: list[Place], never: set[str], viewer: Member
) -> None:
    found = offered(every, viewer, {"mem_tara", "mem_tom"}, never)
    assert not never & {p.id for _, p in found}
    assert len({p.id for _, p in found}) == len(found)
    order = [(ORDER.index(s), p.grade_by_at) for s, p in found]
    assert order == sorted(order)
    others = [p for s, p in found if s is Standing.OTHERS]
    assert viewer is ORLA or not others
    if viewer is ORLA:
        assert {p.id for _, p in found} == {p.id for p in every} - never


def test_a_claim_is_brought_up_some_hours_before_and_never_at_night() -> None:
    noon = datetime(2026, 7, 3, 12, tzinfo=UTC)
    assert remind_claim_from(noon, GRADING, QUIET, LONDON) == datetime(2026, 7, 2, 19, 15, tzinfo=UTC)
    evening = datetime(2026, 7, 3, 18, tzinfo=UTC)
    assert remind_claim_from(evening, GRADING, QUIET, LONDON) == evening - 6 * HOUR


def test_what_is_near_and_what_is_overdue() -> None:
    late, today, later = place(1, grade_by_at=NOON - HOUR), place(2, grade_by_at=NOON + DAY), place(3)
    later = replace(later, grade_by_at=NOON + DAY + HOUR)
    assert near([later, today, late], NOON) == [late, today]
    assert overdue([later, today, late], NOON) == [late]
