"""One example of everything said to plain words, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.extensions import Granted, NeedsReview, Origin, Why
from cohort.graduation import Mark, Standing
from cohort.plain_intents import Intent
from cohort.plain_words import NotUnderstood, Understood
from cohort.roster import Member
from handlers.views import plain_words as views
from handlers.views.blocks import Rendered
from services.asking import Readers
from services.plain_words import SHOWN_MOST, Heard, People

LONG = "https://example.org/" + "a" * 600


def plain_words_answers(
    student: Member, ta: Member, work: Assignment, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[str, Rendered]]:
    """Yield every answer."""
    for intent in (Intent.MORE_TIME, Intent.HAND_IN, Intent.ASK):
        for until, link in (("", ""), ("2d", LONG), ("friday", "https://example.org/hw3")):
            for about in (None, work):
                heard = Heard(Understood(intent, about.slug if about else "", until, link), about)
                yield f"plain words, {intent}", _shown(intent, heard)
    yield from _with_times(work, now, zone)
    yield "plain words, a check-in", views.check_in("12 hours, " + "a bit <stuck> & more " * 90, now.date())
    yield from (("plain words, away", views.away(back_on)) for back_on in (None, now.date()))
    yield "plain words, a file", views.a_file()
    yield "plain words, a check-in without hours", views.check_in("check in", now.date())
    for answer in (
        *(views.leave(Heard(Understood(Intent.LEAVE, is_heavy=is_heavy), None)) for is_heavy in (False, True)),
        views.talk(),
        views.nothing(),
        views.welcome(),
        views.kept_to_yourself(),
    ):
        yield "plain words", answer
    works = [replace(work, slug=f"hw{n}", title="A <long> title & " * 12) for n in range(40)]
    marks = (Mark.MISSED, Mark.RETRY, Mark.DUE)
    dues = [
        Standing(each, marks[n % 3], is_open=True, due_at=now + timedelta(days=n - 5)) for n, each in enumerate(works)
    ]
    yield from (("what is due", views.due(some, now, zone)) for some in ([], dues[:1], dues))
    yield from (("what is due for everyone", views.due_for_everyone(some, zone)) for some in ([], works))
    tas = [replace(ta, id=f"mem_{n}") for n in range(30)]
    yield "whom to ask", views.whom_to_ask(People(work, ta, tas, tas[:2]), student)
    yield "whom to ask, nobody", views.whom_to_ask(People(None, None, [], []), ta)
    for member in (student, ta):
        yield "something else", views.something_else(member)
        yield "not understood", views.not_understood(member, [])
    for intent in Intent:
        yield "not understood, with a guess", views.not_understood(student, [intent])
    offered = [NotUnderstood(f"unc_{n}", "a <long> story & more " * 80) for n in range(SHOWN_MOST)]
    yield "not understood twice", views.not_understood(student, [Intent.LEAVE, Intent.TALK], offered)
    yield from (("shown to", views.shown_to(Readers(None, some))) for some in ([], tas))


def _with_times(work: Assignment, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, Rendered]]:
    for until, expected in (
        ("1d", Granted(now, Origin.POLICY)),
        ("friday", Granted(now, Origin.POLICY, is_clipped=True)),
        ("20d", NeedsReview(now, Why.LONG)),
    ):
        heard = Heard(Understood(Intent.MORE_TIME, work.slug, until), work)
        yield "plain words, more time", views.more_time(heard, expected, zone)
    for until in ("", "10d", "monday", "2026-07-09"):
        yield "plain words, less", views.quiet(Heard(Understood(Intent.QUIET, "", until), None), now.date())


def _shown(intent: Intent, heard: Heard) -> Rendered:
    match intent:
        case Intent.MORE_TIME:
            return views.more_time(heard)
        case Intent.HAND_IN:
            return views.hand_in(heard)
        case _:
            return views.ask(heard)
