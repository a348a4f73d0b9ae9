"""Hours against when students are awake: by the day's hours, by region, and no group of fewer than five."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohort.coverage import OTHERS, Attended, Coverage, Quiet, Region, coverage, used
from cohort.office_hours import Session

QUIET = Quiet(time(21), time(8))
MONDAY = datetime(2026, 7, 6, tzinfo=UTC)
WEEK = timedelta(days=7)
UTC_ZONE = ZoneInfo("UTC")
HOUR = timedelta(hours=1)


def held(hour: int, hours: int = 1, day: int = 0) -> Session:
    starts_at = MONDAY + timedelta(days=day, hours=hour)
    return Session(f"ses_{day}_{hour}", "mem_tara", MONDAY.date(), starts_at, starts_at + hours * HOUR, starts_at, "")


def of(sessions: list[Session], zones: dict[str, int]) -> Coverage:
    return coverage(sessions, zones, QUIET, MONDAY, MONDAY + WEEK, UTC_ZONE)


def test_hours_count_for_those_who_are_awake() -> None:
    """16:00 to 18:00 UTC is 09:00 in Los Angeles, 17:00 in London, and the middle of the night in Tokyo."""
    found = of([held(16, 2)], {"Europe/London": 20, "America/Los_Angeles": 6, "Asia/Tokyo": 7})
    assert found.regions == [
        Region("Europe", 20, 2, 150 * HOUR),
        Region("Asia", 7, 0, WEEK, 7, ("Asia/Tokyo",), 0),
        Region("America", 6, 2, 150 * HOUR),
    ]
    assert (found.students, found.hours) == (33, 2)


def test_blocks_of_a_day_hold_what_falls_into_them() -> None:
    found = of([held(14, 2), held(14, 2, day=3), held(5, day=8)], {"Europe/London": 20, "Asia/Tokyo": 7})
    assert [block.hours for block in found.blocks] == [0, 0, 0, 0, 2, 2, 0, 0]
    assert [round(block.awake, 1) for block in found.blocks] == [7, 7, 20.3, 27, 20, 20, 13.3, 2.3]


def test_a_region_tells_of_some_without_hours() -> None:
    [asia] = of([held(4)], {"Asia/Tokyo": 6, "Asia/Dubai": 3, "Asia/Riyadh": 2}).regions
    assert (asia.hours, asia.without, asia.zones) == (1, 2, ())


@pytest.mark.parametrize(
    ("zones", "groups"),
    [
        ({"Europe/London": 6, "Asia/Tokyo": 3, "Africa/Lagos": 2}, [("Europe", 6), (OTHERS, 5)]),
        ({"Europe/London": 6, "Asia/Tokyo": 5, "Africa/Lagos": 2}, [("Europe", 6), ("Asia", 5)]),
        ({"Europe/London": 6, "Africa/Lagos": 2}, [("Europe", 6)]),
        ({"Europe/London": 2, "Africa/Lagos": 2}, []),
        ({"UTC": 5}, [("UTC", 5)]),
        ({}, []),
    ],
)
def test_small_groups_are_told_of_together_or_not_at_all(zones: dict[str, int], groups: list[tuple[str, int]]) -> None:
    assert [(region.name, region.students) for region in of([held(12)], zones).regions] == groups


@pytest.mark.parametrize(
    ("attended", "crowded", "empty"),
    [
        (Attended(held(9), 2, 2, 2, 0), True, False),
        (Attended(held(9), 2, 1, 1, 0), False, False),
        (Attended(held(9), 0, 0, 4, 1), True, False),
        (Attended(held(9), 0, 0, 0, 0), False, True),
        (Attended(held(9), 2, 1, 0, 0), False, True),
    ],
)
def test_crowded_is_where_someone_found_no_room_and_empty_where_nobody_came(
    attended: Attended, crowded: bool, empty: bool
) -> None:
    assert (attended.is_crowded, attended.is_empty) == (crowded, empty)


def series(name: str, *came: int) -> list[Attended]:
    return [Attended(replace(held(9, 1, day=7 * week), series_id=name), 0, 0, n, 0) for week, n in enumerate(came)]


def test_the_dates_of_a_series_count_together_and_the_crowded_are_far_above_the_middle() -> None:
    attended = [*series("a", 1, 0, 2), *series("b", 6, 5), *series("c", 0, 0), *series("d", 1, 2)]
    found = {each.last.series_id: each for each in used(attended, UTC_ZONE)}
    assert list(found) == ["b", "d", "a", "c"]
    assert {name: (each.dates, each.came, each.empty) for name, each in found.items()} == {
        "a": (3, 3, 1),
        "b": (2, 11, 0),
        "c": (2, 0, 2),
        "d": (2, 3, 0),
    }
    assert [name for name, each in found.items() if each.is_crowded] == ["b"]
    assert [name for name, each in found.items() if each.is_empty] == ["c"]


def test_dates_without_a_series_count_together_by_weekday_and_time() -> None:
    dates = [held(9), held(9, day=7), held(9, day=8), held(10, day=14)]
    found = used([Attended(one, 0, 0, 1, 0) for one in dates], UTC_ZONE)
    assert sorted(each.dates for each in found) == [1, 1, 2]


def test_where_half_of_the_dates_had_no_room_it_is_crowded() -> None:
    dates = [replace(held(9), series_id="a"), replace(held(9, day=7), series_id="a")]
    [found] = used([Attended(dates[0], 2, 2, 2, 0), Attended(dates[1], 2, 1, 1, 0)], UTC_ZONE)
    assert (found.is_crowded, found.booked, found.slots) == (True, 3, 4)


def test_nothing_held_is_nothing_used() -> None:
    assert used([], UTC_ZONE) == []
