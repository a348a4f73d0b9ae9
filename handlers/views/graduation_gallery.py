"""One example of every view of graduating, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.assignments import Assignment
from cohort.graduation import Ledger, Mark, NoDrop, Standing, forecast
from cohort.roster import Member
from handlers.views import graduation as views
from handlers.views.blocks import Rendered
from services.graduation import Progress, Step, Stepped

FEW, MANY = 5, 40


def graduation_answers(
    work: Sequence[Assignment], student: Member, organizer: Member, now: datetime
) -> Iterator[tuple[str, Rendered]]:
    """Yield how a student may stand, with few pieces of work and with many, and what follows each press."""

    def shown(standings: Sequence[Standing], allowed: int) -> Progress:
        ledger = Ledger(standings, allowed)
        can_drop = tuple(s for s in standings if s.mark in {Mark.DUE, Mark.MISSED})
        back = tuple(s for s in standings if s.mark is Mark.DROPPED)
        closes_at = now + timedelta(days=30)
        return Progress(student, ledger, forecast(ledger), organizer, closes_at, can_drop, back)

    every = [Standing(a, mark, is_open=True, due_at=now) for a, mark in zip(work, [*Mark] * MANY, strict=False)]
    lost = [replace(standing, mark=Mark.MISSED, is_open=False) for standing in every[:MANY]]
    few = shown(every[: len(Mark)], 2)
    yield "progress, few", views.progress(few)
    yield "progress, of somebody", views.progress(replace(few, is_own=False, can_drop=(), can_take_back=()))
    yield "progress, many", views.progress(shown(every[:MANY], FEW))
    yield "progress, very many", views.progress(shown(every, 2 * MANY))
    yield "progress, on course", views.progress(shown([replace(s, mark=Mark.DUE) for s in every[:FEW]], 2))
    yield "progress, done", views.progress(shown([replace(s, mark=Mark.PASSED) for s in every[:FEW]], 2))
    yield "progress, to take back", views.progress(shown([*lost[:1], every[5]], 1))
    yield "progress, out of reach", views.progress(shown(lost, 2))
    yield "progress, nothing", views.progress(shown([], 2))
    for why in (None, *NoDrop):
        yield f"left out, {why}", views.stepped(Stepped(work[1], Step.DROPPED, few, why))
    yield "taken back", views.stepped(Stepped(work[1], Step.TAKEN_BACK, few))
