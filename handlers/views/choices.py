"""What students choose about messages nobody asked for: the row under each, and what `/cohort messages` shows."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.nudge_limits import NudgeKind
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Rendered,
    Renderers,
    actions,
    button,
    cut,
    date,
    day_picker,
    escape,
    name_of,
    say,
    section,
)
from services.choices import AskedFor, Chosen

LATER = "later:"
LISTED_MOST = 18
KINDS = {
    NudgeKind.MISSED: "About missed work, with an offer of more time",
    NudgeKind.DUE_SOON: "Reminders of what is due soon",
    NudgeKind.PLAN: "The plan of the week",
    NudgeKind.HELP: "One step or some help, when you fall behind",
    NudgeKind.CHECK_IN: "The weekly check-in",
}


def choices_row(nudge_id: str, kind: NudgeKind) -> Block:
    """Return what stands under every nudge: none of these, a pause, or another day."""
    return actions(
        button("Not these messages", "nudges.refuse", kind.value),
        button("A week's pause", "nudges.pause"),
        day_picker("nudges.remind_on", "Remind me on …"),
        block_id=f"{LATER}{nudge_id}",
    )


def overview(chosen: Chosen) -> Rendered:
    """Return what a student hears of, with a button to change each."""
    choices, tz = chosen.choices, chosen.student.tz
    blocks = [section("*What I write to you unasked*\nAnswers and decisions reach you in any case.")]
    for kind, words in KINDS.items():
        is_off = kind in choices.refused
        change = ("Send them again", "nudges.allow") if is_off else ("Not these messages", "nudges.refuse")
        blocks.append(section(f"{words}: *{'off' if is_off else 'on'}*", button(*change, kind.value)))
    until = choices.paused_until_at
    if until is not None:
        blocks.append(section(f"All of them are paused until {date(until, tz)}.", button("End it", "nudges.resume")))
    else:
        blocks.append(section("None are paused.", button("A week's pause", "nudges.pause")))
    if chosen.later:
        names = "\n".join(f"• {escape(slug)}: {date(at, tz)}" for slug, at in chosen.later[:LISTED_MOST])
        blocks.append(section(cut(f"You asked me to bring these up later:\n{names}", 2900)))
    return Rendered("What I write to you about", blocks)


def reminder_set(at: datetime, zone: ZoneInfo) -> Rendered:
    """Return what a student reads after choosing a day."""
    return say(f"Noted: I'll bring it up again {date(at, zone)}, and say nothing of it until then.")


def asked_for(note: AskedFor, zone: ZoneInfo) -> Rendered:
    """Return the reminder a student asked for."""
    del zone
    blocks = [section(f"Hi {name_of(note.student)}, you asked me to bring this up today.")]
    for due in note.dues[:LISTED_MOST]:
        blocks.append(section(f"{title_of(due.assignment)}: {date(due.due_at, note.student.tz)}."))
        blocks.append(
            actions(
                button("More time", "extensions.form", due.assignment.id),
                button("Stuck", "nudges.stuck", due.assignment.id),
                button("I did hand it in", "nudges.handed_in", due.assignment.id),
            )
        )
    return Rendered("The reminder you asked for", blocks)


RENDERERS: Renderers = {AskedFor: asked_for}
