"""Home: what it shows whoever opens it, and the presses that only Home has; each does what a command does."""

from dataclasses import replace
from functools import partial

from handlers import choices, coverage, digest, extensions, follow_ups, grading, graduation, roster
from handlers.answers import Answer, Ask, Lazily, Listener, Nothing, Say, ShowHome
from handlers.views import home as views
from handlers.views import home_ta as ta_views
from handlers.views import talks as talk_views
from services import home, talks
from services.desk import Desk
from services.home_staff import questions_of


def opened(ask: Ask, desk: Desk) -> Answer:
    """Publish Home for the person who opens it, once the opening is acknowledged."""
    if ask.event.get("tab", "home") != "home":
        return Nothing()
    return Lazily(partial(shown, ask, desk))


def shown(ask: Ask, desk: Desk) -> ShowHome:
    """Return Home as it is now for whoever asks."""
    return ShowHome(views.home(home.home(ask.member, ask.now, desk)))


def talk(ask: Ask, desk: Desk) -> Answer:
    """“I'd rather talk”: have somebody write to a student."""
    return Say(talk_views.asked(talks.ask_to_talk(ask.member, ask.now, desk)))


def questions(ask: Ask, desk: Desk) -> Answer:
    """Show all questions that wait for somebody."""
    return Say(ta_views.questions(questions_of(ask.member, ask.now, desk), ask.now))


def show_cases(ask: Ask, desk: Desk) -> Answer:
    """Show all follow-ups of the sort that the button names."""
    return follow_ups.listed(replace(ask, text=ask.value), desk)


EVENTS: dict[str, Listener] = {"app_home_opened": opened}
PRESSES: dict[str, Listener] = {
    "home.talk": talk,
    "home.progress": graduation.progress,
    "home.messages": choices.messages,
    "home.requests": extensions.show_list,
    "home.questions": questions,
    "home.queue": grading.command,
    "home.follow_ups": show_cases,
    "home.duty": roster.duty,
    "home.digest": digest.command,
    "home.coverage": coverage.command,
    "home.unlinked": roster.unlinked,
}
