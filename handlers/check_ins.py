"""`/checkin`, the buttons and form of a check-in, what is written back, and `/cohort check-ins`."""

from typing import Final

from cohort.check_ins import Reply, Wish, read_reply
from cohort.errors import Unclear
from cohort.plain_words import is_hours_only
from handlers import bookings, distress, extensions
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.extensions import read_choice, read_text
from handlers.reading import as_written
from handlers.views import check_ins as views
from handlers.views.distress import help_now
from services import check_in_answers, pictures
from services.check_in_answers import Answered
from services.desk import Desk

EXAMPLE: Final = "/checkin 12 hours, stuck on backprop"


def command(ask: Ask, desk: Desk) -> Answer:
    """`/checkin` opens the form; with words it takes them in. Raises Unclear."""
    if ask.text.strip():
        reply = read_reply(as_written(ask.text))
        if reply is None and (found := distress.typed(ask, desk)) is not None:
            return found
        if reply is None:
            raise Unclear("I look for the hours of your week, like “12 hours”; the rest stays your words.", EXAMPLE)
        return _granted(check_in_answers.write_back(reply, ask.member, ask.now, desk), None, ask, desk)
    return OpenModal(views.form(check_in_answers.current(ask.member, ask.now, desk)))


def wrote(ask: Ask, desk: Desk) -> Answer | None:
    """Take in what a student wrote back in a direct message; None where it names no hours, or nothing was asked."""
    reply = None if ask.member.is_staff or not is_hours_only(ask.text) else read_reply(as_written(ask.text))
    if reply is None or not check_in_answers.is_asked(ask.member, desk):
        return None
    return _granted(check_in_answers.write_back(reply, ask.member, ask.now, desk), None, ask, desk)


def keep_shown(ask: Ask, desk: Desk) -> Answer:
    """Keep hours that were shown first, for the week that was meant then. Raises Unclear once that is over."""
    week_on, _, words = ask.text.partition(" ")
    reply = read_reply(words)
    if reply is None or week_on != check_in_answers.week_now(ask.member, ask.now, desk).isoformat():
        raise Unclear("Those hours were for a week that is over.", EXAMPLE)
    return _granted(check_in_answers.write_back(reply, ask.member, ask.now, desk), None, ask, desk)


def week(ask: Ask, desk: Desk) -> Answer:
    """`/cohort check-ins`: the weeks in sums, and a picture of them after it."""
    return Say(views.report(pictures.show_check_ins(ask.member, ask.now, desk)))


def mood(ask: Ask, desk: Desk) -> Answer:
    """Keep how it goes, as pressed in the message."""
    check_in_id, _, number = ask.value.partition("|")
    reply = Reply(mood=int(number) if number.isdecimal() and len(number) == 1 else 0)
    return Say(views.kept(check_in_answers.answer(check_in_id, reply, ask.member, ask.now, desk)))


def obstacle(ask: Ask, desk: Desk) -> Answer:
    """Keep what is in the way, as chosen in the message; the choice holds the check-in and its place in the policy."""
    check_in_id, _, place = ask.value.partition("|")
    reply = Reply(obstacle=_obstacle(place, desk))
    return Say(views.kept(check_in_answers.answer(check_in_id, reply, ask.member, ask.now, desk)))


def open_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form, with what was pressed before filled in."""
    return OpenModal(views.form(check_in_answers.form_of(ask.value, ask.member, ask.now, desk)))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Take the form in; what the student wants from us happens."""
    typed = read_text(ask.state, views.HOURS)
    read = read_reply(f"{typed} hours") if typed else Reply()
    if read is None or read.note:
        return FieldErrors({views.HOURS: "Write a number of hours, like 12 or 7.5."})
    number, wanted = read_choice(ask.state, views.MOOD), read_choice(ask.state, views.WISH)
    reply = Reply(
        read.hours,
        int(number) if number.isdecimal() and len(number) == 1 else None,
        _obstacle(read_choice(ask.state, views.OBSTACLE), desk),
        Wish(wanted) if wanted in set(Wish) else None,
        read_text(ask.state, views.NOTE),
    )
    done = check_in_answers.answer(ask.metadata, reply, ask.member, ask.now, desk)
    return _granted(done, reply.wish, ask, desk)


def _wishing(wish: Wish) -> Listener:
    def want(ask: Ask, desk: Desk) -> Answer:
        """Keep what a student wants, and let it happen."""
        done = check_in_answers.answer(ask.value, Reply(wish=wish), ask.member, ask.now, desk)
        return _granted(done, wish, ask, desk)

    return want


def _granted(done: Answered, wish: Wish | None, ask: Ask, desk: Desk) -> Answer:
    if done.help is not None:
        return Say(help_now(done.help))
    match wish:
        case Wish.EXTENSION:
            return extensions.form(ask, desk, check_in_answers.due_next(ask.member, ask.now, desk))
        case Wish.OFFICE_HOURS:
            return bookings.book(ask, desk)
        case _:
            return Say(views.noted(done))


def _obstacle(place: str, desk: Desk) -> str:
    known = desk.policy.checkins.obstacles
    return known[int(place)] if place.isdecimal() and len(place) < 3 and int(place) < len(known) else ""


def skip(ask: Ask, desk: Desk) -> Answer:
    """Leave this week out."""
    return Say(views.skipped(check_in_answers.skip(ask.value, ask.member, ask.now, desk)))


def snooze(ask: Ask, desk: Desk) -> Answer:
    """Bring it up tomorrow."""
    return Say(views.snoozed(check_in_answers.snooze(ask.value, ask.member, ask.now, desk)))


def pause(ask: Ask, desk: Desk) -> Answer:
    """Ask nothing for four weeks."""
    return Say(views.paused(check_in_answers.pause(ask.value, ask.member, ask.now, desk), ask.member.tz))


PRESSES: dict[str, Listener] = {
    "check_ins.mood": mood,
    "check_ins.obstacle": obstacle,
    "check_ins.form": open_form,
    "check_ins.skip": skip,
    "check_ins.snooze": snooze,
    "check_ins.pause": pause,
    **{f"check_ins.{wish}": _wishing(wish) for wish in Wish},
}
SUBMISSIONS: dict[str, Listener] = {"check_ins.answer": submit}
