"""When somebody would like to meet, as they say it on Wednesday 1 July 2026 in London."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cohort.plain_reading import plain
from cohort.slot_wishes import slot_wish_in

WEDNESDAY = date(2026, 7, 1)
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("text", "fits", "fits_not"),
    [
        ("book a TA tomorrow afternoon", ["02 12:00", "02 17:30"], ["02 11:45", "02 18:30", "01 14:00", "03 14:00"]),
        ("a slot on Friday", ["03 00:00", "03 23:00"], ["02 12:00", "10 12:00"]),
        ("meet a TA this morning", ["01 08:00"], ["01 13:00", "02 08:00"]),
        ("someone free tonight?", ["01 19:00"], ["01 12:00", "02 19:00"]),
        ("any slot next week", ["06 08:00", "12 20:00"], ["05 12:00", "13 08:00"]),
        ("book something this week", ["01 09:00", "05 12:00"], ["06 09:00"]),
        ("office hours at the weekend", ["04 10:00", "05 10:00"], ["03 10:00", "06 10:00"]),
        ("meet after 5", ["01 17:00", "09 20:00"], ["01 16:45"]),
        ("meet tara before 11 am", ["02 09:00"], ["02 14:00"]),
        ("book a ta around 3pm tomorrow", ["02 14:00", "02 16:00"], ["02 17:00", "01 15:00"]),
        ("book a ta at 15:30", ["02 15:30"], ["02 12:00"]),
        ("a slot on 9 July in the evening", ["09 18:00"], ["09 12:00", "08 18:00"]),
        ("a meeting around noon", ["04 12:00"], ["04 16:00"]),
        ("book a ta at 11pm", ["01 23:30"], ["01 21:00"]),
    ],
)
def test_the_time_that_was_named_is_the_one_that_fits(text: str, fits: list[str], fits_not: list[str]) -> None:
    wish = slot_wish_in(plain(text, {}), WEDNESDAY)
    assert wish is not None
    assert [at for at in fits if not wish.is_met(in_july(at), LONDON)] == []
    assert [at for at in fits_not if wish.is_met(in_july(at), LONDON)] == []


@pytest.mark.parametrize("text", ["book a TA", "I have about 2 hours for a meeting", "at 77", "book tom"])
def test_where_no_time_is_named_any_will_do(text: str) -> None:
    assert slot_wish_in(plain(text, {}), WEDNESDAY) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("book a TA tomorrow afternoon", "tomorrow in the afternoon"),
        ("book a TA friday after 5", "on Friday after 17:00"),
        ("book a TA on 9 July", "on Thursday, 2026-07-09"),
    ],
)
def test_the_wish_is_said_back(text: str, words: str) -> None:
    wish = slot_wish_in(plain(text, {}), WEDNESDAY)
    assert wish is not None
    assert wish.words == words


def test_hours_are_those_of_the_wall_clock_of_whoever_wishes() -> None:
    wish = slot_wish_in(plain("tomorrow morning", {}), WEDNESDAY)
    assert wish is not None
    at = datetime(2026, 7, 2, 8, tzinfo=LONDON)
    assert wish.is_met(at, LONDON)
    assert not wish.is_met(at, ZoneInfo("Asia/Kolkata"))


def in_july(at: str) -> datetime:
    return datetime.strptime(f"2026-07-{at}", "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)
