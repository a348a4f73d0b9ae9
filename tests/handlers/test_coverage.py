"""What organizers read of how office hours are spread and used."""

from datetime import timedelta

from cohort.coverage import Attended, Block, Coverage, Region
from cohort.office_hours import Session
from cohort.roster import Member
from handlers.views.coverage import report
from services.coverage import HoursReport
from tests.conftest import NOON

SESSION = Session("ses_1", "mem_tara", NOON.date(), NOON, NOON + timedelta(hours=1), NOON, "")


def words(found: HoursReport, reader: Member) -> str:
    return str(report(found, reader.tz).blocks)


def test_gaps_are_said_in_words_and_of_few_never_how_many(orla: Member) -> None:
    regions = [
        Region("Europe", 40, 1, 0),
        Region("Asia", 23, 0, 7, ("Asia/Tokyo",), 0),
        Region("America", 12, 3, 2, ("America/Anchorage",), 18),
    ]
    shown = words(HoursReport(Coverage(NOON, 75, 4.5, [Block(0, 4.5, 3)], regions), [], {}), orla)
    assert "*The next seven days: 4.5 hours of office hours*" in shown
    asia = ":warning: *Asia*: 7 of 23 students (Asia/Tokyo) have no hours while they are awake. Most of those are awake"
    assert f"{asia} 00–03 UTC." in shown
    assert (
        ":warning: *America*: a few of 12 students have no hours while they are awake; the median of all has" in shown
    )
    assert shown.index("• *Europe*: 40 students, one hour while they are awake") > shown.index("*America*")
    assert "Anchorage" not in shown
    assert "under 5 of 75" in shown
    assert "No office hours were held in the last four weeks." in shown


def test_the_crowded_and_the_empty_come_first(tara: Member, orla: Member) -> None:
    attended = [Attended(SESSION, 2, 2, 3, 1), Attended(SESSION, 2, 0, 0, 0), Attended(SESSION, 2, 1, 1, 0)]
    shown = words(HoursReport(Coverage(NOON, 3, 0, [], []), attended, {tara.id: tara}), orla)
    assert "too few students" in shown
    assert "*The last four weeks: 3 sessions, 4 came*" in shown
    assert "3 came, 2 of 2 slots booked, 1 in line not reached" in shown
    assert shown.index("*Crowded") < shown.index("*Empty: nobody came* (1)") < shown.index("*The others* (1)")
