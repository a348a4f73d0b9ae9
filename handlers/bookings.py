"""`/office-hours` for students: what is on, booking in one form, changing and cancelling, and whether it helped."""

from collections.abc import Mapping
from typing import Any

from cohort.bookings import Why
from cohort.errors import CohortError, NotActive, NotFound, SlotRefused, TooManyFellows
from cohort.hand_in_fields import link_problem
from cohort.roster import Member
from cohort.slot_wishes import SlotWish
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.errors import sentence, slot_sentence
from handlers.extensions import read_choice, read_element, read_text
from handlers.reading import unescaped
from handlers.views import booking_forms as forms
from handlers.views import booking_messages as messages
from handlers.views import bookings as views
from handlers.views.blocks import Rendered, View, unmarked
from handlers.views.hand_ins import problem_words
from handlers.views.waitlist import waiting_rows
from services import booking_changes, booking_choices, bookings, unstuck
from services.bookings import BookSlot
from services.desk import Desk

State = Mapping[str, Mapping[str, Any]]
NAMED_MOST = 20
TIMES_MOST = 3


def overview(ask: Ask, desk: Desk) -> Answer:
    """`/office-hours` and `/office-hours tara`: what is on next, of everyone or of a TA or topic."""
    chosen = booking_choices.named(unescaped(ask.text), ask.member, ask.now, desk)
    return _overview(ask, desk, chosen)


def show_page(ask: Ask, desk: Desk) -> Answer:
    """Show what comes later, or sooner again."""
    page, _, chosen = ask.value.partition("|")
    return _overview(ask, desk, chosen, read_count(page))


def narrow(ask: Ask, desk: Desk) -> Answer:
    """Show what is on of the TA or topic that was chosen, or everything."""
    return _overview(ask, desk, ask.value)


def _overview(ask: Ask, desk: Desk, chosen: str, page: int = 0) -> Answer:
    found = booking_choices.overview(ask.member, ask.now, desk, chosen, page)
    return Say(views.overview(found, ask.member, ask.now))


def show_all(ask: Ask, desk: Desk) -> Answer:
    """Show what is on next, from a button."""
    return _overview(ask, desk, booking_choices.EVERYTHING)


def book(ask: Ask, desk: Desk) -> Answer:
    """`/office-hours book` and `/office-hours book hw3`: the three soonest slots while the student is awake."""
    return book_as_wished(ask, desk, unescaped(ask.text).strip())


def book_as_wished(
    ask: Ask, desk: Desk, assignment: str, wish: SlotWish | None = None, with_ta: Member | None = None
) -> Answer:
    """Offer the soonest slots of a time or a TA that was wished for; of any where there are none."""
    found = booking_choices.soonest(assignment, ask.member, ask.now, desk, wish, with_ta)
    return Say(views.soonest(found, ask.member.tz))


def mine(ask: Ask, desk: Desk) -> Answer:
    """`/office-hours mine`: what the student holds, with the ways to change it."""
    found, zone = booking_choices.mine(ask.member, ask.now, desk), ask.member.tz
    return Say(views.mine(found.own, waiting_rows(found.waiting, zone), ask.member))


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form with the slot of a button chosen."""
    slot_id, _, assignment = ask.value.partition("|")
    return _shown(forms.book_form(_form(ask, desk, slot_id, assignment), ask.member.tz))


def open_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form, about an assignment where the button names one."""
    return _shown(forms.book_form(_form(ask, desk, "", ask.value), ask.member.tz))


def _form(ask: Ask, desk: Desk, slot_id: str, assignment: str) -> booking_choices.BookForm:
    return booking_choices.to_book(slot_id, assignment, ask.member, ask.now, desk)


def submit(ask: Ask, desk: Desk) -> Answer:
    """Book; where the slot is gone, keep the form with all that was typed and offer what is free instead."""
    times = read_count(ask.metadata)
    wanted = _read(ask.state, times)
    problem = link_problem(wanted.link) if wanted.link else None
    if problem is not None:
        return FieldErrors({forms.LINK: problem_words(problem)})
    try:
        return Say(views.booked(bookings.book(wanted, ask.member, ask.now, desk), ask.member.tz))
    except SlotRefused as refused:
        return _again(ask, desk, wanted, refused, times)
    except TooManyFellows as error:
        return FieldErrors({forms.FELLOWS: sentence(error)})
    except (NotFound, NotActive) as error:
        return _fellow_problem(wanted, error)


def _again(ask: Ask, desk: Desk, wanted: BookSlot, refused: SlotRefused, times: int) -> Answer:
    """Show the form once more with what is free instead; in the form itself where there is nothing."""
    found = booking_choices.renewed(wanted, refused.why, ask.member, ask.now, desk)
    if not found.free:
        return FieldErrors({forms.slot_block(times): unmarked(f"{slot_sentence(refused)} {forms.NOTHING_ELSE}")})
    typed = {forms.TOPIC: wanted.topic, forms.ASSIGNMENT: wanted.assignment, forms.LINK: wanted.link}
    return _shown(forms.book_form(found, ask.member.tz, times + 1, typed | {forms.FELLOWS: wanted.fellows}))


def _fellow_problem(wanted: BookSlot, error: CohortError) -> Answer:
    """Say at the field of fellow students that one of them can't come; else let the error be told as usual."""
    if not wanted.fellows:
        raise error
    return FieldErrors({forms.FELLOWS: forms.NOT_NAMED})


def move_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for another time."""
    about = booking_changes.to_change(ask.value, ask.member, ask.now, desk)
    found = booking_choices.to_move(ask.value, about.slot.id, ask.member, ask.now, desk)
    return _shown(forms.move_form(about, found, ask.member.tz))


def submit_move(ask: Ask, desk: Desk) -> Answer:
    """Take another slot; where it is gone, offer what is free instead, and the booking stays."""
    booking_id, _, counted = ask.metadata.partition("|")
    times = read_count(counted)
    slot_id = read_choice(ask.state, forms.slot_block(times))
    try:
        done = booking_changes.reschedule(booking_id, slot_id, ask.member, ask.now, desk)
    except SlotRefused as refused:
        return _move_again(ask, desk, booking_id, slot_id, refused.why)
    return Say(views.moved(done, ask.member.tz))


def _move_again(ask: Ask, desk: Desk, booking_id: str, slot_id: str, why: Why) -> Answer:
    times = read_count(ask.metadata.partition("|")[2])
    about = booking_changes.to_change(booking_id, ask.member, ask.now, desk)
    found = booking_choices.to_move(booking_id, slot_id, ask.member, ask.now, desk)
    return _shown(forms.move_form(about, found, ask.member.tz, times + 1, why))


def cancel(ask: Ask, desk: Desk) -> Answer:
    """Give a booking up, or leave somebody else's."""
    done = booking_changes.cancel(ask.value, ask.member, ask.now, desk)
    return Say(views.given_up(done, ask.member, ask.member.tz))


def helped(ask: Ask, desk: Desk) -> Answer:
    """Keep that a booking helped."""
    return Say(
        messages.unstuck_answer(unstuck.answer(ask.value, ask.member, ask.now, desk, helped=True), ask.member.tz)
    )


def not_yet(ask: Ask, desk: Desk) -> Answer:
    """Keep that a booking did not help yet, and offer something longer or somebody else."""
    done = unstuck.answer(ask.value, ask.member, ask.now, desk, helped=False)
    return Say(messages.unstuck_answer(done, ask.member.tz))


def _shown(found: View | Rendered) -> Answer:
    return Say(found) if isinstance(found, Rendered) else OpenModal(found)


def _read(state: State, times: int) -> BookSlot:
    chosen = read_element(state, forms.FELLOWS).get("selected_users")
    fellows = chosen if isinstance(chosen, list) else []
    return BookSlot(
        slot_id=read_choice(state, forms.slot_block(times)),
        topic=read_text(state, forms.TOPIC),
        assignment=read_choice(state, forms.ASSIGNMENT),
        link=read_text(state, forms.LINK),
        fellows=tuple(each for each in fellows[:NAMED_MOST] if isinstance(each, str)),
    )


def read_count(typed: str) -> int:
    """Return a small number that a button or form of ours carries; 0 for anything else."""
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) <= TIMES_MOST else 0


PRESSES: dict[str, Listener] = {
    "bookings.overview": show_all,
    "bookings.mine": mine,
    "bookings.filter": narrow,
    "bookings.overview_of": narrow,
    "bookings.page": show_page,
    "bookings.open": open_form,
    "bookings.form": form,
    "bookings.move": move_form,
    "bookings.cancel": cancel,
    "unstuck.yes": helped,
    "unstuck.not_yet": not_yet,
}
SUBMISSIONS: dict[str, Listener] = {"bookings.book": submit, "bookings.move": submit_move}
