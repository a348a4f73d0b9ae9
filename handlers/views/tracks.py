"""What is said when a student moves to another track: both plans, and the new one to the student."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from handlers.views.blocks import (
    Block,
    Rendered,
    Renderers,
    actions,
    button,
    cut,
    date,
    escape,
    in_chunks,
    name_of,
    say,
    section,
)
from services.tracks import NO_TRACK, Switch, TrackNote, TrackPlan

TITLE_MOST = 60
LISTED_MOST = 60


def preview(found: Switch) -> Rendered:
    """Return both plans, with the button that switches."""
    student, after = found.student, found.after.name or NO_TRACK
    if not found.is_new:
        return say(f"{name_of(student)} is on {_named(after)} already; there is nothing to do.")
    value = f"{student.id}|{found.before.name}|{after}"
    press = button("Switch", "tracks.switch", value, "primary")
    blocks = [*_plan("As it is", found.before, student.tz), *_plan("As it would be", found.after, student.tz)]
    lead = f"Moving {name_of(student)} from {_named(found.before.name)} to {_named(after)}. They read of it."
    return Rendered(cut(lead, 300), [section(lead), *blocks, actions(press)])


def switched(done: Switch) -> Rendered:
    """Return what an organizer reads after the press."""
    who, after = name_of(done.student), _named(done.after.name)
    if done.is_stale:
        return say(f"{who} was moved since I showed you that, so nothing was done. Please look at it once more.")
    if not done.is_new:
        return say(f"{who} is on {after} already; nothing was changed now.")
    return say(f":white_check_mark: {who} is on {after} now, and gets a message with the plan.")


def note(told: TrackNote, zone: ZoneInfo) -> Rendered:
    """Return what a student reads about their new track."""
    del zone
    lead = (
        f"Hello {name_of(told.student)}, from now on you are on {_named(told.plan.name)}. What you handed in and time "
        "you were granted stay as they are."
    )
    return Rendered(cut(lead, 300), [section(lead), *_plan("Your plan", told.plan, told.student.tz)])


def _named(track: str) -> str:
    return f"the track “{escape(track)}”" if track and track != NO_TRACK else "no track"


def _plan(heading: str, plan: TrackPlan, zone: ZoneInfo) -> list[Block]:
    lines = [_line(assignment, due_at, zone) for assignment, due_at in plan.work[:LISTED_MOST]]
    if len(plan.work) > LISTED_MOST:
        lines.append(f"• and {len(plan.work) - LISTED_MOST} more")
    head = f"*{heading}* ({_named(plan.name)}): {len(plan.work)} required"
    return [section(text) for text in in_chunks([head, *lines])]


def _line(assignment: Assignment, due_at: datetime | None, zone: ZoneInfo) -> str:
    title = f"{escape(cut(assignment.title, TITLE_MOST))} ({escape(assignment.slug)})"
    return f"• {title}, due {date(due_at, zone)}" if due_at else f"• {title}"


RENDERERS: Renderers = {TrackNote: note}
