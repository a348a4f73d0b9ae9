"""One example of every message about a calendar file, for the gallery."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cohort.invitations import Sort
from cohort.roster import Member
from services.invitations import InvitationNote


def invitation_notes(student: Member, ta: Member, now: datetime) -> Iterator[object]:
    """Yield the words that come with each sort of file."""
    ends_at = now + timedelta(minutes=30)
    yield InvitationNote(Sort.BOOKED, [ta], now, ends_at, is_change=False)
    yield InvitationNote(Sort.BOOKED, [student] * 4, now, ends_at, is_change=True)
    yield InvitationNote(Sort.CANCELLED, [ta], now, ends_at, is_change=True)
    yield InvitationNote(Sort.UNINVITED, [student], now, ends_at, is_change=True)
