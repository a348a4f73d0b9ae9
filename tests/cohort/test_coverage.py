"""Hours against when students are awake: by the day's hours, by region, and no group of fewer than five."""

from datetime import UTC, datetime, time, timedelta

import pytest

from cohort.coverage import OTHERS, Attended, Coverage, Quiet, Region, coverage
from cohort.office_hours import Session

QUIET = Quiet(time(21), time(8))
MONDAY = datetime(2026, 7, 6, tzinfo=UTC)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def held(hour: int, hours: int = 1, day: int = 0) -> Session:
    starts_at = MONDAY + timedelta(days=day, hours=hour)
    return Session(f"ses_{day}_{hour}", "mem_tara", MONDAY.date(), starts_at, starts_at + hours * HOUR, starts_at, "")


def of(sessions: list[Session], zones: dict[str, int]) -> Coverage:
    return coverage(sessions, zones, QUIET, MONDAY, MONDAY + WEEK)


def test_hours_count_for_those_who_are_awake() -> None:
    """16:00 to 18:00 UTC is 09:00 in Los Angeles, 17:00 in London, and the middle of the night in Tokyo."""
    found = of([held(16, 2)], {"Europe/London": 20, "America/Los_Angeles": 6, "Asia/Tokyo": 7})
    assert found.regions == [
        Region("Europe", 20, 2, 0),
        Region("Asia", 7, 0, 7, ("Asia/Tokyo",), 0),
        Region("America", 6, 2, 0),
    ]
    assert (found.students, found.hours) == (33, 2)


def test_blocks_of_a_day_hold_what_falls_into_them() -> None:
    found = of([held(14, 2), held(14, 2, day=3), held(5, day=8)], {"Europe/London": 20, "Asia/Tokyo": 7})
    assert [block.hours for block in found.blocks] == [0, 0, 0, 0, 2, 2, 0, 0]
    assert [block.awake for block in found.blocks] == [7, 7, 27, 27, 20, 20, 20, 0]


def test_a_region_tells_of_some_without_hours() -> None:
    [asia] = of([held(4)], {"Asia/Tokyo": 6, "Asia/Dubai": 3, "Asia/Riyadh": 2}).regions
    assert (asia.hours, asia.without, asia.zones) == (1, 2, ("Asia/Riyadh",))


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
