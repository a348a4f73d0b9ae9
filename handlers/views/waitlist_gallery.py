"""One example of every view of the waiting list, and the fullest of those that grow, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.bookings import Booking
from cohort.office_hours import FreeSlot, Session, Slot
from cohort.roster import Member
from cohort.waitlist import Wait, WaitState
from handlers.views import waitlist as views
from handlers.views.blocks import Rendered, View, actions
from services.appointments import Appointment
from services.waitlist import Offered
from services.waitlist_messages import FirstNote, OfferNote, WidenedNote
from services.waitlist_offers import Joined, Lines

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MANY = 150


def waitlist_views(student: Member, ta: Member, now: datetime) -> Iterator[tuple[str, Rendered | View]]:
    """Yield what students see in answer to commands and presses."""
    offered, waiting, zone = _offered(student, ta, now), _waiting(student, ta, now), student.tz
    days = [(now + n * DAY).date() for n in range(14)]
    taken = [_free(n, ta, now) for n in range(MANY)]
    mine = [replace(offered, wait=replace(offered.wait, id=f"wai_{n}")) for n in range(20)]
    yield "waiting list", views.form(Lines(days, taken, {ta.id: ta}, [*mine, waiting]), zone)
    yield "nothing to wait for", views.form(Lines([], [], {}, []), zone)
    for before in (0, 1, 7):
        yield f"waiting, {before}", views.joined(Joined(waiting, before, is_new=before > 0), zone)
    yield "offered at once", views.joined(Joined(offered, 0, is_new=True), zone)
    yield "left the list", views.left(waiting, zone)
    for state in (WaitState.DECLINED, WaitState.TAKEN):
        yield f"declined, {state}", views.declined(_now(offered, state), zone)
    yield "waits", Rendered("Waiting", views.waiting_rows([*mine[:3], waiting, _first(waiting)], zone))
    buttons = actions(views.join_button("slt_0"), views.join_day_button(days[0], ta.id))
    yield "waiting list buttons", Rendered("Wait", [buttons])


def waitlist_notes(student: Member, ta: Member, now: datetime) -> Iterator[object]:
    """Yield what students are sent."""
    offered, waiting = _offered(student, ta, now), _waiting(student, ta, now)
    free = _free(0, ta, now)
    lost = Appointment(Booking("bkg_0", "slt_0", student.id, now), free.slot, free.session, ta, student)
    yield OfferNote(offered)
    for booking in (lost, None):
        yield OfferNote(_first(offered), booking)
        yield FirstNote(_first(waiting), booking)
    yield WidenedNote(replace(waiting, wait=replace(waiting.wait, ta_id=None), ta=None), free.slot.starts_at, ta)
    for state in WaitState:
        yield OfferNote(_now(offered, state))


def _now(offered: Offered, state: WaitState) -> Offered:
    return replace(offered, wait=replace(offered.wait, state=state))


def _first(offered: Offered) -> Offered:
    return replace(offered, wait=replace(offered.wait, is_first=True))


def _waiting(student: Member, ta: Member, now: datetime) -> Offered:
    return Offered(Wait("wai_w", student.id, now, now + DAY, now, ta.id), student, ta=ta)


def _offered(student: Member, ta: Member, now: datetime) -> Offered:
    free = _free(1, ta, now)
    wait = Wait(
        "wai_o", student.id, free.slot.starts_at, free.slot.ends_at, now, ta.id, state=WaitState.OFFERED,
        slot_id=free.slot.id, offer_until_at=now + 2 * HOUR,
    )  # fmt: skip
    return Offered(wait, student, free.slot, free.session, ta)


def _free(number: int, ta: Member, now: datetime) -> FreeSlot:
    starts_at = now + (number + 1) * HOUR
    session = Session("ses_0", ta.id, now.date(), starts_at, starts_at + HOUR, starts_at, "https://example.org/room")
    return FreeSlot(Slot(f"slt_{number}", session.id, starts_at, starts_at + HOUR / 2), session)
