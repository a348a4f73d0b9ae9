"""`/cohort follow-up`, `/cohort follow-ups`, and everything on a follow-up's card."""

from typing import Final

from cohort.errors import Unclear
from cohort.follow_ups import Outcome
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.extensions import read_choice, read_element, read_text
from handlers.reading import read_person
from handlers.views import follow_ups as views
from services import follow_up_cards, follow_ups
from services.desk import Desk
from services.follow_ups import Which

OPEN: Final = "/cohort follow-up @ada"
LIST: Final = "/cohort follow-ups overdue"


def open_for(ask: Ask, desk: Desk) -> Answer:
    """`/cohort follow-up @student [why]`."""
    student, why = read_person(ask.text, OPEN)
    return Say(views.opened(follow_ups.open_for(student, why, ask.member, ask.now, desk)))


def listed(ask: Ask, desk: Desk) -> Answer:
    """`/cohort follow-ups [mine | unowned | overdue | all]`. Raises Unclear."""
    word = ask.text.strip().casefold() or Which.MINE
    if word not in set(Which):
        raise Unclear("I know mine, unowned, overdue and all here.", LIST)
    return Say(views.listed(follow_ups.listed(Which(word), ask.member, ask.now, desk), ask.member.tz))


def show(ask: Ask, desk: Desk) -> Answer:
    """Show one case from a list."""
    card = follow_up_cards.look_at(ask.value, ask.member, ask.now, desk)
    return Say(views.card(card, ask.member.tz))


def lines(ask: Ask, desk: Desk) -> Answer:
    """Show what was noted, to who follows the student up and to organizers."""
    return OpenModal(views.notes(follow_up_cards.look_at(ask.value, ask.member, ask.now, desk)))


def note_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for a note."""
    follow_up_cards.to_work_on(ask.value, ask.member, ask.now, desk)
    return OpenModal(views.words_form("follow_ups.note", ask.value, "A note"))


def note(ask: Ask, desk: Desk) -> Answer:
    """Write a note down."""
    words = read_text(ask.state, views.WORDS)
    if not words:
        return FieldErrors({views.WORDS: "Write a word or two first."})
    follow_ups.note(ask.metadata, words, ask.member, ask.now, desk)
    return Say(views.noted())


def contact_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for a contact."""
    follow_up_cards.to_work_on(ask.value, ask.member, ask.now, desk)
    return OpenModal(views.words_form("follow_ups.contact", ask.value, "You were in touch"))


def contact(ask: Ask, desk: Desk) -> Answer:
    """Write down that the student was reached or written to."""
    case = follow_ups.log_contact(ask.metadata, read_text(ask.state, views.WORDS), ask.member, ask.now, desk)
    return Say(views.contacted(case, ask.member.tz))


def write_together(ask: Ask, desk: Desk) -> Answer:
    """Begin a conversation with the student in it."""
    return Say(views.introduced(follow_up_cards.introduce(ask.value, ask.member, ask.now, desk)))


def offer(ask: Ask, desk: Desk) -> Answer:
    """Let the student have an offer to accept with one press."""
    return Say(views.offered(follow_up_cards.offer(ask.value, ask.member, ask.now, desk)))


def hand_on_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form to hand a case on."""
    follow_up_cards.to_work_on(ask.value, ask.member, ask.now, desk)
    return OpenModal(views.hand_on_form(ask.value))


def hand_on(ask: Ask, desk: Desk) -> Answer:
    """Hand a case on to whoever was chosen."""
    chosen = read_element(ask.state, views.TO).get("selected_user")
    if not isinstance(chosen, str):
        return FieldErrors({views.TO: "Choose a TA or organizer."})
    case = follow_ups.hand_on(ask.metadata, chosen, ask.member, ask.now, desk)
    return Say(views.handed_on(follow_up_cards.owner_of(case, desk)))


def close_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form to close a case."""
    follow_up_cards.to_work_on(ask.value, ask.member, ask.now, desk)
    return OpenModal(views.close_form(ask.value))


def close(ask: Ask, desk: Desk) -> Answer:
    """Close a case with the outcome chosen. Raises Unclear for what no form of ours sends."""
    chosen = read_choice(ask.state, views.OUTCOME)
    if chosen not in set(Outcome):
        return FieldErrors({views.OUTCOME: "Choose what came of it."})
    return Say(views.closed(follow_ups.close(ask.metadata, Outcome(chosen), ask.member, ask.now, desk)))


def back_on_track(ask: Ask, desk: Desk) -> Answer:
    """Close a case with one press, since its reason is gone."""
    return Say(views.closed(follow_ups.close(ask.value, Outcome.BACK_ON_TRACK, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {
    "follow_ups.show": show,
    "follow_ups.lines": lines,
    "follow_ups.note": note_form,
    "follow_ups.contact": contact_form,
    "follow_ups.together": write_together,
    "follow_ups.offer": offer,
    "follow_ups.hand_on": hand_on_form,
    "follow_ups.close": close_form,
    "follow_ups.back_on_track": back_on_track,
}
SUBMISSIONS: dict[str, Listener] = {
    "follow_ups.note": note,
    "follow_ups.contact": contact,
    "follow_ups.hand_on": hand_on,
    "follow_ups.close": close,
}
