"""`/extension`: asking for more time, in one line or with a form, and taking it back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cohort.errors import NotFound, Unclear
from cohort.extensions import Category, NeedsReview, RequestExtension, State, Why
from cohort.wishes import UntilInstant
from handlers.answers import Answer, Ask, FieldErrors, OpenModal, Say
from handlers.reading import EXAMPLE, read_line
from handlers.views import extensions as views
from handlers.views.blocks import say
from services.desk import Desk
from services.extensions import choices, consider, listed, request_extension, withdraw_request

MOST_SECONDS = 2**33


def command(ask: Ask, desk: Desk) -> Answer:
    """`/extension`, `/extension hw3` and `/extension hw3 2d`."""
    if ask.member.is_staff and not ask.text:
        return show_list(ask, desk)
    line = read_line(ask.text) if ask.text else None
    if line is None:
        return form(ask, desk)
    if line.wish is None:
        return _form_for_line(ask, desk, line.assignment)
    answered = request_extension(RequestExtension(line.assignment, line.wish), ask.member, ask.now, desk)
    return Say(views.answer(answered, ask.member.tz, desk.policy.extensions))


def _form_for_line(ask: Ask, desk: Desk, name: str) -> Answer:
    """Open the form for what was typed; where only its first word is an assignment, the rest was to be a date."""
    try:
        return form(ask, desk, name)
    except NotFound as unknown:
        first, _, rest = name.partition(" ")
        if rest and first.casefold() in unknown.closest:
            raise Unclear(f"I can't read “{rest[:40]}” as a length or a date.", f"/extension {first} 2d") from None
        raise


def form(ask: Ask, desk: Desk, assignment: str | None = None) -> Answer:
    """Open the form, with an assignment chosen where one was named. Raises NotFound for an unknown one."""
    offered = choices(ask.member, ask.now, desk, assignment)
    if assignment is not None:
        about = RequestExtension(assignment, None)
        settled = consider(about, ask.member, ask.now, desk)
        if not isinstance(settled.outcome, NeedsReview):
            return Say(views.answer(settled, ask.member.tz, desk.policy.extensions))
    if not offered:
        return Say(views.nothing_to_ask())
    chosen = offered[0].assignment.id if assignment else None
    return OpenModal(views.request_form(offered, ask.member.tz, chosen))


def form_for(ask: Ask, desk: Desk) -> Answer:
    """Open the form for the assignment whose button was pressed."""
    return form(ask, desk, ask.value)


def submit(ask: Ask, desk: Desk) -> Answer:
    """Take the form in, or keep it open and say at the field what is missing."""
    asked = _read_form(ask.state)
    if isinstance(asked, FieldErrors):
        return asked
    outcome = consider(asked, ask.member, ask.now, desk).outcome
    needs_reason = isinstance(outcome, NeedsReview) and outcome.why is not Why.TALK
    if needs_reason and asked.category is None:
        told = "A TA decides about this one. Choose what fits best: it is private and helps them answer fast."
        return FieldErrors({"category": told})
    answered = request_extension(asked, ask.member, ask.now, desk)
    return Say(views.answer(answered, ask.member.tz, desk.policy.extensions))


def show_list(ask: Ask, desk: Desk) -> Answer:
    """`/extension list`: a student's requests; for staff what waits."""
    entries = listed(ask.member, ask.now, desk)
    show = views.staff_list if ask.member.is_staff else views.student_list
    return Say(show(entries, ask.member.tz))


def withdraw(ask: Ask, desk: Desk) -> Answer:
    """Take a request back."""
    request = withdraw_request(ask.value, ask.member, ask.now, desk)
    if request.state is State.WITHDRAWN:
        return Say(say("Taken back. Your due time is as it was; you can ask again whenever you like."))
    return Say(say("That request was settled before, so there is nothing to take back. `/extension list` shows it."))


def talk_please(ask: Ask, desk: Desk) -> Answer:
    """Ask for a talk, from a button under an answer."""
    answered = request_extension(RequestExtension(ask.value, None), ask.member, ask.now, desk)
    return Say(views.answer(answered, ask.member.tz, desk.policy.extensions))


def _read_form(state: Mapping[str, Mapping[str, Any]]) -> RequestExtension | FieldErrors:
    chosen = read_choice(state, "assignment")
    if not chosen:
        return FieldErrors({"assignment": "Choose the assignment you would like more time for."})
    at = read_moment(state, "until")
    wants_talk = bool(read_element(state, "talk").get("selected_options"))
    if at is None and not wants_talk:
        return FieldErrors({"until": "Choose a date and time, or tick that you would rather talk to someone."})
    category = read_choice(state, "category")
    return RequestExtension(
        assignment_id=chosen,
        wish=None if wants_talk or at is None else UntilInstant(at),
        category=Category(category) if category in set(Category) else None,
        note=read_text(state, "note"),
    )


def read_moment(state: Mapping[str, Mapping[str, Any]], block: str) -> datetime | None:
    """Return the instant chosen in a date-and-time picker, or None. Raises Unclear for what no picker sends."""
    seconds = read_element(state, block).get("selected_date_time")
    if seconds is None:
        return None
    if not isinstance(seconds, int) or not 0 < seconds < MOST_SECONDS:
        raise Unclear("I can't read that date.", EXAMPLE)
    return datetime.fromtimestamp(seconds, UTC)


def read_text(state: Mapping[str, Mapping[str, Any]], block: str) -> str:
    """Return what was typed into a text input."""
    value = read_element(state, block).get("value")
    return value.strip() if isinstance(value, str) else ""


def read_choice(state: Mapping[str, Mapping[str, Any]], block: str) -> str:
    """Return the value of what was chosen in a select."""
    option = read_element(state, block).get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else None
    return value if isinstance(value, str) else ""


def read_element(state: Mapping[str, Mapping[str, Any]], block: str) -> Mapping[str, Any]:
    """Return what an element holds that bears the name of its block; empty for what no form sends."""
    element = state.get(block, {}).get(block)
    return element if isinstance(element, Mapping) else {}


PRESSES = {"extensions.form": form_for, "extensions.withdraw": withdraw, "extensions.talk_please": talk_please}
SUBMISSIONS = {"extensions.request": submit}
