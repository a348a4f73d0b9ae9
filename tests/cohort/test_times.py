"""Wall time across clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohort.times import add_days, shift

LONDON = ZoneInfo("Europe/London")
# In London clocks go back on 25 October 2026 at 01:00 UTC: 01:00 to 02:00 comes twice. They go forward on 29 March.
FIRST_PASS = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND_PASS = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "length", "shifted"),
    [
        pytest.param(FIRST_PASS, timedelta(0), FIRST_PASS, id="none in the first pass"),
        pytest.param(SECOND_PASS, timedelta(0), SECOND_PASS, id="none in the second pass"),
        pytest.param(SECOND_PASS, timedelta(minutes=20), SECOND_PASS + timedelta(minutes=20), id="within the second"),
        pytest.param(SECOND_PASS, timedelta(days=1), datetime(2026, 10, 26, 1, 30, tzinfo=UTC), id="a day on"),
        pytest.param(SECOND_PASS, -timedelta(days=1), datetime(2026, 10, 24, 0, 30, tzinfo=UTC), id="a day back"),
        pytest.param(
            SECOND_PASS, timedelta(days=155), datetime(2027, 3, 29, 0, 30, tzinfo=UTC), id="to the day after a gap"
        ),
        pytest.param(
            SECOND_PASS, timedelta(days=154), datetime(2027, 3, 28, 1, 30, tzinfo=UTC), id="into a skipped hour"
        ),
    ],
)
def test_wall_time_is_kept(at: datetime, length: timedelta, shifted: datetime) -> None:
    assert shift(at, length, LONDON) == shifted


def test_a_day_is_as_long_as_it_is() -> None:
    noon = datetime(2026, 10, 24, 11, tzinfo=UTC)
    assert add_days(noon, 1, LONDON) - noon == timedelta(hours=25)
