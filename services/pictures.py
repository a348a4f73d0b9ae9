"""Pictures of the cohort for organizers: two with names, and the check-ins in sums; all by direct message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from cohort.levels import Level, LevelSince
from cohort.pictures import Grid, GridRow, WeekOfLevels, cell_of, grid_words, levels_words, past_first
from cohort.roster import GONE, Member, Role
from cohort.times import at_wall, local_day, week_of
from services import access, check_in_weeks, drawing, outbox
from services.check_in_weeks import CheckInReport
from services.desk import Desk
from services.letters import Attached, Composed, Obsolete, Said
from services.standings import everyones
from storage.records import Records

# What fits into a picture that a person can read: with more students, those in most trouble.
ROWS_MOST, COLUMNS_MOST = 120, 60
GRID_FILE, LEVELS_FILE, CHECK_INS_FILE = "cohort-grid.png", "cohort-levels.png", "check-ins.png"
GRID, LEVELS, CHECK_INS = "digest.grid", "digest.levels", "check_ins.picture"
EVERY = (GRID, LEVELS, CHECK_INS)
# Whoever asked for the pictures waits for them.
AWAITED = timedelta(minutes=10)
OF_USE = timedelta(days=3)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class GridPicture:
    """For an organizer: the cohort as a grid; `shown` of `total` students are on it."""

    shown: int
    total: int


@dataclass(frozen=True, slots=True)
class LevelsPicture:
    """For an organizer: how many stood how, week by week."""

    weeks: int


@dataclass(frozen=True, slots=True)
class CheckInPicture:
    """For an organizer: the check-ins of some weeks in sums."""

    weeks: int


def send(
    records: Records,
    organizer: Member,
    asked_at: datetime,
    key: str,
    *,
    is_awaited: bool,
    kinds: Sequence[str] = EVERY,
) -> None:
    """Queue pictures to an organizer, where there is something to draw them with."""
    if not drawing.can_draw():
        return
    data = {"member": organizer.id, "at": asked_at.isoformat(), "awaited": is_awaited}
    for kind in kinds:
        outbox.post(records, kind, outbox.to(organizer), data, f"{kind}:{key}:{organizer.id}", asked_at)


def show_check_ins(actor: Member, now: datetime, desk: Desk) -> CheckInReport:
    """Return the check-ins of the last weeks in sums; their picture follows. Raises NotAllowed and NotActive."""
    found = check_in_weeks.report(actor, now, desk)
    if not found.weeks or not drawing.can_draw():
        return found
    with desk.transaction(now) as records:
        send(records, actor, now, f"asked:{now.isoformat()}", is_awaited=True, kinds=[CHECK_INS])
    return replace(found, has_picture=True)


def compose_grid(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the cohort as a grid, as it is now."""
    why_not = _why_not(records, data, now)
    if why_not is not None:
        return why_not
    found = grid(records, desk, now)
    attached = Attached(GRID_FILE, drawing.draw_grid(found), grid_words(found))
    return Said(GridPicture(len(found.rows), found.total), latest_at=_latest_at(data), attached=attached)


def compose_levels(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return how many stand how, week by week until now."""
    why_not = _why_not(records, data, now)
    if why_not is not None:
        return why_not
    weeks = levels(records, desk, now)
    attached = Attached(LEVELS_FILE, drawing.draw_levels(weeks), levels_words(weeks))
    return Said(LevelsPicture(len(weeks)), latest_at=_latest_at(data), attached=attached)


def compose_check_ins(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the check-ins of the last weeks in one picture; nothing where nobody was asked yet."""
    why_not, found = _why_not(records, data, now), check_in_weeks.sums(records, desk)
    if why_not is not None:
        return why_not
    if not found.weeks:
        return Obsolete("nobody was asked yet")
    attached = Attached(CHECK_INS_FILE, drawing.draw_check_ins(found), check_in_weeks.words(found))
    return Said(CheckInPicture(len(found.weeks)), latest_at=_latest_at(data), attached=attached)


def _why_not(records: Records, data: Mapping[str, Any], now: datetime) -> Obsolete | None:
    """Return why nothing is sent: names are for organizers, and an old picture is of no use."""
    reader = access.known(records, data["member"])
    if reader.role is not Role.ORGANIZER or not reader.is_active(now):
        return Obsolete("for organizers only")
    if now - datetime.fromisoformat(data["at"]) > OF_USE:
        return Obsolete("too late to be of use")
    return None if drawing.can_draw() else Obsolete("there is nothing to draw with")


def _latest_at(data: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(data["at"]) + AWAITED if data["awaited"] else None


def grid(records: Records, desk: Desk, now: datetime) -> Grid:
    """Return where everyone who takes part stands with everything, whoever is in most trouble first."""
    students = sorted((s for s in records.roster.with_role(Role.STUDENT) if s.is_active(now)), key=lambda s: s.id)
    latest = records.risk.latest(now)
    worst = sorted(students, key=lambda student: _worst_first(student, latest.get(student.id)))[:ROWS_MOST]
    ordered, past = past_first(records.assignments.all(), now)
    gone = min(max(0, len(ordered) - COLUMNS_MOST), past)
    assignments = ordered[gone : gone + COLUMNS_MOST]
    found, asked = (
        everyones(records, sorted(worst, key=lambda s: s.id), assignments, now),
        records.requests.unanswered(),
    )
    cells = {
        student.id: [cell_of(p.standing, p.case, is_asked=(student.id, p.case.assignment.id) in asked) for p in places]
        for student, places in found
    }
    rows = [GridRow(s.called, latest[s.id].level if s.id in latest else None, cells[s.id]) for s in worst]
    slugs = [assignment.slug for assignment in assignments]
    return Grid(slugs, rows, past - gone, len(students), local_day(now, desk.policy.programme.tz))


def _worst_first(student: Member, since: LevelSince | None) -> tuple[int, float, str]:
    if since is None:
        return 1, 0.0, student.called.casefold()
    return -since.level.height, -since.concern, student.called.casefold()


def levels(records: Records, desk: Desk, now: datetime) -> list[WeekOfLevels]:
    """Return how many stood how at the end of each week of the programme, and now."""
    programme = desk.policy.programme
    students = {student.id: student for student in records.roster.with_role(Role.STUDENT)}
    changes = [(at, student_id, level) for student_id, at, level in records.digest.levels()]
    weeks, stood, place = [], dict[str, Level](), 0
    for week_on in _weeks(programme.starts_on, local_day(min(now, programme.closes_at), programme.tz)):
        end_at = min(at_wall(week_on + WEEK, time(0), programme.tz), now)
        while place < len(changes) and changes[place][0] <= end_at:
            stood[changes[place][1]] = changes[place][2]
            place += 1
        weeks.append(_week(week_on, students, stood, end_at))
    return weeks


def _weeks(first: date, last: date) -> list[date]:
    first_on = week_of(first)
    return [first_on + number * WEEK for number in range((last - first_on).days // 7 + 1)]


def _week(week_on: date, students: Mapping[str, Member], stood: Mapping[str, Level], end_at: datetime) -> WeekOfLevels:
    came = [s for s in students.values() if s.joined_at is None or s.joined_at <= end_at]
    left = {s.id for s in came if _is_gone(s, end_at)}
    found = [stood.get(s.id) for s in came if s.id not in left]
    return WeekOfLevels(week_on, {level: found.count(level) for level in Level}, found.count(None), len(left))


def _is_gone(student: Member, at: datetime) -> bool:
    return student.left_at <= at if student.left_at is not None else student.status in GONE


COMPOSERS = {GRID: compose_grid, LEVELS: compose_levels, CHECK_INS: compose_check_ins}
