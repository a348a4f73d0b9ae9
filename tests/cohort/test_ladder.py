"""Which step follows from how a student stands."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.ladder import Step, Taken, next_step, reason_of
from cohort.levels import Level, LevelSince, Reason
from cohort.policy import LadderPolicy

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = LadderPolicy()
WHY = "missed:asg_hw3"


def stands(level: Level, since: timedelta = timedelta()) -> LevelSince:
    return LevelSince("mem_ada", NOW - since, level, 0.0, (Reason("missed", "hw3 was not handed in"),))


def took(step: Step, ago: timedelta, reason: str = WHY) -> Taken:
    return Taken(step, reason, NOW - ago)


@pytest.mark.parametrize(
    ("level", "since", "taken", "step"),
    [
        pytest.param(Level.ON_TRACK, 9 * DAY, [], None, id="nothing for who is on track"),
        pytest.param(Level.SLIPPING, 0 * DAY, [], Step.TO_DO, id="first one thing to do"),
        pytest.param(Level.SLIPPING, 1 * DAY, [(Step.TO_DO, DAY)], None, id="time to do it"),
        pytest.param(Level.SLIPPING, 2 * DAY, [(Step.TO_DO, 2 * DAY)], Step.OFFER, id="then an offer"),
        pytest.param(Level.SLIPPING, 60 * DAY, [(Step.TO_DO, 60 * DAY), (Step.OFFER, 50 * DAY)], None, id="once each"),
        pytest.param(Level.AT_RISK, 0 * DAY, [], Step.OFFER, id="at risk: the offer at once"),
        pytest.param(Level.AT_RISK, 2 * DAY, [(Step.OFFER, 2 * DAY)], None, id="time to take it"),
        pytest.param(Level.AT_RISK, 3 * DAY, [(Step.OFFER, 3 * DAY)], Step.FOLLOW_UP, id="then a person"),
        pytest.param(Level.CRITICAL, 0 * DAY, [], Step.FOLLOW_UP, id="critical: a person at once"),
        pytest.param(Level.CRITICAL, 4 * DAY, [(Step.FOLLOW_UP, 4 * DAY)], None, id="time to get in touch"),
        pytest.param(Level.CRITICAL, 5 * DAY, [(Step.FOLLOW_UP, 5 * DAY)], Step.ORGANIZER, id="then the organizer"),
        pytest.param(
            Level.CRITICAL, 9 * DAY, [(Step.FOLLOW_UP, 9 * DAY), (Step.ORGANIZER, DAY)], None, id="the top is the top"
        ),
    ],
)
def test_levels_lead_to_steps(
    level: Level, since: timedelta, taken: list[tuple[Step, timedelta]], step: Step | None
) -> None:
    done = [took(each, ago) for each, ago in taken]
    assert next_step(stands(level, since), WHY, done, POLICY, NOW, UTC) is step


def test_what_was_done_for_another_reason_does_not_count() -> None:
    done = [took(Step.TO_DO, DAY, "missed:asg_hw2"), took(Step.OFFER, DAY, "missed:asg_hw2")]
    assert next_step(stands(Level.SLIPPING), WHY, done, POLICY, NOW, UTC) is Step.TO_DO


def test_a_person_follows_up_later_where_the_offer_was_taken() -> None:
    taken = Taken(Step.OFFER, WHY, NOW - 4 * DAY, NOW - 2 * DAY)
    assert next_step(stands(Level.AT_RISK, 9 * DAY), WHY, [taken], POLICY, NOW, UTC) is None
    assert next_step(stands(Level.AT_RISK, 9 * DAY), WHY, [taken], POLICY, NOW + DAY, UTC) is Step.FOLLOW_UP


@pytest.mark.parametrize("level", [Level.SLIPPING, Level.AT_RISK])
def test_nothing_automatic_while_a_person_follows_up(level: Level) -> None:
    assert next_step(stands(level, 9 * DAY), WHY, [], POLICY, NOW, UTC, is_with_a_person=True) is None


def test_organizers_hear_of_who_stays_critical_though_a_person_follows_up() -> None:
    critical = stands(Level.CRITICAL, 5 * DAY)
    assert next_step(critical, WHY, [], POLICY, NOW, UTC, is_with_a_person=True) is Step.ORGANIZER


def test_another_piece_of_missed_work_is_a_change() -> None:
    hw3, hw4 = (
        Assignment(f"asg_{slug}", slug, slug, Kind.WRITTEN, due_at=at, hard_due_at=NOW + 9 * DAY)
        for slug, at in (("hw3", NOW - 2 * DAY), ("hw4", NOW - DAY))
    )
    level = stands(Level.SLIPPING)
    assert reason_of(level, [hw3]) == "missed:asg_hw3"
    assert reason_of(level, [hw3, hw4]) == reason_of(level, [hw4]) == "missed:asg_hw4"
    assert reason_of(level, []) == "missed:"


@given(
    levels=st.lists(st.sampled_from(Level), min_size=1, max_size=40),
    policy=st.builds(
        LadderPolicy,
        offer_after_days=st.integers(0, 5),
        follow_up_after_days=st.integers(0, 5),
        organizer_after_days=st.integers(0, 5),
    ),
)
def test_no_step_is_taken_twice_for_a_reason_however_levels_move(levels: list[Level], policy: LadderPolicy) -> None:
    taken: list[Taken] = []
    for day, level in enumerate(levels):
        now = NOW + day * DAY
        since = LevelSince("mem_ada", now, level, 0.0, (Reason("missed", "…"),))
        step = next_step(since, WHY, taken, policy, now, UTC)
        if step is not None:
            assert step not in {one.step for one in taken}
            assert level is not Level.ON_TRACK
            taken.append(Taken(step, WHY, now))
    assert len(taken) <= len(Step)
