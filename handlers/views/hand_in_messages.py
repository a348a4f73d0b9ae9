"""The messages about work that was handed in together."""

from zoneinfo import ZoneInfo

from cohort.hand_ins import LINK
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Rendered,
    Renderers,
    actions,
    button,
    date,
    escape,
    mention,
    name_of,
    say,
)
from handlers.views.hand_ins import contents
from services.hand_in_partners import LeftNote, SharedNote


def shared(note: SharedNote, zone: ZoneInfo) -> Rendered:
    """Return what a partner reads of what was handed in with them, with a way to say that it was not so."""
    hand_in = note.hand_in
    with_whom = ", ".join(mention(partner) for partner in note.partners if partner.id != note.by.id)
    together = f"you and {with_whom}" if with_whom else "you"
    again = "replaced what was handed in" if note.version.number > 1 else "handed it in"
    text = (
        f":inbox_tray: {name_of(note.student)}, {mention(note.by)} {again} together with {together}: "
        f"{title_of(note.assignment)}, with {contents(note.version)}, {date(note.version.submitted_at, zone)}."
    )
    if LINK in note.version.content:
        text += f"\n{escape(note.version.content[LINK])}"
    if hand_in.due_at is not None:
        due = date(hand_in.due_at, zone)
        text += f"\nIt was due {due} and is marked as late." if hand_in.is_late else f"\nIt is on time: due {due}."
    text += f"\nYou share it and its grade. It is graded by {date(hand_in.grade_by_at, zone)}; `/submit` replaces it."
    if hand_in.by_id == note.student.id:
        return say(text)
    return say(text, actions(button("I had no part in it", "hand_ins.leave", hand_in.id)))


def left(note: LeftNote, zone: ZoneInfo) -> Rendered:
    """Return what those who stay read when somebody says that they had no part in it."""
    del zone
    return say(
        f"{name_of(note.who)} says they had no part in {title_of(note.assignment)}, so it is not shared with them any "
        "more. It stays handed in for you; if that is a misunderstanding, talk to each other and hand it in again."
    )


RENDERERS: Renderers = {SharedNote: shared, LeftNote: left}
