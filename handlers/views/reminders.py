"""What students read of what is due soon, and of the week ahead."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.nudge_limits import NudgeKind
from cohort.nudge_words import fill
from cohort.reminders import Due
from cohort.week_plans import Progress
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    Renderers,
    actions,
    button,
    context,
    cut,
    date,
    escape,
    name_of,
    plain_date,
    say,
    section,
)
from handlers.views.choices import choices_row
from handlers.views.workload import crowd_warning
from services.due_soon import DueSoon
from services.week_plans import PlanItem, ProgressSaid, WeekPlan

# Each takes two of the fifty blocks of a message.
ITEMS_MOST = 18
ATTENDED_MOST = 20
CROWDS_MOST = 3
SAYS = {Progress.STARTED: "Started", Progress.STUCK: "Stuck", Progress.NOT_YET: "Not yet"}
PRESS = {
    Progress.STARTED: "nudges.started",
    Progress.STUCK: "nudges.stuck",
    Progress.NOT_YET: "nudges.not_yet",
}
SAID = {
    Progress.STARTED: ":seedling: you have started.",
    Progress.STUCK: ":raising_hand: you are stuck; the buttons bring help.",
    Progress.NOT_YET: ":hourglass_flowing_sand: not yet.",
}


def due_soon(note: DueSoon, zone: ZoneInfo) -> Rendered:
    """Return the one message about what is due soon; its dates are written for the student."""
    del zone
    tz, words, name = note.student.tz, note.words, name_of(note.student)
    if len(note.dues) == 1:
        [only] = note.dues
        facts = {"name": name, "title": title_of(only.assignment), "due": date(only.due_at, tz)}
        blocks = [section(fill(words.due_soon_one, **facts)), _ways(only)]
    else:
        blocks = [section(fill(words.due_soon_many, name=name))]
        for due in note.dues[:ITEMS_MOST]:
            blocks += [section(f"{title_of(due.assignment)} is due {date(due.due_at, tz)}."), _ways(due)]
    if len(note.dues) > ITEMS_MOST:
        blocks.append(context(f"… and {len(note.dues) - ITEMS_MOST} more; `/extension` shows them all."))
    return Rendered(_headline(note.dues, tz), [*blocks, choices_row(note.nudge_id, NudgeKind.DUE_SOON)])


def _headline(dues: Sequence[Due], tz: ZoneInfo) -> str:
    names = ", ".join(escape(due.assignment.slug) for due in dues[:3])
    more = f" and {len(dues) - 3} more" if len(dues) > 3 else ""
    return cut(f"Due soon: {names}{more}, from {plain_date(dues[0].due_at, tz)} on", 300)


def _ways(due: Due) -> Block:
    return actions(
        button("Hand in what I have", "hand_ins.part", due.assignment.id),
        button("More time", "extensions.form", due.assignment.id),
        button("Stuck", PRESS[Progress.STUCK], due.assignment.id),
        button("I did hand it in", "nudges.handed_in", due.assignment.id),
    )


def week_plan(plan: WeekPlan, zone: ZoneInfo) -> Rendered:
    """Return the plan of the week, as it stands now; its dates are written for the student."""
    del zone
    blocks = [section(fill(plan.words.plan_opening, name=name_of(plan.student)))]
    for item in plan.items[:ITEMS_MOST]:
        blocks += _item(item, plan.student.tz)
    if len(plan.items) > ITEMS_MOST:
        blocks.append(context(f"… and {len(plan.items) - ITEMS_MOST} more; `/extension` shows them all."))
    blocks += [crowd_warning(crowd) for crowd in plan.crowds[:CROWDS_MOST]]
    if plan.crowds:
        blocks.append(context("That is a lot at once: start early, or ask for more time with `/extension`."))
    if plan.to_attend:
        blocks.append(section(_attended(plan.to_attend, plan.student.tz)))
    return Rendered("Your week", [*blocks, choices_row(plan.nudge_id, NudgeKind.PLAN)])


def _item(item: PlanItem, tz: ZoneInfo) -> list[Block]:
    title = title_of(item.assignment)
    if item.is_settled:
        return [section(f":white_check_mark: {title}: nothing more is needed.")]
    if item.is_waiting:
        return [section(f":speech_balloon: {title}: your request is with us, and nothing counts as late meanwhile.")]
    hours = f", about {item.assignment.hours:g} hours of work" if item.assignment.hours else ""
    line = f"{title}: start by {_day(item, tz)}; due {date(item.due_at, tz)}{hours}."
    said = f"\n{SAID[item.progress]}" if item.progress else ""
    return [section(line + said), actions(*_says(item))]


def _day(item: PlanItem, tz: ZoneInfo) -> str:
    return f"*{item.start_by_at.astimezone(tz):%A}*"


def _says(item: PlanItem) -> list[Element]:
    kinds = [progress for progress in Progress if progress is not item.progress]
    order = [Progress.STARTED, Progress.STUCK, Progress.NOT_YET]
    return [button(SAYS[p], PRESS[p], item.assignment.id) for p in order if p in kinds]


def _attended(to_attend: Sequence[Assignment], tz: ZoneInfo) -> str:
    lines = [f"• {title_of(assignment)}{_when(assignment, tz)}" for assignment in to_attend[:ATTENDED_MOST]]
    if len(to_attend) > ATTENDED_MOST:
        lines.append(f"• and {len(to_attend) - ATTENDED_MOST} more")
    return "To read and hear this week:\n" + "\n".join(lines)


def _when(assignment: Assignment, tz: ZoneInfo) -> str:
    at = assignment.due_at or assignment.opens_at
    return f", {date(at, tz)}" if at else ""


def progress_said(said: ProgressSaid) -> Rendered:
    """Return what a student reads right after saying how far they are; who is stuck gets the ways to help."""
    facts = {"name": name_of(said.student), "title": title_of(said.assignment)}
    match said.progress:
        case Progress.STARTED:
            return say(fill(said.words.plan_started, **facts))
        case Progress.NOT_YET:
            return say(fill(said.words.plan_not_yet, **facts))
        case Progress.STUCK:
            return say(fill(said.words.plan_stuck, **facts), _help(said.assignment))


def _help(assignment: Assignment) -> Block:
    return actions(
        button("Book office hours", "bookings.open", assignment.id, "primary"),
        button("Talk to a TA", "extensions.talk_please", assignment.id),
        button("Ask a question", "asking.form", assignment.id),
        button("More time", "extensions.form", assignment.id),
    )


RENDERERS: Renderers = {DueSoon: due_soon, WeekPlan: week_plan}
