"""What organizers read before and after they move or cancel an assignment for everyone."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.workload import Crowd
from handlers.views.assignments import title_of
from handlers.views.blocks import Block, Rendered, actions, button, date, plain, say
from handlers.views.workload import crowd_warning
from services.assignment_changes import Change, Deed

SURE = {
    "title": plain("Cancel it for everyone?"),
    "text": plain("Nobody has to hand it in any more. Importing it as active takes that back."),
    "confirm": plain("Cancel it"),
    "deny": plain("Keep it"),
}


def move_preview(found: Change, zone: ZoneInfo) -> Rendered:
    """Return what a move would do, with the button that does it."""
    title, due_at = title_of(found.assignment), found.due_at
    if due_at is None:
        return say(f"{title} has no due time to move to.")
    before = f"from {date(found.assignment.due_at, zone)} " if found.assignment.due_at else ""
    text = (
        f"Moving {title} {before}to {date(due_at, zone)} changes it for {_students(found.students)}, who "
        f"{'reads' if found.students == 1 else 'read'} of it once. {_extensions(found.extensions)}"
    )
    was = found.assignment.due_at.isoformat() if found.assignment.due_at else ""
    value = f"{found.assignment.id}|{was}|{due_at.isoformat()}"
    return say(text, *_warnings(found.crowds), actions(button("Move it", "assignments_desk.move", value, "primary")))


def cancel_preview(found: Change) -> Rendered:
    """Return what cancelling would do, with the button that does it."""
    title = title_of(found.assignment)
    if not found.is_new:
        return say(f"{title} is cancelled already; there is nothing to do.")
    text = (
        f"Cancelling {title} changes what is required of {_students(found.students)}, who "
        f"{'reads' if found.students == 1 else 'read'} of it once. Open requests for more time for it close."
    )
    press = button("Cancel it", "assignments_desk.cancel", found.assignment.id, "danger") | {"confirm": SURE}
    return say(text, actions(press))


def changed(done: Change, zone: ZoneInfo) -> Rendered:
    """Return what an organizer reads after the press."""
    title = title_of(done.assignment)
    if done.is_stale:
        return say(f"{title} was changed since I showed you that, so nothing was done. Please look at it once more.")
    what = "is cancelled" if done.deed is Deed.CANCELLED else _due(done, zone)
    if not done.is_new:
        return say(f"{title} {what} already; nothing was changed now.")
    return say(f":white_check_mark: {title} {what}, and {_students(done.students)} will read of it.")


def _due(done: Change, zone: ZoneInfo) -> str:
    return f"is due {date(done.due_at, zone)}" if done.due_at else "has no due time"


def _students(count: int) -> str:
    return "one student" if count == 1 else f"{count} students"


def _extensions(count: int) -> str:
    match count:
        case 0:
            return "No extension is touched."
        case 1:
            return "One extension moves with it; nobody loses a day."
        case _:
            return f"{count} extensions move with it; nobody loses a day."


def _warnings(crowds: Sequence[Crowd]) -> list[Block]:
    return [crowd_warning(crowd) for crowd in crowds]
