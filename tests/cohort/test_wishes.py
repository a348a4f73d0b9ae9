"""Until when somebody wants more time: which instant the words mean, in whose zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.times import wall
from cohort.wishes import ForDays, UntilDate, UntilDayAhead, UntilWeekday, Wish, asked_until, next_on

LONDON, SYDNEY = ZoneInfo("Europe/London"), ZoneInfo("Australia/Sydney")
# Due on Thursday 2 July 2026 at 18:00 in London; asked on Wednesday at 21:00 there, which is Thursday in Sydney.
DUE = datetime(2026, 7, 2, 17, tzinfo=UTC)
NOW = datetime(2026, 7, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wish", "own", "until"),
    [
        pytest.param(ForDays(2), LONDON, "2026-07-04 18:00", id="days from the due time"),
        pytest.param(UntilWeekday(4), LONDON, "2026-07-03 18:00", id="friday"),
        pytest.param(UntilDayAhead(1), LONDON, "2026-07-02 18:00", id="tomorrow, which is the due time"),
        pytest.param(UntilDayAhead(2), LONDON, "2026-07-03 18:00", id="the day after tomorrow"),
        pytest.param(UntilDayAhead(1), SYDNEY, "2026-07-03 03:00", id="tomorrow where it is tomorrow already"),
        pytest.param(UntilDate(4, 7), LONDON, "2026-07-04 18:00", id="a day of a month"),
        pytest.param(UntilDate(4, 1), LONDON, "2027-01-04 18:00", id="next year's, in winter, at the same hour"),
    ],
)
def test_which_instant_is_meant(wish: Wish, own: ZoneInfo, until: str) -> None:
    assert f"{wall(asked_until(wish, DUE, NOW, own, LONDON), own):%Y-%m-%d %H:%M}" == until


@given(st.dates(date(2026, 1, 1), date(2090, 12, 31)), st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_the_next_such_day_is_the_first_from_today_on(today: date, named: date) -> None:
    found = next_on(named.day, named.month, today)
    assert (found.day, found.month) == (named.day, named.month)
    assert today <= found
    assert (found - today).days <= (366 if (named.day, named.month) != (29, 2) else 8 * 366)
