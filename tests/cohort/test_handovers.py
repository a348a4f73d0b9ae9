"""How what a TA holds is shared out, and when someone is back who says until when they are away."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.handovers import Held, back_at, share
from cohort.wishes import ForDays, UntilDate, UntilDayAhead, UntilInstant, UntilWall, UntilWeekday, Wish
from tests.conftest import NOON

TAS = ("tara", "tom", "tess", "theo")
LONDON = ZoneInfo("Europe/London")
LOADS = st.dictionaries(st.sampled_from(TAS), st.integers(0, 20))
TAKERS = st.lists(st.sampled_from(TAS), unique=True).map(tuple)


def held(*takers: tuple[str, ...]) -> list[Held]:
    return [Held("grading", f"hin_{number}", names) for number, names in enumerate(takers)]


@given(st.lists(TAKERS, max_size=40), LOADS)
def test_everything_goes_to_one_of_its_takers_and_to_nobody_only_without_any(
    takers: list[tuple[str, ...]], load: dict[str, int]
) -> None:
    things = held(*takers)
    shared = share(things, load)
    assert sorted(one.id for one, _ in shared) == sorted(one.id for one in things)
    for one, to_id in shared:
        assert to_id in one.takers if one.takers else to_id is None


@given(st.integers(0, 60), st.lists(st.sampled_from(TAS), min_size=1, unique=True), LOADS)
def test_where_all_may_take_all_nobody_who_got_something_holds_more_than_one_more(
    count: int, takers: list[str], load: dict[str, int]
) -> None:
    shared = share(held(*[tuple(takers)] * count), load)
    got = Counter(to_id for _, to_id in shared)
    holds = {name: load.get(name, 0) + got[name] for name in takers}
    assert all(holds[name] <= min(holds.values()) + 1 for name in takers if got[name])


@given(st.lists(TAKERS.filter(bool), min_size=1, max_size=30), LOADS)
def test_no_single_thing_would_be_better_with_another(takers: list[tuple[str, ...]], load: dict[str, int]) -> None:
    shared = share(held(*takers), load)
    holds = Counter(load)
    for one, to_id in shared:
        assert to_id is not None
        assert holds[to_id] == min(holds[name] for name in one.takers)
        holds[to_id] += 1


def test_what_few_can_take_is_given_first() -> None:
    shared = {one.id: to_id for one, to_id in share(held(("tara", "tom"), ("tara",)), {})}
    assert shared == {"hin_0": "tom", "hin_1": "tara"}


@pytest.mark.parametrize(
    ("wish", "back"),
    [
        pytest.param(ForDays(2), datetime(2026, 7, 3, 12, tzinfo=UTC), id="so many days from now"),
        pytest.param(UntilWeekday(4), datetime(2026, 7, 2, 23, tzinfo=UTC), id="friday, from its midnight on"),
        pytest.param(UntilWeekday(2), datetime(2026, 7, 7, 23, tzinfo=UTC), id="today's weekday is the next one"),
        pytest.param(
            UntilWall(datetime(2026, 7, 10), has_time=False), datetime(2026, 7, 9, 23, tzinfo=UTC), id="a day"
        ),
        pytest.param(
            UntilWall(datetime(2026, 10, 26, 9), has_time=True), datetime(2026, 10, 26, 9, tzinfo=UTC), id="wall time"
        ),
        pytest.param(UntilDayAhead(1), datetime(2026, 7, 1, 23, tzinfo=UTC), id="tomorrow, from its midnight on"),
        pytest.param(UntilDate(10, 7), datetime(2026, 7, 9, 23, tzinfo=UTC), id="a day of a month"),
        pytest.param(UntilInstant(NOON), NOON, id="an instant"),
    ],
)
def test_when_someone_is_back(wish: Wish, back: datetime) -> None:
    assert back_at(wish, NOON, LONDON) == back
