"""Plain words in a direct message: what was understood is shown, and one press does what the command does."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from cohort.errors import Unclear
from cohort.extensions import Granted, NeedsReview, RequestExtension
from cohort.plain_intents import Intent
from cohort.times import local_day
from cohort.wishes import UntilInstant
from handlers import (
    asking,
    bookings,
    check_ins,
    choices,
    digest,
    events,
    extensions,
    follow_ups,
    grading,
    graduation,
    hand_ins,
    handovers,
    home,
    leavings,
    office_hours,
    roster,
)
from handlers import cohort as rules
from handlers.answers import Answer, Ask, Listener, Say
from handlers.reading import as_written, read_line, read_wish
from handlers.views import plain_words as views
from handlers.views.blocks import Rendered
from handlers.views.extensions import answer as extension_answer
from services import check_in_answers, plain_words
from services.desk import Desk
from services.extensions import consider, request_extension
from services.plain_words import Heard, Unsure


def due(ask: Ask, desk: Desk) -> Answer:
    """Show what a student still has to hand in; staff what is due for everyone."""
    if ask.member.is_staff:
        return Say(views.due_for_everyone(plain_words.dues_of_everyone(ask.member, ask.now, desk), ask.member.tz))
    return Say(views.due(plain_words.dues(ask.member, ask.now, desk), ask.now, ask.member.tz))


def booked(ask: Ask, desk: Desk) -> Answer:
    """Show what a student has booked, or a TA's hours and who comes."""
    bare = replace(ask, text="")
    return office_hours.command(bare, desk) if ask.member.is_staff else bookings.mine(bare, desk)


def who(ask: Ask, desk: Desk) -> Answer:
    """Show whom to ask."""
    return Say(views.whom_to_ask(plain_words.people("", ask.member, ask.now, desk), ask.member))


def until(ask: Ask, desk: Desk) -> Answer:
    """Ask for more time until the moment that was shown; whoever presses twice has it already. Raises Unclear."""
    assignment, _, moment = ask.text.rpartition(" ")
    try:
        wish = UntilInstant(datetime.fromisoformat(moment).astimezone(UTC))
    except (ValueError, OverflowError):
        raise Unclear("I can't read that button any more.", "/extension") from None
    answered = request_extension(RequestExtension(assignment, wish), ask.member, ask.now, desk)
    return Say(extension_answer(answered, ask.member.tz, desk.policy.extensions))


def something_else(ask: Ask, desk: Desk) -> Answer:
    """Show three things to whoever meant something else."""
    del desk
    return Say(views.something_else(ask.member))


# What a press leads to, by the name that its button carries; what follows the name is the text of the command.
DEEDS: Final[Mapping[str, Listener]] = {
    "extension": extensions.command,
    "until": until,
    "submit": hand_ins.command,
    "checkin": check_ins.command,
    "hours-of": check_ins.keep_shown,
    "leave": leavings.form,
    "away": handovers.away,
    "pause": choices.pause,
    "messages": choices.messages,
    "book": bookings.book,
    "talk": home.talk,
    "progress": graduation.progress,
    "due": due,
    "policy": rules.policy,
    "requests": extensions.show_list,
    "bookings": booked,
    "hours": office_hours.command,
    "events": events.what_is_on,
    "who": who,
    "queue": grading.command,
    "follow-ups": follow_ups.listed,
    "duty": roster.duty,
    "digest": digest.command,
    "else": something_else,
}
# What may be answered at once, since nothing is changed by it.
READ: Final[Mapping[Intent, Listener]] = {
    Intent.REQUESTS: extensions.show_list,
    Intent.POLICY: rules.policy,
    Intent.MESSAGES: choices.messages,
    Intent.BOOKINGS: booked,
    Intent.OFFICE_HOURS: office_hours.command,
    Intent.EVENTS: events.what_is_on,
    Intent.PROGRESS: graduation.progress,
    Intent.DROP: graduation.progress,
    Intent.REGRADE: graduation.progress,
    Intent.QUEUE: grading.command,
    Intent.FOLLOW_UPS: follow_ups.listed,
    Intent.DUTY: roster.duty,
    Intent.DIGEST: digest.command,
}


def wrote(ask: Ask, desk: Desk, help_me: Listener) -> Answer:
    """Answer a direct message: with what was understood, or with three things that this person can do."""
    if ask.event.get("files") and not ask.member.is_staff:
        return Say(views.a_file())
    heard = plain_words.hear(ask.text, ask.member, ask.now, desk)
    if isinstance(heard, Unsure):
        offered = plain_words.not_understood(as_written(ask.text), ask.member, ask.now, desk)
        return Say(views.not_understood(ask.member, heard.likely, offered))
    intent = heard.understood.intent
    if intent is Intent.HELP:
        return help_me(ask, desk)
    if intent in READ:
        return READ[intent](replace(ask, text=_about(heard) if intent is Intent.QUEUE else ""), desk)
    return SHOWN[intent](ask, desk, heard)


def do(ask: Ask, desk: Desk) -> Answer:
    """Do what was understood, as its command would. Raises Unclear for what no button of ours names."""
    name, _, text = ask.value.partition("|")
    if name == "ask":
        return asking.form(replace(ask, value=text), desk)
    if name not in DEEDS:
        raise Unclear("I can't read that button any more.", "/cohort help")
    return DEEDS[name](replace(ask, text=text, value=""), desk)


def show_to_ta(ask: Ask, desk: Desk) -> Answer:
    """Send what was not understood to a TA."""
    return Say(views.shown_to(plain_words.show_to_ta(ask.value.split(), ask.member, ask.now, desk)))


def keep_to_myself(ask: Ask, desk: Desk) -> Answer:
    """Send nothing, and forget what was written."""
    plain_words.forget(ask.member, desk)
    return Say(views.kept_to_yourself())


def _about(heard: Heard) -> str:
    return heard.assignment.slug if heard.assignment else ""


def _due(ask: Ask, desk: Desk, _: Heard) -> Answer:
    return due(ask, desk)


def _who(ask: Ask, desk: Desk, heard: Heard) -> Answer:
    return Say(views.whom_to_ask(plain_words.people(_about(heard), ask.member, ask.now, desk), ask.member))


def _book(ask: Ask, desk: Desk, heard: Heard) -> Answer:
    return bookings.book_as_wished(ask, desk, _about(heard), heard.understood.meeting, heard.ta)


def _more_time(ask: Ask, desk: Desk, heard: Heard) -> Answer:
    """Show the request with what it would lead to; what changes nothing is answered at once."""
    if heard.assignment is None or not heard.understood.until:
        return Say(views.more_time(heard))
    wish = read_line(f"{heard.assignment.slug} {heard.understood.until}").wish
    expected = consider(RequestExtension(heard.assignment.slug, wish), ask.member, ask.now, desk)
    if isinstance(expected.outcome, Granted | NeedsReview):
        return Say(views.more_time(heard, expected.outcome, ask.member.tz))
    return Say(extension_answer(expected, ask.member.tz, desk.policy.extensions))


def _check_in(ask: Ask, desk: Desk, _: Heard) -> Answer:
    return Say(views.check_in(as_written(ask.text), check_in_answers.week_now(ask.member, ask.now, desk)))


def _away(ask: Ask, heard: Heard) -> Rendered:
    until = heard.understood.until
    return views.away(plain_words.day_back(read_wish(until), ask.member, ask.now) if until else None)


def _said(answer: Callable[[], Rendered]) -> Callable[[Ask, Desk, Heard], Answer]:
    return lambda _ask, _desk, _heard: Say(answer())


def _confirm(view: Callable[[Ask, Heard], Rendered]) -> Callable[[Ask, Desk, Heard], Answer]:
    return lambda ask, _desk, heard: Say(view(ask, heard))


# What is shown first: how it was understood, with one press to do it.
SHOWN: Final[Mapping[Intent, Callable[[Ask, Desk, Heard], Answer]]] = {
    Intent.NOTHING: _said(views.nothing),
    Intent.THANKS: _said(views.welcome),
    Intent.DUE: _due,
    Intent.WHO: _who,
    Intent.BOOK: _book,
    Intent.MORE_TIME: _more_time,
    Intent.HAND_IN: _confirm(lambda _, heard: views.hand_in(heard)),
    Intent.CHECK_IN: _check_in,
    Intent.QUIET: _confirm(lambda ask, heard: views.quiet(heard, local_day(ask.now, ask.member.tz))),
    Intent.LEAVE: _confirm(lambda _, heard: views.leave(heard)),
    Intent.TALK: _said(views.talk),
    Intent.ASK: _confirm(lambda _, heard: views.ask(heard)),
    Intent.AWAY: _confirm(_away),
}

PRESSES: dict[str, Listener] = {
    "plain_words.do": do,
    **{f"plain_words.do_{number}": do for number in range(1, 4)},
    "plain_words.show": show_to_ta,
    "plain_words.keep": keep_to_myself,
}
