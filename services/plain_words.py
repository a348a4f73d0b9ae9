"""Plain words in a direct message: what is meant, whom to ask, and what to do with what is not understood."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cohort.assignments import Assignment
from cohort.errors import Unclear
from cohort.graduation import Standing, still_to_do
from cohort.handovers import back_at
from cohort.plain_intents import Intent
from cohort.plain_words import NotUnderstood, Understood, likeliest, understand
from cohort.roster import Member, Role
from cohort.times import local_day
from cohort.wishes import Wish
from services import access, asking
from services.asking import Readers
from services.desk import Desk
from services.duties import QUESTIONS, duty_ta
from services.graduation import ledger
from storage.ids import new_id
from storage.records import Records

SHOW = "plain_words.show"
# Two messages within this time that are not understood bring the offer of a person.
TOGETHER = timedelta(hours=1)
KEPT = timedelta(days=1)
WORDS_MOST = 2000
# So many of them are offered to be shown; they fit into one question.
SHOWN_MOST = 4
# Names that are words of what people ask for, too.
ALSO_WORDS = frozenset("april august bill chance dean frank grace grant hope june mark may penny will".split())  # noqa: SIM905 - a list of names


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood of a message, with the assignment it names, if any, and the TA it would like to meet."""

    understood: Understood
    assignment: Assignment | None
    ta: Member | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """What a message may mean that is not clear, the likeliest first."""

    likely: Sequence[Intent]


@dataclass(frozen=True, slots=True)
class People:
    """Whom to ask: who answers questions now, who grades the assignment that was named, and the organizers."""

    assignment: Assignment | None
    on_duty: Member | None
    graders: Sequence[Member]
    organizers: Sequence[Member]


def hear(text: str, actor: Member, now: datetime, desk: Desk) -> Heard | Unsure:
    """Return what somebody means, or may mean. What was not understood before is forgotten once something is."""
    with desk.store.reading() as records:
        works = {one.slug: one for one in records.assignments.all() if not one.cancelled}
        tas = [one for one in records.roster.with_role(Role.TA) if one.is_active(now)]
    titles = {slug: one.title for slug, one in works.items()}
    named = _named(text, tas)
    spoken = text if named is None else _as_ta(text, named)
    understood = understand(spoken, actor.role, titles, local_day(now, actor.tz))
    if understood is None:
        return Unsure(likeliest(spoken, actor.role, titles))
    forget(actor, desk)
    return Heard(understood, works.get(understood.assignment), named)


def _named(text: str, tas: Sequence[Member]) -> Member | None:
    """Return the TA who is called by name in a message; nobody where that fits two."""
    found = [one for one in tas if re.search(_name_of(one), text)]
    return found[0] if len(found) == 1 else None


def _name_of(ta: Member) -> str:
    """Return the pattern of a TA's name; one that is a word too counts only where it begins with a capital."""
    first = ta.called.split()[0]
    name = re.escape(first) if first.casefold() in ALSO_WORDS else f"(?i:{re.escape(first)})"
    return rf"<@{re.escape(ta.slack_id or '-')}>|\b{name}\b"


def _as_ta(text: str, ta: Member) -> str:
    """Return a message that speaks of a TA instead of somebody's name: “meet tara” is to meet a TA."""
    return re.sub(_name_of(ta), "a TA", text)


def not_understood(text: str, actor: Member, now: datetime, desk: Desk) -> Sequence[NotUnderstood]:
    """Keep what was not understood for a day; from the second such message of a student in a row on, return them."""
    if actor.role is not Role.STUDENT or not actor.is_active(now) or not text.strip():
        return ()
    with desk.store.transaction() as records:
        records.unclear_words.add(new_id("unc"), actor.id, text.strip()[:WORDS_MOST], now)
        latest = records.unclear_words.since(actor.id, now - TOGETHER)[-SHOWN_MOST:]
        return latest if len(latest) > 1 else ()


def show_to_ta(ids: Sequence[str], actor: Member, now: datetime, desk: Desk) -> Readers:
    """Send messages that were not understood to whoever answers questions, as one question of the student.

    Only what was offered is sent, and each message once. Raises NotAllowed for staff, NotActive, and Unclear where
    nothing of it is kept any more.
    """
    access.require_student(actor, SHOW, now)
    with desk.transaction(now) as records:
        offered = [one for one in records.unclear_words.since(actor.id, now - KEPT) if one.id in ids]
        if not offered:
            raise Unclear("I don't have these messages any more: they were sent, or a day has passed.", "/cohort ask")
        records.unclear_words.take(actor.id, [one.id for one in offered])
        return asking.put("", "\n".join(one.words for one in offered), actor, now, records, desk)


def erase_old(desk: Desk, now: datetime) -> int:
    """Erase what was not understood and is older than a day; return how many messages that were."""
    with desk.store.transaction() as records:
        return records.unclear_words.erase(now - KEPT)


def day_back(wish: Wish, actor: Member, now: datetime) -> date:
    """Return the first day somebody is back who says now until when they are away, in their own zone."""
    return local_day(back_at(wish, now, actor.tz), actor.tz)


def forget(actor: Member, desk: Desk) -> None:
    """Erase what was kept of somebody's messages."""
    with desk.store.reading() as records:
        is_kept = records.unclear_words.has(actor.id)
    if is_kept:
        with desk.store.transaction() as records:
            records.unclear_words.forget(actor.id)


def dues(actor: Member, now: datetime, desk: Desk) -> list[Standing]:
    """Return what a student can still hand in, missed or to come, by their own due times, the earliest first."""
    access.require_student(actor, "plain_words.due", now)
    with desk.store.reading() as records:
        return still_to_do(ledger(records, actor, desk, now), now)


def dues_of_everyone(actor: Member, now: datetime, desk: Desk) -> list[Assignment]:
    """Return what is to come due for everyone, soonest first. Raises NotAllowed for students."""
    access.require_staff(actor, "plain_words.due", now)
    with desk.store.reading() as records:
        ahead = [(one.due_at, one) for one in records.assignments.all() if one.due_at and one.is_open(now)]
    return [one for due_at, one in sorted(ahead, key=lambda each: each[0]) if due_at > now]


def people(assignment: str, actor: Member, now: datetime, desk: Desk) -> People:
    """Return whom to ask about an assignment, named by slug, or in general where it is empty. Raises NotFound."""
    with desk.store.reading() as records:
        about = access.assignment(records, assignment) if assignment else None
        named = records.graders.of(about.id) if about is not None else ()
        graders = [access.known(records, one) for one in named]
        return People(
            about,
            duty_ta(records, now, desk.policy.programme.tz, QUESTIONS),
            [one for one in graders if _is_free_for(records, one, actor, now)],
            [one for one in records.roster.with_role(Role.ORGANIZER) if one.is_active(now)],
        )


def _is_free_for(records: Records, grader: Member, actor: Member, now: datetime) -> bool:
    return grader.is_active(now) and actor.id not in records.graders.in_conflict(grader.id)
