"""What organizers read of how office hours are spread and used."""

from datetime import timedelta

from cohort.coverage import Block, Coverage, Region, Used
from cohort.office_hours import Session
from cohort.roster import Member
from handlers.views.coverage import report
from services.coverage import HoursReport
from services.unstuck import Totals
from tests.conftest import NOON

DAY = timedelta(days=1)
SESSION = Session("ses_1", "mem_tara", NOON.date(), NOON, NOON + timedelta(hours=1), NOON, "")


def words(found: HoursReport, reader: Member) -> str:
    return str(report(found, reader.tz).blocks)


def test_gaps_are_said_in_words_and_of_a_few_nothing(orla: Member) -> None:
    regions = [
        Region("Europe", 40, 1, 5 * DAY),
        Region("Asia", 23, 2.333, DAY / 2, 7, ("Asia/Tokyo",), 0),
        Region("America", 12, 3, DAY, 2, (), 18),
        Region("Elsewhere", 9, 0, 7 * DAY, 6, (), 21),
    ]
    spread = Coverage(NOON, 84, 4.5, [Block(0, 4.5, 3.2), Block(3, 0, 20.6)], regions)
    shown = words(HoursReport(spread, [], {}, orla.tz), orla)
    assert "*The next seven days: 4.5 hours of office hours*" in shown
    gap = ":warning: 7 students in Asia (Asia/Tokyo) have no hours while they are awake. Most of them are awake 00–03."
    assert gap in shown
    assert ":warning: nearly all students elsewhere have no hours" in shown, "three others would be told of otherwise"
    assert "• *Europe*: 40 students, one hour while they are awake, at longest 5 d without" in shown
    assert "• *Asia*: 23 students, 2.3 hours while they are awake, at longest 12 h without" in shown
    assert "students in America" not in shown
    assert shown.index(gap) < shown.index("*Europe*")
    assert f"{orla.tz.key}\\n" in shown
    assert ("under 5" in shown, "3.2" in shown, "21\\n" in shown) == (True, False, True)
    assert "No office hours were held in the last four weeks." in shown


def test_the_crowded_and_the_empty_come_first(tara: Member, orla: Member) -> None:
    used = [
        Used(SESSION, 4, 1, 8, 8, 12, 1, 3, is_crowded=True),
        Used(SESSION, 1, 1, 2, 0, 0, 0, 0, is_crowded=False),
        Used(SESSION, 2, 0, 0, 0, 2, 0, 1, is_crowded=False),
    ]
    found = HoursReport(Coverage(NOON, 3, 0, [], []), used, {tara.id: tara}, orla.tz, Totals(8, 2))
    shown = words(found, orla)
    assert "too few students" in shown
    assert "*The last four weeks: 7 dates, 14 came*" in shown
    assert "12 came (3.0 an hour), 8 of 8 slots booked, 1 in line not reached, nobody on one date" in shown
    assert "nobody came, 0 of 2 slots booked" in shown
    assert shown.index("*Crowded") < shown.index("*Empty: nobody came* (1)") < shown.index("*The others* (1)")
    assert "Got unstuck: 8 of 10 answers after a booking." in shown
