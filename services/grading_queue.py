"""The queue of what waits to be graded: a page of it, claiming, giving back, and looking at one thing."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cohort.assignments import Assignment
from cohort.grading import Grade, Place, Standing, offered, oldest
from cohort.hand_ins import HandIn, HandInState, Version
from cohort.roster import Member, Role
from cohort.submissions import Submission
from services import access
from services.desk import Desk
from services.file_copies import may_have, send_copy
from storage.records import Records

PAGE = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a queue: what was handed in, by whom, which time, and what it is to the one who looks."""

    hand_in: HandIn
    assignment: Assignment
    students: Sequence[Member]
    attempt: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of a grader's queue, counted from 0; the counts are of all pages.

    `about` is the assignment it is narrowed to, and `by_assignment` counts everything the grader is offered.
    """

    entries: Sequence[Entry]
    counts: Mapping[Standing, int]
    by_assignment: Sequence[tuple[Assignment, int]]
    about: Assignment | None
    page: int
    pages: int
    oldest_at: datetime | None

    @property
    def total(self) -> int:
        """How many there are on all pages."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class GradeGiven:
    """A grade with who gave it and for which attempt."""

    attempt: int
    grade: Grade
    grader: Member


@dataclass(frozen=True, slots=True)
class Opened:
    """All that a grader sees of one thing handed in: every version, and the feedback on it and on earlier attempts.

    `has_copy` where there is a file of which they may have a copy.
    """

    entry: Entry
    versions: Sequence[Version]
    earlier: Sequence[GradeGiven]
    claimed_by: Member | None
    has_copy: bool = False

    @property
    def latest(self) -> Version:
        """The version that is to be graded."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a grader holds now. `is_next` where what they wanted was gone and this is what came after it."""

    opened: Opened
    is_next: bool = False


def queue(actor: Member, now: datetime, desk: Desk, about: str | None = None, page: int = 0) -> Queue:
    """Return a page of what a grader holds, is to grade and may take, of one assignment or of all.

    Raises NotAllowed for students and NotFound for an unknown assignment. A page past the end is the last one.
    """
    access.require_staff(actor, "grading.queue", now)
    with desk.store.reading() as records:
        assignment = access.assignment(records, about) if about else None
        return page_of(records, actor, now, assignment, page)


def page_of(
    records: Records, actor: Member, now: datetime, about: Assignment | None = None, page: int = 0, size: int = PAGE
) -> Queue:
    """Return the same within what is being read, without asking who may; `size` is how many are on a page."""
    seen = _offered(records, actor, now)
    shown = [pair for pair in seen if about is None or pair[1].assignment_id == about.id]
    pages = max(1, -(-len(shown) // size))
    page = min(max(page, 0), pages - 1)
    assignments = {a.id: a for a in records.assignments.all()}
    waits = Counter(place.assignment_id for _, place in seen)
    first = oldest([place for _, place in shown])
    return Queue(
        entries=_entries(records, shown[page * size : (page + 1) * size], assignments),
        counts=Counter(standing for standing, _ in shown),
        by_assignment=[(a, waits[a.id]) for a in assignments.values() if waits[a.id]],
        about=about,
        page=page,
        pages=pages,
        oldest_at=first.ready_at if first else None,
    )


def _offered(records: Records, actor: Member, now: datetime) -> list[tuple[Standing, Place]]:
    places = records.grading.places()
    present = here(records, {p.owner_id for p in places if p.owner_id}, now)
    return offered(places, actor, present, records.grading.in_conflict(actor.id))


def here(records: Records, member_ids: Collection[str], now: datetime) -> set[str]:
    """Return those of some staff who take part and are not away."""
    away = records.graders.away(now)
    found = (records.roster.get(member_id) for member_id in member_ids)
    return {m.id for m in found if m is not None and m.is_staff and m.is_active(now) and m.id not in away}


def _entries(
    records: Records, pairs: Sequence[tuple[Standing, Place]], assignments: Mapping[str, Assignment]
) -> list[Entry]:
    who = records.grading.who([place.id for _, place in pairs])
    found = []
    for standing, place in pairs:
        hand_in = records.hand_ins.get(place.id)
        if hand_in is not None:
            found.append(_entry(records, hand_in, assignments[place.assignment_id], who[place.id], standing))
    return found


def _entry(
    records: Records, hand_in: HandIn, assignment: Assignment, who: Sequence[tuple[str, int]], standing: Standing
) -> Entry:
    students = [access.known(records, student_id) for student_id, _ in who]
    return Entry(hand_in, assignment, students, max((attempt for _, attempt in who), default=1), standing)


def claim_next(actor: Member, now: datetime, desk: Desk, about: str | None = None) -> Claimed | None:
    """Claim what is to be graded first, of one assignment or of all: theirs before what is free.

    Returns None where nothing waits for them. Raises NotAllowed for students.
    """
    access.require_staff(actor, "grading.claim", now)
    with desk.transaction(now) as records:
        assignment_id = access.assignment(records, about).id if about else None
        taken = _take_next(records, actor, assignment_id, now, desk)
        return Claimed(_handed_over(records, taken, actor, now)) if taken else None


def _take_next(records: Records, actor: Member, assignment_id: str | None, now: datetime, desk: Desk) -> HandIn | None:
    """Claim what is to be graded first, inside a transaction, and return it."""
    found = records.grading.next_of(actor.id, assignment_id)
    if found is None:
        owners = records.grading.owners()
        gone = sorted(set(owners) - here(records, owners, now))
        found = records.grading.next_free(actor.id, assignment_id, gone)
    return take(records, found, actor, now, desk) if found is not None else None


def claim(hand_in_id: str, actor: Member, now: datetime, desk: Desk) -> Claimed | None:
    """Claim one thing, or what comes after it where somebody was first; None where nothing else waits.

    Raises NotAllowed for students and where there is a conflict of interest, and NotFound.
    """
    with desk.transaction(now) as records:
        hand_in = access.hand_in_to_grade(records, hand_in_id, actor, now)
        if hand_in.claimed_by == actor.id:
            return Claimed(opened_of(records, hand_in, actor))
        wanted = take(records, hand_in.id, actor, now, desk)
        taken = wanted or _take_next(records, actor, hand_in.assignment_id, now, desk)
        return Claimed(_handed_over(records, taken, actor, now), is_next=wanted is None) if taken else None


def _handed_over(records: Records, taken: HandIn, actor: Member, now: datetime) -> Opened:
    """Return what was just claimed, and send the grader its file."""
    found = opened_of(records, taken, actor)
    send_copy(records, found.latest, actor, now)
    return found


def take(records: Records, hand_in_id: str, actor: Member, now: datetime, desk: Desk) -> HandIn | None:
    """Claim something that waits, inside a transaction, and return it; None where somebody was first."""
    expires_at = now + timedelta(hours=desk.policy.grading.claim_expires_hours)
    taken = records.hand_ins.claim(hand_in_id, actor.id, now, expires_at)
    if taken is not None:
        records.audit.add(actor.id, "grading.claimed", hand_in_id, now)
    return taken


def release(hand_in_id: str, actor: Member, now: datetime, desk: Desk) -> bool:
    """Give back what one has claimed; say whether one held it. Raises NotAllowed and NotFound."""
    with desk.transaction(now) as records:
        hand_in = access.hand_in_to_grade(records, hand_in_id, actor, now)
        if not records.hand_ins.release(hand_in.id, actor.id):
            return False
        records.audit.add(actor.id, "grading.released", hand_in.id, now)
        return True


def opened(hand_in_id: str, actor: Member, now: datetime, desk: Desk) -> Opened:
    """Return all that a grader sees of one thing. Raises NotAllowed and NotFound."""
    with desk.store.reading() as records:
        return opened_of(records, access.hand_in_to_grade(records, hand_in_id, actor, now), actor)


def opened_of(records: Records, hand_in: HandIn, viewer: Member) -> Opened:
    """Read all that a grader sees of one thing."""
    assignment = access.assignment(records, hand_in.assignment_id)
    attempts = records.submissions.of_those_behind(hand_in.id)
    who = [(each.student_id, each.attempt) for each in attempts if each.hand_in_id == hand_in.id]
    versions = records.hand_ins.versions(hand_in.id)
    return Opened(
        entry=_entry(records, _as_seen(hand_in, viewer), assignment, who, _standing(hand_in, viewer)),
        versions=versions,
        earlier=_earlier(records, hand_in, attempts),
        claimed_by=_claimed_by(records, hand_in, viewer),
        has_copy=versions[-1].file is not None and may_have(records, hand_in, viewer),
    )


def _claimed_by(records: Records, hand_in: HandIn, viewer: Member) -> Member | None:
    if hand_in.claimed_by == viewer.id:
        return viewer
    return access.known(records, hand_in.claimed_by) if hand_in.claimed_by else None


def _as_seen(hand_in: HandIn, viewer: Member) -> HandIn:
    """Return something as its viewer may know it: what organizers look into looks to everyone else as if it waited."""
    if hand_in.state is HandInState.IN_REVIEW and viewer.role is not Role.ORGANIZER:
        return replace(hand_in, state=HandInState.WAITING)
    return hand_in


def _standing(hand_in: HandIn, viewer: Member) -> Standing:
    if hand_in.claimed_by is not None:
        return Standing.CLAIMED if hand_in.claimed_by == viewer.id else Standing.OTHERS
    return Standing.MINE if hand_in.owner_id == viewer.id else Standing.FREE


def _earlier(records: Records, hand_in: HandIn, submissions: Sequence[Submission]) -> list[GradeGiven]:
    """Return the grades of this and of earlier attempts by any of the same students, the latest first."""
    attempts = {
        each.hand_in_id: each.attempt
        for each in submissions
        if each.hand_in_id and each.submitted_at <= hand_in.submitted_at
    }
    given = [(attempt, grade) for found, attempt in attempts.items() for grade in records.grading.of(found)]
    latest_first = sorted(given, key=lambda pair: pair[1].graded_at, reverse=True)
    return [GradeGiven(attempt, grade, access.known(records, grade.grader_id)) for attempt, grade in latest_first]
