"""Rotas and owners in one place for organizers: whose each duty, each assignment and each section is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from cohort.errors import ChangedMeanwhile, Unclear
from cohort.events import EventKind
from cohort.policy import Programme
from cohort.roster import Member, Role
from cohort.rotas import Duty
from cohort.times import local_day, week_of
from services import access, events
from services.desk import Desk
from services.events import Shown
from services.graders import Graders, every_of
from storage.records import Records

SEE: Final = "rotas.see"
CHANGE: Final = "rotas.change"
# No form has room for more.
WEEKS_MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose a week is, None for nobody's; `is_there` while they are neither away nor gone."""

    week_on: date
    member: Member | None
    is_there: bool


@dataclass(frozen=True, slots=True)
class Rota:
    """One duty, from this week to the last of the programme, and who of the staff can have it."""

    duty: Duty
    turns: Sequence[Turn]
    staff: Sequence[Member]


@dataclass(frozen=True, slots=True)
class Overview:
    """Every rota; and who grades what and who leads which section, where some words stand."""

    words: str
    rotas: Sequence[Rota]
    graded: Sequence[Graders]
    sections: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class GradedBy:
    """Who grades an assignment, and who of the staff can."""

    graders: Graders
    staff: Sequence[Member]


@dataclass(frozen=True, slots=True)
class LedBy:
    """A section with whoever leads it, and who of the staff can."""

    shown: Shown
    staff: Sequence[Member]


def to_change(actor: Member, now: datetime) -> None:
    """Let organizers change who owns what. Raises NotAllowed for everyone else, and NotActive."""
    access.require_organizer(actor, CHANGE, now)


def overview(words: str, actor: Member, now: datetime, desk: Desk) -> Overview:
    """Return everything somebody owns, and of assignments and sections those with some words.

    Raises NotAllowed for all but organizers, and NotActive.
    """
    access.require_organizer(actor, SEE, now)
    wanted = words.strip().casefold()
    with desk.store.reading() as records:
        rotas = [_rota(records, duty, now, desk.policy.programme) for duty in Duty]
        graded = [one for one in sorted(every_of(records), key=partial(_nearness, now)) if wanted in _words_of(one)]
        coming = [event for event in records.events.coming(now) if event.kind is EventKind.SECTION]
        sections = [one for one in (events.shown(records, event) for event in coming) if wanted in _words_on(one)]
    return Overview(words.strip(), rotas, graded, sections)


def _nearness(now: datetime, one: Graders) -> tuple[bool, timedelta]:
    """Order what is still to be due before what was, and each by how near that is."""
    due_at = one.assignment.due_at or one.assignment.hard_due_at
    return due_at < now, abs(due_at - now)


def _words_of(one: Graders) -> str:
    people = [word for member in one.people for word in (member.name, member.called, member.email)]
    return " ".join([one.assignment.slug, one.assignment.title, *people]).casefold()


def _words_on(one: Shown) -> str:
    leader = [one.facilitator.name, one.facilitator.called, one.facilitator.email] if one.facilitator else []
    return " ".join([one.event.slug, one.event.title, *leader]).casefold()


def _rota(records: Records, duty: Duty, now: datetime, programme: Programme) -> Rota:
    first_on = week_of(local_day(now, programme.tz))
    last_on = max(week_of(programme.ends_on), first_on + timedelta(weeks=1))
    held, away = dict(records.duties.from_week(duty, first_on)), records.graders.away(now)
    weeks = [first_on + timedelta(weeks=n) for n in range(min(WEEKS_MOST, (last_on - first_on).days // 7 + 1))]
    turns = []
    for week_on in weeks:
        member = access.known(records, held[week_on]) if week_on in held else None
        is_there = member is not None and member.is_staff and member.is_active(now) and member.id not in away
        turns.append(Turn(week_on, member, is_there))
    return Rota(duty, turns, _staff(records, now))


def _staff(records: Records, now: datetime) -> list[Member]:
    """Return who can own anything: TAs before organizers, by name."""
    members = [m for m in records.roster.all() if m.is_staff and m.is_active(now)]
    return sorted(members, key=lambda m: (m.role is not Role.TA, m.called.casefold(), m.id))


def rota_of(duty: str, actor: Member, now: datetime, desk: Desk) -> Rota:
    """Return one rota. Raises NotAllowed for all but organizers, NotActive, and Unclear for no duty that there is."""
    access.require_organizer(actor, SEE, now)
    if duty not in set(Duty):
        raise Unclear("I don't know that duty.", "/cohort rotas")
    with desk.store.reading() as records:
        return _rota(records, Duty(duty), now, desk.policy.programme)


def graders_of(assignment: str, actor: Member, now: datetime, desk: Desk) -> GradedBy:
    """Return who grades an assignment. Raises NotAllowed for all but organizers, NotActive and NotFound."""
    access.require_organizer(actor, SEE, now)
    with desk.store.reading() as records:
        found = access.assignment(records, assignment)
        people = [access.known(records, one) for one in records.graders.of(found.id)]
        return GradedBy(Graders(found, people), _staff(records, now))


def leader_of(event: str, actor: Member, now: datetime, desk: Desk) -> LedBy:
    """Return who leads a section. Raises NotAllowed for all but organizers, NotActive and NotFound."""
    access.require_organizer(actor, SEE, now)
    with desk.store.reading() as records:
        return LedBy(events.shown(records, events.found(records, event)), _staff(records, now))


def set_leader(event: str, leader: str, was: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Let somebody lead a section, who is told with whoever led it, as when it is changed in its own form.

    `was` is the id of who led it when somebody looked, empty for nobody. Raises NotAllowed for all but organizers,
    ChangedMeanwhile, EventOver, LeaderBusy, NotActive and NotFound.
    """
    access.require_organizer(actor, events.DECIDE, now)
    with desk.transaction(now) as records:
        old = events.changeable(records, event, now)
        new = replace(old, facilitator_id=access.staff(records, leader, now).id)
        if new == old:
            return events.shown(records, old)
        if (old.facilitator_id or "") != was:
            led_by = access.known(records, old.facilitator_id).called if old.facilitator_id else "nobody's"
            raise ChangedMeanwhile("leader", led_by)
        events.refuse_busy(records, new)
        return events.shown(records, events.write_change(records, old, new, actor.id, now))
