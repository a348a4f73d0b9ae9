"""What organizers read and press when much of the cohort missed one thing, and what students read of it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from cohort.brakes import BrakeDecision
from cohort.nudge_words import fill
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    date,
    field_of,
    modal,
    moment,
    name_of,
    plain,
    say,
    section,
)
from services.brakes import BrakeCard, BrakeDone
from services.for_everyone import ForEveryone

DID = {
    BrakeDecision.MOVED: "moved it for everyone",
    BrakeDecision.CANCELLED: "cancelled it",
    BrakeDecision.CARRIED_ON: "let the messages go out",
}
SURE = {
    "title": plain("Cancel it for everyone?"),
    "text": plain("Nobody has to hand it in any more, and every student gets a message."),
    "confirm": plain("Cancel it"),
    "deny": plain("Keep it"),
}


def card(note: BrakeCard, zone: ZoneInfo) -> Rendered:
    """Return the card about work that many have not handed in."""
    brake, title = note.brake, title_of(note.assignment)
    text = (
        f"{title} was due {date(brake.due_at, zone)}, and {brake.missing} of {brake.expected} students have not "
        "handed it in. That may well be the work rather than the students."
    )
    if note.decided_by is not None:
        return say(text, context(f"{name_of(note.decided_by)} {DID[brake.decision]}."))
    until = date(brake.holds_until_at or brake.due_at, zone)
    row = actions(
        button("Move it for everyone", "nudges.brake_move", brake.id, "primary"),
        button("Cancel it", "nudges.brake_cancel", brake.id, "danger") | {"confirm": SURE},
        button("Carry on", "nudges.brake_carry_on", brake.id),
    )
    hint = f"Nobody has been written to about it yet. I wait until {until}, then I carry on as usual."
    return say(text, row, context(hint))


def move_form(done: BrakeDone) -> View:
    """Return the form for a new due time; a day later is chosen beforehand."""
    later = max(done.brake.raised_at, done.brake.due_at) + timedelta(days=1)
    return modal(
        "Move it for everyone",
        [
            section(f"{title_of(done.assignment)}: extensions that were granted move with it, nobody loses a day."),
            field_of("until", "New due time", moment("until", later), hint="Shown in your own time zone."),
        ],
        callback_id="nudges.brake_move",
        submit="Move it",
        metadata=done.brake.id,
    )


def decided(done: BrakeDone, zone: ZoneInfo) -> Rendered:
    """Return what an organizer reads after pressing."""
    title = title_of(done.assignment)
    if not done.is_new:
        who = name_of(done.decided_by) if done.decided_by else "Somebody"
        return say(f"{who} {DID.get(done.brake.decision, 'decided')} before; nothing was changed now.")
    match done.brake.decision:
        case BrakeDecision.MOVED:
            until = date(done.assignment.due_at or done.brake.due_at, zone)
            return say(f":white_check_mark: {title} is due {until} for everyone, and every student gets a message.")
        case BrakeDecision.CANCELLED:
            return say(f":white_check_mark: {title} is cancelled, and every student gets a message.")
        case _:
            return say(f":white_check_mark: The messages about {title} go out as usual.")


def for_everyone(note: ForEveryone, zone: ZoneInfo) -> Rendered:
    """Return what a student reads of a change for all."""
    del zone
    facts = {"name": name_of(note.student), "title": title_of(note.assignment)}
    if note.due_at is None:
        return say(fill(note.words.cancelled_for_all, **facts))
    return say(fill(note.words.moved_for_all, due=date(note.due_at, note.student.tz), **facts))


RENDERERS: Renderers = {BrakeCard: card, ForEveryone: for_everyone}
