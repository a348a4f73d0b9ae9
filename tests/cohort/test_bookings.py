"""What a student may hold at once, rule by rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohort.bookings import Held, Why, refusal
from cohort.policy import OfficeHoursPolicy

NY = ZoneInfo("America/New_York")
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POLICY = OfficeHoursPolicy()


def at(after: timedelta, ta: str = "mem_tom", number: int = 1) -> Held:
    return Held(f"bkg_{number}", ta, NOW + after, NOW + after + HOUR / 2)


# Wednesday noon in UTC; the week runs from Monday to Sunday in New York.
@pytest.mark.parametrize(
    ("wanted", "held", "why"),
    [
        (at(HOUR, "mem_tara"), [], None),
        (at(timedelta(minutes=30), "mem_tara"), [], None),
        (at(timedelta(minutes=29), "mem_tara"), [], Why.TOO_SOON),
        (at(-HOUR, "mem_tara"), [], Why.TOO_SOON),
        (at(14 * DAY, "mem_tara"), [], None),
        (at(14 * DAY + HOUR, "mem_tara"), [], Why.TOO_FAR),
        (at(2 * DAY), [at(3 * DAY)], Why.SAME_TA),
        (at(2 * DAY, "mem_tara"), [at(3 * DAY)], None),
        (at(2 * DAY, "mem_tara"), [at(2 * DAY + HOUR / 4)], Why.OWN_TIME),
        (at(2 * DAY, "mem_tara"), [at(2 * DAY + HOUR / 2)], None),
        (at(2 * DAY, "mem_tara"), [at(-DAY), at(3 * DAY, "mem_kai")], Why.WEEK),
        (at(2 * DAY, "mem_tara"), [replace(at(-DAY), is_excused=True), at(3 * DAY, "mem_kai")], None),
        (at(20 * HOUR, "mem_tara"), [at(-DAY), at(3 * DAY, "mem_kai")], None),
        (at(24 * HOUR, "mem_tara"), [at(-DAY), at(3 * DAY, "mem_kai")], None),
        (at(24 * HOUR + HOUR / 60, "mem_tara"), [at(-DAY), at(3 * DAY, "mem_kai")], Why.WEEK),
        (at(6 * DAY, "mem_tara"), [at(-DAY), at(3 * DAY, "mem_kai")], None),
        (at(6 * DAY, "mem_tara"), [at(DAY), at(7 * DAY, "mem_kai"), at(8 * DAY, "mem_lu")], Why.OPEN),
        (at(20 * HOUR, "mem_tara"), [at(DAY), at(7 * DAY, "mem_kai"), at(8 * DAY, "mem_lu")], Why.OPEN),
        (at(20 * HOUR), [at(7 * DAY)], Why.SAME_TA),
    ],
)
def test_limits(wanted: Held, held: list[Held], why: Why | None) -> None:
    assert refusal(wanted, held, POLICY, NOW, NY) is why


def test_weeks_and_days_are_the_programmes() -> None:
    # Sunday 2026-07-05 22:00 in New York is Monday in UTC.
    sunday, monday = datetime(2026, 7, 6, 2, tzinfo=UTC), datetime(2026, 7, 6, 5, tzinfo=UTC)
    wanted = Held("bkg_1", "mem_tara", sunday, sunday + HOUR)
    others = [Held(f"bkg_{n}", f"mem_{n}", monday + n * HOUR, monday + n * HOUR + HOUR / 2) for n in (2, 3)]
    assert refusal(wanted, others, POLICY.model_copy(update={"open_at_once": 5}), NOW, NY) is None
    assert refusal(wanted, others, POLICY.model_copy(update={"open_at_once": 5}), NOW, ZoneInfo("UTC")) is Why.WEEK
