"""Noting what followed each nudge, and counting it by kind."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cohort.extensions import Origin
from cohort.nudge_limits import NudgeKind, PastNudge
from cohort.nudge_outcomes import WITHIN, Followed, NudgeOutcome, outcome_of
from services.desk import Desk
from services.nudge_sweeps import in_batches
from storage.records import Records

# Of fewer students nothing is reported.
LEAST_SENT = 5


@dataclass(frozen=True, slots=True)
class KindReport:
    """What followed the nudges of one kind. `open` are those sent less than three days ago.

    `outcomes` is None where fewer than five were sent.
    """

    kind: NudgeKind
    sent: int
    open: int
    outcomes: Mapping[NudgeOutcome, int] | None


def note_outcomes(desk: Desk, now: datetime) -> int:
    """Note what followed the nudges that were sent three days ago or longer; return of how many."""
    with desk.store.reading() as records:
        found = records.nudges.without_outcome(now - WITHIN)
    return in_batches(found, partial(_note, now=now), desk)


def _note(records: Records, found: tuple[str, PastNudge], now: datetime) -> bool:
    student_id, nudge = found
    about = set(records.nudges.about(nudge.id))
    submissions = records.submissions.of_student(student_id)
    taken = [e for e in records.extensions.of(student_id) if e.origin is Origin.OFFER]
    booked = [b for b in records.bookings.of_student(student_id) if b.student_id == student_id]
    followed = Followed(
        nudge.at,
        [s.submitted_at for s in submissions if s.assignment_id in about and s.submitted_at <= now],
        [e.granted_at for e in taken if e.assignment_id in about],
        nudge.reacted_at,
        [b.booked_at for b in booked if b.assignment_id is None or b.assignment_id in about],
    )
    return records.nudges.note_outcome(nudge.id, outcome_of(followed))


def report(desk: Desk) -> list[KindReport]:
    """Return what followed, by kind."""
    with desk.store.reading() as records:
        counts = Counter(records.nudges.outcomes())
    return [_of_kind(kind, counts) for kind in NudgeKind]


def _of_kind(kind: NudgeKind, counts: Mapping[tuple[str, str], int]) -> KindReport:
    known = {outcome: counts.get((kind.value, outcome.value), 0) for outcome in NudgeOutcome}
    waiting = counts.get((kind.value, ""), 0)
    sent = sum(known.values()) + waiting
    return KindReport(kind, sent, waiting, known if sent >= LEAST_SENT else None)
