"""One example of every view of handing in, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.assignments import Assignment, Kind
from cohort.hand_ins import LINK, SUMMARY, TEXT, File, HandIn, Version, Why
from cohort.policy import GradingPolicy, HandInPolicy
from cohort.roster import Member
from handlers.views import hand_ins as views
from handlers.views.blocks import Rendered, View
from services.chosen_work import ChosenState, ChosenWork
from services.hand_in_forms import Blank, Option
from services.hand_in_partners import Left, LeftNote, SharedNote
from services.hand_ins import NotTaken, Received

Picture = tuple[str, Rendered | View]


def hand_in_forms(work: Sequence[Assignment], student: Member, now: datetime) -> Iterator[Picture]:
    """Yield the forms, empty and as full as they get."""
    zone, due_at = student.tz, now - timedelta(hours=1)
    options = [Option(each, now, is_handed_in=number % 3 == 0) for number, each in enumerate(work)]
    yield "hand in: which", views.pick_form(options, zone)
    empty = Blank(work[0], None, is_late=False, policy=HandInPolicy())
    yield "hand in: empty", views.work_form(empty, zone)
    full = replace(
        empty,
        assignment=work[1],
        due_at=due_at,
        is_late=True,
        is_part=True,
        is_optional=True,
        before=_hand_in(work[1], student, due_at - timedelta(hours=2)),
        version=_version(now, {LINK: "https://example.org/" + "x" * 1980, TEXT: "<word> & " * 333}),
        partners=[student] * 3,
    )
    yield "hand in: once more", views.work_form(full, zone)
    paper = replace(full, assignment=replace(work[1], kind=Kind.PAPER_READING))
    summary = _version(now, {SUMMARY: "s" * 3000})
    yield "hand in: a paper reading", views.work_form(replace(paper, version=summary), zone)


def hand_in_answers(work: Sequence[Assignment], student: Member, ta: Member, now: datetime) -> Iterator[Picture]:
    """Yield what is said right after handing in, choosing and leaving."""
    zone, hand_in = student.tz, _hand_in(work[1], student, now)
    version = _version(now, {LINK: "https://example.org/a", TEXT: "words"})
    taken = Received(work[1], hand_in, version, [ta, student], hand_in, is_taken_back=True)
    part = replace(taken, hand_in=replace(hand_in, is_part=True, due_at=now + timedelta(hours=1)))
    for name, answer in (("received", taken), ("received, a part", part)):
        yield name, views.received(answer, GradingPolicy(), zone)
    for why in Why:
        yield f"not taken: {why}", views.not_taken(NotTaken(work[1], why, now, ta), zone)
    for state in ChosenState:
        yield f"optional work: {state}", views.chosen(ChosenWork(work[1], state, now), zone)
    for is_out in (True, False):
        yield f"had no part, {is_out}", views.left(Left(work[1], is_out))
    yield "nothing to hand in", views.nothing_open()


def hand_in_notes(work: Sequence[Assignment], student: Member, other: Member, now: datetime) -> Iterator[object]:
    """Yield the messages about what was handed in together."""
    version = _version(now, {LINK: "https://example.org/" + "&" * 1980, TEXT: "words"})
    hand_in = _hand_in(work[1], other, now)
    yield SharedNote(student, other, work[1], hand_in, replace(version, number=2), [other] * 20)
    yield LeftNote(student, other, work[1])


def _hand_in(assignment: Assignment, student: Member, at: datetime) -> HandIn:
    due_at = at - timedelta(minutes=1)
    return HandIn("hin_0", assignment.id, student.id, at, at, at + timedelta(days=4), due_at, tools="t" * 300, hours=3)


def _version(at: datetime, content: dict[str, str]) -> Version:
    return Version("hin_0", 1, at, content, File("F0", "a <file> & more.pdf"))
