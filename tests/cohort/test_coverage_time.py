"""Hours in waking hours, minute by minute, also where clocks change; what they come to in a programme's day."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.coverage import Coverage, Quiet, coverage
from cohort.office_hours import Session
from cohort.times import is_waking

LONDON = ZoneInfo("Europe/London")
MINUTE, HOUR, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=7)
# In each week clocks change somewhere: London back, New York back, Lord Howe by half an hour, London forward.
WEEKS = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((10, 22), (10, 29), (4, 1), (3, 26))]
ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC"]


def session(starts_at: datetime, minutes: int) -> Session:
    ends_at = starts_at + minutes * MINUTE
    return Session("ses_1", "mem_tara", starts_at.date(), starts_at, ends_at, ends_at, "")


@given(
    from_at=st.sampled_from(WEEKS),
    held=st.lists(st.tuples(st.integers(-120, 10_080), st.integers(1, 180)), max_size=3),
    name=st.sampled_from(ZONES),
    quiet=st.tuples(st.times(), st.times()).map(lambda two: [at.replace(second=0, microsecond=0) for at in two]),
)
def test_hours_while_awake_are_what_counting_every_minute_gives(
    from_at: datetime, held: list[tuple[int, int]], name: str, quiet: list[time]
) -> None:
    sessions = [session(from_at + begins * MINUTE, minutes) for begins, minutes in held]
    minutes = [at for one in sessions for at in each_minute(one) if from_at <= at < from_at + WEEK]
    awake = sorted(at for at in minutes if is_waking(at, ZoneInfo(name), *quiet))
    found = coverage(sessions, {name: 5}, Quiet(*quiet), from_at, from_at + WEEK, LONDON)
    [region] = found.regions
    assert (round(found.hours * 60), round(region.hours * 60)) == (len(minutes), len(awake))
    assert round(sum(block.hours for block in found.blocks) * 60) == len(minutes)
    ends = [from_at, *(at + MINUTE for at in awake)]
    assert region.longest == max(at - end for at, end in zip([*awake, from_at + WEEK], ends, strict=True)), (
        "the longest wait lies between two minutes that count"
    )


def each_minute(one: Session) -> list[datetime]:
    return [one.starts_at + n * MINUTE for n in range(int((one.ends_at - one.starts_at) / MINUTE))]


def of(from_at: datetime, zones: dict[str, int], *sessions: Session) -> Coverage:
    return coverage(sessions, zones, Quiet(time(21), time(8)), from_at, from_at + WEEK, LONDON)


def test_blocks_follow_the_clock_of_the_programme() -> None:
    """14:00 in London is 13:00 UTC until the clocks go back on 25 October, and 14:00 UTC from then on."""
    before, after = datetime(2026, 10, 23, 13, tzinfo=UTC), datetime(2026, 10, 26, 14, tzinfo=UTC)
    found = of(WEEKS[0], {"Europe/London": 6}, session(before, 60), session(after, 60))
    assert [block.hours for block in found.blocks] == [0, 0, 0, 0, 2, 0, 0, 0]


def test_who_is_awake_in_a_block_is_an_average() -> None:
    """Awake from 08:00 to 21:00: one of the three hours from 06:00, none from 21:00."""
    found = of(datetime(2026, 7, 6, tzinfo=UTC), {"Europe/London": 6})
    assert [round(block.awake, 2) for block in found.blocks] == [0, 0, 2, 6, 6, 6, 6, 0]


@pytest.mark.parametrize(("hours", "longest"), [((), 168.0), ((12,), 155.0), ((12, 60, 108), 59.0)])
def test_the_longest_stretch_reaches_to_both_ends_of_the_week(hours: tuple[int, ...], longest: float) -> None:
    monday = datetime(2026, 7, 6, tzinfo=UTC)
    [region] = of(monday, {"Europe/London": 6}, *(session(monday + n * HOUR, 60) for n in hours)).regions
    assert region.longest / HOUR == longest


def test_a_zone_is_named_only_for_five_in_it() -> None:
    monday = datetime(2026, 7, 6, tzinfo=UTC)
    [region] = of(monday, {"Asia/Tokyo": 5, "Asia/Seoul": 4}, session(monday + 16 * HOUR, 60)).regions
    assert (region.students, region.without, region.zones) == (9, 9, ("Asia/Tokyo",))
