"""One example of every view of bookings, and the fullest of those that grow, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from cohort.assignments import Assignment
from cohort.bookings import Booking, BookingState, Why
from cohort.office_hours import FreeSlot, Session, Slot
from cohort.roster import Member
from cohort.submissions import Submission
from handlers.views import booking_forms as forms
from handlers.views import booking_messages as messages
from handlers.views import bookings as views
from handlers.views.blocks import Rendered, View
from services.appointments import Appointment
from services.booking_changes import GivenUp
from services.booking_choices import EVERYTHING, PAGE, TOPIC_MOST, BookForm, MoveForm, Next, Overview, Soonest
from services.booking_letters import BookingCard, BookingEnded
from services.booking_reminders import BookingReminder, Recent
from services.unstuck import Totals, UnstuckAnswer, UnstuckQuestion

HOUR = timedelta(hours=1)
LONG = "Why the <second> step & the third hold at all. " * 60
MANY = 300


def booking_views(
    work: Sequence[Assignment], student: Member, ta: Member, now: datetime
) -> Iterator[tuple[str, Rendered | View]]:
    """Yield what students see in answer to commands and presses, and the forms."""
    zone, slots, tas = student.tz, _slots(ta, now), {ta.id: ta}
    rows = [Next(one.session, ta, one) for one in slots]
    is_open = Next(replace(slots[0].session, open_until_at=now + HOUR), ta)
    about, limits = _appointment(work[0], student, ta, now), frozenset(views.LIMITS)
    empty = Overview(
        been=True, own=[], rows=[], tas=[], topics=[], chosen=EVERYTHING, limits=frozenset(), page=0, pages=1
    )
    shown = [is_open, *rows[: PAGE - 1]]
    others = [replace(ta, id=f"mem_{n}") for n in range(70)]
    full = replace(empty, been=False, own=_many(about, 9), rows=shown, tas=others, limits=limits, page=1, pages=3)
    full = replace(full, topics=[f"{n} {LONG}"[:TOPIC_MOST] for n in range(40)])
    yield "office hours", views.overview(full, student, now)
    yield "no office hours", views.overview(empty, student, now)
    yield "none of those", views.overview(replace(empty, chosen=f"ta:{ta.id}"), student, now)
    yield "soonest", views.soonest(Soonest(rows[:3], work[0], frozenset()), zone)
    yield "nothing soon", views.soonest(Soonest([], None, limits), zone)
    yield "bookings", views.mine(_many(about, 40), [], replace(student, id="mem_fellow"))
    yield "no bookings", views.mine([], [], student)
    for own in ([], _many(about, 9)):
        yield f"bookings at home, {len(own)}", Rendered("Home", views.home_rows(own, [], student))
    yield "booked", views.booked(about, zone)
    yield "moved a booking", views.moved(about, zone)
    for done in (GivenUp(about, is_new=True), GivenUp(about, is_new=False)):
        yield f"gave up, {done.is_new}", views.given_up(done, student, zone)
    yield "left a booking", views.given_up(GivenUp(about, is_new=True), ta, zone)
    form = BookForm(
        been=False,
        free=slots,
        tas=tas,
        assignments=work,
        slot_id="slt_250",
        awake=frozenset(each.slot.id for each in slots[::2]),
    )
    typed = {forms.TOPIC: LONG[:1000], forms.LINK: "https://example.org/work", forms.FELLOWS: ("U0BO",)}
    yield "book", forms.book_form(form, zone)
    for why in Why:
        yield f"book again, {why}", forms.book_form(replace(form, refused=why), zone, 2, typed)
        yield f"nothing free, {why}", forms.nothing_free(why)
    yield "nothing free", forms.book_form(replace(form, free=()), zone)
    yield "another time", forms.move_form(about, MoveForm(slots, tas), zone)
    yield "another time again", forms.move_form(about, MoveForm(slots, tas), zone, 1, Why.TAKEN)
    yield "no other time", forms.move_form(about, MoveForm([], {}), zone)
    yield "got unstuck", messages.unstuck_answer(UnstuckAnswer(about, helped=True), zone)
    yield (
        "not yet unstuck",
        messages.unstuck_answer(UnstuckAnswer(about, helped=False, better=slots[:3], tas=tas), zone),
    )
    for totals in (Totals(7, 3), None):
        yield f"totals, {totals is None}", Rendered(messages.totals(totals))


def booking_notes(work: Sequence[Assignment], student: Member, ta: Member, now: datetime) -> Iterator[object]:
    """Yield what students and TAs are sent."""
    about = _appointment(work[0], student, ta, now)
    ended = replace(about, booking=replace(about.booking, state=BookingState.CANCELLED, ended_at=now))
    submission = Submission("sub_0", work[0].id, student.id, 1, now, passed=False)
    recent = [Recent(work[0], submission), Recent(work[0], replace(submission, passed=None))]
    for reader in about.people:
        yield BookingCard(about, reader, is_moved=True)
        yield BookingReminder(about, reader, is_soon=reader is ta, recent=recent if reader is ta else [])
    yield BookingCard(about, student, is_over=True)
    yield BookingCard(ended, ta)
    yield from (BookingEnded(ended, ta, None), BookingEnded(ended, ta, student), BookingEnded(about, ta, student))
    yield UnstuckQuestion(about)


def _appointment(work: Assignment, student: Member, ta: Member, now: datetime) -> Appointment:
    free, fellow = _slots(ta, now)[0], replace(student, id="mem_fellow")
    booking = Booking(
        "bkg_0", free.slot.id, student.id, now, LONG[:1000], work.id, "https://example.org/a", (fellow.id,)
    )
    return Appointment(booking, free.slot, free.session, ta, student, (fellow,), work)


def _many(about: Appointment, count: int) -> list[Appointment]:
    return [replace(about, booking=replace(about.booking, id=f"bkg_{n}")) for n in range(count)]


def _slots(ta: Member, now: datetime) -> list[FreeSlot]:
    ends_at = now + MANY * HOUR
    place = "https://example.org/room?" + "x" * 600
    session = Session("ses_0", ta.id, date(2026, 7, 1), now - HOUR, ends_at, now - HOUR, place, topic=LONG[:300])
    starts = [now + n * HOUR for n in range(MANY)]
    return [FreeSlot(Slot(f"slt_{n}", "ses_0", at, at + HOUR / 2), session) for n, at in enumerate(starts)]
