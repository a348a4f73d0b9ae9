"""One example of every view of handing over, of graders and of dropped files, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.assignments import Assignment
from cohort.handovers import Handover
from cohort.roster import Member
from handlers.views import graders as grader_views
from handlers.views import handovers as views
from handlers.views.blocks import Rendered, View
from handlers.views.dropped_files import dropped_pictures
from services.graders import Conflict, Graders
from services.handover_messages import HandedToYou, HandoverReport, HandoverUndone, Share
from services.handovers import Back, Done, TakenBack

Picture = tuple[str, Rendered | View]


def handover_answers(
    work: Sequence[Assignment], student: Member, ta: Member, organizer: Member, now: datetime
) -> Iterator[Picture]:
    """Yield the form and what is answered to whoever hands over, takes back, or says who grades."""
    made = Handover("hov_0", ta.id, now, organizer.id, now + timedelta(days=5))
    yield "away", views.form()
    for reader, things, people in ((ta, 41, 8), (organizer, 1, 1), (organizer, 3, 0), (ta, 0, 0)):
        yield f"handed over, {things} {people}", views.left(Done(made, ta, things, people), reader)
    for handover in (None, made):
        yield f"back, {handover is None}", views.back(Back(ta, was_away=True, handover=handover))
    yield from dropped_pictures()
    yield "not away", views.back(Back(ta, was_away=False, handover=None))
    for is_new in (True, False):
        yield f"taken back, {is_new}", views.undone(TakenBack(ta, 1, 2, is_new=is_new))
    yield "who grades what", grader_views.every([Graders(one, [ta, organizer]) for one in work])
    yield "who grades, nothing", grader_views.every([])
    yield "graders", grader_views.graders(Graders(work[0], [ta], is_new=True))
    yield "no graders", grader_views.graders(Graders(work[0], []))
    for holds, is_new, moved in (
        (True, True, 2),
        (True, True, 1),
        (True, False, 0),
        (False, True, 0),
        (False, False, 0),
    ):
        told = grader_views.conflict(Conflict(ta, student, holds, is_new, moved))
        yield f"conflict, {holds} {is_new} {moved}", told


def handover_notes(work: Sequence[Assignment], ta: Member, organizer: Member, now: datetime) -> Iterator[object]:
    """Yield what everyone concerned reads."""
    made = Handover("hov_0", ta.id, now, organizer.id, now + timedelta(days=5))
    shares = [Share("grading", one.slug, number + 1) for number, one in enumerate(work)]
    few = [
        Share("office_hours", now.date().isoformat(), 2),
        Share("facilitation", now.date().isoformat(), 2),
        Share("follow_ups", now.date().isoformat(), 2),
        Share("follow_ups", now.date().isoformat(), 1),
        Share("duty", now.date().isoformat(), 1),
        Share("question_duty", now.date().isoformat(), 1),
        Share("regrades", "hw1", 1),
        Share("regrades", "hw2", 2),
    ]
    yield HandedToYou(ta, made, few, is_gone=False)
    yield HandedToYou(ta, replace(made, until_at=None), shares, is_gone=True)
    every = [(organizer, few), (ta, shares), (None, [*shares, few[0]]), (None, few[:2])]
    for by, is_gone, undone_at in ((organizer, False, None), (ta, False, None), (None, True, None), (ta, False, now)):
        yield HandoverReport(ta, by, replace(made, undone_at=undone_at), every, is_gone)
    yield HandoverReport(ta, organizer, made, [], is_gone=False)
    yield from (HandoverUndone(ta, reader.id, 3) for reader in (ta, organizer))
