"""One example of every view of graduating and of changing work for everyone, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.graduation import Ledger, Mark, NoDrop, Standing, forecast
from cohort.policy import WorkloadPolicy
from cohort.roster import Member
from cohort.workload import crowds
from handlers.views import assignment_changes as changes
from handlers.views import graduation as views
from handlers.views import tracks as track_views
from handlers.views.blocks import Rendered
from services.assignment_changes import Change, Deed
from services.graduation import Progress, Step, Stepped
from services.tracks import Switch, TrackNote, TrackPlan

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
    yield "progress, few", views.progress(few, ["2 of 5 pieces <not> handed in: hw3", "nothing for 12 days"] * 40)
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


def assignment_changes(work: Sequence[Assignment], now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, Rendered]]:
    """Yield what organizers read around moving and cancelling work for everyone."""
    full = crowds([(a, now) for a in work[:MANY]], WorkloadPolicy(), zone)
    move = Change(work[1], Deed.MOVED, MANY, 2, now, full)
    yield "move, preview", changes.move_preview(move, zone)
    yield "move, of one", changes.move_preview(replace(move, students=1, extensions=1, crowds=[]), zone)
    yield "cancel, preview", changes.cancel_preview(Change(work[1], Deed.CANCELLED, MANY, 0))
    yield "cancelled already", changes.cancel_preview(Change(work[1], Deed.CANCELLED, 0, 0, is_new=False))
    for deed in Deed:
        done = Change(work[1], deed, MANY, 2, now)
        for each in (done, replace(done, is_new=False), replace(done, is_stale=True)):
            yield f"{deed}: {each.is_new} {each.is_stale}", changes.changed(each, zone)


def tracks(work: Sequence[Assignment], student: Member, now: datetime) -> Iterator[tuple[str, Rendered]]:
    """Yield both plans, what follows the press, and what the student reads."""
    before = TrackPlan("", [(assignment, now) for assignment in work[:MANY]])
    after = TrackPlan("A track & more", [(assignment, None) for assignment in work])
    found = Switch(student, before, after)
    yield "track, preview", track_views.preview(found)
    yield "TrackNote", track_views.note(TrackNote(student, after), student.tz)
    for each in (found, replace(found, is_new=False), replace(found, is_stale=True)):
        yield f"track, {each.is_new} {each.is_stale}", track_views.switched(each)
    yield "track, the same", track_views.preview(replace(found, is_new=False))
