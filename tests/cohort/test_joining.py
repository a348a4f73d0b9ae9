"""Dates that are hard: which can be named, and what they do to due times."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.joining import (
    IN_A_ROW,
    IN_ALL,
    DatesProblem,
    HardDates,
    Kept,
    Moved,
    Why,
    WrongStretch,
    effect_of,
    joined,
    not_used_yet,
    shared_days,
    wrong_stretches,
)
from cohort.times import DAY, at_wall, local_day
from cohort.workload import Due

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 3, 2)
END = datetime(2026, 4, 30, 23, 59, tzinfo=UTC)
DUE = at_wall(date(2026, 3, 27), datetime(2026, 1, 1, 18).time(), LONDON)
HW = Assignment("asg_hw1", "hw1", "Homework 1", Kind.PROGRAMMING, END, due_at=DUE)


def march(first: int, last: int) -> HardDates:
    """Return days of March, which may run on into April."""
    return HardDates(date(2026, 3, 1) + (first - 1) * DAY, date(2026, 3, 1) + (last - 1) * DAY)


@pytest.mark.parametrize(
    ("dates", "used", "wrong"),
    [
        pytest.param([], [], [], id="none"),
        pytest.param([march(10, 10)], [], [], id="one day"),
        pytest.param([march(10, 23)], [], [], id="two weeks"),
        pytest.param([march(10, 24)], [], [WrongStretch(0, DatesProblem.TOO_LONG, 15)], id="a day more"),
        pytest.param([march(12, 10)], [], [WrongStretch(0, DatesProblem.BACKWARDS, -1)], id="backwards"),
        pytest.param([march(1, 1), march(10, 11)], [], [WrongStretch(0, DatesProblem.OVER, 1)], id="over"),
        pytest.param([march(1, 2)], [], [], id="over tonight"),
        pytest.param(
            [march(10, 24), march(4, 3)],
            [],
            [WrongStretch(0, DatesProblem.TOO_LONG, 15), WrongStretch(1, DatesProblem.BACKWARDS, 0)],
            id="two that are wrong alone",
        ),
        pytest.param([march(10, 16), march(17, 24)], [], [WrongStretch(1, DatesProblem.JOINED, 15)], id="touching"),
        pytest.param([march(15, 24), march(10, 18)], [], [WrongStretch(1, DatesProblem.JOINED, 15)], id="overlapping"),
        pytest.param([march(10, 16), march(12, 23)], [], [], id="overlapping, two weeks together"),
        pytest.param([march(10, 16), march(18, 31)], [], [], id="a day between, three weeks in all"),
        pytest.param([march(10, 17), march(19, 32)], [], [WrongStretch(1, DatesProblem.IN_ALL, 22)], id="in all"),
        pytest.param([march(20, 24)], [march(10, 19)], [WrongStretch(0, DatesProblem.JOINED, 15)], id="to those used"),
        pytest.param(
            [march(30, 42)], [march(10, 19)], [WrongStretch(0, DatesProblem.IN_ALL, 23)], id="with those used"
        ),
        pytest.param([march(10, 20)], [march(10, 19)], [], id="those used again, and a day more"),
        pytest.param([], [march(10, 40)], [], id="nothing named, too much used"),
    ],
)
def test_which_dates_can_be_named(dates: list[HardDates], used: list[HardDates], wrong: list[WrongStretch]) -> None:
    assert wrong_stretches(dates, used, TODAY) == wrong


@pytest.mark.parametrize(
    ("work", "hard", "until"),
    [
        pytest.param(HW, [march(20, 26)], None, id="due the day after"),
        pytest.param(HW, [march(27, 29)], "2026-03-30T18:00", id="the same wall time across a change of clocks"),
        pytest.param(HW, [march(27, 28), march(29, 31)], "2026-04-01T18:00", id="stretches that touch"),
        pytest.param(HW, [march(27, 28), march(30, 31)], "2026-03-29T18:00", id="a day between"),
        pytest.param(
            replace(HW, hard_due_at=DUE + DAY), [march(27, 29)], "2026-03-28T18:00 cut", id="its own last moment"
        ),
        pytest.param(replace(HW, hard_due_at=DUE), [march(27, 29)], Why.LAST_MOMENT, id="due at the last moment"),
        pytest.param(replace(HW, kind=Kind.EXAM), [march(27, 29)], Why.EXAM, id="an exam"),
        pytest.param(
            replace(HW, hard_due_at=END + 30 * DAY), [march(27, 65)], "2026-05-01T00:59 cut", id="the programme's end"
        ),
    ],
)
def test_what_hard_dates_do(work: Assignment, hard: list[HardDates], until: str | Why | None) -> None:
    found = effect_of([(work, DUE)], hard, LONDON, END)
    assert [said(one) for one in found] == ([] if until is None else [until])


def said(one: Moved | Kept) -> str | Why:
    if isinstance(one, Kept):
        return one.why
    return f"{one.until_at.astimezone(LONDON):%Y-%m-%dT%H:%M}{' cut' * one.is_cut}"


def test_days_that_hold_more_than_what_was_moved() -> None:
    other, alone, before = (replace(HW, id=f"asg_{name}", slug=name) for name in ("other", "alone", "before"))
    dues: list[Due] = [(HW, DUE), (other, DUE + 2 * DAY), (alone, DUE + DAY), (before, DUE - DAY)]
    moved = [Moved(HW, DUE, DUE + 2 * DAY), Moved(alone, DUE + DAY, DUE + 5 * DAY)]
    [load] = shared_days(dues, moved, LONDON)
    assert (load.on, [one.slug for one in load.work]) == (date(2026, 3, 29), ["hw1", "other"])
    assert shared_days(dues, [], LONDON) == []


zones = st.sampled_from(["Europe/London", "America/New_York", "Pacific/Auckland", "America/Santiago"]).map(ZoneInfo)
stretches = st.builds(march, st.integers(-5, 50), st.integers(-5, 50))
works = st.builds(
    lambda number, kind, hours, more: replace(
        HW,
        id=f"asg_{number}",
        slug=f"hw{number}",
        kind=kind,
        due_at=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours),
        hard_due_at=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours + more),
    ),
    st.uuids(),
    st.sampled_from([Kind.PROGRAMMING, Kind.EXAM, Kind.PROJECT]),
    st.integers(0, 24 * 60),
    st.integers(0, 24 * 40),
)


@given(st.lists(works, max_size=4), st.lists(st.lists(stretches, max_size=3), max_size=4), zones)
def test_however_often_dates_are_named_no_limit_is_passed(
    work: list[Assignment], rounds: list[list[HardDates]], tz: ZoneInfo
) -> None:
    """Each round names dates and moves what falls on them, as pressing “Move them” each time does."""
    first = [(one, one.due_at) for one in work if one.due_at is not None]
    due_at, used = {one.id: at for one, at in first}, list[HardDates]()
    for dates in rounds:
        if wrong_stretches(dates, used, TODAY):
            continue
        hard = [*used, *not_used_yet(dates, used)]
        effect = effect_of([(one, due_at[one.id]) for one in work], hard, tz, END)
        moved = [one for one in effect if isinstance(one, Moved)]
        for one in moved:
            assert one.due_at < one.until_at <= min(one.assignment.hard_due_at, END)
            assert one.assignment.kind is not Kind.EXAM
            assert one.is_cut == any(each.holds(local_day(one.until_at, tz)) for each in hard)
            due_at[one.assignment.id] = one.until_at
        days = [local_day(one.due_at, tz) for one in moved]
        used = [one for one in joined(hard) if one in used or any(map(one.holds, days))]
    assert sum(one.days for one in used) <= IN_ALL
    for assignment, at in first:
        assert local_day(due_at[assignment.id], tz) - local_day(at, tz) <= IN_A_ROW * DAY


@given(st.lists(stretches, max_size=5), st.lists(stretches, max_size=3))
def test_joining_changes_no_day_and_what_is_named_again_is_not_named_twice(
    dates: list[HardDates], used: list[HardDates]
) -> None:
    dates, used = ([one for one in each if one.days > 0] for each in (dates, used))
    days = [date(2026, 2, 1) + n * DAY for n in range(120)]
    one_by_one = joined(dates)
    assert [any(one.holds(on) for one in dates) for on in days] == [any(o.holds(on) for o in one_by_one) for on in days]
    assert all(b.from_on - a.to_on > DAY for a, b in pairwise(one_by_one))
    both = joined([*not_used_yet(dates, used), *used])
    assert both == joined([*dates, *used])
    assert not {one.from_on for one in not_used_yet(dates, used)} & {one.from_on for one in used}
