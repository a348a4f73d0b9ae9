"""What people type after a command, in every form in which Slack may send it."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.errors import Unclear
from cohort.wishes import ForDays, UntilDate, UntilDayAhead, UntilWall, UntilWeekday, Wish
from handlers.reading import read_line, read_person, read_wish


@pytest.mark.parametrize(
    ("text", "assignment", "wish"),
    [
        ("hw3", "hw3", None),
        ("  hw3   2d ", "hw3", ForDays(2)),
        ("hw3 2 days", "hw3", ForDays(2)),
        ("hw3 1w", "hw3", ForDays(7)),
        ("hw3 2 weeks", "hw3", ForDays(14)),
        ("hw3 Friday", "hw3", UntilWeekday(4)),
        ("hw3 next thu", "hw3", UntilWeekday(3)),
        ("hw3 until monday", "hw3", UntilWeekday(0)),
        ("hw3 2026-07-04", "hw3", UntilWall(datetime(2026, 7, 4), has_time=False)),
        ("hw3 2026-07-04 18:00", "hw3", UntilWall(datetime(2026, 7, 4, 18), has_time=True)),
        ("hw3 2026-07-04T9:30", "hw3", UntilWall(datetime(2026, 7, 4, 9, 30), has_time=True)),
        ("hw3 tomorrow", "hw3", UntilDayAhead(1)),
        ("hw3 until tomorrow", "hw3", UntilDayAhead(1)),
        ("hw3 the day after tomorrow", "hw3", UntilDayAhead(2)),
        ("hw3 a week", "hw3", ForDays(7)),
        ("hw3 two more days", "hw3", ForDays(2)),
        ("supply and", "supply and", None),
        ("ad", "ad", None),
        ("hw3 4 July", "hw3", UntilDate(4, 7)),
        ("hw3 until jul 4th", "hw3", UntilDate(4, 7)),
        ("hw3 29 feb", "hw3", UntilDate(29, 2)),
        ("problem set 3 the 4th of july", "problem set 3", UntilDate(4, 7)),
        ("Problem set 3 2d", "Problem set 3", ForDays(2)),
        ("problem set 3", "problem set 3", None),
        ("sets &amp; maps 2d", "sets & maps", ForDays(2)),
    ],
)
def test_a_line_is_an_assignment_and_perhaps_a_wish(text: str, assignment: str, wish: Wish | None) -> None:
    line = read_line(text)
    assert (line.assignment, line.wish) == (assignment, wish)


@pytest.mark.parametrize(
    "text", ["2d", "friday", "2026-07-04 18:00", "hw3 2x", "hw3 2026-13-01", "hw3 +3", "hw3 0d", "4 july", "tomorrow"]
)
def test_what_is_unclear_comes_with_an_example_that_works(text: str) -> None:
    with pytest.raises(Unclear) as told:
        read_line(text)
    assert told.value.what.endswith(".")
    assert read_line(told.value.example.removeprefix("/extension ")).wish == ForDays(2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "t",
        "25:00",
        "2026-07-04 25:00",
        "1e3d",
        "٣d",
        "9999-12-31",
        "0001-01-01",
        "31 june",
        "4 j",
        "0 may",
        "4 maybe",
    ],
)
def test_what_is_no_wish_is_refused(text: str) -> None:
    with pytest.raises(Unclear):
        read_wish(text)


@pytest.mark.parametrize(
    ("text", "who", "rest"),
    [
        ("<@U123ABC|ada> hw3 2d", "U123ABC", "hw3 2d"),
        ("<@U123ABC> hw3", "U123ABC", "hw3"),
        ("@ada hw3 2d", "ada", "hw3 2d"),
        ("ada@example.org hw3", "ada@example.org", "hw3"),
        ("<mailto:ada@example.org|ada@example.org> hw3", "ada@example.org", "hw3"),
        ("<mailto:ada@example.org>", "ada@example.org", ""),
    ],
)
def test_a_person_in_every_form(text: str, who: str, rest: str) -> None:
    assert read_person(text, "/x @ada") == (who, rest)


@pytest.mark.parametrize("text", ["", "   ", "@", "@ hw3"])
def test_nobody_named_is_unclear(text: str) -> None:
    with pytest.raises(Unclear):
        read_person(text, "/x @ada")


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    for read in (read_line, read_wish):
        with suppress(Unclear):
            read(text)
