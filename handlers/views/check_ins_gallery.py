"""One example of everything said of check-ins, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from cohort.check_ins import CheckIn, Wish
from cohort.policy import CheckInPolicy
from cohort.roster import Member
from handlers.views import check_ins as views
from handlers.views.blocks import Rendered, View
from services.check_in_answers import Answered
from services.check_in_weeks import CheckInReport, WeekSums
from services.check_ins import CheckInCard
from services.pictures import CheckInPicture

MONDAY = date(2026, 6, 29)
OBSTACLES = tuple(f"{n} Something <rather> & long in the way" for n in range(12))
POLICY = CheckInPolicy(obstacles=OBSTACLES)


def _fullest(student: Member, now: datetime) -> CheckIn:
    one = CheckIn("chk_0", student.id, MONDAY, now, answered_at=now, hours=37.5, mood=2)
    return replace(one, obstacle=OBSTACLES[11], wish=Wish.TALK, note="A <long> word & more. " * 90)


def check_in_notes(student: Member, now: datetime) -> Iterator[object]:
    """Yield the contents of messages."""
    one = CheckIn("chk_0", student.id, MONDAY, now)
    yield CheckInCard(one, student, POLICY)
    yield CheckInCard(one, student, POLICY, is_reminder=True)
    yield CheckInCard(_fullest(student, now), student, POLICY)
    yield CheckInCard(replace(one, skipped_at=now), student, POLICY)
    yield from (CheckInPicture(1), CheckInPicture(12))


def check_in_views(student: Member, now: datetime) -> Iterator[tuple[str, Rendered | View]]:
    """Yield answers and forms."""
    empty = Answered(CheckIn("chk_0", student.id, MONDAY, now), POLICY)
    full = Answered(_fullest(student, now), POLICY)
    for name, answered in (("empty", empty), ("full", full)):
        yield f"check-in form, {name}", views.form(answered)
        yield f"check-in kept, {name}", views.kept(answered)
        yield f"check-in noted, {name}", views.noted(answered)
        yield f"check-in skipped, {name}", views.skipped(answered)
        yield f"check-in snoozed, {name}", views.snoozed(answered)
    yield "check-ins paused", views.paused(now, student.tz)
    few = WeekSums(MONDAY, 4, 3, None, {}, {})
    hours = {"under": 30, "within": 900, "over": 7}
    many = WeekSums(MONDAY, 2000, 1900, 3.4, hours, {words: 5 + n for n, words in enumerate(OBSTACLES)})
    dozen = [replace(many, week_on=MONDAY + n * timedelta(7)) for n in range(12)]
    for name, weeks in (("none", []), ("few", [few]), ("many", dozen)):
        yield f"check-ins of {name}", views.report(CheckInReport(weeks, POLICY, has_picture=name == "many"))
