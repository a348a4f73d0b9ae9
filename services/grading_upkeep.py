"""Keeping the queue moving: claims that ran out go back, and who is late with grading hears of it once a day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.grading import Place, near, overdue, remind_claim_from
from cohort.hand_ins import HandIn
from cohort.regrades import is_old
from cohort.roster import Member
from cohort.times import local_day
from services import access, outbox
from services.desk import Desk
from services.grading import students_of
from services.letters import Composed, Obsolete, Said
from storage.records import Records


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One thing that someone claimed, and when the claim ends or ended."""

    hand_in_id: str
    assignment: Assignment
    students: Sequence[Member]
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimsEnd:
    """For a TA: what they hold, and until when; the first ends soon."""

    grader: Member
    lines: Sequence[ClaimLine]


@dataclass(frozen=True, slots=True)
class ClaimsOver:
    """For a TA: what went back to the queue since their claims ran out."""

    grader: Member
    lines: Sequence[ClaimLine]


@dataclass(frozen=True, slots=True)
class DueLine:
    """How much of one assignment is to be graded by one person, from when on and how much of it is overdue."""

    grader: Member | None
    assignment: Assignment
    count: int
    overdue: int
    first_by_at: datetime


@dataclass(frozen=True, slots=True)
class GradingDue:
    """For a TA: what they are to grade within a day, or should have graded, and how many questions wait for them."""

    grader: Member
    lines: Sequence[DueLine]
    questions: int


@dataclass(frozen=True, slots=True)
class GradingOverdue:
    """For organizers: what should have been graded by now, and with whom it lies."""

    lines: Sequence[DueLine]


def expire_claims(desk: Desk, now: datetime) -> int:
    """Put back what was claimed longer ago than a claim holds, and tell who held it; return how many."""
    with desk.store.reading() as records:
        over = records.hand_ins.expired(now)
    by_grader: defaultdict[str, list[HandIn]] = defaultdict(list)
    for hand_in in over:
        by_grader[hand_in.claimed_by or ""].append(hand_in)
    return sum(_expire(grader_id, held, desk, now) for grader_id, held in by_grader.items())


def _expire(grader_id: str, held: Sequence[HandIn], desk: Desk, now: datetime) -> int:
    with desk.store.transaction() as records:
        still = {hand_in.id for hand_in in records.hand_ins.expired(now)}
        gone = [h for h in held if h.id in still and records.hand_ins.release(h.id, grader_id)]
        for hand_in in gone:
            records.audit.add(None, "grading.claim_expired", hand_in.id, now)
        if gone:
            ends = {h.id: h.claim_expires_at.isoformat() for h in gone if h.claim_expires_at}
            data = {"grader": grader_id, "ended": ends}
            key = f"claims_over:{grader_id}:{now.isoformat()}"
            outbox.post(records, "grading.claims_over", f"member:{grader_id}", data, key, now)
        return len(gone)


def remind_claims(desk: Desk, now: datetime) -> int:
    """Remind everyone with a claim that ends soon, once a day of theirs; return how many were reminded."""
    with desk.store.reading() as records:
        queued = {place.id for place in records.grading.places()}
        held = [h for h in records.hand_ins.waiting() if h.claimed_by is not None and h.id in queued]
        graders = {m.id: m for h in held if (m := records.roster.get(h.claimed_by or "")) is not None}
    ending = {h.claimed_by for h in held if h.claimed_by and _ends_soon(h, graders[h.claimed_by], desk, now)}
    return sum(_remind_claims(graders[grader_id], desk, now) for grader_id in sorted(ending))


def _ends_soon(hand_in: HandIn, grader: Member, desk: Desk, now: datetime) -> bool:
    """Say whether a claim ends soon; one that was made when its reminder was due already is fresh in mind."""
    claimed_at, ends_at = hand_in.claimed_at, hand_in.claim_expires_at
    if claimed_at is None or ends_at is None:
        return False
    remind_at = remind_claim_from(ends_at, desk.policy.grading, desk.policy.nudges, grader.tz)
    return claimed_at < remind_at <= now < ends_at


def _remind_claims(grader: Member, desk: Desk, now: datetime) -> bool:
    key = f"claims_end:{grader.id}:{local_day(now, grader.tz)}"
    with desk.store.transaction() as records:
        return outbox.post(records, "grading.claims_end", outbox.to(grader), {"grader": grader.id}, key, now)


def remind_graders(desk: Desk, now: datetime) -> int:
    """Tell graders what is to be graded within a day and who asked, and organizers what is overdue.

    Returns how many messages that makes: one a day each, and none where there is nothing. Who is away is not reminded.
    """
    day = local_day(now, desk.policy.programme.tz)
    with desk.store.reading() as records:
        places = records.grading.places()
        away = records.graders.away(now)
        asked = {regrade.with_id for regrade in records.regrades.waiting() if is_old(regrade, now)}
        holders = {_holder(place) for place in near(places, now)} | asked
        graders = [access.known(records, grader_id) for grader_id in sorted(filter(None, holders - away))]
    with desk.store.transaction() as records:
        told = [
            outbox.post(
                records, "grading.due", outbox.to(grader), {"grader": grader.id}, f"grading_due:{grader.id}:{day}", now
            )
            for grader in graders
            if grader.is_active(now)
        ]
        late = overdue(places, now)
        reports = outbox.tell_organizers(records, "grading.overdue", {}, f"grading_overdue:{day}", now) if late else 0
    return sum(told) + reports


def _holder(place: Place) -> str | None:
    return place.claimed_by or place.owner_id


def compose_claims_end(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a TA holds and until when; nothing where none of it ends soon any more."""
    grader, queued = access.known(records, data["grader"]), {place.id for place in records.grading.places()}
    held = [h for h in records.hand_ins.held_by(grader.id) if h.id in queued]
    if not any(_ends_soon(h, grader, desk, now) for h in held):
        return Obsolete("no claim ends soon any more")
    lines = [_line(records, h, ends_at) for h in held if (ends_at := h.claim_expires_at) and ends_at > now]
    return Said(ClaimsEnd(grader, sorted(lines, key=lambda line: line.ends_at)))


def compose_claims_over(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what went back to the queue, but for what is graded since or theirs again; nothing where that is all."""
    del desk, now
    grader = access.known(records, data["grader"])
    found = [(records.hand_ins.get(hand_in_id), ended) for hand_in_id, ended in data["ended"].items()]
    over = [(h, ended) for h, ended in found if h and not h.state.is_graded and h.claimed_by != grader.id]
    lines = [_line(records, hand_in, datetime.fromisoformat(ended)) for hand_in, ended in over]
    return Said(ClaimsOver(grader, lines)) if lines else Obsolete("graded or claimed again")


def _line(records: Records, hand_in: HandIn, ends_at: datetime) -> ClaimLine:
    assignment = access.assignment(records, hand_in.assignment_id)
    return ClaimLine(hand_in.id, assignment, students_of(records, hand_in), ends_at)


def compose_due(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a grader is to grade within a day; nothing where that is done."""
    del desk
    grader = access.known(records, data["grader"])
    theirs = [place for place in near(records.grading.places(), now) if _holder(place) == grader.id]
    questions = sum(regrade.with_id == grader.id and is_old(regrade, now) for regrade in records.regrades.waiting())
    if not (theirs or questions) or not grader.is_active(now) or grader.id in records.graders.away(now):
        return Obsolete("nothing is due")
    return Said(GradingDue(grader, _due_lines(records, theirs, now), questions))


def compose_overdue(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what should have been graded by now; nothing where that is done."""
    del data, desk
    late = overdue(records.grading.places(), now)
    return Said(GradingOverdue(_due_lines(records, late, now))) if late else Obsolete("nothing is overdue")


def _due_lines(records: Records, places: Sequence[Place], now: datetime) -> list[DueLine]:
    """Return a line for each person and assignment, the most urgent first."""
    groups: defaultdict[tuple[str | None, str], list[Place]] = defaultdict(list)
    for place in places:
        groups[_holder(place), place.assignment_id].append(place)
    lines = [
        DueLine(
            grader=access.known(records, grader_id) if grader_id else None,
            assignment=access.assignment(records, assignment_id),
            count=len(group),
            overdue=len(overdue(group, now)),
            first_by_at=group[0].grade_by_at,
        )
        for (grader_id, assignment_id), group in groups.items()
    ]
    return sorted(lines, key=lambda line: line.first_by_at)


COMPOSERS = {
    "grading.claims_end": compose_claims_end,
    "grading.claims_over": compose_claims_over,
    "grading.due": compose_due,
    "grading.overdue": compose_overdue,
}
