"""Deciding requests for more time: the buttons of the card, their forms, and `/extension grant`."""

from cohort.errors import DatePassed, ReasonNeeded, Unclear
from cohort.extensions import ExtensionRequest
from handlers.answers import Answer, Ask, OpenModal, Say
from handlers.extensions import read_moment, read_text
from handlers.reading import read_line, read_person
from handlers.views import extension_decisions as views
from handlers.views.assignments import title_of
from handlers.views.blocks import date, mention, name_of, plain_date, say
from services import extension_decisions as decisions
from services.desk import Desk
from services.extensions import learn_post

GRANT = "/extension grant @ada hw3 2d"


def approve(ask: Ask, desk: Desk) -> Answer:
    """Grant what was asked for; where that date has passed or there is none, ask for another."""
    _learn(ask, desk)
    try:
        return _approved(decisions.approve(ask.value, ask.member, ask.now, desk), ask)
    except DatePassed as passed:
        hint = f"The date asked for, {plain_date(passed.until_at, ask.member.tz)}, is past: please choose a new one."
        return _date_form(ask, desk, hint)
    except ReasonNeeded:
        return _date_form(ask, desk)


def approve_other(ask: Ask, desk: Desk) -> Answer:
    """Open the form for another date."""
    _learn(ask, desk)
    return _date_form(ask, desk)


def submit_approval(ask: Ask, desk: Desk) -> Answer:
    """Grant until the date chosen in the form."""
    until = read_moment(ask.state, "until")
    return _approved(decisions.approve(ask.metadata, ask.member, ask.now, desk, until), ask)


def decline(ask: Ask, desk: Desk) -> Answer:
    """Open the form for the reason the student will read."""
    _learn(ask, desk)
    request, case = decisions.to_decide(ask.value, ask.member, ask.now, desk)
    return OpenModal(views.decline_form(request, case.assignment))


def submit_refusal(ask: Ask, desk: Desk) -> Answer:
    """Decline with the reason typed into the form."""
    decided = decisions.decline(ask.metadata, read_text(ask.state, "reason"), ask.member, ask.now, desk)
    return Say(say(f"Declined. {name_of(decided.student)} gets your reason, and keeps at least 24 hours."))


def talk_first(ask: Ask, desk: Desk) -> Answer:
    """Take the request on to talk with the student."""
    _learn(ask, desk)
    decided = decisions.talk_first(ask.value, ask.member, ask.now, desk)
    return Say(
        say(
            f"{mention(decided.student)} knows that you will write to them. The request stays open: "
            "decide it on the card when you have talked. Until then nothing counts as late."
        )
    )


def show_reason(ask: Ask, desk: Desk) -> Answer:
    """Show category and note to someone who may decide."""
    return OpenModal(views.reason_view(decisions.reason_of(ask.value, ask.member, ask.now, desk)))


def grant(ask: Ask, desk: Desk) -> Answer:
    """`/extension grant @student hw3 2d`."""
    student, rest = read_person(ask.text, GRANT)
    line = read_line(rest, GRANT)
    if line.wish is None:
        raise Unclear("I don't see until when.", GRANT)
    granted = decisions.grant_directly(student, line.assignment, line.wish, ask.member, ask.now, desk)
    until = date(granted.extension.until_at, ask.member.tz)
    text = f":white_check_mark: {name_of(granted.student)} has until {until} for {title_of(granted.assignment)}."
    if granted.answered is not None:
        text += " This also answers the request that was waiting."
    return Say(say(text))


def _approved(decided: decisions.Decided, ask: Ask) -> Answer:
    request: ExtensionRequest = decided.request
    until = date(request.granted_until_at, ask.member.tz) if request.granted_until_at else ""
    title = title_of(decided.assignment)
    return Say(say(f":white_check_mark: Approved: {name_of(decided.student)} has until {until} for {title}."))


def _date_form(ask: Ask, desk: Desk, hint: str = "") -> Answer:
    request, case = decisions.to_decide(ask.value, ask.member, ask.now, desk)
    return OpenModal(views.approve_form(request, case.assignment, ask.now, hint))


def _learn(ask: Ask, desk: Desk) -> None:
    """Note where the pressed card stands, in case the answer to posting it never reached us."""
    if ask.channel and ask.message_ts:
        learn_post(ask.value, ask.channel, ask.message_ts, ask.member, ask.now, desk)


PRESSES = {
    "extensions.approve": approve,
    "extensions.approve_other": approve_other,
    "extensions.decline": decline,
    "extensions.talk_first": talk_first,
    "extensions.reason": show_reason,
}
SUBMISSIONS = {"extensions.approve": submit_approval, "extensions.decline": submit_refusal}
