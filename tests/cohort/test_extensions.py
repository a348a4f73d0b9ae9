"""What is granted without asking anyone, what goes to a TA, and what nobody can grant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.errors import AlreadySettled, DateNotLater, DatePassed, DateTooLate
from cohort.extensions import (
    AlreadyCovered,
    Case,
    Extension,
    ExtensionRequest,
    Granted,
    Lapse,
    NeedsReview,
    NotNeeded,
    Origin,
    Outcome,
    Refused,
    State,
    Why,
    check_grant,
    decide,
    effective_due_at,
    lapse_reason,
    length_of,
    moved_until,
    offered_days,
    offered_until,
    refusal_floor,
    review_by,
)
from cohort.policy import ExtensionPolicy
from cohort.roster import Member, Role, Status
from cohort.submissions import Submission
from cohort.times import add_days, wall, wall_length

LONDON = ZoneInfo("Europe/London")
POLICY = ExtensionPolicy()
DUE = datetime(2026, 7, 2, 17, tzinfo=UTC)
HARD = datetime(2026, 8, 16, 22, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADA = Member("mem_ada", "ada@example.org", "Ada", Role.STUDENT, "America/New_York")
HW3 = Assignment("asg_hw3", "hw3", "Problem set 3", Kind.WRITTEN, HARD, DUE, pass_mark=70.0)
CASE = Case(HW3, ADA)


def an_extension(until: datetime, origin: Origin = Origin.POLICY) -> Extension:
    return Extension("ext_1", ADA.id, HW3.id, until, length_of(until, HW3, LONDON), origin, DUE - DAY)


def a_submission(score: float | None = None, at: datetime = DUE - DAY) -> Submission:
    return Submission("sub_1", HW3.id, ADA.id, 1, at, score)


def outcome(until: datetime | None, case: Case = CASE, now: datetime = DUE - DAY) -> Outcome:
    return decide(until, case, POLICY, now, LONDON)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, Granted(DUE + DAY, Origin.POLICY)),
        (3, Granted(DUE + 3 * DAY, Origin.POLICY)),
        (4, NeedsReview(DUE + 4 * DAY, Why.LONG)),
        (60, NeedsReview(HARD, Why.LONG, is_clipped=True)),
        (0, AlreadyCovered(DUE, is_hard_end=False)),
        (-1, AlreadyCovered(DUE, is_hard_end=False)),
    ],
)
def test_short_requests_are_granted_and_long_ones_go_to_a_ta(days: int, expected: Outcome) -> None:
    assert outcome(DUE + days * DAY) == expected


def test_one_minute_past_the_limit_goes_to_a_ta() -> None:
    assert outcome(DUE + 3 * DAY + timedelta(minutes=1)) == NeedsReview(DUE + 3 * DAY + timedelta(minutes=1), Why.LONG)


def test_days_count_from_the_original_due_time_not_from_an_extension() -> None:
    case = replace(CASE, extensions=[an_extension(DUE + 3 * DAY)])
    assert outcome(DUE + 4 * DAY, case) == NeedsReview(DUE + 4 * DAY, Why.LONG)


def test_a_shorter_request_never_shortens_a_longer_grant() -> None:
    case = replace(CASE, extensions=[an_extension(DUE + 3 * DAY)])
    assert outcome(DUE + 2 * DAY, case) == AlreadyCovered(DUE + 3 * DAY, is_hard_end=False)


def test_an_accommodation_lengthens_what_is_granted_at_once() -> None:
    case = replace(CASE, student=replace(ADA, accommodation_days=7))
    assert outcome(DUE + 7 * DAY, case) == Granted(DUE + 7 * DAY, Origin.POLICY)
    assert outcome(DUE + 8 * DAY, case) == NeedsReview(DUE + 8 * DAY, Why.LONG)


def test_an_accommodation_puts_off_no_exam_without_a_person() -> None:
    case = replace(CASE, assignment=replace(HW3, kind=Kind.EXAM), student=replace(ADA, accommodation_days=7))
    assert outcome(DUE + DAY, case) == NeedsReview(DUE + DAY, Why.LONG)


def test_a_shorter_accommodation_takes_nothing_away() -> None:
    case = replace(CASE, student=replace(ADA, accommodation_days=1))
    assert outcome(DUE + 3 * DAY, case) == Granted(DUE + 3 * DAY, Origin.POLICY)


def test_exams_always_go_through_a_ta() -> None:
    case = replace(CASE, assignment=replace(HW3, kind=Kind.EXAM))
    assert outcome(DUE + HOUR, case) == NeedsReview(DUE + HOUR, Why.LONG)


@pytest.mark.parametrize(
    ("asked_after", "wanted_after", "expected"),
    [
        (DAY, 2 * DAY, Granted(DUE + 2 * DAY, Origin.POLICY)),
        (2 * DAY, 4 * DAY, Granted(DUE + 4 * DAY, Origin.GRACE)),
        (2 * DAY, 4 * DAY + HOUR, NeedsReview(DUE + 4 * DAY + HOUR, Why.LONG)),
        (2 * DAY + HOUR, 3 * DAY, NeedsReview(DUE + 3 * DAY, Why.LATE)),
    ],
)
def test_in_the_grace_days_asking_is_no_slower_than_silence(
    asked_after: timedelta, wanted_after: timedelta, expected: Outcome
) -> None:
    assert outcome(DUE + wanted_after, now=DUE + asked_after) == expected


@pytest.mark.parametrize("origin", [Origin.GRACE, Origin.OFFER])
def test_the_short_extension_of_the_grace_days_is_had_once(origin: Origin) -> None:
    case = replace(CASE, extensions=[an_extension(DUE + 4 * DAY, origin)])
    now = DUE + 5 * DAY
    assert outcome(now + DAY, case, now) == NeedsReview(now + DAY, Why.LONG)


def test_past_the_limit_one_day_is_granted_and_a_talk_is_offered() -> None:
    case = replace(CASE, automatic_grants=4)
    assert outcome(DUE + 3 * DAY, case) == Granted(DUE + DAY, Origin.POLICY, offers_talk=True)
    assert outcome(DUE + HOUR, case) == Granted(DUE + HOUR, Origin.POLICY, offers_talk=True)


def test_without_a_limit_nothing_is_counted() -> None:
    unlimited = ExtensionPolicy(auto_approved_limit=None)
    case = replace(CASE, automatic_grants=99)
    assert decide(DUE + DAY, case, unlimited, DUE - DAY, LONDON) == Granted(DUE + DAY, Origin.POLICY)


def test_never_past_the_last_moment_to_hand_in() -> None:
    case = replace(CASE, assignment=replace(HW3, hard_due_at=DUE + 2 * DAY))
    assert outcome(DUE + 3 * DAY, case) == Granted(DUE + 2 * DAY, Origin.POLICY, is_clipped=True)
    all_of_it = replace(case, extensions=[an_extension(DUE + 2 * DAY)])
    assert outcome(DUE + 3 * DAY, all_of_it) == AlreadyCovered(DUE + 2 * DAY, is_hard_end=True)


def test_a_date_between_the_due_time_and_now_has_passed() -> None:
    with pytest.raises(DatePassed) as told:
        outcome(DUE + HOUR, now=DUE + 2 * HOUR)
    assert told.value.until_at == DUE + HOUR


@pytest.mark.parametrize(
    ("case", "now", "expected"),
    [
        pytest.param(
            replace(CASE, assignment=replace(HW3, cancelled=True)), DUE, Refused(Why.CANCELLED), id="cancelled"
        ),
        pytest.param(CASE, HARD, Refused(Why.CLOSED), id="after the end"),
        pytest.param(replace(CASE, is_excused=True), DUE, NotNeeded(Why.EXCUSED), id="excused"),
        pytest.param(replace(CASE, submissions=[a_submission(70.0)]), DUE, NotNeeded(Why.PASSED), id="passed"),
        pytest.param(
            replace(CASE, assignment=replace(HW3, due_at=None)), DUE, NotNeeded(Why.NO_DUE_TIME), id="no due time"
        ),
        pytest.param(
            replace(CASE, assignment=replace(HW3, kind=Kind.LECTURE)), DUE, NotNeeded(Why.NOT_HANDED_IN), id="lecture"
        ),
        pytest.param(replace(CASE, submissions=[a_submission(69.9)]), DUE, NeedsReview(None, Why.TALK), id="failed"),
        pytest.param(replace(CASE, submissions=[a_submission()]), DUE, NeedsReview(None, Why.TALK), id="ungraded"),
    ],
)
def test_what_is_settled_is_said_before_anything_else(case: Case, now: datetime, expected: Outcome) -> None:
    assert outcome(None, case, now) == expected


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(hours=20), timedelta(hours=12)),
        (timedelta(hours=5), timedelta(hours=5)),
        (timedelta(hours=3), timedelta(hours=3)),
        (timedelta(hours=2, minutes=59), timedelta(hours=12)),
        (timedelta(hours=-5), timedelta(hours=12)),
    ],
)
def test_a_person_answers_in_time_and_before_it_is_due_if_asked_ahead(ahead: timedelta, expected: timedelta) -> None:
    now = DUE - ahead
    assert review_by(DUE, HARD, now, POLICY) == now + expected


def test_a_person_answers_while_there_is_time_left_to_work() -> None:
    now = HARD - timedelta(hours=6)
    assert review_by(DUE, HARD, now, POLICY) == now + timedelta(hours=3)


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (replace(CASE, assignment=replace(HW3, cancelled=True)), "cancelled"),
        (replace(CASE, is_excused=True), "excused"),
        (replace(CASE, submissions=[a_submission(70.0)]), "passed"),
    ],
)
def test_no_time_is_given_for_what_is_settled(case: Case, why: str) -> None:
    with pytest.raises(AlreadySettled) as told:
        check_grant(DUE + DAY, case, DUE)
    assert told.value.why == why


def test_a_request_that_a_moved_due_time_covers_lapses() -> None:
    request = replace(a_request(), until_at=DUE + 6 * DAY)
    moved = replace(CASE, assignment=replace(HW3, due_at=DUE + 10 * DAY))
    assert lapse_reason(CASE, request, DUE) is None
    assert lapse_reason(moved, request, DUE) is Lapse.COVERED


@pytest.mark.parametrize(
    ("until", "error"),
    [(DUE - 2 * DAY, DatePassed), (DUE - HOUR, DateNotLater), (DUE, DateNotLater), (HARD + HOUR, DateTooLate)],
)
def test_a_ta_is_told_which_dates_can_not_be_granted(until: datetime, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_grant(until, CASE, DUE - DAY)


def test_a_ta_can_grant_up_to_the_last_moment() -> None:
    check_grant(HARD, CASE, DUE + 30 * DAY)


@pytest.mark.parametrize(
    ("told_after", "expected"), [(timedelta(0), DUE + DAY), (-DAY, None), (HARD - DUE - HOUR, HARD)]
)
def test_a_refusal_leaves_a_day_from_when_it_is_told(told_after: timedelta, expected: datetime | None) -> None:
    assert refusal_floor(CASE, DUE + told_after) == expected


def test_an_offer_is_made_once_and_shrinks_past_the_limit() -> None:
    now = DUE + HOUR
    assert offered_days(CASE, POLICY, now) == 2
    assert offered_days(replace(CASE, automatic_grants=4), POLICY, now) == 1
    assert offered_days(replace(CASE, extensions=[an_extension(DUE + DAY, Origin.OFFER)]), POLICY, now) == 0
    assert offered_days(replace(CASE, assignment=replace(HW3, kind=Kind.EXAM)), POLICY, now) == 0
    assert offered_days(CASE, POLICY, HARD) == 0


def test_an_offer_counts_from_when_it_is_taken() -> None:
    assert offered_until(2, CASE, DUE + 5 * HOUR, LONDON) == DUE + 2 * DAY + 5 * HOUR


def a_request(state: State = State.PENDING) -> ExtensionRequest:
    return ExtensionRequest("req_1", ADA.id, HW3.id, state, DUE - DAY, DUE)


@pytest.mark.parametrize(
    ("case", "now", "expected"),
    [
        pytest.param(CASE, DUE, None, id="still to be decided"),
        pytest.param(replace(CASE, submissions=[a_submission(at=DUE)]), DUE, Lapse.HANDED_IN, id="handed in after"),
        pytest.param(replace(CASE, submissions=[a_submission(at=DUE - 2 * DAY)]), DUE, None, id="handed in before"),
        pytest.param(replace(CASE, submissions=[a_submission(at=DUE + DAY)]), DUE, None, id="handed in later than now"),
        pytest.param(replace(CASE, assignment=replace(HW3, cancelled=True)), DUE, Lapse.CANCELLED, id="cancelled"),
        pytest.param(replace(CASE, student=replace(ADA, status=Status.PAUSED)), DUE, Lapse.GONE, id="paused"),
        pytest.param(replace(CASE, student=replace(ADA, status=Status.WITHDRAWN)), DUE, Lapse.GONE, id="withdrawn"),
        pytest.param(replace(CASE, is_excused=True), DUE, Lapse.EXCUSED, id="excused"),
        pytest.param(CASE, HARD, Lapse.CLOSED, id="after the end"),
    ],
)
def test_nothing_stays_open_that_has_nothing_left_to_decide(case: Case, now: datetime, expected: Lapse | None) -> None:
    assert lapse_reason(case, a_request(), now) == expected


zones = st.sampled_from(["Europe/London", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Santiago"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
minutes = st.integers(0, 60 * 24 * 60).map(lambda count: timedelta(minutes=count))


@given(due=instants, length=minutes, moved=instants, hard=minutes, name=zones)
def test_moving_an_assignment_never_shortens_an_extension(
    due: datetime, length: timedelta, moved: datetime, hard: timedelta, name: str
) -> None:
    zone = ZoneInfo(name)
    assignment = replace(HW3, due_at=due, hard_due_at=due + timedelta(days=400))
    until = due + length
    extension = Extension("e", "s", "a", until, length_of(until, assignment, zone), Origin.TA, due)
    last = max(moved, until) + hard
    after = moved_until(extension, moved, last, zone)
    assert until <= after <= last
    if after not in {last, until}:
        assert wall_length(moved, after, zone) - extension.length in {timedelta(0), HOUR, -HOUR}


@given(due=instants, untils=st.lists(instants, max_size=4), hard=instants)
def test_the_own_due_time_is_the_longest_grant_within_the_last_moment(
    due: datetime, untils: list[datetime], hard: datetime
) -> None:
    assignment = replace(HW3, due_at=due, hard_due_at=max(hard, due))
    own = effective_due_at(assignment, [an_extension(until) for until in untils])
    assert own == min(max([due, *untils]), assignment.hard_due_at)


@given(at=instants, days=st.integers(0, 60), name=zones)
def test_days_keep_the_wall_time_across_clock_changes(at: datetime, days: int, name: str) -> None:
    zone = ZoneInfo(name)
    moved = wall(add_days(at, days, zone), zone) - wall(at, zone)
    assert moved - timedelta(days=days) in {timedelta(0), HOUR}


@given(
    now=instants,
    due=instants,
    until=st.one_of(st.none(), instants),
    granted=st.integers(0, 6),
    accommodation=st.integers(0, 14),
)
def test_whatever_is_asked_no_grant_is_late_short_or_past_the_end(
    now: datetime, due: datetime, until: datetime | None, granted: int, accommodation: int
) -> None:
    assignment = replace(HW3, due_at=due, hard_due_at=due + timedelta(days=30))
    student = replace(ADA, accommodation_days=accommodation)
    case = Case(assignment, student, automatic_grants=granted)
    try:
        result = decide(until, case, POLICY, now, LONDON)
    except DatePassed:
        assert until is not None
        assert due < until <= now
        return
    if isinstance(result, Granted):
        assert max(due, now) < result.until_at <= assignment.hard_due_at
        assert until is not None
        assert result.until_at <= until
    if isinstance(result, Refused):
        assert now >= assignment.hard_due_at
