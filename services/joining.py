"""Joining: one welcome for whoever comes onto the roster, “count me in”, and dates that are known to be hard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from cohort.errors import NotActive, Unclear, WrongDates
from cohort.extensions import Origin
from cohort.joining import (
    HardDates,
    Kept,
    Moved,
    WrongStretch,
    can_name_dates,
    effect_of,
    is_welcomed,
    joined,
    last_moment,
    not_used_yet,
    shared_days,
    too_many_days,
    wrong_stretches,
)
from cohort.policy import Policy
from cohort.roster import Member, Role
from cohort.times import local_day
from cohort.workload import Crowd, DayLoad, crowds
from services import access, outbox
from services.desk import Desk
from services.extension_messages import dues_of
from services.extensions import Grant, case_of, grant
from services.letters import Composed, Obsolete, Said
from services.nudge_sweeps import in_batches
from storage.records import Records

COUNT_IN, DATES = "joining.count_in", "joining.dates"


@dataclass(frozen=True, slots=True)
class Welcome:
    """For whoever joined: who they are on the roster, the policy to be told of, and whom to ask.

    `hours` is what the work of a week is reckoned at on average; None where nobody said. `can_name_dates` is whether
    hard dates still move due times by themselves.
    """

    member: Member
    policy: Policy
    now: datetime
    hours: float | None
    contacts: Sequence[Member]
    can_name_dates: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """What hard dates do: the dates, the work that would be due later, and what keeps its due time on them.

    `crowds` are days on which too much would be due then, `shared` all on which something moved is not alone;
    `is_done` once it was accepted.
    """

    dates: Sequence[HardDates]
    moved: Sequence[Moved]
    kept: Sequence[Kept] = ()
    crowds: Sequence[Crowd] = ()
    shared: Sequence[DayLoad] = ()
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Which dates a student named: those that moved nothing yet, and those that have."""

    dates: Sequence[HardDates]
    used: Sequence[HardDates]


def greet(desk: Desk, now: datetime) -> int:
    """Queue a welcome for everybody who joined and was not welcomed yet; return for how many."""
    with desk.store.reading() as records:
        welcomed, added = records.joining.welcomed(), records.joining.added_at()
        new = [
            member.id
            for member in records.roster.all()
            if member.id not in welcomed
            and member.id in added
            and is_welcomed(member, added[member.id], desk.policy.programme, now)
        ]
    return in_batches(new, partial(_greet, now=now), desk)


def _greet(records: Records, member_id: str, now: datetime) -> bool:
    if not records.joining.welcome(member_id, now):
        return False
    member = access.known(records, member_id)
    outbox.post(records, "joining.welcome", outbox.to(member), {"member": member_id}, f"welcome:{member_id}", now)
    records.audit.add(None, "member.welcomed", member_id, now)
    return True


def compose_welcome(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the welcome as things stand; nothing for who takes part no more."""
    member = access.known(records, data["member"])
    if not member.is_active(now):
        return Obsolete("takes part no more")
    return Said(_welcome(records, member, desk, now))


def welcome_of(actor: Member, now: datetime, desk: Desk) -> Welcome:
    """Return the welcome of whoever asks for it again. Raises NotActive."""
    _require_active(actor, now)
    with desk.store.reading() as records:
        return _welcome(records, actor, desk, now)


def _welcome(records: Records, member: Member, desk: Desk, now: datetime) -> Welcome:
    programme = desk.policy.programme
    works = [one for one in records.assignments.all() if one.required and not one.cancelled and one.hours]
    weeks = max(1, ((programme.ends_on - programme.starts_on).days + 1) // 7)
    hours = sum(one.hours or 0.0 for one in works) / weeks if works else None
    contacts = [one for one in records.roster.with_role(Role.ORGANIZER) if one.is_active(now)]
    return Welcome(member, desk.policy, now, hours, contacts, can_name_dates(programme, now, programme.tz))


def count_in(actor: Member, now: datetime, desk: Desk) -> bool:
    """Note that a student has the time; say whether that is news. Raises NotAllowed for staff, and NotActive."""
    access.require_student(actor, COUNT_IN, now)
    with desk.transaction(now) as records:
        is_new = records.joining.count_in(actor.id, now)
        if is_new:
            records.audit.add(actor.id, "member.counted_in", actor.id, now)
        return is_new


def named_dates(actor: Member, now: datetime, desk: Desk) -> Named:
    """Return which dates a student named before. Raises NotAllowed for staff, NotActive, and Unclear after week 1."""
    access.require_student(actor, DATES, now)
    _require_time(now, desk)
    with desk.store.reading() as records:
        return Named(records.joining.named_of(actor.id), records.joining.used_of(actor.id))


def name_dates(dates: Sequence[HardDates], actor: Member, now: datetime, desk: Desk) -> Proposed:
    """Keep which dates are hard for a student, and propose what that moves; nothing is moved yet.

    Raises NotAllowed for staff, NotActive, WrongDates for stretches that can't be taken, and Unclear after week 1.
    """
    access.require_student(actor, DATES, now)
    _require_time(now, desk)
    with desk.transaction(now) as records:
        used = records.joining.used_of(actor.id)
        _require_none(wrong_stretches(dates, used, local_day(now, actor.tz)))
        records.joining.name_dates(actor.id, not_used_yet(dates, used))
        records.audit.add(actor.id, "member.named_dates", actor.id, now)
        return _proposed(records, actor, now, desk)


def accept_dates(actor: Member, now: datetime, desk: Desk) -> Proposed:
    """Move what falls on the hard dates that a student named, all of it in one transaction; a second time says so.

    Raises NotAllowed for staff, NotActive, WrongDates for more days than can be named, and Unclear after week 1.
    """
    access.require_student(actor, DATES, now)
    _require_time(now, desk)
    with desk.transaction(now) as records:
        _require_none(too_many_days(records.joining.named_of(actor.id), records.joining.used_of(actor.id)))
        found = _proposed(records, actor, now, desk)
        for one in found.moved:
            case = case_of(records, actor, one.assignment, now)
            grant(records, Grant(case, one.until_at, Origin.TA), now, desk)
        _note_used(records, actor, found, now)
        return replace(found, is_done=True)


def _note_used(records: Records, student: Member, found: Proposed, now: datetime) -> None:
    """Note which dates have moved something: they can't be exchanged for others to move it again."""
    for stretch in joined(found.dates):
        if any(stretch.holds(local_day(one.due_at, student.tz)) for one in found.moved):
            records.joining.use_dates(student.id, stretch, now)


def _proposed(records: Records, student: Member, now: datetime, desk: Desk) -> Proposed:
    dates = [*records.joining.named_of(student.id), *records.joining.used_of(student.id)]
    dues = dues_of(records, student, now)
    effect = effect_of(dues, dates, student.tz, last_moment(desk.policy.programme))
    moved = [one for one in effect if isinstance(one, Moved)]
    kept = [one for one in effect if isinstance(one, Kept)]
    later = {one.assignment.id: one.until_at for one in moved}
    then = [(assignment, later.get(assignment.id, due_at)) for assignment, due_at in dues]
    full = [crowd for crowd in crowds(then, desk.policy.workload, student.tz) if any(map(crowd.holds, later))]
    return Proposed(dates, moved, kept, full, shared_days(dues, moved, student.tz))


def _require_none(wrong: Sequence[WrongStretch]) -> None:
    if wrong:
        raise WrongDates(wrong)


def _require_time(now: datetime, desk: Desk) -> None:
    programme = desk.policy.programme
    if not can_name_dates(programme, now, programme.tz):
        raise Unclear("The first week is over, so dates are moved one by one now.", "/extension hw3 2d")


def _require_active(actor: Member, now: datetime) -> None:
    if not actor.is_active(now):
        raise NotActive(actor.status.value, about_self=True)


COMPOSERS = {"joining.welcome": compose_welcome}
