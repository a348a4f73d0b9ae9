"""The Home of a TA: what waits for them with its age, who comes to their hours, whom they follow, and their duties."""

from collections.abc import Sequence
from datetime import date as day
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.grading import Standing
from handlers.views.assignments import title_of
from handlers.views.blocks import Block, Rendered, actions, button, context, date, divider, mention, say, section
from handlers.views.extension_decisions import decide_row
from handlers.views.follow_ups import case_row
from handlers.views.grading import age, entry_buttons, entry_line, queue_head
from handlers.views.handovers import home_rows as away_rows
from handlers.views.office_hours import date_words
from handlers.views.open_hours_panel import panels
from services.duties import QUESTIONS
from services.grading_queue import Entry
from services.home_staff import Cases, Questions, Requests, StaffHome

DUTIES = {QUESTIONS: "questions"}
# The line of open hours stands on top, with the rest of Home below it.
DUTIES_MOST, PANEL_MOST = 6, 28


def staff_parts(found: StaffHome) -> list[Block]:
    """Return what waits for a TA or organizer, and what is theirs, from top to bottom."""
    zone = found.member.tz
    return [
        *panels(found.panels, zone)[:PANEL_MOST],
        *_requests(found.requests, found),
        *_questions(found.questions, found.now),
        *_queue(found, zone),
        *_hours(found, zone),
        *_cases(found.cases, zone),
        *_duties(found.duties, found.this_week_on),
        divider(),
        *away_rows(found.absence, zone),
    ]


def _requests(waiting: Requests, found: StaffHome) -> list[Block]:
    if not waiting.total:
        return [section("Nobody waits for an answer about more time. :herb:")]
    duty = waiting.on_duty
    if duty is None:
        whose = ""
    else:
        whose = ": yours this week" if duty.id == found.member.id else f": {mention(duty)} decides this week"
    head = f"*{waiting.total} waiting for an answer about more time*, the oldest first{whose}"
    see = button("See them all", "home.requests")
    if duty is not None and duty.id != found.member.id:
        return [section(head, see)]
    blocks = [section(head, see if waiting.total > len(waiting.first) else None)]
    for request, assignment, student in waiting.first:
        by, asked = date(request.review_by_at, found.member.tz), age(request.asked_at, found.now)
        blocks.append(section(f"{mention(student)}: {title_of(assignment)}, asked {asked} ago, to be answered by {by}"))
        blocks.append(decide_row(request))
    return blocks


def _questions(waiting: Questions, now: datetime) -> list[Block]:
    """Return questions without their words, which the form for the answer shows."""
    if not waiting.total:
        return []
    see = button("See them all", "home.questions") if waiting.total > len(waiting.first) else None
    return [section(f"*Questions for you*: {waiting.total}, the oldest first", see), *_asked(waiting, now)]


def questions(waiting: Questions, now: datetime) -> Rendered:
    """Return the questions that wait for somebody, as many as a message shows."""
    if not waiting.total:
        return say("No question waits for you. :herb:")
    left = waiting.total - len(waiting.first)
    more = [context(f"and {left} more, which move up as you answer")] if left else []
    return say(f"*Questions for you*: {waiting.total}, the oldest first", *_asked(waiting, now), *more)


def _asked(waiting: Questions, now: datetime) -> list[Block]:
    blocks = []
    for question, assignment, student in waiting.first:
        about = f" about {title_of(assignment)}" if assignment is not None else ""
        text = f"{mention(student)}{about}, {age(question.asked_at, now)} ago"
        blocks.append(section(text, button("Answer", f"asking.answer#{question.id}", question.id)))
    return blocks


def _queue(found: StaffHome, zone: ZoneInfo) -> list[Block]:
    queue = found.queue
    if not queue.by_assignment:
        return [divider(), section("Nothing waits to be graded. :herb:")]
    entries = [each for each in queue.entries if each.standing is not Standing.OTHERS]
    ways = actions(button("Claim next", "grading.claim_next", style="primary"), button("All of it", "home.queue"))
    return [divider(), section(queue_head(queue, found.now)), *(_entry(e, found.now, zone) for e in entries), ways]


def _entry(entry: Entry, now: datetime, zone: ZoneInfo) -> Block:
    first = entry_buttons(entry)[0]
    press = first | {"action_id": f"{first['action_id']}#{entry.hand_in.id}"}
    ready_at = entry.hand_in.ready_at
    waits = age(ready_at, now) if ready_at <= now else "not due yet"
    return section(f"*{waits}*: {entry_line(entry, zone)}", press)


def _hours(found: StaffHome, zone: ZoneInfo) -> list[Block]:
    add = actions(button("My office hours", "office_hours.week"), button("Add office hours", "office_hours.add"))
    if not found.dates:
        return [divider(), section("You hold no office hours in the next two weeks."), add]
    lines = [date_words(one, zone) for one in found.dates]
    return [divider(), section("\n".join(["*Your next office hours*", *lines])), add]


def _cases(cases: Cases, zone: ZoneInfo) -> list[Block]:
    return case_rows("*Students you follow up*", cases, zone)


def case_rows(title: str, cases: Cases, zone: ZoneInfo) -> list[Block]:
    """Return some open follow-ups, worst first, each with a button, and the way to all of them; nothing for none."""
    if not cases.total:
        return []
    which = cases.which.value
    every = button("See them all", f"home.follow_ups#{which}", which) if cases.total > len(cases.first) else None
    head = section(f"{title}: {cases.total}, worst first", every)
    return [head, *(case_row(row, zone) for row in cases.first)]


def _duties(duties: Sequence[tuple[day, str]], this_week_on: day) -> list[Block]:
    see = button("The rota", "home.duty")
    if not duties:
        return [section("You have no duty in the weeks ahead.", see)]
    lines = [f"• {DUTIES.get(duty, duty)}: {_week(on, this_week_on)}" for on, duty in duties[:DUTIES_MOST]]
    more = [f"• and {len(duties) - DUTIES_MOST} more"] if len(duties) > DUTIES_MOST else []
    return [section("\n".join(["*Your duties*", *lines, *more]), see)]


def _week(on: day, this_week_on: day) -> str:
    if on == this_week_on:
        return "this week"
    last = on + timedelta(days=6)
    return f"the week of {on.day} {on:%b} to {last.day} {last:%b}"


def unowned_and_overdue(unowned: Cases, overdue: Cases, zone: ZoneInfo) -> list[Block]:
    """Return the follow-ups that nobody has and those that wait too long, for organizers."""
    rows = case_rows("*Follow-ups nobody has*", unowned, zone) + case_rows("*Overdue follow-ups*", overdue, zone)
    return rows or [context("Every follow-up is in somebody's hands, and none is overdue. :seedling:")]
