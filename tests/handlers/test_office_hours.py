"""What a TA reads of their own hours."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from cohort.office_hours import HoursKind, Series, session_on
from cohort.roster import Member
from handlers.views.office_hours import week
from handlers.views.open_hours_gallery import open_hours_notes
from handlers.views.open_hours_panel import panels
from services.office_hours import HeldDate, Week
from services.open_hours_letters import PanelCard
from tests.conftest import NOON


def test_a_ta_who_travels_reads_both_times(tara: Member) -> None:
    """London is on summer time, New York four hours behind UTC."""
    day = date(2026, 7, 2)
    series = Series("srs_1", tara.id, 3, time(17), tara.zone, 60, "Room 1", HoursKind.OPEN, day, day, NOON)
    session = session_on(series, day, "ses_1")
    assert session.starts_at == datetime(2026, 7, 2, 16, tzinfo=UTC)
    there = replace(tara, zone="America/New_York")
    shown = str(week(Week(there, [HeldDate(session, [], 0)], [series]), there.tz).blocks)
    assert "Thursdays 17:00–18:00" in shown
    assert "(Europe/London time; next where you are: Thu 2 Jul 12:00 EDT)" in shown
    at_home = str(week(Week(tara, [HeldDate(session, [], 0)], [series]), tara.tz).blocks)
    assert "where you are" not in at_home


@pytest.mark.parametrize("has_panel", [False, True])
def test_a_full_week_is_one_message_that_slack_takes_and_says_what_is_left_out(
    tara: Member, ada: Member, *, has_panel: bool
) -> None:
    day = date(2026, 7, 2)
    series = Series("srs_1", tara.id, 3, time(17), tara.zone, 60, "Room 1", HoursKind.OPEN, day, day, NOON)
    dates = [HeldDate(session_on(series, day, f"ses_{n}"), [], 0) for n in range(42)]
    every = [replace(series, id=f"srs_{n}") for n in range(21)]
    cards = [note for note in open_hours_notes(ada, tara, NOON) if isinstance(note, PanelCard)]
    panel = panels([cards[0].panel], tara.tz) if has_panel else []
    blocks = week(Week(tara, dates, every), tara.tz, panel).blocks
    assert len(blocks) <= 50
    changed = [str(block).count("'office_hours.date#") + str(block).count("'office_hours.series#") for block in blocks]
    left_out = [int(found) for found in re.findall(r"And (\d+) more", str(blocks))]
    assert sum(changed) + sum(left_out) == len(dates) + len(every)
    assert "Add office hours" in str(blocks[-1])
