"""A booking as a calendar file: an invitation, or the end of one, by RFC 5545 and RFC 5546."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT: Final = "-//Cohort Bot//Office hours//EN"
# A programme has no mailbox: the top-level domain of RFC 2606 that never has one, so that no answer reaches anybody.
NOBODY: Final = "office-hours@cohort-bot.invalid"
HOW_TO_CHANGE: Final = (
    "Booked in Slack. To change or cancel it, type /office-hours mine there: what is answered or deleted in a"
    " calendar changes nothing."
)


class Sort(StrEnum):
    """What a calendar is told: that it takes place, that it doesn't, or that it does without this guest."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    UNINVITED = "uninvited"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What stands in one guest's file. `uid` and `sequence` are the booking's; `title` holds no private words."""

    uid: str
    sequence: int
    sort: Sort
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    guest: str
    guest_email: str
    organizer: str


def calendar_file(invitation: Invitation, now: datetime) -> bytes:
    """Return the file. Instants are in UTC: a single appointment needs no rules of a zone that may change.

    Only whose file it is stands in it as a guest, so that nobody reads another's address. It is marked as private,
    so that whoever may look into a calendar sees that someone is busy and not with what.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST" if invitation.sort is Sort.BOOKED else "CANCEL")
    calendar.add_component(_event(invitation, now))
    content: bytes = calendar.to_ical()
    return content


def _event(invitation: Invitation, now: datetime) -> Event:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", invitation.starts_at)
    event.add("dtend", invitation.ends_at)
    event.add("summary", _plain(invitation.title))
    event.add("location", _plain(invitation.place))
    event.add("description", HOW_TO_CHANGE)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("organizer", _address(NOBODY, invitation.organizer), encode=False)
    event.add("attendee", _guest(invitation), encode=False)
    # Who is uninvited is told no status: for the others it takes place (RFC 5546, 3.2.5).
    if invitation.sort is not Sort.UNINVITED:
        event.add("status", "CONFIRMED" if invitation.sort is Sort.BOOKED else "CANCELLED")
    return event


def _guest(invitation: Invitation) -> vCalAddress:
    """Return the guest, who has agreed by booking and is asked for no answer."""
    guest = _address(invitation.guest_email, invitation.guest)
    guest.params["ROLE"] = vText("REQ-PARTICIPANT")
    guest.params["PARTSTAT"] = vText("ACCEPTED")
    guest.params["RSVP"] = vText("FALSE")
    return guest


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    # A quotation mark can't stand in a parameter.
    address.params["CN"] = vText(_plain(name).replace('"', "'"))
    return address


def _plain(words: str) -> str:
    """Return words on one line, without what a line of a calendar can't hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
