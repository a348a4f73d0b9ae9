"""A student's Home: what is next with one press each, the week, the way to graduating, and a person to talk to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.extensions import ExtensionRequest, State
from cohort.graduation import Mark, Standing
from cohort.times import local_day
from handlers.views import bookings, events, open_hours
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    actions,
    button,
    context,
    cut,
    date,
    divider,
    escape,
    in_chunks,
    mention,
    section,
)
from handlers.views.graduation import allowance, sentence_of
from handlers.views.waitlist import waiting_rows
from services.graduation import Progress
from services.home_student import StudentHome
from services.week_plans import PlanItem

DUE_MOST, PLAN_MOST, ATTEND_MOST, OPEN_MOST, NAMED_MOST, LINES_MOST = 5, 8, 5, 6, 8, 3
BAR = 10
SAID = {"started": ", started", "stuck": ", stuck", "not_yet": ""}


def student_parts(found: StudentHome) -> list[Block]:
    """Return a student's Home from top to bottom."""
    student, zone = found.student, found.student.tz
    lines = open_hours.home_rows(replace(found.lines, standing=found.lines.standing[:LINES_MOST]), zone)
    own = bookings.home_rows(found.own, waiting_rows(found.waiting, zone), student)
    return [
        *_opening(found),
        *_next(found),
        *_plan(found, zone),
        *_progress(found),
        *_waiting(found, zone),
        *lines,
        *own,
        *events.home_rows(found.events, zone, found.now),
        *_people(found),
    ]


def _opening(found: StudentHome) -> list[Block]:
    if found.begins_at is not None:
        when = date(found.begins_at, found.student.tz)
        return [section(f":wave: The programme begins {when}. What comes first stands below; nothing is late yet.")]
    if found.is_over:
        return [section("The programme is over. Thank you for all you did; what you handed in stays yours.")]
    return []


def _next(found: StudentHome) -> list[Block]:
    if not found.due:
        return [] if found.is_over else [section("Nothing is open for you right now. :herb:")]
    first, others = found.due[0], found.due[1 : DUE_MOST + 1]
    asked = {request.assignment_id for request, _ in found.requests}
    blocks = [section(f"*Next*: {_due_line(first, found, first.assignment.id in asked)}"), _ways(first)]
    if others:
        blocks.append(section("*After that*"))
    for standing in others:
        blocks += [section(_due_line(standing, found, standing.assignment.id in asked)), _ways(standing)]
    rest = len(found.due) - 1 - len(others)
    if rest > 0:
        blocks.append(context(f"… and {rest} more; `/cohort progress` shows them all."))
    return blocks


def _due_line(standing: Standing, found: StudentHome, is_asked: bool) -> str:  # noqa: FBT001 - a fact, no switch
    assignment, zone = standing.assignment, found.student.tz
    if is_asked:
        note = "\nYour request for more time is with us, and nothing counts as late meanwhile."
    elif standing.mark is Mark.RETRY:
        note = "\nTo try again: not passed yet is not the end."
    elif standing.mark is Mark.MISSED:
        note = f"\nIt can still be handed in until {date(assignment.hard_due_at, zone)}."
    else:
        note = ""
    return f"{title_of(assignment)} {_when(standing, found)}{_hours(assignment.hours)}.{note}"


def _when(standing: Standing, found: StudentHome) -> str:
    if standing.due_at is None:
        return f"can be handed in until {date(standing.assignment.hard_due_at, found.student.tz)}"
    return f"{'is' if found.now < standing.due_at else 'was'} due {date(standing.due_at, found.student.tz)}"


def _hours(hours: float | None) -> str:
    return f", about {hours:g} hours of work" if hours else ""


def _ways(standing: Standing) -> Block:
    about = standing.assignment.id
    return actions(
        button("Hand in", "hand_ins.form", about),
        button("More time", "extensions.form", about),
        button("Book a TA", "bookings.open", about),
    )


def _plan(found: StudentHome, zone: ZoneInfo) -> list[Block]:
    if not found.plan and not found.to_attend:
        return []
    lines = ["*Your week*", *(_plan_line(item, found.now, zone) for item in found.plan[:PLAN_MOST])]
    if len(found.plan) > PLAN_MOST:
        lines.append(f"• and {len(found.plan) - PLAN_MOST} more")
    for assignment in found.to_attend[:ATTEND_MOST]:
        at = assignment.due_at or assignment.opens_at
        lines.append(f"• {title_of(assignment)}, to read or hear{f' {date(at, zone)}' if at else ''}")
    return [section(chunk) for chunk in in_chunks(lines)]


def _plan_line(item: PlanItem, now: datetime, zone: ZoneInfo) -> str:
    said = SAID[item.progress] if item.progress else ""
    on = local_day(item.start_by_at, zone)
    start = "start *today*" if on == local_day(now, zone) else f"start by *{on:%A}*"
    return f"• {title_of(item.assignment)}: {start}{said}"


def _progress(found: StudentHome) -> list[Block]:
    shown = found.progress
    if not shown.ledger.counted:
        return []
    return [
        section(f"*Towards graduating*\n{bar(shown)}\n{sentence_of(shown)}"),
        context(allowance(shown), *_left_out(shown)),
        actions(button("Where I stand", "home.progress")),
    ]


def _left_out(shown: Progress) -> list[str]:
    """Return what the student leaves out and could take back; nothing where it is nothing."""
    slugs = [escape(cut(s.assignment.slug, 40)) for s in shown.ledger.dropped]
    more = f" and {len(slugs) - NAMED_MOST} more" if len(slugs) > NAMED_MOST else ""
    return [f"Left out: {', '.join(slugs[:NAMED_MOST])}{more}"] if slugs else []


def bar(shown: Progress) -> str:
    """Return how much of what is needed is passed, as a bar of text with the numbers beside it."""
    needed = [s for s in shown.ledger.counted if s.mark is not Mark.EXCUSED]
    passed = sum(s.mark is Mark.PASSED for s in needed)
    full = BAR * passed // len(needed) if needed else BAR
    return f"{'▓' * full}{'░' * (BAR - full)} {passed} of {len(needed)} passed"


def _waiting(found: StudentHome, zone: ZoneInfo) -> list[Block]:
    """Return what waits for somebody else: requests, questions, and work that is to be graded."""
    blocks = [_request(request, title_of(assignment), zone) for request, assignment in found.requests[:OPEN_MOST]]
    blocks += _asked(found, zone)
    waits = [s.assignment for s in found.progress.ledger.standings if s.mark is Mark.WAITING]
    here = [assignment for assignment in waits if assignment.id not in found.elsewhere]
    elsewhere = [assignment for assignment in waits if assignment.id in found.elsewhere]
    lines = [f"Handed in, waiting for a grade: {_slugs(here)}"] if here else []
    if elsewhere:
        lines.append(f"Handed in outside Slack, and graded there: {_slugs(elsewhere)}")
    blocks += [section(chunk) for chunk in in_chunks(lines)]
    return [divider(), section("*Waiting for an answer*"), *blocks] if blocks else []


def _slugs(assignments: Sequence[Assignment]) -> str:
    names = ", ".join(escape(cut(assignment.slug, 40)) for assignment in assignments[:NAMED_MOST])
    more = f" and {len(assignments) - NAMED_MOST} more" if len(assignments) > NAMED_MOST else ""
    return f"{names}{more}"


def _request(request: ExtensionRequest, title: str, zone: ZoneInfo) -> Block:
    asked = date(request.asked_at, zone)
    talks = " A TA will talk with you about it." if request.state is State.TALKING else ""
    text = f"More time for {title}, asked {asked}.{talks}"
    return section(text, button("Take it back", f"extensions.withdraw#{request.id}", request.id))


def _asked(found: StudentHome, zone: ZoneInfo) -> Iterator[Block]:
    for question, assignment in found.questions[:LINES_MOST]:
        about = f" about {title_of(assignment)}" if assignment is not None else ""
        text = f"Your question{about}, asked {date(question.asked_at, zone)}"
        yield section(text, button("Take it back", f"asking.withdraw#{question.id}", question.id))


def _people(found: StudentHome) -> list[Block]:
    """Return how to reach a person, and the way to the settings."""
    who = []
    if found.on_duty is not None:
        who.append(f"{mention(found.on_duty)} answers questions this week")
    if found.organizer is not None:
        who.append(f"{mention(found.organizer)} is there for everything else")
    text = f"*A person to talk to*\n{', '.join(who) or 'Whoever is free answers'}. You need no reason."
    return [
        divider(),
        section(text),
        actions(
            button("Ask a question", "asking.form"),
            button("I'd rather talk", "home.talk"),
            button("What I write to you about", "home.messages"),
        ),
    ]
