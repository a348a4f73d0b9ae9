"""What a student presses under a nudge; another date and a talk are presses of `/extension`."""

from cohort.week_plans import Progress
from handlers.answers import Answer, Ask, Listener, Say
from handlers.views import nudges as views
from handlers.views import reminders as reminder_views
from services import nudge_answers, week_plans
from services.desk import Desk


def take_offer(ask: Ask, desk: Desk) -> Answer:
    """Take one offer."""
    outcome = nudge_answers.take_offer(ask.value, ask.member, ask.now, desk)
    return Say(views.answers([outcome], ask.member.tz))


def take_all(ask: Ask, desk: Desk) -> Answer:
    """Take every offer of a message."""
    return Say(views.answers(nudge_answers.take_all(ask.value, ask.member, ask.now, desk), ask.member.tz))


def handed_in(ask: Ask, desk: Desk) -> Answer:
    """Say that the work is handed in."""
    return Say(views.handed_in(nudge_answers.say_handed_in(ask.value, ask.member, ask.now, desk)))


def _saying(progress: Progress) -> Listener:
    def say_so(ask: Ask, desk: Desk) -> Answer:
        """Say how far one is with a piece of work."""
        said = week_plans.say_progress(ask.value, progress, ask.member, ask.now, desk)
        return Say(reminder_views.progress_said(said))

    return say_so


PRESSES: dict[str, Listener] = {
    "nudges.take": take_offer,
    "nudges.take_all": take_all,
    "nudges.handed_in": handed_in,
    "nudges.started": _saying(Progress.STARTED),
    "nudges.stuck": _saying(Progress.STUCK),
    "nudges.not_yet": _saying(Progress.NOT_YET),
}
SUBMISSIONS: dict[str, Listener] = {}
