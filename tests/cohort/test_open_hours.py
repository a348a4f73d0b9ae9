"""Where someone stands in a line, and about how long it takes."""

from datetime import timedelta

import pytest

from cohort.open_hours import LONGEST, SHORTEST, USUAL, LinePlace, PlaceState, before, minutes_each
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)


def a_place(number: int, state: PlaceState = PlaceState.WAITING, minutes: int = 0, group: str = "") -> LinePlace:
    joined_at = NOON + number * MINUTE
    ended_at = joined_at + minutes * MINUTE
    return LinePlace(
        f"lin_{number}", "ses_1", f"mem_{number}", joined_at, state=state, called_at=joined_at,
        group_id=group or f"grp_{number}", ended_at=ended_at,
    )  # fmt: skip


def test_only_those_who_wait_are_in_front_of_someone() -> None:
    states = [PlaceState.HELPED, PlaceState.WAITING, PlaceState.OUT, PlaceState.CALLED, PlaceState.WAITING]
    line = [a_place(number, state) for number, state in enumerate(states)]
    assert [before(line, place) for place in line] == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("helped", "expected"),
    [
        pytest.param([], USUAL, id="nothing to go by"),
        pytest.param([(6, ""), (10, "")], 8, id="the mean"),
        pytest.param([(6, "together"), (12, "together"), (20, "")], 16, id="a group is one question"),
        pytest.param([(0, "")], SHORTEST, id="never at once"),
        pytest.param([(300, "")], LONGEST, id="never for ever"),
    ],
)
def test_it_goes_as_it_went_so_far(helped: list[tuple[int, str]], expected: int) -> None:
    line = [a_place(n, PlaceState.HELPED, minutes, group) for n, (minutes, group) in enumerate(helped)]
    assert minutes_each([*line, a_place(99)]) == expected
