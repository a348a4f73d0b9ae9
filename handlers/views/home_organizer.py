"""What stands on top of an organizer's Home: the cohort today in numbers, what nobody has in hand, the week's load."""

from collections.abc import Iterator
from datetime import datetime

from cohort.home import Backlog
from cohort.levels import Level
from cohort.roster import Member, Status
from handlers.views.blocks import Block, actions, button, date, divider, escape, in_chunks, section
from handlers.views.digest import LEVELS, crowd_rows
from handlers.views.grading import age
from handlers.views.home_ta import unowned_and_overdue
from services.home_staff import CohortToday, Load

LOAD_MOST = 10
REST = {
    Status.PAUSED: "paused",
    Status.WITHDRAWN: "withdrawn",
    Status.EXPELLED: "expelled",
    Status.GRADUATED: "graduated",
}


def cohort_today(found: CohortToday, reader: Member, now: datetime) -> list[Block]:
    """Return the cohort in numbers, what nobody has in hand, and what falls due within a week."""
    return [
        section("\n".join(["*The cohort today*", *_numbers(found, now)])),
        *unowned_and_overdue(found.unowned, found.overdue, reader.tz),
        *_load(found, reader),
        actions(
            button("The digest of the week", "home.digest"),
            button("Where hours are missing", "home.coverage"),
            button("Who is not linked", "home.unlinked"),
            button("Roster", "desk.roster"),
            button("Rotas and owners", "desk.rotas"),
            button("Export", "desk.export"),
        ),
        divider(),
    ]


def _numbers(found: CohortToday, now: datetime) -> Iterator[str]:
    rest = "".join(
        f", {found.students[status]} {words}" for status, words in REST.items() if found.students.get(status)
    )
    yield f"• *{found.students.get(Status.ACTIVE, 0)} students* take part{rest}"
    levels = ", ".join(f"{found.levels[each]} {LEVELS[each]}" for each in Level if found.levels.get(each))
    yield f"• {levels or 'Nobody has a level of concern yet'}"
    yield f"• To be graded: {_backlog(found.grading, now)}"
    yield f"• Requests for more time: {_backlog(found.requests, now)}"
    yield f"• Questions: {_backlog(found.questions, now)}"
    unowned, overdue = found.unowned.total, found.overdue.total
    yield f"• Follow-ups: {found.open_cases} open, {unowned} without an owner, {overdue} overdue"


def _backlog(backlog: Backlog, now: datetime) -> str:
    if backlog.oldest_at is None:
        return "none"
    late = f", *{backlog.overdue} late*" if backlog.overdue else ""
    return f"{backlog.count}, the oldest {age(backlog.oldest_at, now)}{late}"


def _load(found: CohortToday, reader: Member) -> list[Block]:
    if not found.load:
        return [section("*The week's load*: nothing falls due for everyone in seven days.")]
    lines = ["*The week's load*", *(_load_line(each, reader) for each in found.load[:LOAD_MOST])]
    if len(found.load) > LOAD_MOST:
        lines.append(f"• and {len(found.load) - LOAD_MOST} more")
    return [*(section(chunk) for chunk in in_chunks(lines)), *crowd_rows(found.crowds)]


def _load_line(load: Load, reader: Member) -> str:
    hours = f", about {load.assignment.hours:g} hours of work" if load.assignment.hours else ""
    return f"• `{escape(load.assignment.slug)}` {date(load.due_at, reader.tz)}{hours}: {load.handed_in} handed in"
