"""`/cohort pause`, `resume`, `withdraw`, `duty`, `excuse` and `unlinked`, and what changes in people's accounts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cohort.errors import Unclear
from cohort.roster import Status
from cohort.times import local_day, week_of
from handlers.answers import Answer, Ask, Say
from handlers.reading import read_person, read_until, unescaped
from handlers.views import roster as views
from services import accounts, duties, excuses
from services.desk import Account, Desk
from services.duties import EXTENSIONS, QUESTIONS
from services.roster import change_status

PAUSE = "/cohort pause @ada until friday"
EXCUSE = "/cohort excuse @ada hw3 was ill all week"


def pause(ask: Ask, desk: Desk) -> Answer:
    """`/cohort pause @student [until friday]`."""
    student, rest = read_person(ask.text, PAUSE)
    until = read_until(rest, PAUSE) if rest else None
    changed = change_status(ask.member, student, Status.PAUSED, ask.now, desk, until)
    return Say(views.status_changed(changed, ask.member.tz))


def resume(ask: Ask, desk: Desk) -> Answer:
    """`/cohort resume @student`."""
    return _change(ask, desk, Status.ACTIVE, "/cohort resume @ada")


def withdraw(ask: Ask, desk: Desk) -> Answer:
    """`/cohort withdraw @student`."""
    return _change(ask, desk, Status.WITHDRAWN, "/cohort withdraw @ada")


def _change(ask: Ask, desk: Desk, status: Status, example: str) -> Answer:
    student, rest = read_person(ask.text, example)
    if rest:
        raise Unclear("I read one person at a time, and nothing after them.", example)
    return Say(views.status_changed(change_status(ask.member, student, status, ask.now, desk), ask.member.tz))


def duty(ask: Ask, desk: Desk) -> Answer:
    """`/cohort duty` shows the rota, `/cohort duty [questions] @ta [2026-07-06]` gives a week to a TA."""
    this_week_on = week_of(local_day(ask.now, desk.policy.programme.tz))
    first, _, others = ask.text.strip().partition(" ")
    duty, text = (QUESTIONS, others) if first.casefold() == QUESTIONS else (EXTENSIONS, ask.text)
    if not text.strip():
        return Say(views.rota(duties.rota(ask.member, ask.now, desk), this_week_on))
    example = f"/cohort duty @tara {this_week_on}"
    person, rest = read_person(text, example)
    on = _read_day(rest, example)
    return Say(views.duty_set(duties.set_duty(ask.member, person, on, ask.now, desk, duty)))


def _read_day(text: str, example: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the programme, not an instant
    except ValueError:
        raise Unclear("I can't read that as a day.", example) from None


def excuse(ask: Ask, desk: Desk) -> Answer:
    """`/cohort excuse @student hw3 reason`."""
    student, rest = read_person(ask.text, EXCUSE)
    if not rest:
        raise Unclear("I don't see which assignment.", EXCUSE)
    return Say(views.excused(excuses.excuse(ask.member, student, unescaped(rest), ask.now, desk)))


def unlinked(ask: Ask, desk: Desk) -> Answer:
    """`/cohort unlinked` lists whom the bot can't reach."""
    return Say(views.unlinked(accounts.unlinked(ask.member, ask.now, desk)))


def joined(event: Mapping[str, Any], now: datetime, desk: Desk) -> None:
    """Link someone who has just joined the workspace, if the roster knows their address."""
    account = _account(event)
    if account is not None:
        accounts.link(account.slack_id, desk, now)


def changed(event: Mapping[str, Any], now: datetime, desk: Desk) -> None:
    """Follow someone's zone, and notice a changed address."""
    account = _account(event)
    if account is not None:
        accounts.follow_change(account, desk, now)


def _account(event: Mapping[str, Any]) -> Account | None:
    """Read the account an event is about; None where it is not one of a person, or not readable."""
    user = event.get("user")
    if not isinstance(user, Mapping) or not _text(user, "id"):
        return None
    profile = user.get("profile")
    email = _text(profile, "email") if isinstance(profile, Mapping) else ""
    is_person = not (user.get("is_bot") or user.get("deleted"))
    return Account(_text(user, "id"), email, _text(user, "real_name"), _text(user, "tz"), is_person)


def _text(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


HAPPENINGS = {"team_join": joined, "user_change": changed}
