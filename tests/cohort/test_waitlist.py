"""Who gets a free slot first, and until when it is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.office_hours import Session, Slot
from cohort.policy import NudgePolicy, OfficeHoursPolicy
from cohort.waitlist import Wait, in_order, offer_until
from tests.conftest import NOON, a_member

HOUR = timedelta(hours=1)
WAITS = st.lists(
    st.builds(
        Wait,
        id=st.uuids().map(str),
        student_id=st.sampled_from(["ada", "bo", "chen", "dee"]),
        from_at=st.just(NOON),
        until_at=st.just(NOON + HOUR),
        joined_at=st.integers(0, 5).map(lambda minutes: NOON - timedelta(minutes=minutes)),
        is_first=st.booleans(),
    ),
    unique_by=lambda wait: wait.id,
)


@given(WAITS, st.sets(st.sampled_from(["ada", "bo", "chen", "dee"])))
def test_nobody_is_passed_over(waits: list[Wait], had_any: set[str]) -> None:
    ordered = in_order(waits, had_any)
    assert sorted(wait.id for wait in ordered) == sorted(wait.id for wait in waits)
    for sooner, later in pairwise(ordered):
        assert sooner.is_first or not later.is_first
        if sooner.is_first == later.is_first:
            assert sooner.student_id not in had_any or later.student_id in had_any
            if (sooner.student_id in had_any) == (later.student_id in had_any):
                assert sooner.joined_at <= later.joined_at


@given(WAITS, st.sets(st.sampled_from(["ada", "bo", "chen", "dee"])))
def test_the_order_does_not_depend_on_how_they_are_read(waits: list[Wait], had_any: set[str]) -> None:
    assert in_order(waits, had_any) == in_order(list(reversed(waits)), had_any)


@pytest.mark.parametrize(
    ("now", "starts_at", "zone", "expected"),
    [
        pytest.param(NOON, NOON + 9 * HOUR, "Europe/London", NOON + 2 * HOUR, id="by day"),
        pytest.param(NOON, NOON + 2 * HOUR, "Europe/London", NOON + 1.5 * HOUR, id="until it can't be booked any more"),
        pytest.param(NOON, NOON + HOUR / 2, "Europe/London", None, id="too late"),
        pytest.param(NOON, NOON + timedelta(minutes=34), "Europe/London", None, id="no time to answer"),
        pytest.param(
            NOON, NOON + 30 * HOUR, "Asia/Singapore", datetime(2026, 7, 2, 1, tzinfo=UTC), id="goes on in the morning"
        ),
        pytest.param(
            datetime(2026, 7, 1, 23, tzinfo=UTC),
            NOON + 30 * HOUR,
            "Europe/London",
            datetime(2026, 7, 2, 9, tzinfo=UTC),
            id="begins in the morning",
        ),
        pytest.param(NOON + 2 * HOUR, NOON + 10 * HOUR, "Asia/Singapore", None, id="over before they wake"),
    ],
)
def test_an_offer_stands_in_waking_hours(
    now: datetime, starts_at: datetime, zone: str, expected: datetime | None
) -> None:
    slot = Slot("slt_1", "ses_1", starts_at, starts_at + HOUR)
    student = a_member("Chen", zone=zone)
    assert offer_until(slot, student, OfficeHoursPolicy(), NudgePolicy(), now) == expected


def test_a_wait_is_for_slots_within_its_time_and_of_its_ta() -> None:
    wait = Wait("wai_1", "ada", NOON, NOON + HOUR, NOON, ta_id="tara")
    session = Session("ses_1", "tara", NOON.date(), NOON, NOON + 2 * HOUR, NOON, "")
    other = Session("ses_2", "tom", NOON.date(), NOON, NOON + 2 * HOUR, NOON, "")
    slots = [Slot(f"slt_{n}", "ses_1", NOON + n * HOUR / 2, NOON + (n + 1) * HOUR / 2) for n in range(3)]
    assert [wait.covers(slot, session) for slot in slots] == [True, True, False]
    assert not wait.covers(slots[0], other)
    assert wait.goes_on_without(slots[0])
    assert not replace(wait, is_first=True).goes_on_without(slots[0])
    assert not replace(wait, until_at=slots[0].ends_at).goes_on_without(slots[0])
