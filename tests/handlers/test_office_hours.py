"""What a TA reads of their own hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from cohort.office_hours import HoursKind, Series, session_on
from cohort.roster import Member
from handlers.views.office_hours import week
from services.office_hours import HeldDate, Week
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
