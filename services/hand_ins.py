"""Handing in: what a student does, alone or with partners, and what it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cohort.assignments import Assignment
from cohort.hand_in_fields import Problem, problems
from cohort.hand_ins import (
    HandIn,
    HandInWork,
    NewAttempt,
    NewVersion,
    Refused,
    Side,
    Version,
    Why,
    grade_by,
    latest_due,
    may_join,
    ready_at,
    take,
)
from cohort.roster import Member, Role
from cohort.submissions import Submission
from services import access, outbox
from services.desk import Desk
from services.extension_upkeep import lapse_about
from services.extensions import case_of
from services.grading_owner import in_conflict, owner_for
from services.nudge_messages import refresh
from services.own_work import arrangements_of
from storage.ids import new_id
from storage.records import Records

SUBMIT = "hand_ins.submit"


@dataclass(frozen=True, slots=True)
class Received:
    """It is taken. `replaced` is what it takes the place of; `is_taken_back` where it had been left out before."""

    assignment: Assignment
    hand_in: HandIn
    version: Version
    partners: Sequence[Member] = ()
    replaced: HandIn | None = None
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It is not taken, and why; `by` is the TA who reads what was handed in before."""

    assignment: Assignment
    why: Why
    due_at: datetime | None = None
    by: Member | None = None


@dataclass(frozen=True, slots=True)
class NotShared:
    """It can't be shared with all who were named: with `names`, or with none as there are too many."""

    names: Sequence[str]
    at_most: int


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Something is wrong with what was filled in, by field."""

    assignment: Assignment
    problems: Mapping[str, Problem]


Declined = NotTaken | NotShared | Incomplete
Outcome = Received | Declined


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be written: for whom, the one who hands in first, and as what."""

    work: HandInWork
    sides: Sequence[Side]
    taking: NewAttempt | NewVersion

    @property
    def actor(self) -> Member:
        return self.sides[0].case.student

    @property
    def assignment(self) -> Assignment:
        return self.sides[0].assignment


def submit(work: HandInWork, actor: Member, now: datetime, desk: Desk) -> Outcome:
    """Hand something in, or say why it is not taken, which changes nothing.

    Raises NotAllowed for staff, NotActive, and NotFound for an unknown assignment.
    """
    access.require_student(actor, SUBMIT, now)
    with desk.transaction(now) as records:
        planned = _plan(records, work, actor, now, desk)
        return _write(records, planned, now, desk) if isinstance(planned, _Plan) else planned


def consider(work: HandInWork, actor: Member, now: datetime, desk: Desk) -> Declined | None:
    """Say why something would not be taken, or None; changes nothing. Raises as `submit` does."""
    access.require_student(actor, SUBMIT, now)
    with desk.store.reading() as records:
        planned = _plan(records, work, actor, now, desk)
        return None if isinstance(planned, _Plan) else planned


def side_of(records: Records, student: Member, assignment: Assignment, now: datetime) -> Side:
    """Read one student's side of an assignment as it stands at an instant."""
    arranged = arrangements_of(records, student, now)
    attempts = records.submissions.of(student.id, assignment.id)
    latest = attempts[-1] if attempts else None
    is_optional = not arranged.planned(assignment).required
    return Side(
        case=case_of(records, student, assignment, now),
        last=records.hand_ins.get(latest.hand_in_id) if latest and latest.hand_in_id else None,
        is_known=latest is not None and latest.is_graded,
        is_optional=is_optional,
        is_chosen=not is_optional or assignment.id in arranged.chosen,
        is_dropped=arranged.has_dropped(assignment),
        tries_again=arranged.retry_of(assignment.id) is not None,
    )


def partners_of(records: Records, hand_in: HandIn, student: Member) -> list[Member]:
    """Return with whom a student handed something in."""
    shared = records.submissions.of_hand_in(hand_in.id)
    return [access.known(records, s.student_id) for s in shared if s.student_id != student.id]


def declined(records: Records, side: Side, due_at: datetime | None, now: datetime, desk: Desk) -> NotTaken | None:
    """Return why nothing is taken from a student now, whatever it is, or None."""
    taking = take(side, due_at, desk.policy.hand_ins, now)
    if not isinstance(taking, Refused):
        return None
    by = side.last.claimed_by if side.last else None
    return NotTaken(side.assignment, taking.why, due_at, access.known(records, by) if by else None)


def _plan(records: Records, work: HandInWork, actor: Member, now: datetime, desk: Desk) -> _Plan | Declined:
    assignment = access.assignment(records, work.assignment_id)
    side, rules = side_of(records, actor, assignment, now), desk.policy.hand_ins
    shared = side.replaceable
    named = _named(records, work, actor, shared)
    if isinstance(named, NotShared):
        return replace(named, at_most=rules.partners)
    sides = [side, *(side_of(records, partner, assignment, now) for partner in named)]
    due_at = latest_due(sides)
    refused = declined(records, side, due_at, now, desk)
    if refused is not None:
        return refused
    strangers = [s.case.student.called for s in sides[1:] if not may_join(s, shared, now)]
    if strangers or len(named) > rules.partners:
        return NotShared(strangers, rules.partners)
    work = _with_kept_file(records, work, shared)
    wrong = problems(work, assignment.kind, rules)
    if wrong:
        return Incomplete(side.assignment, wrong)
    return _Plan(work, sides, NewVersion(shared) if shared else NewAttempt(side.tries_again))


def _with_kept_file(records: Records, work: HandInWork, shared: HandIn | None) -> HandInWork:
    """Return what is handed in with the file of an earlier version, where it is to stay and no other is given."""
    if work.file is not None or shared is None:
        return work
    files = (version.file for version in records.hand_ins.versions(shared.id))
    kept = next((file for file in files if file is not None and file.id == work.kept_file), None)
    return replace(work, file=kept)


def _named(records: Records, work: HandInWork, actor: Member, shared: HandIn | None) -> list[Member] | NotShared:
    """Return with whom something is handed in: those who are named, and those who share it already."""
    found = partners_of(records, shared, actor) if shared else []
    for reference in work.partners:
        member = records.roster.by_slack_id(reference) or records.roster.get(reference)
        if member is None or member.role is not Role.STUDENT:
            return NotShared([member.called if member else reference], 0)
        if member.id not in {actor.id, *(partner.id for partner in found)}:
            found.append(member)
    return found


def _write(records: Records, plan: _Plan, now: datetime, desk: Desk) -> Received:
    hand_in = _hand_in(plan, now, desk)
    match plan.taking:
        case NewVersion():
            records.hand_ins.replace(hand_in)
        case NewAttempt():
            records.hand_ins.add(hand_in)
    version = _version(records, plan, hand_in, now)
    for side in plan.sides:
        _note_submission(records, side, hand_in)
    if isinstance(plan.taking, NewAttempt) or in_conflict(records, hand_in):
        hand_in = replace(hand_in, owner_id=owner_for(records, hand_in, now))
        records.hand_ins.own(hand_in.id, hand_in.owner_id)
    is_taken_back = records.own_work.take_back(plan.actor.id, plan.assignment.id)
    for side in plan.sides:
        _end_what_waited(records, side.case.student, plan.assignment, version, now)
    _tell_partners(records, plan, version, now)
    done = "hand_in.received" if isinstance(plan.taking, NewAttempt) else "hand_in.replaced"
    records.audit.add(plan.actor.id, done, hand_in.id, now, detail=str(version.number))
    partners = [side.case.student for side in plan.sides[1:]]
    replaced = plan.taking.of if isinstance(plan.taking, NewVersion) else None
    return Received(plan.assignment, hand_in, version, partners, replaced, is_taken_back)


def _hand_in(plan: _Plan, now: datetime, desk: Desk) -> HandIn:
    """Return what is handed in, new or as a newer version of what waits."""
    due_at = latest_due(plan.sides)
    ready = ready_at(due_at, now)
    is_retry = plan.taking.of.is_retry if isinstance(plan.taking, NewVersion) else plan.taking.is_retry
    work = plan.work
    fresh = HandIn(
        id=new_id("hin"),
        assignment_id=plan.assignment.id,
        by_id=plan.actor.id,
        submitted_at=now,
        ready_at=ready,
        grade_by_at=grade_by(ready, desk.policy.grading, desk.policy.programme.tz, is_retry=is_retry),
        due_at=due_at,
        is_part=work.is_part,
        is_retry=is_retry,
        hours=work.hours,
        tools=work.tools,
    )
    if isinstance(plan.taking, NewAttempt):
        return fresh
    old = plan.taking.of
    kept = replace(fresh, id=old.id, by_id=old.by_id, state=old.state, owner_id=old.owner_id)
    return replace(kept, hours=work.hours if work.hours is not None else old.hours, tools=work.tools or old.tools)


def _version(records: Records, plan: _Plan, hand_in: HandIn, now: datetime) -> Version:
    number = len(records.hand_ins.versions(hand_in.id)) + 1
    content = {name: text for name, text in plan.work.content.items() if text}
    version = Version(hand_in.id, number, now, content, plan.work.file)
    records.hand_ins.add_version(version)
    return version


def _note_submission(records: Records, side: Side, hand_in: HandIn) -> None:
    """Write a student's own row of what was handed in, or bring it up to date."""
    student_id, attempts = side.case.student.id, records.submissions.of(side.case.student.id, hand_in.assignment_id)
    own = next((s for s in attempts if s.hand_in_id == hand_in.id), None)
    if own is None:
        attempt = max((s.attempt for s in attempts), default=0) + 1
        fresh = Submission(new_id("sub"), hand_in.assignment_id, student_id, attempt, hand_in.submitted_at)
        records.submissions.add(replace(fresh, hand_in_id=hand_in.id))
    else:
        records.submissions.save_many([replace(own, submitted_at=hand_in.submitted_at)])


def _end_what_waited(
    records: Records, student: Member, assignment: Assignment, version: Version, now: datetime
) -> None:
    """Let a request for more time lapse, forget what was said of a hand-in, and bring messages up to date."""
    lapse_about(records, student, assignment, now)
    records.submissions.forget_claim(student.id, assignment.id)
    stamp = f"handed_in:{version.hand_in_id}:{version.number}"
    for offer in records.nudges.offers_of(student.id):
        if offer.assignment_id == assignment.id:
            refresh(records, student, offer.nudge_id, stamp, now)


def _tell_partners(records: Records, plan: _Plan, version: Version, now: datetime) -> None:
    for side in plan.sides[1:]:
        partner = side.case.student
        data = {"hand_in": version.hand_in_id, "version": version.number, "student": partner.id, "by": plan.actor.id}
        key = f"shared:{version.hand_in_id}:{version.number}:{partner.id}"
        outbox.post(records, "hand_ins.shared", outbox.to(partner), data, key, now)
