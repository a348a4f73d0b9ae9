"""The words with which a calendar file comes."""

from zoneinfo import ZoneInfo

from cohort.invitations import Sort
from handlers.views.blocks import Rendered, Renderers, name_of, plain_date, say
from services.invitations import InvitationNote

BY_HAND = "If your calendar still shows {} after that, delete it there by hand."


def invitation_note(note: InvitationNote, zone: ZoneInfo) -> Rendered:
    """Return what to do with the file.

    The time stands in the reader's own zone: what goes along with a file is no message with tokens of its own.
    """
    with_whom = ", ".join(name_of(other) for other in note.others)
    what = f"office hours with {with_whom}, {plain_date(note.starts_at, zone)}"
    if note.sort is not Sort.BOOKED:
        head = "Cancelled" if note.sort is Sort.CANCELLED else "No longer yours"
        return say(f":calendar: {head}: {what}. Open the file to take it out of your calendar. {BY_HAND.format('it')}")
    if note.is_change:
        words = f"Changed: {what}. Open the file to change it in your calendar. {BY_HAND.format('the old time')}"
        return say(f":calendar: {words}")
    return say(f":calendar: For your calendar: {what}. Open the file to put it in.")


RENDERERS: Renderers = {InvitationNote: invitation_note}
