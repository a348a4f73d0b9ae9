"""Who came to what they had booked: the message to the TA, with a choice for each booking."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from cohort.bookings import Attendance
from handlers.views.blocks import Block, Rendered, Renderers, context, date, name_of, option, say, section, select
from services.appointments import Appointment
from services.no_shows import CAME, WhoCame

BOOKED_MOST: Final = 40
WORDS: Final = {CAME: "Came", Attendance.ABSENT.value: "Didn't come", Attendance.EXCUSED.value: "Excused"}


def who_came(found: WhoCame, zone: ZoneInfo) -> Rendered:
    """Return the bookings of a session, each with what is entered."""
    head = f"Your office hours of {date(found.session.starts_at, zone)}: I take it that everyone came who had booked."
    small = "Only enter exceptions; you can correct them here at any time. What is excused counts toward no limit, and "
    small += "neither counts against anyone."
    return Rendered("Did everyone come who had booked?", [section(head), *rows(found.booked, zone), context(small)])


def rows(booked: Sequence[Appointment], zone: ZoneInfo) -> list[Block]:
    """Return bookings, each with the choice of whether they came."""
    return [_row(one, zone) for one in booked[:BOOKED_MOST]]


def _row(one: Appointment, zone: ZoneInfo) -> Block:
    chosen = one.booking.attendance.value if one.booking.attendance else CAME
    options = [option(words, f"{one.booking.id}|{what}") for what, words in WORDS.items()]
    choice = select(f"no_shows.enter#{one.booking.id}", options, f"{one.booking.id}|{chosen}")
    people = ", ".join(name_of(member) for member in (one.student, *one.fellows))
    return section(f"{date(one.slot.starts_at, zone)}: {people}", choice)


def entered(one: Appointment) -> Rendered:
    """Return what a TA reads after entering something."""
    name = name_of(one.student)
    if one.booking.attendance is Attendance.ABSENT:
        return say(f"Noted: {name} didn't come. It counts against nobody; if there was a reason, choose “Excused”.")
    if one.booking.attendance is Attendance.EXCUSED:
        return say(f"Noted: {name} was excused. That booking counts toward no limit.")
    return say(f"Noted: {name} came.")


RENDERERS: Renderers = {WhoCame: who_came}
